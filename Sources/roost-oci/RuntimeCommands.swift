// SPDX-License-Identifier: Apache-2.0
// The table of roost-oci: every command and flag that runc and crun have, so that callers written for
// them are understood. What Roost does not do is a row too, with the reason.
import CommandLine

/// The command line of roost-oci.
enum RuntimeCommands {
    /// The whole table; flag tables of commands are built when a command is chosen.
    static func program(version: String, versionText: String? = nil) -> CommandLineProgram {
        CommandLineProgram(
            name: "roost-oci", version: version, versionText: versionText,
            summary: "Run containers from OCI bundles", dialect: .go,
            globalFlags: globalFlags(), commands: commands())
    }

    private static func globalFlags() -> [Flag] {
        [
            Flag(
                "debug", help: "Write debug lines to the log", status: .ignored("there are none yet")),
            Flag("log", .value("FILE"), help: "Write errors to this file as well as to standard error"),
            Flag(
                "log-format", .value("FORMAT"), help: "How the log is written", default: "text",
                choices: ["text", "json"]),
            Flag(
                "log-level", .value("LEVEL"), help: "The least serious message to write", default: "warning",
                choices: ["error", "warning", "info", "debug"]),
            Flag("root", .value("DIR"), help: "Where state is kept", default: "/run/roost-oci"),
            Flag("systemd-cgroup", help: "Let systemd make cgroups"),
            Flag(
                "cgroup-manager", .value("MANAGER"), help: "Who makes cgroups", default: "cgroupfs",
                choices: ["cgroupfs", "systemd", "disabled"]),
            Flag(
                "rootless", .value("MODE"), help: "Whether to run without privilege", default: "auto",
                choices: ["true", "false", "auto"], status: .ignored("root is needed either way")),
            Flag("version", short: "v", help: "Print the version"),
        ]
    }

    private static func commands() -> [Command] {
        lifecycleCommands() + inspectionCommands() + limitCommands() + explainCommands()
            + unsupportedCommands() + [
                Command("completion", summary: "Print a completion script", group: help, details: completion),
                Command("man", summary: "Print a man page", group: help, details: manual),
            ]
    }

    static let lifecycle = "Lifecycle Commands"
    static let inspection = "Inspection Commands"
    static let unsupported = "Commands not supported"
    static let help = "Help Commands"

    /// The argument of nearly every command.
    static var id: Argument { Argument("ID", help: "The container's name under --root") }

    private static func completion() -> Command.Details {
        Command.Details(
            description: "Print a script that completes commands and flags, for the shell to source.",
            arguments: [Argument("SHELL", help: "The shell", choices: ["bash", "zsh", "fish"])],
            examples: [
                Example("source <(roost-oci completion bash)", "Complete in this shell")
            ])
    }

    private static func manual() -> Command.Details {
        Command.Details(
            description: "Print the man page of a command, or of the program, as roff.",
            arguments: [Argument("COMMAND", help: "The command", minimum: 0, maximum: nil)],
            examples: [Example("roost-oci man create | man -l -", "Read the page of create")])
    }
}
