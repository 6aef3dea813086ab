// SPDX-License-Identifier: Apache-2.0
// `login`, `logout` and `search`: what is asked, what is kept, and for whom it can be read.
import Foundation
import TestSupport
import Testing

@Suite("login", .enabled(if: isRoot))
struct RegistryLoginTests {
    private let box: RegistryBox

    init() throws { box = try RegistryBox() }

    private func entry(_ registry: ImageRegistry) throws -> [String: String]? {
        let auths = try Config(text(of: box.configuration))["auths"] as? [String: Any]
        return auths?[registry.address] as? [String: String]
    }

    @Test(
        "a password from standard input is kept where only its owner can read it; a token in its place",
        arguments: [ImageRegistry.Authentication.basic, .token])
    func kept(_ authentication: ImageRegistry.Authentication) throws {
        let registry = try ImageRegistry(images: [], authentication: authentication)

        let outcome = try box.roost(
            "login", "-u", "user", "--password-stdin", registry.address, input: "pass:word\r\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: box.configuration)
        let entry = try entry(registry)
        let again = try box.roost("login", registry.address)

        #expect(outcome.output == "Login Succeeded\n", "\(outcome)")
        #expect(outcome.errors.contains("WARNING! Your credentials are stored unencrypted in"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        switch authentication {
        case .basic: #expect(entry == ["auth": "dXNlcjpwYXNzOndvcmQ="])
        case .token: #expect(entry == ["auth": "dXNlcjo=", "identitytoken": "refresh-of-user"])
        }
        #expect(again.output == "Authenticating with existing credentials...\nLogin Succeeded\n", "\(again)")
    }

    @Test(
        "a wrong password is refused, and nothing is kept",
        arguments: [ImageRegistry.Authentication.basic, .token])
    func wrong(_ authentication: ImageRegistry.Authentication) throws {
        let registry = try ImageRegistry(images: [], authentication: authentication)

        let outcome = try box.roost(
            "login", "-u", "user", "--password-stdin", registry.address, input: "another-word")

        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains("denies access") && outcome.errors.contains("credential is refused"))
        #expect(!outcome.errors.contains("another-word"))
        #expect(!FileManager.default.fileExists(atPath: box.configuration))
    }

    @Test("logout forgets the registry, once")
    func logout() throws {
        let registry = try ImageRegistry(images: ["user:latest"], authentication: .basic)
        try box.login(registry)
        let pulled = try box.roost("pull", "\(registry.address)/library/user")

        let first = try box.roost("logout", registry.address)
        let second = try box.roost("logout", registry.address)
        let hub = try box.roost("logout")
        let refused = try box.roost("pull", "\(registry.address)/library/user")

        #expect(pulled.status == 0, "\(pulled)")
        #expect(first.output == "Removing login credentials for \(registry.address)\n")
        #expect(second.output == "Not logged in to \(registry.address)\n" && second.status == 0)
        #expect(hub.output == "Not logged in to https://index.docker.io/v1/\n")
        #expect(try entry(registry) == nil)
        #expect(refused.status == 1 && refused.errors.contains("`roost login` may help"), "\(refused)")
    }

    @Test("a password among the arguments works, with a warning")
    func argument() throws {
        let registry = try ImageRegistry(images: [], authentication: .basic)

        let outcome = try box.roost("login", "-u", "user", "-p", "pass:word", registry.address)

        #expect(outcome.status == 0, "\(outcome)")
        #expect(
            outcome.errors.hasPrefix(
                "WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n"))
    }

    @Test(
        "flags that do not fit, and questions without a terminal, are errors",
        arguments: [
            (["--password-stdin"], "Must provide --username with --password-stdin"),
            (["-u", "user", "-p", "x", "--password-stdin"], "are mutually exclusive"),
            (["-u", "user"], "Cannot perform an interactive login from a non TTY device"),
            ([], "Cannot perform an interactive login from a non TTY device"),
            (["-u", "a:b", "--password-stdin"], "`a:b` is no user's name"),
            (["-u", "user", "--password-stdin"], "the password is empty"),
        ])
    func flags(_ flags: [String], _ words: String) throws {
        let outcome = try box.start(["login"] + flags + ["127.0.0.1:1"]).wait()

        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(words), "\(outcome)")
    }

    @Test("a terminal asks for both; the password is not shown, and can be mended or given up")
    func terminal() throws {
        let registry = try ImageRegistry(images: [], authentication: .basic)

        let given = try onTerminal(registry, #"pass:worX\x7fd\r"#)
        let kept = try entry(registry)
        try FileManager.default.removeItem(atPath: box.configuration)
        let givenUp = try onTerminal(registry, #"pass\x03"#)

        #expect(given.status == 0 && given.output.hasSuffix("Login Succeeded\r\n"), "\(given)")
        #expect(given.output.hasPrefix("Username: user\r\nPassword: \r\n"), "\(given)")
        #expect(kept == ["auth": "dXNlcjpwYXNzOndvcmQ="])
        #expect(givenUp.status == 1 && givenUp.output.hasSuffix("cancelled\r\n"), "\(givenUp)")
        #expect(!FileManager.default.fileExists(atPath: box.configuration))
    }

    /// Answers on a terminal of its own, each question when it is there.
    private func onTerminal(_ registry: ImageRegistry, _ password: String) throws -> Outcome {
        let script = """
            os, pty, sys = map(__import__, ("os", "pty", "sys"))
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(sys.argv[1], sys.argv[1:])
            seen = b""
            def read():
                global seen
                try:
                    part = os.read(terminal, 4096)
                except OSError:
                    part = b""
                seen += part
                return part
            for question, answer in ((b"Username: ", b"user\\n"), (b"Password: ", b"\(password)")):
                while question not in seen and read():
                    pass
                os.write(terminal, answer)
            while read():
                pass
            sys.stdout.buffer.write(seen)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        return try Spawned(
            ["python3", "-c", script, Programs.directory + "/roost", "login", registry.address],
            files: box.place + "/terminal", environment: box.environment
        ).wait()
    }
}

@Suite("search", .enabled(if: isRoot))
struct RegistrySearchTests {
    private let box: RegistryBox

    init() throws { box = try RegistryBox() }

    @Test("what is found comes in docker's columns, the best liked first, on one line each")
    func table() throws {
        let hostile = try ImageRegistry.hostile()

        let found = try box.roost("search", "\(hostile.address)/box")
        let whole = try box.roost("search", "--no-trunc", "\(hostile.address)/box")

        #expect(
            found.output == """
                NAME          DESCRIPTION                                     STARS   OFFICIAL
                box           A box.                                          1200    [OK]
                someone/box   two lines  [2J and a description that is lon…   3       \n
                """, "\(found)")
        #expect(whole.output.contains("longer than 45 letters"))
    }

    @Test(
        "filters and formats",
        arguments: [
            (["--filter", "stars=4"], "box\n"), (["--filter", "is-official=false"], "someone/box\n"),
            (["--filter", "is-automated=true"], ""), (["--limit", "1"], "someone/box\n"),
            ([], "box\nsomeone/box\n"),
        ])
    func filters(_ flags: [String], _ expected: String) throws {
        let hostile = try ImageRegistry.hostile()

        let outcome = try box.start(
            ["search", "--format", "{{.Name}}"] + flags + ["\(hostile.address)/box"]
        ).wait()

        #expect(outcome.output == expected, "\(outcome)")
    }

    @Test("as JSON, a line for each")
    func json() throws {
        let hostile = try ImageRegistry.hostile()

        let outcome = try box.roost(
            "search", "--format", "json", "-f", "stars=10", "\(hostile.address)/box")

        #expect(
            outcome.output == """
                {"Description":"A box.","IsAutomated":"false","IsOfficial":"true","Name":"box",\
                "StarCount":"1200"}\n
                """)
    }

    @Test("a registry without a search is asked for its list")
    func catalog() throws {
        let registry = try ImageRegistry(images: ["user:latest", "odd:latest"], authentication: .basic)

        let stranger = try box.roost("search", "\(registry.address)/use")
        try box.login(registry)
        let found = try box.roost("search", "--format", "{{.Name}}", "\(registry.address)/use")

        #expect(stranger.status == 1, "\(stranger)")
        #expect(found.output == "library/user\n", "\(found)")
    }

    @Test(
        "what cannot be searched for is said",
        arguments: [
            (["--limit", "0"], "outside the range of [1, 100]"),
            (["--limit", "101"], "outside the range of [1, 100]"),
            (["--filter", "colour=red"], "invalid filter `colour`"), (["--filter", "stars=many"], "`many`"),
        ])
    func refused(_ flags: [String], _ words: String) throws {
        let outcome = try box.start(["search"] + flags + ["127.0.0.1:1/x"]).wait()

        #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome)")
    }
}
