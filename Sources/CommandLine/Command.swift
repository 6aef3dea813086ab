// SPDX-License-Identifier: Apache-2.0
// A command: what a list of commands needs stands in the row itself, the rest is behind a closure,
// so that a process builds the flag table of the one command that it runs.

/// One positional argument of a command, or a run of them.
public struct Argument: Sendable, Equatable {
    /// The name in the usage line, in capitals.
    public let name: String
    /// One sentence for the man page; may be empty.
    public let help: String
    /// How many must be given.
    public let minimum: Int
    /// How many may be given; nil: any number.
    public let maximum: Int?
    /// The only values allowed; empty: any.
    public let choices: [String]

    /// An argument; exactly one unless told.
    public init(
        _ name: String, help: String = "", minimum: Int = 1, maximum: Int? = 1, choices: [String] = []
    ) {
        self.name = name
        self.help = help
        self.minimum = minimum
        self.maximum = maximum
        self.choices = choices
    }

    /// `ID`, `[SIGNAL]`, `FILE...` or `[ARG...]`.
    public var usage: String {
        let text = maximum == 1 ? name : name + "..."
        return minimum == 0 ? "[\(text)]" : text
    }
}

/// An example in help and in the man page.
public struct Example: Sendable, Equatable {
    /// The command line, without a prompt.
    public let command: String
    /// What it does; one sentence.
    public let meaning: String

    /// An example.
    public init(_ command: String, _ meaning: String) {
        self.command = command
        self.meaning = meaning
    }
}

/// A command of a program.
public struct Command: Sendable {
    /// What only the chosen command needs.
    public struct Details: Sendable {
        /// Usage lines after the command's path; empty: made from flags and arguments.
        public let usage: [String]
        /// Paragraphs for help and man page, separated by an empty line; empty: the summary.
        public let description: String
        /// Positional arguments in order.
        public let arguments: [Argument]
        /// The flags, in the order of help.
        public let flags: [Flag]
        /// Commands below this one; when there are any, `arguments` is not used.
        public let subcommands: [Command]
        /// Examples.
        public let examples: [Example]
        /// Whether options end at the first positional argument, so that the rest is another program's.
        public let stopsAtFirstArgument: Bool

        /// The details of a command; all parts may be left out.
        public init(
            usage: [String] = [], description: String = "", arguments: [Argument] = [], flags: [Flag] = [],
            subcommands: [Command] = [], examples: [Example] = [], stopsAtFirstArgument: Bool = false
        ) {
            self.usage = usage
            self.description = description
            self.arguments = arguments
            self.flags = flags
            self.subcommands = subcommands
            self.examples = examples
            self.stopsAtFirstArgument = stopsAtFirstArgument
        }

        var minimumArguments: Int { arguments.reduce(0) { $0 + $1.minimum } }

        var maximumArguments: Int? {
            var total = 0
            for argument in arguments {
                guard let maximum = argument.maximum else { return nil }
                total += maximum
            }
            return total
        }
    }

    /// The word on the command line.
    public let name: String
    /// Other words for it.
    public let aliases: [String]
    /// One sentence without a full stop.
    public let summary: String
    /// The heading it stands under in the list of commands; empty: `Commands`.
    public let group: String
    /// Whether lists leave it out.
    public let isHidden: Bool
    /// Whether it works. A refused command still answers `--help`.
    public let status: Flag.Status
    /// Builds the rest; called for the chosen command, and for all by help, completion and man pages.
    public let details: @Sendable () -> Details

    /// A command and the builder of its details.
    public init(
        _ name: String, aliases: [String] = [], summary: String, group: String = "", isHidden: Bool = false,
        status: Flag.Status = .honoured, details: @escaping @Sendable () -> Details
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.group = group
        self.isHidden = isHidden
        self.status = status
        self.details = details
    }

    func isNamed(_ text: String) -> Bool {
        name == text || (!aliases.isEmpty && aliases.contains(text))
    }
}
