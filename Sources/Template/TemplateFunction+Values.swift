// SPDX-License-Identifier: Apache-2.0
// What each function does with its arguments; how many there are has been checked.
import JSON

/// Why a function cannot do it.
struct FunctionFault: Error {
    var text: String
}

extension TemplateFunction {
    /// Most bytes of one text that a function makes.
    private static var longestText: Int { 1 << 20 }

    func apply(_ arguments: [JSONTree]) throws(FunctionFault) -> JSONTree {
        switch self {
        case .and, .or: return arguments.last ?? .null
        case .not: return .bool(!arguments[0].isTruth)
        case .eq, .ne, .lt, .le, .gt, .ge: return .bool(try compare(arguments))
        case .len: return .integer(try Self.length(arguments[0]))
        case .index: return try Self.element(arguments)
        case .slice: return try Self.part(arguments)
        case .split: return try Self.split(arguments)
        default: return .string(try bounded(text(arguments)))
        }
    }

    private func bounded(_ text: String) throws(FunctionFault) -> String {
        guard text.utf8.count <= Self.longestText else {
            throw FunctionFault(text: "the result has more than \(Self.longestText) bytes")
        }
        return text
    }

    /// What the functions that give a text give.
    private func text(_ arguments: [JSONTree]) throws(FunctionFault) -> String {
        switch self {
        case .print: return try Self.bounded(arguments, apart: false)
        case .println: return try Self.bounded(arguments, apart: true) + "\n"
        case .printf: return try PrintFormat.format(try Self.string(arguments[0]), arguments.dropFirst())
        case .html: return EscapedText.html(try Self.bounded(arguments.map(Self.shown), apart: false))
        case .js: return EscapedText.script(try Self.bounded(arguments.map(Self.shown), apart: false))
        case .urlquery: return EscapedText.query(try Self.bounded(arguments.map(Self.shown), apart: false))
        case .json: return String(decoding: arguments[0].encode(), as: UTF8.self)
        case .join:
            let parts = try Self.list(arguments[0]).map { ValueText.plain($0) }
            return parts.joined(separator: try Self.string(arguments[1]))
        case .lower: return try Self.string(arguments[0]).lowercased()
        case .upper: return try Self.string(arguments[0]).uppercased()
        case .title: return Self.titled(try Self.string(arguments[0]))
        case .truncate: return try Self.truncated(arguments)
        default: return try Self.padded(arguments)
        }
    }

    /// What escaping takes for nil.
    private static func shown(_ value: JSONTree) -> JSONTree {
        value == .null ? .string("<no value>") : value
    }

    /// Values after one another; between two that are no strings, or all, a space.
    private static func bounded(_ values: [JSONTree], apart: Bool) throws(FunctionFault) -> String {
        var text = ""
        var wasString = true
        for (index, value) in values.enumerated() {
            var isString = false
            if case .string = value { isString = true }
            if index > 0, apart || !isString && !wasString { text += " " }
            wasString = isString
            text += ValueText.plain(value)
            guard text.utf8.count <= longestText else {
                throw FunctionFault(text: "the result has more than \(longestText) bytes")
            }
        }
        return text
    }

    static func string(_ value: JSONTree) throws(FunctionFault) -> String {
        guard case .string(let text) = value else {
            throw FunctionFault(text: "\(value.kindName) where a string is expected")
        }
        return text
    }

    private static func list(_ value: JSONTree) throws(FunctionFault) -> [JSONTree] {
        switch value {
        case .null: return []
        case .array(let elements): return elements
        default: throw FunctionFault(text: "\(value.kindName) where a list is expected")
        }
    }

    private static func integer(_ value: JSONTree) throws(FunctionFault) -> Int {
        guard case .number(let text) = value, let number = DecimalNumber(text)?.integer else {
            throw FunctionFault(text: "\(value.kindName) where a whole number is expected")
        }
        return Int(number)
    }

    private static func length(_ value: JSONTree) throws(FunctionFault) -> Int {
        switch value {
        case .null: return 0
        case .string(let text): return text.utf8.count
        case .array(let elements): return elements.count
        case .object(let members): return members.count
        default: throw FunctionFault(text: "\(value.kindName) has no length")
        }
    }

    /// The element that one index after another leads to. A key that is not there gives what its object's other
    /// values would: an empty string among strings, else nil.
    private static func element(_ arguments: [JSONTree]) throws(FunctionFault) -> JSONTree {
        var value = arguments[0]
        guard value != .null else { throw FunctionFault(text: "nil has no elements") }
        for index in arguments.dropFirst() {
            switch value {
            case .object(let members):
                let key = try string(index)
                let areStrings = members.allSatisfy { if case .string = $0.value { true } else { false } }
                value = value[key] ?? (areStrings ? .string("") : .null)
            case .array(let elements): value = elements[try offset(index, below: elements.count)]
            case .string(let text):
                let bytes = Array(text.utf8)
                value = .integer(bytes[try offset(index, below: bytes.count)])
            default: throw FunctionFault(text: "\(value.kindName) has no elements")
            }
        }
        return value
    }

    private static func offset(_ value: JSONTree, below count: Int) throws(FunctionFault) -> Int {
        let index = try integer(value)
        guard index >= 0, index < count else {
            throw FunctionFault(text: "there is no element \(index); there are \(count), from 0")
        }
        return index
    }

    private static func part(_ arguments: [JSONTree]) throws(FunctionFault) -> JSONTree {
        let count = try length(arguments[0])
        guard arguments.count <= 3 else { throw FunctionFault(text: "more than two indexes") }
        let start = arguments.count > 1 ? try integer(arguments[1]) : 0
        let end = arguments.count > 2 ? try integer(arguments[2]) : count
        guard start >= 0, start <= end, end <= count else {
            throw FunctionFault(text: "there is no part from \(start) to \(end); there are \(count), from 0")
        }
        switch arguments[0] {
        case .string(let text): return .string(String(decoding: Array(text.utf8)[start..<end], as: UTF8.self))
        case .array(let elements): return .array(Array(elements[start..<end]))
        default: throw FunctionFault(text: "\(arguments[0].kindName) cannot be cut")
        }
    }

    private static func split(_ arguments: [JSONTree]) throws(FunctionFault) -> JSONTree {
        let text = Array(try string(arguments[0]).utf8)
        let separator = Array(try string(arguments[1]).utf8)
        guard !separator.isEmpty else {
            return .array(
                String(decoding: text, as: UTF8.self).unicodeScalars.map { .string(String(Character($0))) })
        }
        var parts: [JSONTree] = []
        var start = 0
        var index = 0
        while index + separator.count <= text.count {
            if text[index..<index + separator.count].elementsEqual(separator) {
                parts.append(.string(String(decoding: text[start..<index], as: UTF8.self)))
                index += separator.count
                start = index
            } else {
                index += 1
            }
        }
        return .array(parts + [.string(String(decoding: text[start...], as: UTF8.self))])
    }

    /// The first letter of each word as a capital.
    private static func titled(_ text: String) -> String {
        var result = ""
        var isStart = true
        for scalar in text.unicodeScalars {
            let letter = String(Character(scalar))
            result += isStart ? letter.uppercased() : letter
            let isASCIIWord =
                scalar == "_" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar)
                || ("A"..."Z").contains(scalar) || scalar == "'"
            isStart = !isASCIIWord && scalar.value < 0x80
        }
        return result
    }

    /// The first bytes, not cut inside of a character.
    private static func truncated(_ arguments: [JSONTree]) throws(FunctionFault) -> String {
        let text = try string(arguments[0])
        let count = try integer(arguments[1])
        guard count >= 0 else { throw FunctionFault(text: "a length of \(count)") }
        guard text.utf8.count > count else { return text }
        let bytes = Array(text.utf8)
        var end = count
        while end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private static func padded(_ arguments: [JSONTree]) throws(FunctionFault) -> String {
        let text = try string(arguments[0])
        let before = try integer(arguments[1])
        let after = try integer(arguments[2])
        guard (0...1000).contains(before), (0...1000).contains(after) else {
            throw FunctionFault(text: "pads by 0 to 1000 spaces")
        }
        return text.isEmpty
            ? text : String(repeating: " ", count: before) + text + String(repeating: " ", count: after)
    }
}
