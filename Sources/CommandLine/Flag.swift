// SPDX-License-Identifier: Apache-2.0
// One row of the flag table: parsing, help, completion, man pages and the compatibility page all read it.
// A row is plain data without a heap of its own: tables are built on the launch path.

/// A flag that a command accepts.
public struct Flag: Sendable, Equatable {
    /// What a flag takes, and what repeating it means. The text is the value's placeholder in help.
    public enum Kind: Sendable, Equatable {
        /// No value, or `=true` / `=false`; the last one wins.
        case boolean
        /// One value; the last one wins.
        case value(String)
        /// One value each time; all are kept in order.
        case list(String)
        /// No value; the number of times it was given counts.
        case count
    }

    /// Whether Roost does what the flag says. `docs/compatibility.md` is generated from it.
    public enum Status: Sendable, Equatable {
        /// It works.
        case honoured
        /// It parses and has no effect, for the reason given.
        case ignored(String)
        /// Using it is an error which states the reason.
        case refused(String)
    }

    /// The long name, without dashes.
    public let name: String
    /// The one-letter name; ASCII only.
    public let short: Character?
    /// What it takes.
    public let kind: Kind
    /// One sentence for help, without a full stop.
    public let help: String
    /// The default as shown in help. It is text only: the parser never fills it in.
    public let defaultText: String?
    /// The only values allowed; empty: any.
    public let choices: [String]
    /// Other long names; they parse but are not listed.
    public let aliases: [String]
    /// Whether help and completion leave it out.
    public let isHidden: Bool
    /// Whether it works.
    public let status: Status

    let shortByte: UInt8

    /// A table row; only the name and the help are needed for a boolean.
    public init(
        _ name: String, short: Character? = nil, _ kind: Kind = .boolean, help: String,
        default defaultText: String? = nil, choices: [String] = [], aliases: [String] = [],
        isHidden: Bool = false, status: Status = .honoured
    ) {
        self.name = name
        self.short = short
        self.kind = kind
        self.help = help
        self.defaultText = defaultText
        self.choices = choices
        self.aliases = aliases
        self.isHidden = isHidden
        self.status = status
        self.shortByte = short?.asciiValue ?? 0
    }

    /// Whether a following argument may be its value.
    public var takesValue: Bool {
        switch kind {
        case .value, .list: true
        case .boolean, .count: false
        }
    }

    /// The value's placeholder, nil when it takes none.
    public var placeholder: String? {
        switch kind {
        case .value(let text), .list(let text): text
        case .boolean, .count: nil
        }
    }

    /// `-t, --tty` or `--rm`: how errors name the flag.
    public var displayName: String {
        short.map { "-\($0), --\(name)" } ?? "--\(name)"
    }

    func isNamed(_ text: String) -> Bool {
        name == text || (!aliases.isEmpty && aliases.contains(text))
    }
}

extension Flag {
    /// The row that every command has unless it declares a `help` of its own.
    static func implicitHelp(beside flags: [Flag]) -> Flag? {
        if flags.contains(where: { $0.name == "help" }) { return nil }
        let isFree = !flags.contains { $0.shortByte == UInt8(ascii: "h") }
        return Flag("help", short: isFree ? "h" : nil, help: "Print usage")
    }
}
