// SPDX-License-Identifier: Apache-2.0
// `--change` of `import` and `commit`: one instruction of a Dockerfile that says what an image starts with.
// Source: https://docs.docker.com/reference/dockerfile/
internal import JSON
public import OCISpec

extension ImageDefaults {
    /// Applies one line, such as `CMD ["sh", "-c", "date"]`, `ENV A=b C="d e"` or `EXPOSE 80/tcp`.
    public mutating func apply(_ text: String) throws(ImageError) {
        let line = ChangeText.trimmed(text)
        let word = String(line.prefix { $0 != " " && $0 != "\t" })
        let rest = ChangeText.trimmed(String(line.dropFirst(word.count)))
        guard !rest.isEmpty || ["CMD", "ENTRYPOINT"].contains(word.uppercased()) else {
            throw ImageError("`\(text)` says nothing after `\(word)`")
        }
        switch word.uppercased() {
        case "CMD": cmd = try ChangeText.command(rest)
        case "ENTRYPOINT": entrypoint = try ChangeText.command(rest)
        case "ENV": for pair in try ChangeText.pairs(rest) { set(environment: pair) }
        case "LABEL": for pair in try ChangeText.pairs(rest) { set(label: pair) }
        case "EXPOSE":
            for word in try ChangeText.words(rest) {
                for port in try ChangeText.ports(word) where !exposedPorts.contains(port) {
                    exposedPorts.append(port)
                }
            }
        case "VOLUME":
            for path in try ChangeText.listOrWords(rest) where !volumes.contains(path) {
                volumes.append(path)
            }
        case "USER": user = try ChangeText.word(rest, text)
        case "STOPSIGNAL": stopSignal = try ChangeText.word(rest, text)
        case "WORKDIR":
            let path = try ChangeText.word(rest, text)
            let above = workingDir.hasSuffix("/") ? workingDir : workingDir + "/"
            workingDir = path.hasPrefix("/") ? path : above + path
        case "ONBUILD": onBuild.append(rest)
        case "HEALTHCHECK": healthcheck = try ChangeText.healthcheck(rest)
        default:
            throw ImageError(
                "`\(word)` is no change; there are `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`,"
                    + " `LABEL`, `ONBUILD`, `STOPSIGNAL`, `USER`, `VOLUME` and `WORKDIR`")
        }
    }

    private mutating func set(environment pair: StringPair) {
        let entry = pair.key + "=" + pair.value
        if let index = env.firstIndex(where: { $0.hasPrefix(pair.key + "=") }) {
            env[index] = entry
        } else {
            env.append(entry)
        }
    }

    private mutating func set(label pair: StringPair) {
        labels.removeAll { $0.key == pair.key }
        labels.append(pair)
    }
}

/// The words of an instruction.
private enum ChangeText {
    static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, isSpace(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, isSpace(last) { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    /// A list in JSON; nil when it is none.
    static func list(_ text: String) throws(ImageError) -> [String]? {
        guard text.hasPrefix("[") else { return nil }
        guard let list = try? [String].decode(Array(text.utf8)) else {
            throw ImageError("`\(text)` is no list of JSON strings such as `[\"sh\", \"-c\", \"date\"]`")
        }
        return list
    }

    /// A command's words; as a line it goes to the shell.
    static func command(_ text: String) throws(ImageError) -> [String] {
        if text.isEmpty { return [] }
        if let list = try list(text) { return list }
        return ["/bin/sh", "-c", text]
    }

    static func listOrWords(_ text: String) throws(ImageError) -> [String] {
        if let list = try list(text) { return list }
        return try words(text)
    }

    static func word(_ text: String, _ whole: String) throws(ImageError) -> String {
        let words = try words(text)
        guard words.count == 1, let word = words.first else {
            throw ImageError("`\(whole)` has more than one word after the instruction")
        }
        return word
    }

    /// Words between spaces; quotes and backslashes as in a shell.
    static func words(_ text: String) throws(ImageError) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        var quote: UInt8?
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                isEscaped = false
                word = (word ?? []) + [byte]
            } else if byte == 0x5c, quote != 0x27 {
                isEscaped = true
            } else if let open = quote {
                if byte == open { quote = nil } else { word = (word ?? []) + [byte] }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
                word = word ?? []
            } else if isSpace(byte) {
                if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
                word = nil
            } else {
                word = (word ?? []) + [byte]
            }
        }
        guard quote == nil else { throw ImageError("`\(text)`: a quote is not closed") }
        if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
        return words
    }

    /// `A=b C=d`, or `A b` for one.
    static func pairs(_ text: String) throws(ImageError) -> [StringPair] {
        let words = try words(text)
        guard let first = words.first else { return [] }
        guard first.contains("=") else {
            let value = trimmed(String(text.dropFirst(first.count)))
            guard !value.isEmpty else { throw ImageError("`\(text)` is not `NAME=VALUE`") }
            return [StringPair(key: first, value: value)]
        }
        return try words.map { (word) throws(ImageError) in
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw ImageError("`\(word)` is not `NAME=VALUE`")
            }
            return StringPair(
                key: String(word[..<equals]), value: String(word[word.index(after: equals)...]))
        }
    }

    /// `80`, `80/udp`, `8000-8002`.
    static func ports(_ text: String) throws(ImageError) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        let kind = parts.count > 1 ? parts[1].lowercased() : "tcp"
        guard parts.count <= 2, ends.count <= 2, let low = ends[0], low > 0, let high = ends[ends.count - 1],
            high >= low, ["tcp", "udp", "sctp"].contains(kind)
        else {
            throw ImageError("`\(text)` is no port such as `80`, `53/udp` or `8000-8010`")
        }
        return (low...high).map { "\($0)/\(kind)" }
    }

    /// `NONE`, or `[--interval=30s ...] CMD command`.
    static func healthcheck(_ text: String) throws(ImageError) -> ImageHealthcheck {
        var check = ImageHealthcheck()
        var rest = text
        while rest.hasPrefix("--") {
            let flag = String(rest.prefix { $0 != " " && $0 != "\t" })
            rest = trimmed(String(rest.dropFirst(flag.count)))
            try set(&check, String(flag.dropFirst(2)))
        }
        let word = String(rest.prefix { $0 != " " && $0 != "\t" })
        let command = trimmed(String(rest.dropFirst(word.count)))
        if word.uppercased() == "NONE", command.isEmpty {
            check.test = ["NONE"]
        } else if word.uppercased() == "CMD", !command.isEmpty {
            let list = try list(command)
            check.test = list.map { ["CMD"] + $0 } ?? ["CMD-SHELL", command]
        } else {
            throw ImageError("`HEALTHCHECK \(text)` is neither `NONE` nor `CMD` with a command")
        }
        return check
    }

    private static func set(_ check: inout ImageHealthcheck, _ flag: String) throws(ImageError) {
        let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
        let value = parts.count == 2 ? parts[1] : ""
        switch parts.first ?? "" {
        case "interval": check.interval = try nanoseconds(value)
        case "timeout": check.timeout = try nanoseconds(value)
        case "start-period": check.startPeriod = try nanoseconds(value)
        case "start-interval": check.startInterval = try nanoseconds(value)
        case "retries":
            guard let retries = Int(value), retries >= 0 else {
                throw ImageError("`--retries=\(value)` is no number")
            }
            check.retries = retries
        default: throw ImageError("`--\(flag)` is no flag of `HEALTHCHECK`")
        }
    }

    /// `1m30s`, `500ms`.
    private static func nanoseconds(_ text: String) throws(ImageError) -> Int64 {
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
            ("ms", 1_000_000), ("us", 1000), ("ns", 1),
        ]
        var total: Int64 = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(unit.count)
            guard let count = Int64(digits), let scale = units.first(where: { $0.0 == unit })?.1 else {
                throw ImageError("`\(text)` is no duration such as `30s`")
            }
            let (part, isTooMuch) = count.multipliedReportingOverflow(by: scale)
            let (sum, isTooLong) = total.addingReportingOverflow(part)
            guard !isTooMuch, !isTooLong else { throw ImageError("`\(text)` is too long") }
            total = sum
        }
        guard !text.isEmpty else { throw ImageError("a duration of `HEALTHCHECK` is empty") }
        return total
    }
}
