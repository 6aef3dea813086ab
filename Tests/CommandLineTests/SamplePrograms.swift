// SPDX-License-Identifier: Apache-2.0
// Two small programs that between them have every feature of the table.
import CommandLine

enum Sample {
    /// docker's dialect with a nested command.
    static let docker = CommandLineProgram(
        name: "roost", version: "1.2", summary: "Run containers", dialect: .docker,
        globalFlags: [
            Flag("debug", short: "D", help: "Debug"),
            Flag("root", .value("DIR"), help: "State"),
            Flag("version", short: "v", help: "Print the version"),
        ],
        commands: [
            Command("run", summary: "Run a container", group: "Common Commands", details: run),
            Command("network", aliases: ["net"], summary: "Manage networks", details: network),
            Command("completion", summary: "Print a script") {
                Command.Details(arguments: [Argument("SHELL", choices: ["bash", "zsh", "fish"])])
            },
            Command("man", summary: "Print a page") {
                Command.Details(arguments: [Argument("COMMAND", minimum: 0, maximum: nil)])
            },
            Command("stop", summary: "Stop containers") {
                Command.Details(
                    arguments: [Argument("CONTAINER", maximum: nil)],
                    flags: [Flag("timeout", short: "t", .value("DURATION"), help: "Time to wait")])
            },
            Command("secret", summary: "Not shown", isHidden: true) { Command.Details() },
        ])

    @Sendable private static func run() -> Command.Details {
        Command.Details(
            description: "First paragraph\nwith two lines.\n\n.second `paragraph` - with 'roff' \\ bait ^~",
            arguments: [
                Argument("IMAGE", help: "The image"),
                Argument("ARG", minimum: 0, maximum: nil),
            ],
            flags: [
                Flag("interactive", short: "i", help: "Keep 'input' open: [always]"),
                Flag("tty", short: "t", help: "A terminal"),
                Flag("rm", help: "Remove"),
                Flag("name", .value("NAME"), help: "Name", default: "random"),
                Flag("publish", short: "p", .list("PORT"), help: "Publish a \"port\""),
                Flag("env", short: "e", .list("NAME=VALUE"), help: "Variable"),
                Flag("hostname", short: "h", .value("NAME"), help: "Host name"),
                Flag("memory", short: "m", .value("BYTES"), help: "Memory"),
                Flag(
                    "network", .value("MODE"), help: "Network", choices: ["none", "host"], aliases: ["net"]),
                Flag("verbose", short: "V", .count, help: "Say more"),
                Flag("privileged", help: "All", status: .refused("not supported yet")),
                Flag("volume", short: "v", .list("SRC:DST[:OPTIONS]"), help: "Mount"),
            ],
            examples: [Example("roost run -it box sh", "Open a shell")],
            stopsAtFirstArgument: true)
    }

    @Sendable private static func network() -> Command.Details {
        Command.Details(
            flags: [Flag("all", short: "a", help: "All")],
            subcommands: [
                Command("ls", aliases: ["list"], summary: "List networks") {
                    Command.Details(flags: [Flag("quiet", short: "q", help: "Names only")])
                },
                Command("rm", summary: "Remove networks") {
                    Command.Details(arguments: [Argument("NETWORK", maximum: nil)])
                },
            ])
    }

    /// The dialect of OCI runtimes.
    static let go = CommandLineProgram(
        name: "roost-oci", version: "1.2", summary: "Run bundles", dialect: .go,
        globalFlags: [
            Flag("root", .value("DIR"), help: "State"),
            Flag("log-format", .value("FORMAT"), help: "Format", choices: ["text", "json"]),
            Flag("rootless", .value("MODE"), help: "Mode"),
            Flag("version", short: "v", help: "Print the version"),
        ],
        commands: [
            Command("run", summary: "Run") {
                Command.Details(
                    arguments: [Argument("ID")],
                    flags: [
                        Flag("bundle", short: "b", .value("DIR"), help: "Bundle"),
                        Flag("no-subreaper", help: "No subreaper"),
                        Flag("preserve-fds", .value("N"), help: "Descriptors"),
                    ])
            },
            Command("exec", summary: "Exec") {
                Command.Details(
                    arguments: [Argument("ID"), Argument("ARG", minimum: 0, maximum: nil)],
                    flags: [
                        Flag("tty", short: "t", help: "Terminal"),
                        Flag("env", short: "e", .list("E"), help: "V"),
                    ],
                    stopsAtFirstArgument: true)
            },
            Command("spec", summary: "Spec") {
                Command.Details(flags: [Flag("rootless", help: "Rootless")])
            },
            Command("checkpoint", summary: "Save", status: .refused("needs CRIU")) {
                Command.Details(arguments: [Argument("ID")])
            },
        ])

    /// The invocation of a command line that must be one.
    static func invocation(_ program: CommandLineProgram, _ line: String) throws -> Invocation {
        let outcome = try program.parse(line.split(separator: " ").map(String.init))
        guard case .invocation(let invocation) = outcome else { throw NotAnInvocation(outcome: outcome) }
        return invocation
    }

    struct NotAnInvocation: Error { let outcome: ParseOutcome }

    /// The error text of a command line that must fail.
    static func complaint(_ program: CommandLineProgram, _ line: String) -> String? {
        do throws(UsageError) {
            _ = try program.parse(line.split(separator: " ").map(String.init))
            return nil
        } catch { return error.message }
    }
}
