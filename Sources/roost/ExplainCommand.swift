// SPDX-License-Identifier: Apache-2.0
// `roost explain run`: what a command would do, on paper. Nothing is carried out.
import CommandLine
import Explain
import Kernel
import OCIRuntime

extension Commands {
    static func explainRun() -> Command.Details {
        let format = Flag(
            "format", .value("FORMAT"), help: "How the plan is written", default: "text",
            choices: PlanFormat.names)
        return Command.Details(
            usage: ["[OPTIONS] --rootfs DIR COMMAND [ARG...]"],
            description: """
                Print every step that `run` would take with these options, in the order of time: what it is, \
                the call, the reason, where it is written, and the lesson about it.

                The format `html` is a page for a browser, `json` is for programs, and `sh` is a script that makes \
                the same container with the programs of util-linux, iproute2, libcap2-bin and perl.
                """,
            arguments: runArguments(),
            flags: [format] + runFlags().filter { $0.name != "explain" },
            examples: [
                Example("roost explain run --rootfs ./alpine sh", "Read what `run` would do"),
                Example(
                    "roost explain run --format html --rootfs ./alpine sh >plan.html", "Draw it for a browser"
                ),
                Example(
                    "roost explain run --format sh --rootfs ./alpine sh >plan.sh", "Have it as a shell script"
                ),
            ],
            stopsAtFirstArgument: true)
    }
}

/// One `roost explain run`.
struct ExplainCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        do throws(RuntimeError) { return try carryOut() } catch {
            throw RunCommand(invocation).told(error)
        }
    }

    private func carryOut() throws(RuntimeError) -> Int32 {
        let command = RunCommand(invocation)
        let plan = try command.runtime().plan(try command.requestOnPaper())
        let format = PlanFormat(rawValue: invocation.string("format") ?? "text") ?? .text
        let title = (["roost run"] + invocation.positionals).joined(separator: " ")
        do throws(ScriptError) { writeText(try format.write(plan, title: title), to: 1) } catch {
            throw RuntimeError(error.description)
        }
        return 0
    }
}
