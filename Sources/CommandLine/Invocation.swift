// SPDX-License-Identifier: Apache-2.0
// What a command line says once parsed: the command, its flags in order, its arguments.
// Values are flat arrays searched by name: a dozen rows are quicker to scan than to hash.

/// What the user asked for.
public enum ParseOutcome: Sendable, Equatable {
    /// Run a command.
    case invocation(Invocation)
    /// Print the help of the command at this path; empty: of the program.
    case help([String])
    /// Print the version.
    case version
}

/// A parsed command line. A flag that was not given, or that the table does not have, reads as absent.
public struct Invocation: Sendable, Equatable {
    /// Names of the command and its parents, aliases resolved: `["run"]`.
    public let commandPath: [String]
    /// The program's name and the command's path: `roost run`. Errors begin with it.
    public let displayPath: String
    /// Flags that stood before the command.
    public let globals: FlagValues
    /// Flags of the command and of its parents.
    public let flags: FlagValues
    /// Arguments that are not flags.
    public let positionals: [String]

    /// Whether a flag was given. The command's own flag of that name goes before a global one.
    public func has(_ name: String) -> Bool { scope(name).has(name) }

    /// Whether a boolean flag is on.
    public func bool(_ name: String) -> Bool { scope(name).bool(name) }

    /// The last value of a flag.
    public func string(_ name: String) -> String? { scope(name).string(name) }

    /// All values of a flag, in order.
    public func strings(_ name: String) -> [String] { scope(name).strings(name) }

    /// The flag's value as an unsigned number: decimal digits only, an overflow is an error.
    public func unsigned(_ name: String) throws(UsageError) -> UInt64? { try scope(name).unsigned(name) }

    /// The flag's value in bytes: `512m`, `1g`, `64k`, `1024b`, as docker counts (k = 1024).
    public func byteSize(_ name: String) throws(UsageError) -> UInt64? { try scope(name).byteSize(name) }

    /// The flag's value in nanoseconds: `10s`, `1m30s`, `500ms`.
    public func nanoseconds(_ name: String) throws(UsageError) -> Int64? { try scope(name).nanoseconds(name) }

    /// The flag's value as a duration: `10s`, `1m30s`, `500ms`.
    public func duration(_ name: String) throws(UsageError) -> Duration? {
        try nanoseconds(name).map { .nanoseconds($0) }
    }

    private func scope(_ name: String) -> FlagValues {
        // Nearly always nothing global was given, and the command's table need not be searched.
        globals.has(name) && !flags.declares(name) ? globals : flags
    }
}

/// The flags given at one level of a command line, in order.
public struct FlagValues: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let name: String
        let value: String
    }

    private(set) var declared: [Flag]
    private(set) var entries: [Entry] = []
    let displayPath: String

    init(declared: [Flag], displayPath: String) {
        self.declared = declared
        self.displayPath = displayPath
    }

    mutating func append(_ flag: Flag, _ value: String) {
        entries.append(Entry(name: flag.name, value: value))
    }

    /// Takes in the flags of a command's parent.
    mutating func append(contentsOf outer: FlagValues) {
        declared += outer.declared
        entries += outer.entries
    }

    func declares(_ name: String) -> Bool { declared.contains { $0.name == name } }

    /// Whether the flag was given.
    public func has(_ name: String) -> Bool { entries.contains { $0.name == name } }

    /// Whether a boolean flag is on; the last one given wins.
    public func bool(_ name: String) -> Bool { string(name) == "true" }

    /// The last value of a flag.
    public func string(_ name: String) -> String? { entries.last { $0.name == name }?.value }

    /// All values of a flag, in order.
    public func strings(_ name: String) -> [String] {
        var result: [String] = []
        for entry in entries where entry.name == name { result.append(entry.value) }
        return result
    }

    /// How many times the flag was given.
    public func count(_ name: String) -> Int {
        entries.reduce(0) { $1.name == name ? $0 + 1 : $0 }
    }

    /// The last value as an unsigned number: decimal digits only, an overflow is an error.
    public func unsigned(_ name: String) throws(UsageError) -> UInt64? {
        try quantity(name, "want a whole number from 0 to 18446744073709551615", Quantity.unsigned)
    }

    /// The last value in bytes: `512m`, `1g`, `64k`, `1024b`, as docker counts (k = 1024).
    public func byteSize(_ name: String) throws(UsageError) -> UInt64? {
        try quantity(name, "want a size such as `64k`, `512m` or `1g`", Quantity.bytes)
    }

    /// The last value in nanoseconds: `10s`, `1m30s`, `500ms`.
    public func nanoseconds(_ name: String) throws(UsageError) -> Int64? {
        try quantity(name, "want a duration such as `10s`, `1m30s` or `500ms`", Quantity.nanoseconds)
    }

    private func quantity<Number>(
        _ name: String, _ reason: String, _ read: (String) -> Number?
    ) throws(UsageError) -> Number? {
        guard let text = string(name) else { return nil }
        if let number = read(text) { return number }
        throw invalid(name, text, reason)
    }

    /// The error for a value that the caller cannot use: names the flag as its table row does.
    public func invalid(_ name: String, _ value: String, _ reason: String) -> UsageError {
        let shown = declared.first { $0.name == name }?.displayName ?? "--\(name)"
        return UsageError(
            .invalidValue(value, flag: shown, reason: reason), commandPath: displayPath, suggestion: nil)
    }
}
