// SPDX-License-Identifier: Apache-2.0
// Rows of commands that only look, or write a config.json.
import CommandLine

extension RuntimeCommands {
    static func inspectionCommands() -> [Command] {
        [
            Command("state", summary: "Print the state of a container", group: inspection) {
                Command.Details(description: "Print the state as JSON.", arguments: [id])
            },
            Command("list", summary: "List containers", group: inspection, details: list),
            Command(
                "ps", summary: "List the processes of a container", group: inspection, details: processes),
            Command("spec", summary: "Write a config.json to start from", group: inspection, details: spec),
            Command("features", summary: "Print what this runtime supports", group: inspection) {
                Command.Details(description: "Print features as JSON, as the OCI runtime spec has it.")
            },
        ]
    }

    private static var format: Flag {
        Flag(
            "format", short: "f", .value("FORMAT"), help: "The output", default: "table",
            choices: ["table", "json"])
    }

    private static func list() -> Command.Details {
        Command.Details(
            description: "List the containers under --root.",
            flags: [format, Flag("quiet", short: "q", help: "Print names only")])
    }

    private static func processes() -> Command.Details {
        Command.Details(
            description: "List the processes of a container. Options after ID are for ps(1).",
            arguments: [id, Argument("ARG", help: "Options for ps(1)", minimum: 0, maximum: nil)],
            flags: [format], stopsAtFirstArgument: true)
    }

    private static func spec() -> Command.Details {
        Command.Details(
            description: "Write config.json for a shell in a root filesystem named rootfs.",
            flags: [
                Flag("bundle", short: "b", .value("DIR"), help: "Where to write it", default: "."),
                Flag("rootless", help: "For a user without privilege"),
            ],
            examples: [Example("roost-oci spec --rootless", "Start a bundle in the current directory")])
    }
}
