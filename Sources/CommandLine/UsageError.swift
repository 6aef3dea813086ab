// SPDX-License-Identifier: Apache-2.0
// Every way in which a command line can be wrong, in docker's words where users know them.

/// A command line that cannot be carried out.
public struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong. Flags are named as the user or the table writes them.
    public enum Problem: Equatable, Sendable {
        /// No such long flag; with its dashes.
        case unknownFlag(String)
        /// No such letter in a bundle.
        case unknownShorthand(Character, bundle: String)
        /// Not a flag at all: `---x`, `--=x`.
        case malformedFlag(String)
        /// A value is missing: `--name` or `'p' in -p`.
        case missingValue(String)
        /// A value that the flag cannot have.
        case invalidValue(String, flag: String, reason: String)
        /// A value that an argument cannot have.
        case invalidArgument(String, name: String, reason: String)
        /// Too few or too many arguments.
        case argumentCount(minimum: Int, maximum: Int?)
        /// No such command.
        case unknownCommand(String)
        /// The table refuses the flag.
        case refusedFlag(String, reason: String)
        /// The table refuses the command.
        case refusedCommand(reason: String)
    }

    /// What is wrong.
    public let problem: Problem
    /// The command it is wrong for: `roost run`.
    public let commandPath: String
    /// What may have been meant.
    public let suggestion: String?

    /// An error of the command at `commandPath`.
    public init(_ problem: Problem, commandPath: String, suggestion: String? = nil) {
        self.problem = problem
        self.commandPath = commandPath
        self.suggestion = suggestion
    }

    /// What is wrong, on one line; with the suggestion if there is one.
    public var message: String {
        guard let suggestion else { return sentence }
        let joint = sentence.hasSuffix(".") ? " " : "; "
        return "\(sentence)\(joint)did you mean `\(suggestion)`?"
    }

    /// The message, and on a line of its own where to read more.
    public var description: String { "\(message)\nSee '\(commandPath) --help'." }

    private var sentence: String {
        switch problem {
        case .unknownFlag(let flag): "unknown flag: \(flag)"
        case .unknownShorthand(let letter, let bundle): "unknown shorthand flag: '\(letter)' in \(bundle)"
        case .malformedFlag(let text): "bad flag syntax: \(text)"
        case .missingValue(let flag): "flag needs an argument: \(flag)"
        case .invalidValue(let value, let flag, let reason):
            "invalid argument \"\(value)\" for \"\(flag)\" flag: \(reason)"
        case .invalidArgument(let value, let name, let reason):
            "\"\(commandPath)\": invalid \(name) \"\(value)\": \(reason)"
        case .argumentCount(let minimum, let maximum):
            "\"\(commandPath)\" \(Self.count(minimum, maximum))."
        case .unknownCommand(let word): "'\(word)' is not a \(commandPath) command."
        case .refusedFlag(let flag, let reason): "flag `\(flag)` is refused: \(reason)"
        case .refusedCommand(let reason): "command `\(commandPath)` is refused: \(reason)"
        }
    }

    private static func count(_ minimum: Int, _ maximum: Int?) -> String {
        func arguments(_ number: Int) -> String { number == 1 ? "1 argument" : "\(number) arguments" }
        guard let maximum else { return "requires at least \(arguments(minimum))" }
        if maximum == 0 { return "accepts no arguments" }
        if minimum == maximum { return "requires exactly \(arguments(minimum))" }
        if minimum == 0 { return "requires at most \(arguments(maximum))" }
        return "requires at least \(minimum) and at most \(arguments(maximum))"
    }
}
