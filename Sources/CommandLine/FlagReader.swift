// SPDX-License-Identifier: Apache-2.0
// Reads flags of one level off the arguments, by the rules of pflag (docker) or of Go's flag package.
// Arguments that are not flags are set aside in order; nothing is looked at twice.

/// A cursor over the arguments of a command line.
struct FlagReader {
    enum Stop: Equatable {
        case end
        case help
    }

    private let dialect: Dialect
    private let arguments: [String]
    private var position = 0
    private var positionals: [String] = []

    init(dialect: Dialect, arguments: [String]) {
        self.dialect = dialect
        self.arguments = arguments
    }

    /// The next argument whatever it looks like.
    mutating func next() -> String? {
        guard position < arguments.count else { return nil }
        defer { position += 1 }
        return arguments[position]
    }

    /// What was set aside and what is left, in order.
    mutating func takePositionals() -> [String] {
        positionals += arguments[position...]
        position = arguments.count
        return positionals
    }

    /// Reads up to the end, or to the first argument that is not a flag and is left unread.
    mutating func readFlags(
        into values: inout FlagValues, untilFirstArgument: Bool
    ) throws(UsageError) -> Stop {
        while position < arguments.count {
            let argument = arguments[position]
            let bytes = argument.utf8
            guard bytes.count > 1, bytes.first == dash else {
                if untilFirstArgument { return .end }
                positionals.append(argument)
                position += 1
                continue
            }
            position += 1
            let isLong = bytes[bytes.index(after: bytes.startIndex)] == dash
            if isLong, bytes.count == 2 { return .end }
            let stop =
                isLong || dialect == .go
                ? try readNamed(argument, dashes: isLong ? 2 : 1, into: &values)
                : try readBundle(argument, into: &values)
            if stop == .help { return .help }
        }
        return .end
    }
}

private let dash = UInt8(ascii: "-")
private let equals = UInt8(ascii: "=")

extension FlagReader {
    /// `--name`, `--name=value`, `--name value`; for Go also with one dash and with short names.
    private mutating func readNamed(
        _ argument: String, dashes: Int, into values: inout FlagValues
    ) throws(UsageError) -> Stop {
        let body = argument.utf8.dropFirst(dashes)
        guard let first = body.first, first != dash, first != equals else {
            throw UsageError(.malformedFlag(argument), commandPath: values.displayPath)
        }
        let split = body.firstIndex(of: equals)
        let name = String(Substring(body[..<(split ?? body.endIndex)]))
        let value = split.map { String(Substring(body[body.index(after: $0)...])) }
        guard let flag = find(name, in: values.declared) else {
            if name == "help" || (dialect == .go && name == "h") { return .help }
            throw unknown(name, dashes: dashes, values)
        }
        if flag.takesValue {
            guard let value = value ?? next() else {
                throw UsageError(.missingValue("--\(name)"), commandPath: values.displayPath)
            }
            return try accept(flag, value, into: &values)
        }
        return try accept(flag, value ?? "true", into: &values)
    }

    /// `-i`, `-it`, `-p80`, `-p=80`, `-p 80`, `-itp 80`, `-t=false`: pflag's rules to the letter.
    private mutating func readBundle(
        _ argument: String, into values: inout FlagValues
    ) throws(UsageError) -> Stop {
        var rest = argument.utf8.dropFirst()
        while let byte = rest.first {
            let bundle = rest
            rest = rest.dropFirst()
            guard let flag = values.declared.first(where: { $0.shortByte == byte && byte != 0 }) else {
                if byte == UInt8(ascii: "h") { return .help }
                throw unknownShorthand(argument, at: bundle, values)
            }
            var value: String?
            if bundle.count > 2, rest.first == equals {
                value = String(Substring(rest.dropFirst()))
            } else if flag.takesValue {
                value = rest.isEmpty ? next() : String(Substring(rest))
                guard value != nil else {
                    let letter = flag.short.map(String.init) ?? flag.name
                    throw UsageError(
                        .missingValue("'\(letter)' in \(argument)"), commandPath: values.displayPath)
                }
            } else {
                if try accept(flag, "true", into: &values) == .help { return .help }
                continue
            }
            return try accept(flag, value ?? "", into: &values)
        }
        return .end
    }

    private func find(_ name: String, in flags: [Flag]) -> Flag? {
        let bytes = name.utf8
        if dialect == .go, bytes.count == 1, let letter = bytes.first {
            if let flag = flags.first(where: { $0.shortByte == letter }) { return flag }
        }
        for flag in flags where flag.isNamed(name) { return flag }
        return nil
    }

    private func accept(
        _ flag: Flag, _ text: String, into values: inout FlagValues
    ) throws(UsageError) -> Stop {
        var value = text
        switch flag.kind {
        case .boolean, .count:
            guard let isOn = Self.boolean(text) else {
                throw values.invalid(flag.name, text, "want true or false")
            }
            value = isOn ? "true" : "false"
            if isOn, flag.name == "help" { return .help }
        case .value, .list:
            if !flag.choices.isEmpty, !flag.choices.contains(text) {
                throw values.invalid(flag.name, text, wanted(flag.choices))
            }
        }
        if case .refused(let reason) = flag.status, value != "false" || flag.takesValue {
            throw UsageError(
                .refusedFlag("--\(flag.name)", reason: reason), commandPath: values.displayPath)
        }
        values.append(flag, value)
        return .end
    }

    /// The spellings of Go's strconv.ParseBool.
    private static func boolean(_ text: String) -> Bool? {
        switch text {
        case "true", "1", "t", "T", "TRUE", "True": true
        case "false", "0", "f", "F", "FALSE", "False": false
        default: nil
        }
    }

    private func unknown(_ name: String, dashes: Int, _ values: FlagValues) -> UsageError {
        let names = values.declared.filter { !$0.isHidden }.map { $0.name } + ["help"]
        let given = (dashes == 1 ? "-" : "--") + name
        return UsageError(
            .unknownFlag(given), commandPath: values.displayPath,
            suggestion: closestMatch(to: name, among: names).map { "--\($0)" })
    }

    private func unknownShorthand(
        _ argument: String, at bundle: Substring.UTF8View, _ values: FlagValues
    ) -> UsageError {
        let letter = Substring(bundle).first ?? "-"
        let name = String(argument.dropFirst())
        let names = values.declared.filter { !$0.isHidden }.map { $0.name }
        return UsageError(
            .unknownShorthand(letter, bundle: argument), commandPath: values.displayPath,
            suggestion: name.utf8.count > 3
                ? closestMatch(to: name, among: names).map { "--\($0)" } : nil)
    }
}
