// SPDX-License-Identifier: Apache-2.0
// Any JSON text as a value, for what is looked at by names that only the user knows. What has a form of its own is
// read straight into its type instead.

/// A JSON value; objects keep the order of their keys, numbers their text.
public enum JSONTree: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number, as written.
    case number(String)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONTree])
    /// An object; no key comes twice.
    case object([Member])

    /// A key of an object and its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public var key: String
        /// The value.
        public var value: JSONTree

        /// A member.
        public init(_ key: String, _ value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    /// A whole number.
    public static func integer(_ value: some FixedWidthInteger) -> Self { .number(String(value)) }

    /// A list of strings.
    public static func strings(_ values: [String]) -> Self { .array(values.map { .string($0) }) }

    /// The tree of a value with a form of its own; nil when its text is no JSON.
    public init?(_ value: some JSONValue) {
        guard let tree = try? JSONTree.decode(value.encode()) else { return nil }
        self = tree
    }

    /// The value of an object's key; nil when there is no such key, or this is no object.
    public subscript(key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}
