// SPDX-License-Identifier: Apache-2.0
// What is written from the table: help, completion scripts, man pages. Other programs judge the latter two.
import CommandLine
import Foundation
import Testing

/// Whether a program of this name is on the machine; its path if so.
private func installed(_ name: String) -> String? {
    let places = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return places.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Runs a program on a file with this text; its status, and both of its streams as one text.
private func judge(_ text: String, _ program: String, _ arguments: [String]) throws -> (Int32, String) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments + [file.path]
    process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

@Suite("documents made from the table") struct DocumentTests {
    @Test("help of a command has docker's layout")
    func commandHelp() {
        let text = Sample.docker.help(for: ["stop"])

        #expect(
            text == """
                Usage:  roost stop [OPTIONS] CONTAINER...

                Stop containers

                Options:
                  -t, --timeout DURATION   Time to wait
                  -h, --help               Print usage

                """)
    }

    @Test("help of a program lists commands by group and leaves the hidden out")
    func programHelp() {
        let text = Sample.docker.help(for: [])

        #expect(
            text.contains(
                "\nCommon Commands:\n  run         Run a container\n\nCommands:\n  network     Manage"))
        #expect(text.contains("\nGlobal Options:\n  -D, --debug      Debug\n"))
        #expect(!text.contains("secret"))
    }

    @Test("aliases, choices, defaults and refusals are shown, and lines wrap at 80 columns")
    func helpDetails() {
        let run = Sample.docker.help(for: ["run"])

        #expect(run.contains("      --network MODE               Network (none, host)\n"))
        #expect(run.contains("(default random)"))
        #expect(run.contains("(refused: not supported yet)"))
        #expect(run.contains("      --help "))
        #expect(run.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(Sample.docker.help(for: ["net", "list"]).contains("roost network ls, roost network list"))
    }

    @Test("bash accepts the completion script")
    func bashSyntax() throws {
        let bash = try #require(installed("bash"))
        for program in [Sample.docker, Sample.go] {
            let (status, output) = try judge(program.completion(for: .bash), bash, ["-n"])
            #expect(status == 0 && output.isEmpty, "\(output)")
        }
    }

    @Test(
        "bash completes commands, flags, choices and values",
        arguments: [
            ("roost ''", "run network completion man stop"), ("roost ne", "network"),
            ("roost --root run ne", "network"), ("roost --root = run ne", "network"),
            ("roost net ''", "ls rm"), ("roost network r", "rm"), ("roost network list --q", "--quiet"),
            ("roost run --net", "--network --net"), ("roost run --network ''", "none host"),
            ("roost run --network = h", "host"), ("roost run -e run --na", "--name"),
            ("roost run box --na", ""), ("roost stop box --ti", "--timeout"), ("roost completion z", "zsh"),
        ])
    func bashCompletes(line: String, expected: String) throws {
        let bash = try #require(installed("bash"))
        let script =
            Sample.docker.completion(for: .bash)
            + "COMP_WORDS=(\(line)); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _roost; "
            + "echo \"${COMPREPLY[*]}\"\n"
        let (_, output) = try judge(script, bash, [])
        #expect(output == expected + "\n")
    }

    @Test("zsh accepts the completion script", .enabled(if: installed("zsh") != nil))
    func zshSyntax() throws {
        let (status, output) = try judge(
            Sample.docker.completion(for: .zsh), try #require(installed("zsh")), ["-n"])
        #expect(status == 0 && output.isEmpty, "\(output)")
    }

    @Test("fish accepts the completion script", .enabled(if: installed("fish") != nil))
    func fishSyntax() throws {
        let (status, output) = try judge(
            Sample.docker.completion(for: .fish), try #require(installed("fish")), ["-n"])
        #expect(status == 0 && output.isEmpty, "\(output)")
    }

    @Test("scripts quote what the shell would read")
    func quoting() {
        #expect(Sample.docker.completion(for: .zsh).contains("[Keep '\\''input'\\'' open\\: \\[always\\]]"))
        #expect(Sample.docker.completion(for: .fish).contains("-d 'Keep \\'input\\' open: [always]'"))
    }

    @Test("groff has no warning about any page", .enabled(if: installed("groff") != nil))
    func manualLint() throws {
        let groff = try #require(installed("groff"))
        for program in [Sample.docker, Sample.go] {
            for path in [[]] + program.allCommands().map(\.path) {
                let page = try #require(program.roff(for: path))
                let (status, output) = try judge(page, groff, ["-man", "-Tutf8", "-ww", "-z"])
                #expect(status == 0 && output.isEmpty, "\(path): \(output)")
            }
        }
    }

    @Test("a page has its sections in order and shows bait for roff as it was written")
    func manualText() throws {
        let page = try #require(Sample.docker.roff(for: ["run"]))
        let sections = page.split(separator: "\n").filter { $0.hasPrefix(".SH") }

        #expect(
            sections == [
                ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH ARGUMENTS", ".SH OPTIONS", ".SH EXAMPLES",
                ".SH SEE ALSO",
            ])
        #expect(
            page.contains("\n\\&.second \\(gaparagraph\\(ga \\- with \\(aqroff\\(aq \\(rs bait \\(ha\\(ti\n"))
        #expect(page.contains("\\fB\\-t\\fR, \\fB\\-\\-tty\\fR\n"))
        #expect(page.utf8.allSatisfy { $0 < 128 })
    }

    @Test("man and completion are answered from the table")
    func builtIn() throws {
        let page = try Sample.docker.builtInText(for: Sample.docker.parse(["man", "net", "ls"]))
        let script = try Sample.docker.builtInText(for: Sample.docker.parse(["completion", "bash"]))

        #expect(page == Sample.docker.roff(for: ["network", "ls"]))
        #expect(script == Sample.docker.completion(for: .bash))
        #expect(try Sample.docker.builtInText(for: .version) == "roost version 1.2\n")
        #expect(try Sample.docker.builtInText(for: Sample.docker.parse(["run", "box"])) == nil)
        #expect(throws: UsageError.self) {
            try Sample.docker.builtInText(for: Sample.docker.parse(["man", "rnu"]))
        }
    }
}
