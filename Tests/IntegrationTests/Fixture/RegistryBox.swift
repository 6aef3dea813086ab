// SPDX-License-Identifier: Apache-2.0
// What each test with a registry has for itself: a store and a home, so that no configuration of this host or
// of another test counts. Nothing that it prints may hold a secret.
import Foundation
import TestSupport
import Testing

final class RegistryBox {
    let place: String
    var root: String { place + "/store" }
    var home: String { place + "/home" }
    /// docker's configuration of this test's user.
    var configuration: String { home + "/.docker/config.json" }
    private var count = 0

    /// The account of the registries as `auth` has it, and tokens of the hostile one.
    static let secrets = ["pass:word", "dXNlcjpwYXNzOndvcmQ=", "good-token"]

    init() throws {
        place = try directoryOfTheRun("roost-registry-box")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    var environment: [String: String] {
        ["HOME": home, "XDG_CONFIG_HOME": "", "DOCKER_CONFIG": "", "ROOST_ROOT": ""]
    }

    /// Starts roost with this test's store.
    func start(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Spawned {
        count += 1
        return try Spawned(
            [Programs.directory + "/roost", "--root", root] + arguments, files: place + "/program\(count)",
            input: input, environment: self.environment.merging(environment) { $1 })
    }

    /// Runs roost to its end.
    func roost(
        _ arguments: String..., input: String = "", environment: [String: String] = [:],
        source: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try start(arguments, input: input, environment: environment).wait()
        #expect(!outcome.hasTimedOut, "roost \(arguments): \(outcome)", sourceLocation: source)
        for secret in Self.secrets {
            let isTold = outcome.output.contains(secret) || outcome.errors.contains(secret)
            #expect(!isTold, "roost \(arguments) tells a secret: \(outcome)", sourceLocation: source)
        }
        return outcome
    }

    /// Runs roost; anything but status 0 ends the test.
    @discardableResult
    func succeed(
        _ arguments: String..., input: String = "", environment: [String: String] = [:],
        source: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try start(arguments, input: input, environment: environment).wait()
        try #require(outcome.status == 0, "roost \(arguments): \(outcome)", sourceLocation: source)
        return outcome
    }

    /// Logs in as the account that the registries know.
    func login(_ registry: ImageRegistry, source: SourceLocation = #_sourceLocation) throws {
        let (name, password) = ImageRegistry.account
        try succeed(
            "login", "-u", name, "--password-stdin", registry.address, input: password, source: source)
    }

    /// Writes the account for a registry into config.json, as `login` would.
    func writeAccount(_ registry: ImageRegistry) throws {
        try FileManager.default.createDirectory(
            atPath: home + "/.docker", withIntermediateDirectories: true)
        try #"{"auths": {"\#(registry.address)": {"auth": "dXNlcjpwYXNzOndvcmQ="}}}"#
            .write(toFile: configuration, atomically: false, encoding: .utf8)
    }

    /// Pulls `image` from one registry and names it for another.
    func have(_ image: String, from registry: ImageRegistry, as name: String) throws {
        try succeed("pull", "-q", "\(registry.address)/library/\(image)")
        try succeed("tag", "\(registry.address)/library/\(image)", name)
    }

    /// Runs skopeo, which takes any certificate.
    func skopeo(_ arguments: String...) throws -> Outcome {
        count += 1
        return try Spawned(
            ["skopeo"] + arguments, files: place + "/program\(count)", environment: environment
        ).wait()
    }
}

extension Outcome {
    /// The digest that the last line of a push or the `Digest:` line of a pull tells.
    var digest: String? {
        output.split(whereSeparator: { $0 == "\n" || $0 == " " }).last { $0.hasPrefix("sha256:") }
            .map(String.init)
    }
}
