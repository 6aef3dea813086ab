// SPDX-License-Identifier: Apache-2.0
// Rows of commands that make, change and end a container.
import CommandLine

extension RuntimeCommands {
    static func lifecycleCommands() -> [Command] {
        [
            Command("create", summary: "Create a container", group: lifecycle, details: create),
            Command("start", summary: "Start a created container", group: lifecycle) {
                Command.Details(arguments: [id])
            },
            Command("run", summary: "Create and start a container", group: lifecycle, details: run),
            Command("exec", summary: "Run a command in a container", group: lifecycle, details: exec),
            Command("kill", summary: "Send a signal to a container", group: lifecycle, details: kill),
            Command("pause", summary: "Freeze all processes of a container", group: lifecycle) {
                Command.Details(arguments: [id])
            },
            Command("resume", summary: "Thaw a paused container", group: lifecycle) {
                Command.Details(arguments: [id])
            },
            Command("delete", summary: "Delete a container", group: lifecycle, details: delete),
        ]
    }

    private static func create() -> Command.Details {
        Command.Details(
            description: """
                Make a container from a bundle: a directory with config.json and a root filesystem. \
                Its process waits until `start`.
                """,
            arguments: [id], flags: creationFlags(),
            examples: [Example("roost-oci create --bundle /tmp/box box1", "Create a container named box1")])
    }

    private static func run() -> Command.Details {
        let more = [
            Flag("detach", short: "d", help: "Leave the container running and exit"),
            Flag("keep", help: "Keep the container's state when it ends"),
            Flag(
                "no-subreaper", help: "Do not adopt the orphans of the container",
                status: .ignored("Roost never does")),
            Flag("explain", help: "Say what each step does and why"),
        ]
        return Command.Details(
            description: "Create a container, start it, and exit with its status unless detached.",
            arguments: [id], flags: creationFlags() + more,
            examples: [
                Example("roost-oci run --bundle /tmp/box box1", "Run a container in this terminal"),
                Example("roost-oci run --explain --bundle /tmp/box box1", "See how it is made"),
            ])
    }

    private static func creationFlags() -> [Flag] {
        [
            Flag("bundle", short: "b", .value("DIR"), help: "The bundle", default: "."),
            consoleSocket, pidfdSocket, pidFile,
            Flag("no-pivot", help: "Change the root without pivot_root, for a root filesystem in memory"),
            Flag("no-new-keyring", help: "Do not give the container a session keyring of its own"),
            preserveFds,
        ]
    }

    private static var consoleSocket: Flag {
        Flag("console-socket", .value("SOCKET"), help: "Send the terminal's descriptor to this socket")
    }

    private static var pidfdSocket: Flag {
        Flag("pidfd-socket", .value("SOCKET"), help: "Send a descriptor of the process to this socket")
    }

    private static var pidFile: Flag {
        Flag("pid-file", .value("FILE"), help: "Write the process's number here")
    }

    private static var preserveFds: Flag {
        Flag("preserve-fds", .value("N"), help: "Pass on N descriptors from 3 upward", default: "0")
    }

    private static func exec() -> Command.Details {
        Command.Details(
            usage: ["[OPTIONS] ID COMMAND [ARG...]", "[OPTIONS] --process FILE ID"],
            description: "Run a further process in a running container.",
            arguments: [
                id,
                Argument("COMMAND", help: "The program; none with --process", minimum: 0),
                Argument("ARG", help: "Its arguments", minimum: 0, maximum: nil),
            ],
            flags: execFlags() + execSecurityFlags(),
            examples: [Example("roost-oci exec -t box1 sh", "Open a shell in the container")],
            stopsAtFirstArgument: true)
    }

    private static func execFlags() -> [Flag] {
        [
            consoleSocket, pidfdSocket,
            Flag("cwd", .value("DIR"), help: "The working directory in the container"),
            Flag("env", short: "e", .list("NAME=VALUE"), help: "Set a variable of the environment"),
            Flag("tty", short: "t", help: "Give the process a terminal"),
            Flag("user", short: "u", .value("UID[:GID]"), help: "The user of the process"),
            Flag("additional-gids", short: "g", .list("GID"), help: "Add a supplementary group"),
            Flag("process", short: "p", .value("FILE"), help: "Read the process from this JSON file"),
            Flag("detach", short: "d", help: "Leave the process running and exit"),
            pidFile, preserveFds,
            Flag("cgroup", .list("[CONTROLLER:]PATH"), help: "Use this cgroup below the container's"),
            Flag("ignore-paused", help: "Allow a paused container; the process starts on resume"),
        ]
    }

    private static func execSecurityFlags() -> [Flag] {
        [
            Flag("no-new-privs", help: "Forbid gaining privilege by set-user-ID programs"),
            Flag("cap", short: "c", .list("CAPABILITY"), help: "Add a capability"),
            Flag(
                "process-label", .value("LABEL"), help: "The SELinux label",
                status: .refused("SELinux is not supported yet")),
            Flag(
                "apparmor", .value("PROFILE"), help: "The AppArmor profile",
                status: .refused("AppArmor is not supported yet")),
        ]
    }

    private static func kill() -> Command.Details {
        Command.Details(
            arguments: [id, Argument("SIGNAL", help: "A name or number; SIGTERM if none", minimum: 0)],
            flags: [
                Flag("all", short: "a", help: "Signal every process of the container")
            ],
            examples: [Example("roost-oci kill box1 KILL", "Kill the container's first process")])
    }

    private static func delete() -> Command.Details {
        Command.Details(
            description: "Remove what a stopped container has left.",
            arguments: [id],
            flags: [Flag("force", short: "f", help: "Kill the container first; no error if there is none")])
    }
}
