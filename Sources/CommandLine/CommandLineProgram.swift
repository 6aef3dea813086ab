// SPDX-License-Identifier: Apache-2.0
// Module CommandLine: one declarative table of commands and flags drives parsing, help, suggestions,
// shell completion and man pages. Imports nothing; never reads the process's arguments, never prints.
// Not named `Program`, which is what an executable calls its own entry point.

/// How flags are written.
public enum Dialect: Sendable {
    /// docker's: `--name=x`, `--name x`, `-itp 8080:80`, `-p8080:80`.
    case docker
    /// Go's `flag` as OCI runtimes use it: one dash or two mean the same, no bundles.
    case go
}

/// A program: its global flags and its commands.
public struct CommandLineProgram: Sendable {
    /// The name it is called by.
    public let name: String
    /// The version, for the foot of man pages.
    public let version: String
    /// What `--version` prints, with the final newline.
    public let versionText: String
    /// One sentence without a full stop.
    public let summary: String
    /// How flags are written.
    public let dialect: Dialect
    /// Flags which stand before the command. One named `version` is a request for the version.
    public let globalFlags: [Flag]
    /// The commands, in the order of help.
    public let commands: [Command]

    /// A program; `versionText` defaults to `NAME version VERSION`.
    public init(
        name: String, version: String, versionText: String? = nil, summary: String, dialect: Dialect,
        globalFlags: [Flag], commands: [Command]
    ) {
        self.name = name
        self.version = version
        self.versionText = versionText ?? "\(name) version \(version)\n"
        self.summary = summary
        self.dialect = dialect
        self.globalFlags = globalFlags
        self.commands = commands
    }

    /// Parses the arguments, without the program's own name.
    public func parse(_ arguments: [String]) throws(UsageError) -> ParseOutcome {
        var parser = Parser(program: self, arguments: arguments)
        return try parser.parse()
    }

    /// The global flags of a command line that may be wrong, as far as they can be read: where a caller
    /// wants the error to go is said there.
    public func leadingFlags(of arguments: [String]) -> FlagValues {
        var reader = FlagReader(dialect: dialect, arguments: arguments)
        var values = FlagValues(declared: globalFlags, displayPath: name)
        _ = try? reader.readFlags(into: &values, untilFirstArgument: true)
        return values
    }
}

extension CommandLineProgram {
    /// The command at a path of names or aliases, nil when there is none. The empty path has none.
    public func command(at path: [String]) -> Command? {
        var level = commands
        var found: Command?
        for word in path {
            guard let next = level.first(where: { $0.isNamed(word) }) else { return nil }
            found = next
            level = next.details().subcommands
        }
        return found
    }

    /// Every command that is not hidden with its path, parents before children.
    public func allCommands() -> [(path: [String], command: Command)] {
        var result: [(path: [String], command: Command)] = []
        func visit(_ commands: [Command], below path: [String]) {
            for command in commands where !command.isHidden {
                result.append((path + [command.name], command))
                visit(command.details().subcommands, below: path + [command.name])
            }
        }
        visit(commands, below: [])
        return result
    }

    /// The text that answers an outcome without running anything: help, the version, and the commands
    /// `completion SHELL` and `man [COMMAND...]` if the table has them. Nil: run the invocation.
    public func builtInText(for outcome: ParseOutcome, width: Int = 80) throws(UsageError) -> String? {
        switch outcome {
        case .help(let path): return help(for: path, width: width)
        case .version: return versionText
        case .invocation(let invocation):
            switch invocation.commandPath {
            case ["completion"]:
                let shell = invocation.positionals.first.flatMap(Shell.init(rawValue:))
                return shell.map { completion(for: $0) }
            case ["man"]: return try manual(asked: invocation.positionals)
            default: return nil
            }
        }
    }

    private func manual(asked words: [String]) throws(UsageError) -> String {
        if let text = roff(for: words) { return text }
        let candidates = commands.map { $0.name }
        let word = words.first ?? ""
        throw UsageError(
            .unknownCommand(word), commandPath: name,
            suggestion: closestMatch(to: word, among: candidates))
    }
}
