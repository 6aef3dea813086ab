// SPDX-License-Identifier: Apache-2.0
// Any JSON text as a tree that a test can walk and change in one place.

import JSON

indirect enum Tree: Equatable, Sendable {
    case object([(key: String, value: Tree)])
    case array([Tree])
    case string(String)
    case number(Int64)
    case raw(String)
    case bool(Bool)

    static func == (one: Tree, other: Tree) -> Bool { one.text == other.text }

    static func read(_ reader: inout JSONReader) throws(JSONError) -> Tree {
        switch reader.kind() {
        case .object:
            return .object(
                try reader.dictionary { (key, reader) throws(JSONError) in (key, try Tree.read(&reader)) })
        case .array:
            var elements: [Tree] = []
            try reader.array { (reader) throws(JSONError) in elements.append(try Tree.read(&reader)) }
            return .array(elements)
        case .string: return .string(try reader.string())
        case .bool: return .bool(try reader.bool())
        default: return .number(try reader.integer())
        }
    }

    var text: String {
        switch self {
        case .object(let members):
            "{" + members.map { quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .string(let string): quoted(string)
        case .number(let number): String(number)
        case .raw(let text): text
        case .bool(let bool): String(bool)
        }
    }

    private func quoted(_ string: String) -> String { String(decoding: string.encode(), as: UTF8.self) }

    /// The way to every value inside, and the value.
    var places: [(path: [JSONError.Component], value: Tree)] {
        var found: [(path: [JSONError.Component], value: Tree)] = []
        func add(_ component: JSONError.Component, _ value: Tree) {
            found.append(([component], value))
            found += value.places.map { ([component] + $0.path, $0.value) }
        }
        switch self {
        case .object(let members): for member in members { add(.key(member.key), member.value) }
        case .array(let elements):
            for (index, element) in elements.enumerated() { add(.index(index), element) }
        default: break
        }
        return found
    }

    /// The tree with another value at a place.
    func replacing(_ path: ArraySlice<JSONError.Component>, with new: Tree) -> Tree {
        guard let first = path.first else { return new }
        switch (self, first) {
        case (.object(var members), .key(let key)):
            for index in members.indices where members[index].key == key {
                members[index].value = members[index].value.replacing(path.dropFirst(), with: new)
            }
            return .object(members)
        case (.array(var elements), .index(let index)):
            elements[index] = elements[index].replacing(path.dropFirst(), with: new)
            return .array(elements)
        default: return self
        }
    }

    /// Whether another tree's value is of the same JSON type.
    func hasType(of other: Tree) -> Bool {
        switch (self, other) {
        case (.object, .object), (.array, .array), (.string, .string), (.bool, .bool), (.number, .number):
            true
        default: false
        }
    }
}
