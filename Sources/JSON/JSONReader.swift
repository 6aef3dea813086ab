// SPDX-License-Identifier: Apache-2.0
// A strict pull parser of RFC 8259 over borrowed bytes: the caller asks for what it expects, nothing is built
// in between. Bounded in size and depth, no trap on any input. It imports nothing and must stay so.

/// Reads one JSON text. After an error it is of no further use.
public struct JSONReader: ~Escapable {
    /// Most bytes a text may have unless the caller says otherwise: 16 MiB.
    public static let defaultLimit = 16 << 20
    /// Most objects and arrays inside one another.
    public static let deepest = 64

    @usableFromInline let bytes: Span<UInt8>
    @usableFromInline var at = 0
    @usableFromInline var depth = 0
    /// Where the bytes stop being UTF-8; strings that reach it are refused there.
    @usableFromInline let validEnd: Int
    /// Whether `leaves` passes over an object, the first that it is asked about.
    @usableFromInline var leavesObject = false
    /// That object.
    @usableFromInline var unread: Range<Int>?
    /// Keys of the objects that are open now, innermost last.
    @usableFromInline var openKeys: [JSONKey] = []

    /// A reader at the start of `bytes`; throws when they are more than `limit`.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, limit: Int = JSONReader.defaultLimit) throws(JSONError) {
        guard bytes.count <= limit else {
            throw JSONError("\(bytes.count) bytes are more than the \(limit) allowed")
        }
        self.bytes = bytes
        do {
            _ = try UTF8Span(validating: bytes)
            validEnd = bytes.count
        } catch {
            validEnd = error.byteOffsets.lowerBound
        }
        openKeys.reserveCapacity(48)
    }

    /// Reads a whole text with `body`; throws when anything but white space follows.
    @inlinable
    public static func read<Value>(
        _ bytes: Span<UInt8>, limit: Int = JSONReader.defaultLimit,
        _ body: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        var reader = try JSONReader(bytes, limit: limit)
        let value = try body(&reader)
        try reader.finish()
        return value
    }

    /// Throws when anything but white space is left.
    public mutating func finish() throws(JSONError) {
        skipSpace()
        guard at == bytes.count else { throw syntaxError("unexpected bytes after the value") }
    }

    /// Reads an object: `member` is called for each key and must read or skip its value. A key whose value is
    /// `null` counts as absent; a key that comes twice is an error.
    @inlinable
    public mutating func object(
        _ member: (JSONKey, inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try open(UInt8(ascii: "{"), close: UInt8(ascii: "}"), "expected an object") else { return }
        var keys = KeyScope(base: openKeys.count)
        repeat {
            let key = try nextKey(&keys)
            if skipNull() { continue }
            do {
                try member(key, &self)
            } catch {
                throw error.within(component(key))
            }
        } while try goesOn(close: UInt8(ascii: "}"), "expected `,` or `}`")
        openKeys.removeLast(openKeys.count - keys.base)
    }

    /// Reads an array: `element` is called for each element and must read or skip it.
    @inlinable
    public mutating func array(
        _ element: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try open(UInt8(ascii: "["), close: UInt8(ascii: "]"), "expected an array") else { return }
        var index = 0
        repeat {
            do {
                try element(&self)
            } catch {
                throw error.within(.index(index))
            }
            index &+= 1
        } while try goesOn(close: UInt8(ascii: "]"), "expected `,` or `]`")
    }

    /// Reads an object with open keys into a list, one element for each key.
    @inlinable
    public mutating func dictionary<Element>(
        _ entry: (String, inout JSONReader) throws(JSONError) -> Element
    ) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        try object { (key, reader) throws(JSONError) in
            elements.append(try entry(reader.text(of: key), &reader))
        }
        return elements
    }

    /// Checks a value of any type and passes over it.
    public mutating func skip() throws(JSONError) {
        switch kind() {
        case .object: try object { (_, reader) throws(JSONError) in try reader.skip() }
        case .array: try array { (reader) throws(JSONError) in try reader.skip() }
        case .string: _ = try scanString("")
        case .number: _ = try scanNumber("")
        case .bool: _ = try bool()
        case .null where skipNull(): break
        case .null, .none: throw syntaxError("expected a value")
        }
    }

    /// `value`, or an error that names the key the object lacks.
    @inlinable
    public func required<Value>(_ value: Value?, _ name: StaticString) throws(JSONError) -> Value {
        guard let value else { throw JSONError("missing `\(name)`") }
        return value
    }
}
