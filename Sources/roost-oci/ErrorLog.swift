// SPDX-License-Identifier: Apache-2.0
// Errors on standard error and, with --log, in a file that a caller reads: as JSON one object a line,
// {"level","msg","time"}, which containerd and podman parse. Warnings go to standard error only: podman
// reads the whole file as one object.
import CommandLine
import JSON
import Kernel

/// Where a command's messages go.
struct ErrorLog: Sendable {
    private let path: String?
    private let isJSON: Bool

    init(_ invocation: Invocation) {
        path = invocation.string("log")
        isJSON = invocation.string("log-format") == "json"
    }

    /// The sentence that ends a command.
    func error(_ text: String) {
        let message = Self.oneLine(text)
        writeText("roost-oci: \(message)\n", to: 2)
        guard let path else { return }
        let line: [UInt8]
        if isJSON {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("level", "error")
                writer.member("msg", message)
                writer.member("time", Clock.timestamp())
            }
            line = writer.bytes + [10]
        } else {
            line = Array("time=\"\(Clock.timestamp())\" level=error msg=\"\(message)\"\n".utf8)
        }
        guard let file = try? OwnedFileDescriptor.open(path, [.write, .create, .append], permissions: 0o644)
        else {
            writeText("roost-oci: cannot write the log `\(path)`\n", to: 2)
            return
        }
        try? file.write(line)
    }

    /// What a caller wrote may hold line ends and escape sequences: a message stays one plain line.
    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
    }

    /// Something a person should know, and a program need not.
    @Sendable func warning(_ message: String) { writeText("roost-oci: warning: \(message)\n", to: 2) }
}
