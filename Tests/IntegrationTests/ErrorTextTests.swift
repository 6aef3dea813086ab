// SPDX-License-Identifier: Apache-2.0
// What a person reads when a program cannot be run or a mount cannot be made: one sentence that names the
// thing, and the status that docker gives.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("error texts") struct ErrorTextTests {
        /// `roost run` on the fixture's root.
        private func roost(_ box: Fixture, _ arguments: [String]) throws -> Outcome {
            try box.spawn([Programs.directory + "/roost", "--root", box.directory, "run"] + arguments).wait()
        }

        private func expect(
            _ outcome: Outcome, _ status: Int32, _ words: String, source: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.status == status, "\(outcome)", sourceLocation: source)
            #expect(
                outcome.errors.contains(words) && outcome.errors.split(separator: "\n").count == 1,
                "\(outcome)", sourceLocation: source)
        }

        /// What `prog` holds, its permissions, the status and the words that come of it.
        struct Program: Sendable, CustomTestStringConvertible {
            let content: String
            var permissions = "755"
            let status: Int32
            let words: String
            var testDescription: String { words }
        }

        @Test(
            "a program that is found in PATH and cannot be executed: what is missing is named",
            arguments: [
                Program(content: "#!/bin/nosuch -x\n", status: 127, words: "interpreter `/bin/nosuch`"),
                Program(content: "#!/bin/sh\r\necho\r\n", status: 127, words: "carriage return"),
                Program(content: "#!/etc/passwd\n", status: 126, words: "interpreter `/etc/passwd`"),
                Program(content: "echo\n", status: 126, words: "neither an ELF program nor a script"),
                Program(content: "", status: 126, words: "it is empty"),
                Program(content: "#!/bin/sh\n", permissions: "644", status: 126, words: "permission denied"),
            ])
        func program(_ program: Program) throws {
            try Fixture.use { box in
                let path = box.rootfs + "/bin/prog"
                try box.write(path, program.content)
                _ = try box.tool("chmod", program.permissions, path)

                expect(
                    try roost(box, ["--name", box.id, "--rootfs", box.rootfs, "prog"]), program.status,
                    program.words)
            }
        }

        @Test("the loader of a dynamic program that is found in PATH is named")
        func loader() throws {
            try Fixture.use { box in
                _ = try box.tool("cp", "/bin/ls", box.rootfs + "/bin/prog")

                expect(
                    try roost(box, ["--name", box.id, "--rootfs", box.rootfs, "prog"]), 127,
                    "its loader `/lib")
            }
        }

        @Test("start names the interpreter as well")
        func start() throws {
            try Fixture.use { box in
                try box.write(box.rootfs + "/bin/prog", "#!/bin/nosuch\n")
                _ = try box.tool("chmod", "755", box.rootfs + "/bin/prog")
                try box.create { $0.args = ["prog"] }

                expect(try box.oci("start", box.id), 1, "interpreter `/bin/nosuch`")
                try box.succeed("delete", "-f", box.id)
            }
        }

        @Test("a program that is a loop of links says so")
        func loop() throws {
            try Fixture.use { box in
                _ = try box.tool("ln", "-s", "prog", box.rootfs + "/bin/prog")

                expect(
                    try roost(box, ["--name", box.id, "--rootfs", box.rootfs, "/bin/prog"]), 126,
                    "too many levels of symbolic links")
            }
        }

        @Test("a mount below a file names the file")
        func belowFile() throws {
            try Fixture.use { box in
                expect(
                    try roost(
                        box,
                        [
                            "--name", box.id, "--rootfs", box.rootfs, "-v", "/tmp:/etc/passwd/a/b", "true",
                        ]), 125, "`/etc/passwd` is a file")
            }
        }

        @Test(
            "flags of roost run with values that mean nothing are refused",
            arguments: [
                (["--rootfs", "", "true"], "`--rootfs` is empty"),
                (["--rootfs", "ROOT", "-v", "/tmp:/mnt:bogus", "true"], "`bogus` is no option"),
                (["--rootfs", "ROOT", "-u", "4294967295", "true"], "`4294967295`"),
            ])
        func flags(_ arguments: [String], _ words: String) throws {
            try Fixture.use { box in
                let outcome = try roost(
                    box, ["--name", box.id] + arguments.map { $0 == "ROOT" ? box.rootfs : $0 })

                expect(outcome, 125, words)
            }
        }

        @Test("a user without privilege is told what is missing")
        func unprivileged() throws {
            try Fixture.use { box in
                _ = try box.tool("chmod", "755", box.directory)
                let outcome = try box.spawn(
                    [
                        "setpriv", "--reuid", "65534", "--clear-groups", "--bounding-set", "-all",
                        "--inh-caps", "-all", Programs.runtime, "--root", box.directory + "/none", "run",
                        "--bundle", box.bundle, box.id,
                    ]
                ).wait()

                expect(outcome, 1, "CAP_SYS_ADMIN")
            }
        }
    }
}
