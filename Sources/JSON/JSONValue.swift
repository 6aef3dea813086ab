// SPDX-License-Identifier: Apache-2.0
// Values that can be read and written, so that a field needs only its key. All of it is resolved at compile
// time.

/// A value with one form in JSON.
public protocol JSONValue {
    /// Reads the value that comes next.
    static func read(from reader: inout JSONReader) throws(JSONError) -> Self
    /// Writes the value.
    func write(to writer: inout JSONWriter)
}

extension JSONReader {
    /// Reads a value of the type that is asked for.
    @inlinable
    public mutating func value<Value: JSONValue>() throws(JSONError) -> Value {
        try Value.read(from: &self)
    }
}

extension JSONValue {
    /// Reads a whole text that is this value.
    @inlinable
    public static func decode(
        _ bytes: Span<UInt8>, limit: Int = JSONReader.defaultLimit
    ) throws(JSONError) -> Self {
        try JSONReader.read(bytes, limit: limit) { (reader) throws(JSONError) in
            try Self.read(from: &reader)
        }
    }

    /// Reads a whole text that is this value.
    @inlinable
    public static func decode(_ bytes: [UInt8]) throws(JSONError) -> Self {
        try decode(bytes.span)
    }

    /// The value as a whole text, without a final new line.
    public func encode(_ layout: JSONWriter.Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout)
        write(to: &writer)
        return writer.bytes
    }
}

extension String: JSONValue {
    /// See `JSONReader.string`.
    @inlinable
    public static func read(from reader: inout JSONReader) throws(JSONError) -> String { try reader.string() }
    /// See `JSONWriter.string`.
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONValue {
    /// See `JSONReader.bool`.
    @inlinable
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Bool { try reader.bool() }
    /// See `JSONWriter.bool`.
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension FixedWidthInteger {
    /// See `JSONReader.integer`.
    @inlinable
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self { try reader.integer() }
    /// See `JSONWriter.integer`.
    public func write(to writer: inout JSONWriter) { writer.integer(self) }
}

extension Int: JSONValue {}
extension Int32: JSONValue {}
extension Int64: JSONValue {}
extension UInt16: JSONValue {}
extension UInt32: JSONValue {}
extension UInt64: JSONValue {}

extension Array: JSONValue where Element: JSONValue {
    /// Reads an array; a `null` element is an error.
    @inlinable
    public static func read(from reader: inout JSONReader) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        try reader.array { (reader) throws(JSONError) in elements.append(try Element.read(from: &reader)) }
        return elements
    }

    /// Writes an array.
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for element in self { element.write(to: &writer) }
        }
    }
}

extension Optional: JSONValue where Wrapped: JSONValue {
    /// Reads a value: objects pass over `null` members before they ask for one.
    @inlinable
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Wrapped? {
        try Wrapped.read(from: &reader)
    }

    /// Writes the value or `null`.
    public func write(to writer: inout JSONWriter) {
        guard let self else { return writer.null() }
        self.write(to: &writer)
    }
}

extension JSONWriter {
    /// Writes a key and its value.
    public mutating func member(_ name: String, _ value: some JSONValue) {
        key(name)
        value.write(to: &self)
    }

    /// Writes a key and its value, unless that is nil.
    public mutating func memberIfSet(_ name: String, _ value: (some JSONValue)?) {
        if let value { member(name, value) }
    }

    /// Writes a key and its list, unless that is empty.
    public mutating func memberIfSet(_ name: String, _ list: [some JSONValue]) {
        if !list.isEmpty { member(name, list) }
    }

    /// Writes a key and `true`, unless it is false.
    public mutating func memberIfSet(_ name: String, _ value: Bool) {
        if value { member(name, value) }
    }

    /// Writes a key and a number, unless that is 0.
    public mutating func memberIfSet(_ name: String, _ value: some FixedWidthInteger & JSONValue) {
        if value != 0 { member(name, value) }
    }
}
