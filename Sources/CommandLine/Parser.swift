// SPDX-License-Identifier: Apache-2.0
// Walks the arguments level by level: global flags, a command, its flags, perhaps a subcommand.
// On the launch path: scans flat arrays, allocates only what it returns.

/// The parser of one command line. How a single flag is read is in `FlagReader`.
struct Parser {
    private let program: CommandLineProgram
    private var reader: FlagReader
    private var commandPath: [String] = []
    private var displayPath: String

    init(program: CommandLineProgram, arguments: [String]) {
        self.program = program
        self.reader = FlagReader(dialect: program.dialect, arguments: arguments)
        self.displayPath = program.name
    }

    mutating func parse() throws(UsageError) -> ParseOutcome {
        var globals = FlagValues(declared: program.globalFlags, displayPath: displayPath)
        switch try reader.readFlags(into: &globals, untilFirstArgument: true) {
        case .help: return .help([])
        case .end: break
        }
        if globals.bool("version") { return .version }
        guard let word = reader.next() else { return .help([]) }
        if word == "help", !program.commands.contains(where: { $0.isNamed("help") }) {
            return .help(try helpPath())
        }
        let command = try choose(word, among: program.commands)
        return try run(command, globals: globals)
    }

    private mutating func run(_ chosen: Command, globals: FlagValues) throws(UsageError) -> ParseOutcome {
        var command = chosen
        var details = enter(command)
        var flags = FlagValues(declared: details.flags, displayPath: displayPath)
        while true {
            let isGroup = !details.subcommands.isEmpty
            let stops = isGroup || details.stopsAtFirstArgument
            switch try reader.readFlags(into: &flags, untilFirstArgument: stops) {
            case .help: return .help(commandPath)
            case .end: break
            }
            if case .refused(let reason) = command.status {
                throw UsageError(.refusedCommand(reason: reason), commandPath: displayPath)
            }
            guard isGroup else { break }
            guard let word = reader.next() else { return .help(commandPath) }
            command = try choose(word, among: details.subcommands)
            details = enter(command)
            let outer = flags
            flags = FlagValues(declared: details.flags, displayPath: displayPath)
            flags.append(contentsOf: outer)
        }
        let positionals = reader.takePositionals()
        try check(positionals, against: details)
        return .invocation(
            Invocation(
                commandPath: commandPath, displayPath: displayPath, globals: globals, flags: flags,
                positionals: positionals))
    }

    private mutating func enter(_ command: Command) -> Command.Details {
        commandPath.append(command.name)
        displayPath += " "
        displayPath += command.name
        return command.details()
    }

    private func choose(_ word: String, among commands: [Command]) throws(UsageError) -> Command {
        for command in commands where command.isNamed(word) { return command }
        let names = commands.filter { !$0.isHidden }.flatMap { [$0.name] + $0.aliases }
        throw UsageError(
            .unknownCommand(word), commandPath: displayPath,
            suggestion: closestMatch(to: word, among: names))
    }

    /// The words after `help`; each must be a command of the one before.
    private mutating func helpPath() throws(UsageError) -> [String] {
        var level = program.commands
        var path: [String] = []
        while let word = reader.next() {
            let command = try choose(word, among: level)
            path.append(command.name)
            displayPath += " " + command.name
            level = command.details().subcommands
            if level.isEmpty { break }
        }
        return path
    }

    private func check(_ positionals: [String], against details: Command.Details) throws(UsageError) {
        let minimum = details.minimumArguments
        let maximum = details.maximumArguments
        if positionals.count < minimum || positionals.count > maximum ?? .max {
            throw UsageError(
                .argumentCount(minimum: minimum, maximum: maximum), commandPath: displayPath)
        }
        for (argument, value) in zip(details.arguments, positionals)
        where !argument.choices.isEmpty && !argument.choices.contains(value) {
            throw UsageError(
                .invalidArgument(value, name: argument.name, reason: wanted(argument.choices)),
                commandPath: displayPath, suggestion: closestMatch(to: value, among: argument.choices))
        }
    }
}

/// `want one of a, b`: the reason when a value is not among the choices.
func wanted(_ choices: [String]) -> String {
    choices.count == 1 ? "want `\(choices[0])`" : "want one of \(choices.joined(separator: ", "))"
}
