// SPDX-License-Identifier: Apache-2.0
// Writes JSON into bytes: the caller names keys and values in order, commas and layout are the writer's.

/// Appends one JSON text to `bytes`.
public struct JSONWriter: Sendable {
    /// How a text is laid out.
    public enum Layout: Sendable, Equatable {
        /// One line, no spaces.
        case compact
        /// A line for each member and element, this many spaces a level.
        case spaces(Int)
        /// A line for each member and element, a tab a level.
        case tabs
    }

    /// What has been written, UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let layout: Layout
    private var depth = 0
    /// Whether the open object or array has a member yet, and so the next needs a comma.
    private var hasMember = false
    /// Whether a key was written and its value comes next.
    private var afterKey = false

    /// An empty writer.
    public init(_ layout: Layout = .compact) {
        self.layout = layout
    }

    /// What has been written, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes an object; `members` writes each key, then its value.
    public mutating func object<Failure>(
        _ members: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try bracket(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    /// Writes an array; `elements` writes each value.
    public mutating func array<Failure>(
        _ elements: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try bracket(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    /// Writes a key; its value comes next.
    public mutating func key(_ key: String) {
        beforeValue()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        if layout != .compact { bytes.append(0x20) }
        afterKey = true
    }

    /// Writes a string.
    public mutating func string(_ value: String) {
        beforeValue()
        quote(value)
    }

    /// Writes an integer.
    public mutating func integer(_ value: some FixedWidthInteger) {
        beforeValue()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes a number that is text already, in the form of JSON.
    public mutating func number(_ text: String) {
        beforeValue()
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        beforeValue()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    public mutating func null() {
        beforeValue()
        bytes.append(contentsOf: "null".utf8)
    }

    private mutating func bracket<Failure>(
        _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        beforeValue()
        bytes.append(opening)
        depth += 1
        hasMember = false
        try body(&self)
        depth -= 1
        if hasMember { newLine() }
        hasMember = true
        bytes.append(closing)
    }

    /// The comma and the line a value needs before it, unless it follows its key.
    private mutating func beforeValue() {
        if afterKey {
            afterKey = false
            return
        }
        if hasMember { bytes.append(UInt8(ascii: ",")) }
        hasMember = true
        if depth > 0 { newLine() }
    }

    private mutating func newLine() {
        let (byte, width): (UInt8, Int) =
            switch layout {
            case .compact: (0, 0)
            case .spaces(let width): (0x20, width)
            case .tabs: (0x09, 1)
            }
        guard width > 0 else { return }
        bytes.append(0x0a)
        bytes.append(contentsOf: repeatElement(byte, count: width * depth))
    }

    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { text in
            if text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: text)
            } else {
                for byte in text { escape(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x08: bytes.append(contentsOf: "\\b".utf8)
        case 0x0c: bytes.append(contentsOf: "\\f".utf8)
        case 0x0a: bytes.append(contentsOf: "\\n".utf8)
        case 0x0d: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u001").utf8)
            bytes.append(hex(byte))
        default: bytes.append(byte)
        }
    }

    private func hex(_ byte: UInt8) -> UInt8 {
        let digit = byte & 0x0f
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
