// SPDX-License-Identifier: Apache-2.0
// What is wrong with a JSON text, and where: the place is a path of keys and indexes that the reader's
// object and array functions put together while an error passes them, so that success pays nothing for it.

/// A JSON text that cannot be read, printed like ``process.rlimits[2].hard: expected an unsigned integer``.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One step of the way from the whole text to the value at fault.
    public enum Component: Equatable, Sendable {
        /// A key of an object.
        case key(String)
        /// An index of an array, from 0.
        case index(Int)
    }

    /// Where in the text a token is, both counted from 1; columns are bytes.
    public struct Position: Equatable, Sendable {
        /// The line.
        public let line: Int
        /// The byte of the line.
        public let column: Int
    }

    /// What is wrong.
    public let reason: String
    /// Where the text is no JSON; nil when it is, but holds the wrong value.
    public let position: Position?
    private var reversedPath: [Component] = []

    /// An error at the place that is being read.
    public init(_ reason: String, position: Position? = nil) {
        self.reason = reason
        self.position = position
    }

    /// The way to the value at fault, outermost first.
    public var path: [Component] { reversedPath.reversed() }

    /// The path as text, such as `linux.namespaces[1]`; empty for the whole text.
    public var place: String {
        var text = ""
        for component in path {
            switch component {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where !key.utf8.allSatisfy(Self.isPlain) || key.isEmpty: text += "[\"\(key)\"]"
            case .key(let key): text += text.isEmpty ? key : "." + key
            }
        }
        return text
    }

    /// The place, the reason, and for a text that is no JSON the line and column.
    public var description: String {
        let where_ = position.map { " (line \($0.line), column \($0.column))" } ?? ""
        return (path.isEmpty ? "" : place + ": ") + reason + where_
    }

    /// The same error, seen from the value around it.
    public func within(_ component: Component) -> JSONError {
        var outer = self
        outer.reversedPath.append(component)
        return outer
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
