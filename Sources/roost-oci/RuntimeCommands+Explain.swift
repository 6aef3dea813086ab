// SPDX-License-Identifier: Apache-2.0
// `roost-oci explain`: the plan of a bundle, on paper.
import CommandLine
import Explain
import Kernel
import OCIRuntime

extension RuntimeCommands {
    static func explainCommands() -> [Command] {
        [
            Command(
                "explain", summary: "Say how `run` would make a container", group: inspection,
                details: explain)
        ]
    }

    private static func explain() -> Command.Details {
        Command.Details(
            description: """
                Print every step that `run` would take on a bundle, in the order of time. Nothing is done; no \
                privilege is needed.
                """,
            arguments: [Argument("ID", help: "The container's name; `container` if none", minimum: 0)],
            flags: [
                Flag("bundle", short: "b", .value("DIR"), help: "The bundle", default: "."),
                Flag(
                    "format", short: "f", .value("FORMAT"), help: "How the plan is written", default: "text",
                    choices: PlanFormat.names),
                Flag(
                    "no-pivot", help: "Change the root without pivot_root, for a root filesystem in memory"),
                Flag("no-new-keyring", help: "Do not give the container a session keyring of its own"),
                Flag("preserve-fds", .value("N"), help: "Pass on N descriptors from 3 upward", default: "0"),
                Flag("keep", help: "Keep the container's state when it ends"),
            ],
            examples: [
                Example("roost-oci explain --bundle /tmp/box", "Read how the bundle becomes a container"),
                Example(
                    "roost-oci explain --bundle /tmp/box --format html >plan.html", "Draw it for a browser"),
            ])
    }
}

extension Dispatch {
    func explain() throws(RuntimeError) {
        var request = try launchRequest()
        if request.id.isEmpty { request.id = "container" }
        let plan = try runtime.plan(request, keep: invocation.bool("keep"))
        let format = PlanFormat(rawValue: invocation.string("format") ?? "text") ?? .text
        let title = "roost-oci run --bundle \(request.bundle) \(request.id)"
        do throws(ScriptError) { writeText(try format.write(plan, title: title), to: 1) } catch {
            throw RuntimeError(error.description)
        }
    }
}
