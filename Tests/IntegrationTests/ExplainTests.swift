// SPDX-License-Identifier: Apache-2.0
// `explain`: what is on paper is what is done, and putting it on paper does nothing.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("explain") struct ExplainTests {
        private static let roost = Programs.directory + "/roost"

        @Test(
            "the steps that a run tells of are those on paper, in the same order",
            arguments: ["roost", "bundle"])
        func narration(_ way: String) throws {
            try Fixture.use { box in
                var run = [Self.roost, "--root", box.directory, "run"]
                var paper = [Self.roost, "--root", box.directory, "explain", "run"]
                if way == "roost" {
                    let rest = ["-u", "7", "--read-only", "--name", box.id, "--rootfs", box.rootfs, "true"]
                    run += ["--explain"] + rest
                    paper += rest
                } else {
                    try box.configure { config in
                        for kind in [
                            "prestart", "createRuntime", "createContainer", "startContainer", "poststart",
                            "poststop",
                        ] { config.hook(kind, "cat >/dev/null") }
                    }
                    run = [
                        Programs.runtime, "--root", box.stateRoot, "run", "--explain", "--bundle", box.bundle,
                        box.id,
                    ]
                    paper = [
                        Programs.runtime, "--root", box.stateRoot, "explain", "--bundle", box.bundle, box.id,
                    ]
                }
                let written = steps(try box.spawn(paper).wait().output, side: 5)
                let told = steps(try box.spawn(run).wait().errors, side: 11)

                #expect(written.count > 40)
                #expect(told == written)
            }
        }

        /// `host what; call` of each step; lines of a step that begin at `side` name it.
        private func steps(_ text: String, side: Int) -> [String] {
            let lines = text.split(separator: "\n").filter { !$0.contains(": warning: ") }
            return lines.indices.compactMap { index in
                let head = lines[index].dropFirst(side)
                guard head.hasPrefix("host ") || head.hasPrefix("child"), index + 3 <= lines.count else {
                    return nil
                }
                let call = lines[index + 1].drop { $0 == " " }
                return head.split(separator: " ").joined(separator: " ") + "; " + call
            }
        }

        @Test(
            "the README shows what `explain run` and `run --explain` print",
            .enabled(if: FileManager.default.fileExists(atPath: readme)))
        func excerpts() throws {
            try Fixture.use { box in
                func lines(_ flags: [String]) throws -> Set<String> {
                    let outcome = try box.spawn(
                        [Self.roost, "explain", "run", "--rootfs", box.rootfs] + flags
                    ).wait()
                    return Set(Self.comparable(outcome.output).split(separator: "\n").map(String.init))
                }
                let blocks = Self.comparable(text(of: Self.readme)).components(separatedBy: "```")
                let paper = try #require(blocks.first { $0.hasPrefix("\n$ roost explain run --name box") })
                let printed = try lines(["--name", "box", "sh"])
                for line in paper.split(separator: "\n").dropFirst() where line != "   ..." {
                    #expect(printed.contains(String(line)))
                }

                // A line of time, side and what; the call; why and where in one.
                let demo = try #require(blocks.first { $0.hasPrefix("\n    60 us  host   claim the id") })
                let script = #"echo "hello from pid $$ on $(hostname)"; id -u; ls /"#
                let told = try lines(["--name", "52fa1873033b", "/bin/busybox", "sh", "-c", script])
                    .map { $0.dropFirst(5).drop { $0 == " " } }
                for line in demo.split(separator: "\n")
                where line.hasPrefix("      ") || line.contains(" us ") {
                    let end = line.range(of: " us  ")?.upperBound ?? line.startIndex
                    let words = line[end...].drop { $0 == " " }
                    #expect(told.contains { !$0.isEmpty && words.hasPrefix($0) }, "\(words)")
                }
            }
        }

        private static let readme = Programs.package + "/README.md"

        /// Where cgroup v2 is mounted differs.
        private static func comparable(_ text: String) -> String {
            text.replacingOccurrences(of: "/sys/fs/cgroup/unified", with: "/sys/fs/cgroup")
        }

        @Test("nothing is made or changed", arguments: ["text", "json", "html", "sh"])
        func untouched(_ format: String) throws {
            try Fixture.use { box in
                func everything() throws -> String {
                    // Files are hard links of a template, whose times are not this test's own.
                    try box.tool(
                        "find", box.bundle, "-type", "d", "-printf", "%p %m %U %C@\n", "-o", "-printf",
                        "%p %i %m %U %s\n"
                    ).output
                }
                let before = try everything()
                let flags = [
                    "--name", box.id, "-u", "1000", "-w", "/made", "--tmpfs", "/made/too", "--rootfs",
                ]
                let command =
                    [Self.roost, "--root", box.directory, "explain", "run", "--format", format] + flags + [
                        box.rootfs, "sh",
                    ]
                // A pipe would become user 1000's.
                let piped =
                    ["bash", "-c", "{ \"$@\"; stat -L -c 'owner %u' /dev/stdout; } | cat", "bash"] + command
                let outcome = try box.spawn(piped).wait()

                #expect(outcome.status == 0 && outcome.output.contains("pivot_root"), "\(outcome)")
                #expect(outcome.output.hasSuffix("owner 0\n"), "\(outcome.output.suffix(20))")
                #expect(try everything() == before)
                #expect(HostState.traces(of: [box.id]).isEmpty)
                #expect(!FileManager.default.fileExists(atPath: box.stateRoot))
            }
        }

        @Test("no privilege is needed")
        func unprivileged() throws {
            try Fixture.use { box in
                _ = try box.tool("chmod", "755", box.directory)
                let drop = [
                    "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set",
                    "-all",
                    "--inh-caps", "-all",
                ]
                let rest = ["--rootfs", box.rootfs, "sh"]
                let roost = try box.spawn(drop + [Self.roost, "explain", "run"] + rest).wait()
                let bundle = try box.spawn(drop + [Programs.runtime, "explain", "--bundle", box.bundle])
                    .wait()

                #expect(roost.status == 0 && roost.output.contains("pivot_root"), "\(roost)")
                #expect(bundle.status == 0 && bundle.output.contains("pivot_root"), "\(bundle)")
            }
        }

        @Test("what cannot be planned is one sentence")
        func errors() throws {
            try Fixture.use { box in
                let none = try box.spawn([Self.roost, "explain", "run", "--rootfs", "/none", "sh"]).wait()
                #expect(none.status == 125 && none.errors.contains("`/none`"), "\(none)")
                let format = try box.spawn([
                    Self.roost, "explain", "run", "--format", "pdf", "--rootfs", "/", "a",
                ]).wait()
                #expect(format.status == 125 && format.errors.contains("text, json, html, sh"), "\(format)")
                try box.configure { $0.hook("poststart", "true") }
                let hooks = try box.oci("explain", "--format", "sh", "--bundle", box.bundle)
                #expect(hooks.status == 1 && hooks.errors.contains("`hooks.poststart`"), "\(hooks)")
            }
        }
    }
}
