// SPDX-License-Identifier: Apache-2.0
// The caller's terminal: raw while a container has it, as it was afterwards. See termios(3).
internal import CShims

/// Rows and columns.
public struct WindowSize: Equatable, Sendable {
    /// Lines.
    public let rows: UInt16
    /// Characters a line.
    public let columns: UInt16
    /// A size.
    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }
}

/// Terminals by descriptor.
public enum Terminal {
    /// True for a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool { shim_is_terminal(descriptor) == 1 }

    /// The size of a terminal; nil when it is none.
    public static func size(of descriptor: Int32) -> WindowSize? {
        var rows: UInt16 = 0
        var columns: UInt16 = 0
        guard shim_window_size(descriptor, &rows, &columns) == 0 else { return nil }
        return WindowSize(rows: rows, columns: columns)
    }

    /// Sets the size; the foreground processes get SIGWINCH.
    public static func setSize(_ size: WindowSize, of descriptor: Int32) {
        _ = shim_set_window_size(descriptor, size.rows, size.columns)
    }

    /// Lets reads and writes on `descriptor` return at once.
    public static func setBlocking(_ blocking: Bool, _ descriptor: Int32) {
        _ = shim_set_blocking(descriptor, blocking ? 1 : 0)
    }
}

/// A terminal in raw mode for as long as this value lives.
public struct RawMode: ~Copyable {
    private let descriptor: Int32
    private let saved: [UInt8]

    /// Puts the terminal into raw mode; nil when it is none.
    public init?(_ descriptor: Int32) {
        var settings = [UInt8](repeating: 0, count: 256)
        let result = settings.withUnsafeMutableBytes { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return -1 }
            return shim_terminal_raw(descriptor, base, bytes.count)
        }
        guard result == 0 else { return nil }
        self.descriptor = descriptor
        saved = settings
    }

    deinit {
        saved.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { _ = shim_terminal_restore(descriptor, base) }
        }
    }
}
