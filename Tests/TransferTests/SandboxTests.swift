// SPDX-License-Identifier: Apache-2.0
// Each wall holds: a program of its own raises them and runs against them.
import BlobStore
import Foundation
import Kernel
import Testing

@testable import Transfer

@Suite("The walls")
struct SandboxTests {
    private struct Outcome {
        var numbers: [String: Int32] = [:]
        var signal: Int32 = 0
        var oldText: String?
    }

    private func probe(_ way: String) throws -> Outcome {
        let store = try TestStore()
        let outside = store.directory.path + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try "old".write(toFile: outside + "/old", atomically: false, encoding: .utf8)
        let process = Process()
        process.executableURL = Bundle.main.executableURL?.deletingLastPathComponent()
            .appending(path: "transfer-probe")
        process.arguments = [store.path, outside, way]
        process.environment = ["LD_LIBRARY_PATH": Self.libraries()]
        let output = Foundation.Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var outcome = Outcome()
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let number = Int32(words[1]) { outcome.numbers[String(words[0])] = number }
        }
        if process.terminationReason == .uncaughtSignal { outcome.signal = process.terminationStatus }
        outcome.oldText = text(outside + "/old")
        return outcome
    }

    /// Where this process has Swift's libraries from.
    private static func libraries() -> String {
        let maps = String(decoding: (try? Files.read("/proc/self/maps")) ?? [], as: UTF8.self)
        let line = maps.split(separator: "\n").first { $0.contains("/libswiftCore.so") } ?? ""
        let path = line.split(separator: " ").last.map(String.init) ?? ""
        return String(path.dropLast("/libswiftCore.so".count))
    }

    @Test(
        "hold: only the store is written, nothing is executed, calls are those of the list",
        arguments: ["landlock", "mounts"])
    func walls(way: String) throws {
        let found = try probe(way)

        for name in ["inside", "rename", "null", "resolver", "inet", "thread"] {
            #expect(found.numbers[name] == 0, "\(name)")
        }
        for name in ["unix", "packet", "kill", "fork", "chroot", "mount", "setuid", "tty"] {
            #expect(found.numbers[name] == ENOSYS, "\(name)")
        }
        #expect(found.signal == SIGSYS)
        #expect(found.numbers["execve"] == nil)
        if found.numbers["landlock"] == 1 || found.numbers["mounts"] == 1 {
            for name in ["outside", "above", "truncate", "unlink"] {
                #expect((found.numbers[name] ?? 0) != 0, "\(name)")
            }
            #expect(found.oldText == "old")
        }
        if getuid() == 0 { #expect(found.numbers["landlock"] == 1 || found.numbers["mounts"] == 1) }
    }
}
