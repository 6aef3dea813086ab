// SPDX-License-Identifier: Apache-2.0
// How far layers are, as docker draws it: a line for each, with bars on a terminal; on anything else a line
// for each change of state.
public import Kernel
public import TransferProtocol

/// Draws progress on one descriptor.
public struct ProgressView {
    private let output: Int32
    private let isTerminal: Bool
    private let columns: Int
    private var lines: [String] = []
    private var states: [(id: String, status: TransferProgress.Status)] = []

    /// A view; on a terminal of `size` it redraws lines.
    public init(output: Int32, size: WindowSize?) {
        self.output = output
        isTerminal = size != nil
        columns = Int(size?.columns ?? 0)
    }

    /// Shows how far a part is; `detail` comes behind the words.
    public mutating func show(_ progress: TransferProgress, _ detail: String = "") {
        let index = states.firstIndex { $0.id == progress.id }
        if let index, !isTerminal, states[index].status == progress.status { return }
        let line = progress.id + ": " + text(progress) + detail
        guard let index else {
            states.append((progress.id, progress.status))
            lines.append(line)
            return writeText(fit(line) + "\n", to: output)
        }
        states[index].status = progress.status
        guard isTerminal else { return writeText(line + "\n", to: output) }
        guard lines[index] != line else { return }
        lines[index] = line
        // Up, erase, write, down again: the cursor always stands below the last line.
        let up = lines.count - index
        writeText("\u{1b}[\(up)A\r\u{1b}[2K" + fit(line) + "\r\u{1b}[\(up)B", to: output)
    }

    /// Writes a line below what is drawn; what comes later is drawn below it.
    public mutating func say(_ text: String) {
        writeText(text + "\n", to: output)
        lines = []
        states = []
    }

    private func text(_ progress: TransferProgress) -> String {
        let status = progress.status.rawValue
        guard isTerminal, progress.current > 0, Self.hasBar(progress.status) else { return status }
        let done = HumanText.size(progress.current, digits: 4)
        guard progress.total > 0 else { return "\(status)  \(done)" }
        let bar = Self.bar(progress.current, of: progress.total)
        return "\(status)  [\(bar)]  \(done)/\(HumanText.size(progress.total, digits: 4))"
    }

    private static func hasBar(_ status: TransferProgress.Status) -> Bool {
        switch status {
        case .downloading, .extracting, .pushing, .loading: true
        default: false
        }
    }

    /// 50 characters, as docker has them.
    static func bar(_ current: Int64, of total: Int64) -> String {
        let width = 50
        let done = min(width, Int(Double(current) / Double(total) * Double(width)))
        guard done < width else { return String(repeating: "=", count: width) + ">" }
        return String(repeating: "=", count: done) + ">" + String(repeating: " ", count: width - done)
    }

    /// A line that the terminal would break could not be drawn again.
    private func fit(_ line: String) -> String {
        isTerminal && columns > 10 ? String(line.prefix(columns - 1)) : line
    }
}
