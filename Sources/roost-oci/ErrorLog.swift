// SPDX-License-Identifier: Apache-2.0
// Errors on standard error and, with --log, in a file that a caller reads: as JSON one object a line,
// {"level","msg","time"}, which containerd and podman parse. Warnings never go into a JSON log: podman
// reads the whole file as one object.
import CommandLine
import JSON
import Kernel
import OCIRuntime

/// Where a command's messages go.
struct ErrorLog: Sendable {
    private let path: String?
    private let isJSON: Bool
    private let hasWarnings: Bool

    /// - Parameter flags: the global ones.
    init(_ flags: FlagValues) {
        // As crun has it, the kind of log may stand before its name.
        path = flags.string("log").map { $0.hasPrefix("file:") ? String($0.dropFirst(5)) : $0 }
        isJSON = flags.string("log-format") == "json"
        hasWarnings = flags.string("log-level") != "error"
    }

    /// Whether the log can be written: an error that nobody finds there is worse than none at all.
    func open() throws(RuntimeError) {
        guard let path else { return }
        do throws(SyscallError) {
            _ = try OwnedFileDescriptor.open(path, [.write, .create, .append], permissions: 0o644)
        } catch {
            throw RuntimeError("cannot open the log `\(path)`: \(error.number.text)")
        }
    }

    /// The sentence that ends a command.
    func error(_ text: String) {
        let message = Self.oneLine(text)
        writeText("roost-oci: \(message)\n", to: 2)
        record("error", message)
    }

    /// A command line that is wrong: people are told where to read more.
    func usage(_ error: UsageError) {
        writeText("roost-oci: \(error.description)\n", to: 2)
        record("error", Self.oneLine(error.message))
    }

    /// Something a person should know, and a program need not.
    @Sendable func warning(_ text: String) {
        guard hasWarnings else { return }
        let message = Self.oneLine(text)
        writeText("roost-oci: warning: \(message)\n", to: 2)
        if !isJSON { record("warning", message) }
    }

    private func record(_ level: String, _ message: String) {
        guard let path else { return }
        let line = isJSON ? Self.json(level, message) : Self.text(level, message)
        do throws(SyscallError) {
            let file = try OwnedFileDescriptor.open(path, [.write, .create, .append], permissions: 0o644)
            try file.write(line + [10])
        } catch {
            writeText("roost-oci: cannot write the log `\(path)`: \(error.number.text)\n", to: 2)
        }
    }

    private static func json(_ level: String, _ message: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("level", level)
            writer.member("msg", message)
            writer.member("time", Clock.timestamp())
        }
        return writer.bytes
    }

    private static func text(_ level: String, _ message: String) -> [UInt8] {
        var quoted: [UInt8] = []
        for byte in message.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        return Array("time=\"\(Clock.timestamp())\" level=\(level) msg=\"".utf8) + quoted
            + [UInt8(ascii: "\"")]
    }

    /// What a caller wrote may hold line ends and escape sequences: a message stays one plain line.
    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
    }
}

/// Warnings about a container that is still being made. Callers take all that a failed command wrote to
/// standard error for its error, and look for words in it: only success lets them out.
final class HeldWarnings: @unchecked Sendable {
    // Unchecked: this program has one thread.
    private var texts: [String] = []

    @Sendable func hold(_ text: String) { texts.append(text) }

    func release(to log: ErrorLog) {
        for text in texts { log.warning(text) }
        texts = []
    }
}
