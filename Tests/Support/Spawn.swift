// SPDX-License-Identifier: Apache-2.0
// Programs with standard streams in files: a container that lives on keeps no pipe of the test open.
import Foundation
package import Glibc

/// How a program ended and what it wrote.
package struct Outcome: CustomStringConvertible {
    /// The exit status, or 128 + the signal.
    package var status: Int32
    package var output: String
    package var errors: String
    package var hasTimedOut = false

    package var lines: [String] {
        output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }
    package var description: String {
        "status \(status)\(hasTimedOut ? " (time is up)" : ""), out: \(output), err: \(errors)"
    }
}

/// A program that runs.
package final class Spawned {
    package let pid: pid_t
    private let files: String
    private var ended: Int32?

    /// - Parameter files: path before `.out` and `.err`.
    package init(
        _ arguments: [String], files: String, input: String = "", environment: [String: String] = [:],
        directory: String? = nil
    ) throws {
        self.files = files
        try input.write(toFile: files + ".in", atomically: false, encoding: .utf8)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files + ".in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, files + ".out", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o644)
        posix_spawn_file_actions_addopen(
            &actions, 2, files + ".err", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o644)
        // As from a shell: threads of the test run block most signals.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var all = ProcessInfo.processInfo.environment
        all.merge(environment) { _, new in new }
        // posix_spawn itself has no portable way to change the directory; env keeps the pid.
        let arguments = directory.map { ["env", "-C", $0] + arguments } ?? arguments
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child: pid_t = 0
        let result = posix_spawnp(&child, arguments[0], &actions, &attributes, &argv, &envp)
        guard result == 0 else {
            throw FixtureError("cannot run \(arguments[0]): \(String(cString: strerror(result)))")
        }
        pid = child
    }

    /// The end, if it has come.
    package func poll() -> Int32? {
        if let ended { return ended }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        ended = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
        return ended
    }

    /// Sends a signal, unless it has ended.
    package func signal(_ number: Int32) { if poll() == nil { kill(pid, number) } }

    /// Waits for the end; kills it when the time is up.
    package func wait(seconds: Double = 120) -> Outcome {
        let hasEnded = eventually(seconds: seconds) { poll() != nil }
        if !hasEnded {
            kill(pid, SIGKILL)
            _ = eventually(seconds: 5) { poll() != nil }
        }
        return Outcome(status: poll() ?? -1, output: output, errors: errors, hasTimedOut: !hasEnded)
    }

    /// What it, and whoever has its streams, wrote so far.
    package var output: String { text(of: files + ".out") }
    package var errors: String { text(of: files + ".err") }
}

/// The content of a file; empty when there is none.
package func text(of path: String) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { return "" }
    return String(decoding: data, as: UTF8.self)
}

/// Tries until it holds or the time is up.
package func eventually(seconds: Double = 30, _ condition: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while !condition() {
        if Date() > end { return condition() }
        usleep(1000)
    }
    return true
}
