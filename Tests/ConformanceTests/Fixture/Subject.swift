// SPDX-License-Identifier: Apache-2.0
// One bundle in the hands of one runtime: a directory, a state root, a root file system and an id of its own.
import Foundation
import TestSupport
import Testing

final class Subject {
    let runtime: Runtime
    let directory: String
    let id: String
    private let command: [String]
    private var count = 0

    var bundle: String { directory + "/bundle" }
    var rootfs: String { bundle + "/rootfs" }
    var stateRoot: String { directory + "/run" }

    init(_ runtime: Runtime, in parent: String) throws {
        self.runtime = runtime
        command = try runtime.command()
        directory = "\(parent)/\(runtime.rawValue)"
        id = "ct-\(parent.suffix(6))-\(runtime.rawValue)"
        try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: true)
        // Hard links: 400 applets cost 10 ms. A test that writes to a file of the root copies it first.
        try tool("cp", "-al", try busyboxRoot.get(), rootfs)
        try write("bundle/config.json", BaseConfig.text)
    }

    /// What this subject says, without its own names.
    func normal(_ text: String) -> String {
        text.replacing(directory, with: "DIR").replacing(id, with: "ID")
    }

    // MARK: the bundle

    func configure(_ edit: (inout Config) throws -> Void) throws {
        var config = try Config(text(of: bundle + "/config.json"))
        try edit(&config)
        try write("bundle/config.json", try config.text)
    }

    /// Writes a file of the subject, never through a hard link.
    func write(_ path: String, _ content: String) throws {
        let whole = directory + "/" + path
        try? FileManager.default.removeItem(atPath: whole)
        try content.write(toFile: whole, atomically: false, encoding: .utf8)
    }

    // MARK: programs

    func start(_ arguments: [String], input: String = "") throws -> Spawned {
        count += 1
        return try Spawned(
            command + ["--root", stateRoot] + arguments, files: "\(directory)/program\(count)", input: input)
    }

    /// The runtime to its end.
    func oci(_ arguments: String..., input: String = "") throws -> Outcome {
        let outcome = try start(arguments, input: input).wait(seconds: 15)
        #expect(!outcome.hasTimedOut, "\(runtime) \(arguments): \(outcome)")
        return outcome
    }

    /// A command that must succeed.
    @discardableResult
    func succeed(_ arguments: String...) throws -> Outcome {
        let outcome = try start(arguments).wait(seconds: 15)
        #expect(outcome.status == 0, "\(runtime) \(arguments): \(outcome)")
        return outcome
    }

    /// Runs a container of the bundle in the foreground.
    func run(_ edit: (inout Config) throws -> Void = { _ in }) throws -> Outcome {
        try configure(edit)
        return try oci("run", "--bundle", bundle, id)
    }

    /// Creates a container of the bundle; its output comes with the result.
    @discardableResult
    func create(_ edit: (inout Config) throws -> Void = { _ in }) throws -> Spawned {
        try configure(edit)
        let program = try start(["create", "--bundle", bundle, id])
        let outcome = program.wait(seconds: 15)
        #expect(outcome.status == 0, "\(runtime) create: \(outcome)")
        return program
    }

    /// Any program, to its end; throws when it fails.
    @discardableResult
    func tool(_ arguments: String...) throws -> Outcome {
        count += 1
        let outcome = try Spawned(arguments, files: "\(directory)/program\(count)").wait()
        guard outcome.status == 0 else { throw FixtureError("\(arguments): \(outcome)") }
        return outcome
    }

    /// The same where the runtime runs: its mounts are those that the runtime sees.
    @discardableResult
    func beside(_ arguments: String...) throws -> Outcome {
        let outcome = try Spawned(
            Array(command.dropLast()) + arguments, files: "\(directory)/beside"
        ).wait()
        guard outcome.status == 0 else { throw FixtureError("\(arguments): \(outcome)") }
        return outcome
    }

    // MARK: containers

    /// The state as `state` prints it; empty when the command fails.
    func state() throws -> Config {
        let outcome = try oci("state", id)
        return outcome.status == 0 ? try Config(outcome.output) : try Config("{}")
    }

    func status() throws -> String { try state()["status"] as? String ?? "none" }

    /// Waits until the container is in a status.
    func reach(_ status: String) throws {
        let isThere = eventually { (try? self.status()) == status }
        #expect(isThere, "\(runtime): the status did not become \(status)")
    }

    /// Deletes every container of this subject.
    func clear() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: stateRoot)) ?? [] {
            _ = try? start(["delete", "--force", name]).wait(seconds: 15)
        }
        // crun leaves its group when the container could not be made.
        if runtime == .crun { HostState.removeGroups(of: id) }
    }
}
