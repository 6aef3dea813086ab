// SPDX-License-Identifier: Apache-2.0
// The table of roost: docker's commands and flags, as far as Roost has them. A flag which would promise
// something that does not happen is refused here with the reason.
import CommandLine

/// The command line of roost.
enum Commands {
    /// The whole table; flag tables of commands are built when a command is chosen.
    static func program(version: String, versionText: String? = nil) -> CommandLineProgram {
        CommandLineProgram(
            name: "roost", version: version, versionText: versionText,
            summary: "Run containers without a daemon", dialect: .docker,
            globalFlags: globalFlags(),
            commands: [
                Command(
                    "run", summary: "Create and run a new container", group: "Common Commands", details: run),
                Command("explain", summary: "Say what a command would do, and why", details: explain),
                Command("version", summary: "Print the version") { Command.Details() },
                Command("completion", summary: "Print a completion script", details: completion),
                Command("man", summary: "Print a man page", details: manual),
            ] + ImageCommands.alone())
    }

    private static func globalFlags() -> [Flag] {
        [
            Flag(
                "config", .value("DIR"), help: "Where docker's `config.json` is"),
            Flag("debug", short: "D", help: "Write debug lines to standard error"),
            Flag(
                "host", short: "H", .list("ADDRESS"), help: "The daemon to talk to",
                status: .refused("Roost has no daemon")),
            Flag(
                "log-level", short: "l", .value("LEVEL"), help: "The least serious message to write",
                default: "info", choices: ["debug", "info", "warn", "error", "fatal"]),
            Flag("root", .value("DIR"), help: "Where images, containers and state are kept"),
            Flag("version", short: "v", help: "Print the version and exit"),
        ]
    }

    private static func run() -> Command.Details {
        Command.Details(
            usage: ["[OPTIONS] IMAGE [COMMAND] [ARG...]", "[OPTIONS] --rootfs DIR COMMAND [ARG...]"],
            description: """
                Make a container of an image or on a root filesystem, run COMMAND in it and exit with its \
                status. Options end at IMAGE: what follows is the command's own.
                """,
            arguments: runArguments(), flags: runFlags(),
            examples: [
                Example("roost run -it alpine sh", "Open a shell in an image"),
                Example("roost run -it --rootfs ./alpine sh", "Open a shell in a root filesystem"),
                Example("roost run --explain --rootfs ./alpine true", "See how a container is made"),
            ],
            stopsAtFirstArgument: true)
    }

    static func runArguments() -> [Argument] {
        [
            Argument("IMAGE", help: "The image; with `--rootfs`, the program to run"),
            Argument("COMMAND", help: "The program and its arguments", minimum: 0, maximum: nil),
        ]
    }

    static func runFlags() -> [Flag] {
        processFlags() + filesystemFlags() + isolationFlags() + limitFlags()
    }

    private static func processFlags() -> [Flag] {
        [
            Flag("interactive", short: "i", help: "Keep standard input open"),
            Flag("tty", short: "t", help: "Give the container a terminal"),
            Flag("rm", help: "Remove the container when it ends", status: .ignored("always so for now")),
            Flag("name", .value("NAME"), help: "The container's name"),
            Flag("env", short: "e", .list("NAME[=VALUE]"), help: "Set a variable of the environment"),
            Flag("workdir", short: "w", .value("DIR"), help: "The working directory in the container"),
            Flag("user", short: "u", .value("NAME|UID[:GROUP|GID]"), help: "The user of the process"),
            Flag("hostname", short: "h", .value("NAME"), help: "The container's host name"),
            Flag("ulimit", .list("NAME=SOFT[:HARD]"), help: "Set a resource limit"),
            Flag(
                "init", help: "Run a small init as the first process",
                status: .refused("not supported yet")),
            Flag("explain", help: "Say what each step does and why"),
            Flag("entrypoint", .value("PROGRAM"), help: "The program in place of the image's"),
            Flag(
                "pull", .value("POLICY"), help: "When to pull the image", default: "missing",
                choices: ["always", "missing", "never"]),
            Flag("quiet", short: "q", help: "Do not draw the pull"),
            Flag("platform", .value("OS/ARCH"), help: "The platform of the image"),
        ]
    }

    private static func filesystemFlags() -> [Flag] {
        [
            Flag("rootfs", .value("DIR"), help: "The root filesystem"),
            Flag("read-only", help: "Make the root filesystem read-only"),
            Flag("volume", short: "v", .list("SRC:DST[:OPTIONS]"), help: "Bind mount a file or directory"),
            Flag("tmpfs", .list("DST[:OPTIONS]"), help: "Mount a file system in memory"),
            Flag("device", .list("SRC[:DST][:rwm]"), help: "Give the container a device of the host's"),
        ]
    }

    private static func isolationFlags() -> [Flag] {
        [
            Flag("cap-add", .list("CAPABILITY"), help: "Add a capability"),
            Flag("cap-drop", .list("CAPABILITY"), help: "Drop a capability"),
            Flag(
                "privileged", help: "Give the container all privileges",
                status: .refused("not supported yet; add what is needed with `--cap-add`")),
            Flag(
                "security-opt", .list("OPTION"),
                help: "`no-new-privileges`, `seccomp=unconfined` or `seccomp=FILE`, a profile"),
            Flag("sysctl", .list("NAME=VALUE"), help: "Set a kernel parameter of the container"),
            Flag(
                "network", .value("MODE"), help: "The network", choices: ["none", "host"],
                aliases: ["net"]),
            Flag("pid", .value("MODE"), help: "The pid namespace", choices: ["host"]),
            Flag("ipc", .value("MODE"), help: "The IPC namespace", choices: ["host", "private"]),
            Flag("uts", .value("MODE"), help: "The UTS namespace", choices: ["host"]),
            Flag("cgroupns", .value("MODE"), help: "The cgroup namespace", choices: ["host", "private"]),
        ]
    }

    private static func completion() -> Command.Details {
        Command.Details(
            description: "Print a script that completes commands and flags, for the shell to source.",
            arguments: [Argument("SHELL", help: "The shell", choices: ["bash", "zsh", "fish"])],
            examples: [Example("source <(roost completion bash)", "Complete in this shell")])
    }

    private static func manual() -> Command.Details {
        Command.Details(
            description: "Print the man page of a command, or of the program, as roff.",
            arguments: [Argument("COMMAND", help: "The command", minimum: 0, maximum: nil)],
            examples: [Example("roost man run | man -l -", "Read the page of run")])
    }
}
