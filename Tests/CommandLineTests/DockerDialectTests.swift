// SPDX-License-Identifier: Apache-2.0
// pflag's rules, as docker's users know them.
import CommandLine
import Testing

@Suite("docker's dialect") struct DockerDialectTests {
    @Test(
        "a value may follow its flag in every form pflag knows",
        arguments: [
            "-p8080:80", "-p=8080:80", "-p 8080:80", "-itp8080:80", "-itp 8080:80", "-itp=8080:80",
            "--publish 8080:80", "--publish=8080:80",
        ])
    func values(form: String) throws {
        let invocation = try Sample.invocation(Sample.docker, "run \(form) box")

        #expect(invocation.strings("publish") == ["8080:80"])
        #expect(invocation.positionals == ["box"])
        #expect(invocation.bool("tty") == form.hasPrefix("-it"))
    }

    @Test(
        "a boolean reads Go's spellings",
        arguments: [
            ("--rm", true), ("--rm=true", true), ("--rm=1", true), ("--rm=t", true), ("--rm=T", true),
            ("--rm=TRUE", true), ("--rm=false", false), ("--rm=0", false), ("--rm=F", false),
            ("--rm --rm=false", false), ("-i=false --rm", true),
        ])
    func booleans(form: String, isOn: Bool) throws {
        let invocation = try Sample.invocation(Sample.docker, "run \(form) box")

        #expect(invocation.bool("rm") == isOn)
        #expect(invocation.has("rm"))
        #expect(!invocation.bool("interactive"))
    }

    @Test("a boolean never takes the next argument")
    func booleanAlone() throws {
        let invocation = try Sample.invocation(Sample.docker, "run --rm false")

        #expect(invocation.bool("rm"))
        #expect(invocation.positionals == ["false"])
    }

    @Test("options of run end at the first argument, whatever follows")
    func stops() throws {
        let invocation = try Sample.invocation(Sample.docker, "run -t box ls --rm -- --help -x")

        #expect(invocation.positionals == ["box", "ls", "--rm", "--", "--help", "-x"])
        #expect(!invocation.has("rm"))
    }

    @Test("elsewhere flags may stand behind arguments, up to two dashes")
    func interspersed() throws {
        let invocation = try Sample.invocation(Sample.docker, "stop a -t 10s b - -- -c --help")

        #expect(invocation.positionals == ["a", "b", "-", "-c", "--help"])
        #expect(invocation.string("timeout") == "10s")
    }

    @Test("lists keep their order, single values keep the last, counts count")
    func repeated() throws {
        let invocation = try Sample.invocation(
            Sample.docker, "run -e A=1 --name x --env=B=2 -VV -eC --name= --verbose box")

        #expect(invocation.strings("env") == ["A=1", "B=2", "C"])
        #expect(invocation.string("name") == "")
        #expect(invocation.flags.count("verbose") == 3)
        #expect(invocation.string("hostname") == nil)
    }

    @Test("an alias of a flag is stored under its name")
    func alias() throws {
        #expect(try Sample.invocation(Sample.docker, "run --net host box").string("network") == "host")
    }

    @Test("global flags stand before the command and are kept apart")
    func globals() throws {
        let invocation = try Sample.invocation(Sample.docker, "-D --root /x run box")

        #expect(invocation.globals.bool("debug"))
        #expect(invocation.string("root") == "/x")
        #expect(!invocation.flags.has("root"))
    }

    @Test("a nested command is found by its aliases and sees the flags of its parent")
    func nested() throws {
        let invocation = try Sample.invocation(Sample.docker, "net -a list -q")

        #expect(invocation.commandPath == ["network", "ls"])
        #expect(invocation.displayPath == "roost network ls")
        #expect(invocation.bool("all") && invocation.bool("quiet"))
    }

    @Test(
        "a mistake is told in docker's words",
        arguments: [
            ("rnu box", "'rnu' is not a roost command. did you mean `run`?"),
            ("frobnicate", "'frobnicate' is not a roost command."),
            ("network rn", "'rn' is not a roost network command. did you mean `rm`?"),
            ("run --foo box", "unknown flag: --foo"),
            ("run --nmae=x box", "unknown flag: --nmae; did you mean `--name`?"),
            ("run --interactiv box", "unknown flag: --interactiv; did you mean `--interactive`?"),
            ("run --priv box", "unknown flag: --priv; did you mean `--privileged`?"),
            ("run -xyz box", "unknown shorthand flag: 'x' in -xyz"),
            ("run -itz box", "unknown shorthand flag: 'z' in -itz"),
            ("run -name box", "unknown shorthand flag: 'n' in -name; did you mean `--name`?"),
            ("run -\u{E9} box", "unknown shorthand flag: '\u{E9}' in -\u{E9}"),
            ("run --name", "flag needs an argument: --name"),
            ("run -itp", "flag needs an argument: 'p' in -itp"),
            ("run ---x box", "bad flag syntax: ---x"),
            ("run --=x box", "bad flag syntax: --=x"),
            ("run --rm=x box", "invalid argument \"x\" for \"--rm\" flag: want true or false"),
            ("run -t=x box", "invalid argument \"x\" for \"-t, --tty\" flag: want true or false"),
            ("run --network lo a", "invalid argument \"lo\" for \"--network\" flag: want one of none, host"),
            ("run", "\"roost run\" requires at least 1 argument."),
            ("network ls x", "\"roost network ls\" accepts no arguments."),
            ("completion", "\"roost completion\" requires exactly 1 argument."),
            (
                "completion fis",
                "\"roost completion\": invalid SHELL \"fis\": want one of bash, zsh, fish; "
                    + "did you mean `fish`?"
            ),
            ("run --privileged box", "flag `--privileged` is refused: not supported yet"),
            ("--nope run", "unknown flag: --nope"),
        ])
    func mistakes(line: String, text: String) {
        #expect(Sample.complaint(Sample.docker, line) == text)
    }

    @Test("an error says where help is")
    func pointer() {
        #expect {
            _ = try Sample.docker.parse(["run"])
        } throws: {
            "\($0)" == "\"roost run\" requires at least 1 argument.\nSee 'roost run --help'."
        }
    }

    @Test("a refused boolean may be switched off")
    func refusedOff() throws {
        #expect(try !Sample.invocation(Sample.docker, "run --privileged=false box").bool("privileged"))
    }

    @Test(
        "help and version are outcomes, not commands",
        arguments: [
            ("", ParseOutcome.help([])), ("--help", .help([])), ("-h", .help([])), ("help", .help([])),
            ("help run", .help(["run"])), ("help net list", .help(["network", "ls"])),
            ("run --help", .help(["run"])), ("run --rm --help box", .help(["run"])),
            ("stop -h", .help(["stop"])),
            ("network", .help(["network"])), ("network ls -h", .help(["network", "ls"])),
            ("--version", .version), ("-v", .version), ("-Dv run", .version),
        ])
    func requests(line: String, outcome: ParseOutcome) throws {
        #expect(try Sample.docker.parse(line.split(separator: " ").map(String.init)) == outcome)
    }

    @Test("-h is the host name where the table says so")
    func hostname() throws {
        #expect(try Sample.invocation(Sample.docker, "run -h box1 box").string("hostname") == "box1")
    }
}
