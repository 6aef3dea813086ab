// SPDX-License-Identifier: Apache-2.0
// How JSONTree is read from JSON and written to it. Unlike elsewhere `null` is a value here, not an absent key.

extension JSONTree: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        switch reader.kind() {
        case .object: return .object(try reader.members())
        case .array: return .array(try reader.value())
        case .string: return .string(try reader.string())
        case .bool: return .bool(try reader.bool())
        case .null where reader.skipNull(): return .null
        case .number: return .number(try reader.numberText())
        case .null: throw reader.syntaxError("expected a value")
        case .none: throw reader.mismatch("expected a value")
        }
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .number(let text): writer.number(text)
        case .string(let text): writer.string(text)
        case .array(let elements): elements.write(to: &writer)
        case .object(let members):
            writer.object { writer in
                for member in members { writer.member(member.key, member.value) }
            }
        }
    }
}

extension JSONReader {
    /// Reads an object whole, nulls too.
    fileprivate mutating func members() throws(JSONError) -> [JSONTree.Member] {
        var members: [JSONTree.Member] = []
        guard try open(UInt8(ascii: "{"), close: UInt8(ascii: "}"), "expected an object") else {
            return members
        }
        var keys = KeyScope(base: openKeys.count)
        repeat {
            let key = try nextKey(&keys)
            do {
                members.append(JSONTree.Member(try text(of: key), try JSONTree.read(from: &self)))
            } catch {
                throw error.within(component(key))
            }
        } while try goesOn(close: UInt8(ascii: "}"), "expected `,` or `}`")
        openKeys.removeLast(openKeys.count - keys.base)
        return members
    }

    /// Reads a number as its text.
    fileprivate mutating func numberText() throws(JSONError) -> String {
        skipSpace()
        let start = at
        _ = try scanNumber("expected a number")
        return slice(start, at)
    }
}
