// SPDX-License-Identifier: Apache-2.0
// Questions on the terminal. A secret is neither shown nor left in the terminal's line.
import Kernel
import OCIRuntime

enum Prompt {
    /// Most bytes of an answer.
    static let longest = 4096

    /// Refuses to ask where nobody could answer.
    static func check() throws(RuntimeError) {
        guard Terminal.isTerminal(0) else {
            throw RuntimeError(
                "Cannot perform an interactive login from a non TTY device;"
                    + " use `--username` and `--password-stdin`")
        }
    }

    /// A line, as the terminal edits it.
    static func line(_ question: String) throws(RuntimeError) -> String {
        try check()
        writeText(question, to: 1)
        let answer = (try? readStandardInput(upTo: longest)) ?? []
        let line = answer.prefix { $0 != UInt8(ascii: "\n") }
        return trimmed(String(decoding: line, as: UTF8.self))
    }

    /// A line that is not shown.
    static func secret(_ question: String) throws(RuntimeError) -> String {
        try check()
        let answer = hidden(question)
        writeText("\n", to: 1)
        guard let answer else { throw RuntimeError("cancelled") }
        return String(decoding: answer, as: UTF8.self)
    }

    // The terminal is raw, so that an interrupt cannot leave it without echo: keys are taken here. Who sees
    // the question may answer at once.
    private static func hidden(_ question: String) -> [UInt8]? {
        guard let mode = RawMode(0) else { return nil }
        writeText(question, to: 1)
        let answer = keys()
        _ = consume mode
        return answer
    }

    /// What is typed up to a line end; nil when it is broken off.
    private static func keys() -> [UInt8]? {
        var answer: [UInt8] = []
        while answer.count < longest, let bytes = try? readStandardInput(upTo: 256), !bytes.isEmpty {
            for byte in bytes {
                switch byte {
                case 0x0d, 0x0a: return answer
                case 0x03: return nil
                case 0x04: return answer.isEmpty ? nil : answer
                case 0x08, 0x7f: _ = answer.popLast()
                case 0x15: answer = []
                default: answer.append(byte)
                }
            }
        }
        return answer.isEmpty ? nil : answer
    }

    private static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
