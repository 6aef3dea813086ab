// SPDX-License-Identifier: Apache-2.0
// `roost explain`: what a command or a file means. Nothing is done.
import CommandLine

extension Commands {
    static func explain() -> Command.Details {
        Command.Details(
            description: "Say what a command would do, and why. Nothing is done; no privilege is needed.",
            subcommands: [
                Command("run", summary: "Explain how a container would be made", details: explainRun),
                Command("filter", summary: "Explain a filter of system calls", details: explainFilter),
            ])
    }
}
