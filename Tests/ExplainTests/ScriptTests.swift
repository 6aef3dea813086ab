// SPDX-License-Identifier: Apache-2.0
// The script as bash reads it. That it makes the same container is an integration test.
import Foundation
import Kernel
import OCIRuntime
import OCISpec
import Plan
import Testing

@testable import Explain

@Suite("The script") struct ScriptTests {
    /// What bash prints when it is given `script` on its standard input.
    private func bash(_ arguments: [String], _ script: String) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = arguments
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try script.write(to: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Foundation.Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, data)
    }

    @Test("a quoted word is the value itself, on one line", arguments: Hostile.values)
    func quoting(_ value: String) throws {
        let word = quoted(value)
        // As the script has it: once as it stands, once through a printed function.
        let script =
            "f() { printf %s \(word); }\nprintf %s \(word); echo\n"
            + "bash -c \"$(declare -f f); f\"\n"
        let result = try bash(["-s"], script)

        #expect(result.output == Data((value + "\n" + value).utf8))
        #expect(!word.contains("\n"))
    }

    private func script(
        _ change: (inout RuntimeSpec) -> Void = { _ in }, options: (inout LaunchOptions) -> Void = { _ in }
    ) throws -> String {
        try PlanFormat.sh.write(Plans.plan(change, options: options), title: "t")
    }

    @Test("bash can read it, whatever the values are", arguments: Hostile.values)
    func syntax(_ value: String) throws {
        let text = try PlanFormat.sh.write(
            Plans.plan {
                $0.hostname = value
                $0.process?.args = ["sh", value]
                $0.process?.env = ["A=" + value, value]
                $0.process?.cwd = "/" + value
                $0.root?.path = "/r" + value
                $0.linux?.sysctl = [StringPair(key: "kernel.domainname", value: value)]
                $0.mounts.append(
                    MountSpec(destination: "/d" + value, source: "/s" + value, options: ["rbind"]))
            } options: {
                $0.id = "x" + value
                $0.stateDirectory = "/run/" + value
                $0.cgroup = "/sys/fs/cgroup/" + value
            }, title: value)

        #expect(try bash(["-n"], text).status == 0)
        // A comment ends where its line ends.
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("touch x") || $0 == "# touch x" })
    }

    @Test("each of the child's steps stands in it with its words")
    func words() throws {
        let plan = try Plans.plan()
        let lines = try PlanFormat.sh.write(plan, title: "t").split(separator: "\n").map {
            $0.drop { $0 == " " }
        }

        for step in plan.timeline {
            let words = "# " + step.explanation.what + ": " + step.explanation.why
            #expect(lines.contains { $0.hasPrefix(words) }, "\(words)")
        }
    }

    @Test("what it cannot do it refuses, with the name of the option")
    func refused() {
        func error(
            _ change: (inout RuntimeSpec) -> Void, options: (inout LaunchOptions) -> Void = { _ in }
        ) -> String {
            do {
                _ = try script(change, options: options)
                return ""
            } catch { return "\(error)" }
        }
        let hook = [HookSpec(path: "/h")]

        #expect(error { $0.hooks = HooksSpec(startContainer: hook) }.contains("`hooks.startContainer`"))
        #expect(error { $0.hooks = HooksSpec(poststart: hook) }.contains("`hooks.poststart`"))
        let pivot = error({ _ in }, options: { $0.pivots = false })
        let terminal = error({ $0.process?.terminal = true }, options: { $0.hasConsole = true })
        #expect(pivot.contains("`--no-pivot`"))
        #expect(terminal.contains("`process.terminal`"))
    }

    @Test(
        "attributes of mounts as mount(8) has them",
        arguments: [
            (MountAttributes(set: 0xf), ["ro", "nosuid", "nodev", "noexec"]),
            (MountAttributes(clear: 0xf), ["rw", "suid", "dev", "exec"]),
            (MountAttributes(set: 0x10, clear: 0x60), ["noatime"]),
            (MountAttributes(set: 0x20, clear: 0x50), ["strictatime"]),
            (MountAttributes(clear: 0x70), ["relatime"]),
            (MountAttributes(set: 0x20_0080), ["nodiratime", "nosymfollow"]), (MountAttributes(), []),
        ])
    func attributes(_ change: MountAttributes, _ words: [String]) {
        #expect(Script.words(change) == words)
    }
}
