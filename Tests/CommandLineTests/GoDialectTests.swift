// SPDX-License-Identifier: Apache-2.0
// The rules of Go's flag package with what crun allows besides.
import CommandLine
import Testing

@Suite("the dialect of OCI runtimes") struct GoDialectTests {
    @Test(
        "long and short flags take one dash or two, before and after the argument",
        arguments: [
            "-bundle=x ID", "--bundle x ID", "-b x ID", "-b=x ID", "--b x ID", "ID -b x", "ID --bundle=x",
        ])
    func forms(form: String) throws {
        let invocation = try Sample.invocation(Sample.go, "--root /r run \(form)")

        #expect(invocation.string("bundle") == "x")
        #expect(invocation.string("root") == "/r")
        #expect(invocation.positionals == ["ID"])
    }

    @Test("containerd's single dash is understood")
    func singleDash() throws {
        #expect(try Sample.invocation(Sample.go, "run -no-subreaper ID").bool("no-subreaper"))
    }

    @Test("there are no bundles")
    func bundles() {
        #expect(Sample.complaint(Sample.go, "exec -te X ID") == "unknown flag: -te")
    }

    @Test("all behind the first argument of exec belongs to the command")
    func execStops() throws {
        let invocation = try Sample.invocation(Sample.go, "exec -t -e A=1 ID sh -e -c --help")

        #expect(invocation.positionals == ["ID", "sh", "-e", "-c", "--help"])
        #expect(invocation.strings("env") == ["A=1"])
    }

    @Test("a command's flag goes before a global one of the same name, and does not read its value")
    func sameName() throws {
        let invocation = try Sample.invocation(Sample.go, "--rootless=true spec")

        #expect(!invocation.bool("rootless"))
        #expect(invocation.globals.bool("rootless"))
    }

    @Test("a refused command gives its reason and still has help")
    func refused() throws {
        #expect(
            Sample.complaint(Sample.go, "checkpoint ID")
                == "command `roost-oci checkpoint` is refused: needs CRIU")
        #expect(try Sample.go.parse(["checkpoint", "--help"]) == .help(["checkpoint"]))
        #expect(try Sample.go.parse(["checkpoint", "-h"]) == .help(["checkpoint"]))
        #expect(Sample.go.help(for: ["checkpoint"]).contains("Refused: needs CRIU"))
    }

    @Test(
        "a mistake names the flag",
        arguments: [
            (
                "--log-format yaml spec",
                "invalid argument \"yaml\" for \"--log-format\" flag: want one of text, json"
            ),
            ("run -bundel x ID", "unknown flag: -bundel; did you mean `--bundle`?"),
            ("run -b", "flag needs an argument: --b"),
            ("run a b", "\"roost-oci run\" requires exactly 1 argument."),
            ("-=x", "bad flag syntax: -=x"),
        ])
    func mistakes(line: String, text: String) {
        #expect(Sample.complaint(Sample.go, line) == text)
    }
}
