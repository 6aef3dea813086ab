// SPDX-License-Identifier: Apache-2.0
// What each test has for itself: a directory, a state root, a bundle with a busybox root, an id that no
// other test uses. At its end nothing of it may be left on the host.
import Foundation
import Glibc
import TestSupport
import Testing

final class Fixture {
    let directory: String
    /// In every id of this test.
    let id: String
    let bundle: String
    var rootfs: String { bundle + "/rootfs" }
    var stateRoot: String { directory + "/run" }
    private let before: HostState
    private var count = 0

    private init() throws {
        directory = try temporaryDirectory("roost-it")
        id = "it-" + String(directory.suffix(6))
        bundle = directory + "/bundle"
        before = HostState()
        try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: true)
        // Hard links: 400 applets cost 10 ms. A test that writes to a file of the root copies it first.
        _ = try tool("cp", "-al", try busyboxRoot.get(), rootfs)
        _ = try tool(Programs.runtime, "spec", "--bundle", bundle)
        try configure { config in
            config["process.terminal"] = false
            config.args = ["true"]
        }
    }

    /// Runs a test with a fixture of its own, then looks for what it left.
    static func use(_ source: SourceLocation = #_sourceLocation, _ body: (Fixture) throws -> Void) throws {
        let fixture = try Fixture()
        defer { _ = try? fixture.tool("rm", "-rf", fixture.directory) }
        do { try body(fixture) } catch {
            fixture.clear()
            throw error
        }
        let isClean = eventually(seconds: 20) { fixture.leftovers().isEmpty }
        if !isClean {
            Issue.record(
                "left on the host: \(fixture.leftovers().joined(separator: "; "))", sourceLocation: source)
            fixture.clear()
        }
    }

    /// Deletes every container of this test.
    func clear() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: stateRoot)) ?? [] {
            _ = try? oci("delete", "-f", name)
        }
    }

    func leftovers() -> [String] {
        // Compiled filters stay, for the next container.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: stateRoot)) ?? []
        return names.filter { $0 != ".cache" }.map { "state of \($0)" }
            + HostState().differences(from: before)
            + HostState.traces(of: [id, directory])
    }

    // MARK: programs

    /// Starts a program; its streams are files of the fixture.
    func spawn(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        directory: String? = nil
    ) throws -> Spawned {
        count += 1
        return try Spawned(
            arguments, files: self.directory + "/program\(count)", input: input, environment: environment,
            directory: directory)
    }

    /// The runtime, with this fixture's root, to its end.
    func oci(_ arguments: String..., input: String = "") throws -> Outcome {
        try oci(arguments, input: input)
    }

    func oci(_ arguments: [String], input: String = "") throws -> Outcome {
        let outcome = try start(arguments, input: input).wait()
        #expect(!outcome.hasTimedOut, "roost-oci \(arguments): \(outcome)")
        return outcome
    }

    /// The runtime, with this fixture's root.
    func start(_ arguments: [String], input: String = "") throws -> Spawned {
        try spawn([Programs.runtime, "--root", stateRoot] + arguments, input: input)
    }

    /// A command that must succeed.
    @discardableResult
    func succeed(
        _ arguments: String..., source: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try oci(arguments)
        #expect(outcome.status == 0, "roost-oci \(arguments): \(outcome)", sourceLocation: source)
        return outcome
    }

    /// Runs a container of the bundle in the foreground.
    func run(input: String = "", _ edit: (inout Config) -> Void = { _ in }) throws -> Outcome {
        try configure(edit)
        return try oci("run", "--bundle", bundle, id, input: input)
    }

    /// Creates a container of the bundle; its output comes with the result.
    @discardableResult
    func create(_ edit: (inout Config) -> Void = { _ in }, source: SourceLocation = #_sourceLocation) throws
        -> Spawned
    {
        try configure(edit)
        let program = try start(["create", "--bundle", bundle, id])
        let outcome = program.wait()
        #expect(outcome.status == 0, "create: \(outcome)", sourceLocation: source)
        return program
    }

    /// Any program, to its end; throws when it fails.
    func tool(_ arguments: String...) throws -> Outcome {
        count += 1
        let place = FileManager.default.fileExists(atPath: directory) ? directory : "/tmp"
        let outcome = try Spawned(arguments, files: place + "/program\(count)").wait()
        guard outcome.status == 0 else { throw FixtureError("\(arguments): \(outcome)") }
        return outcome
    }

    // MARK: the bundle

    func configure(_ edit: (inout Config) -> Void) throws {
        var config = try Config(text(of: bundle + "/config.json"))
        edit(&config)
        try write("bundle/config.json", try config.text)
    }

    /// Writes a file of the fixture.
    func write(_ path: String, _ content: String) throws {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        // Never through a hard link of the template.
        unlink(whole)
        try content.write(toFile: whole, atomically: false, encoding: .utf8)
    }

    // MARK: containers

    /// The state as `state` prints it; empty when the command fails.
    func state(_ id: String? = nil) throws -> Config {
        let outcome = try oci("state", id ?? self.id)
        return outcome.status == 0 ? try Config(outcome.output) : try Config("{}")
    }

    func status() throws -> String { try state()["status"] as? String ?? "none" }

    /// Waits until the container is in a status.
    func reach(_ status: String, source: SourceLocation = #_sourceLocation) throws {
        let isThere = eventually { (try? self.status()) == status }
        let now = try self.status()
        #expect(isThere, "status is \(now), not \(status)", sourceLocation: source)
    }
}
