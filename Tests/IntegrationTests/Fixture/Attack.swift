// SPDX-License-Identifier: Apache-2.0
// What the hardening tests share: the attack program in the root, a host's file to get at, how often.
import Foundation
import Glibc
import TestSupport
import Testing

extension Fixture {
    /// How often a race is run: a tenth of `all`, all with ROOST_SOAK=1.
    static func rounds(_ all: Int) -> Int {
        Programs.number("ROOST_ROUNDS")
            ?? (Programs.environment("ROOST_SOAK") == "1" ? all : max(1, all / 10))
    }

    /// Puts the program of attacks into the root, as /attack.
    func arm() throws { _ = try tool("cp", try attackProgram.get(), rootfs + "/attack") }

    /// A directory of the host beside the bundle, with one file.
    func outside() throws -> String {
        let place = directory + "/outside"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try write("outside/file", "the host's\n")
        return place
    }

    /// True while nothing was added to it, removed from it or written to its file.
    func isUntouched(_ place: String) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: place)
        return names == ["file"] && text(of: place + "/file") == "the host's\n"
    }

    /// Replaces what is at `path` in the root by a link.
    func link(_ path: String, to target: String) throws {
        let whole = rootfs + path
        _ = try tool("rm", "-rf", whole)
        try FileManager.default.createSymbolicLink(atPath: whole, withDestinationPath: target)
    }

    /// Starts a container that attacks until /stop is there, and waits until it says that it does.
    func attack(_ words: [String], _ edit: (inout Config) -> Void = { _ in }) throws -> Spawned {
        try configure { config in
            config.args = ["/attack"] + words
            edit(&config)
        }
        let attacker = try start(["run", "--bundle", bundle, id + "-attacker"])
        let isReady = eventually { attacker.output.contains("ready") || attacker.poll() != nil }
        #expect(isReady && attacker.poll() == nil, "\(attacker.errors)")
        return attacker
    }

    /// Ends what `attack` began.
    func stop(_ attacker: Spawned) throws -> Outcome {
        try write("bundle/rootfs/stop", "")
        let outcome = attacker.wait()
        unlink(rootfs + "/stop")
        return outcome
    }

    /// Runs with a container that sleeps.
    static func useRunning(
        _ edit: (inout Config) -> Void = { _ in }, source: SourceLocation = #_sourceLocation,
        _ body: (Fixture) throws -> Void
    ) throws {
        try use(source) { box in
            try box.create { config in
                config.args = ["sleep", "600"]
                edit(&config)
            }
            try box.succeed("start", box.id)
            try body(box)
            try box.succeed("delete", "-f", box.id)
        }
    }

    /// The runtime as a shell starts it that has directories of the host open.
    func ociWithOpenDirectories(_ command: [String]) throws -> Outcome {
        let words = ([Programs.runtime, "--root", stateRoot] + command).map { "'\($0)'" }
            .joined(separator: " ")
        return try spawn(["sh", "-c", "exec 3</etc/passwd 4</ 7</proc 9</tmp; exec \(words)"]).wait()
    }
}
