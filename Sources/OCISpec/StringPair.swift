// SPDX-License-Identifier: Apache-2.0
// One entry of a dictionary whose keys the spec leaves open: annotations, sysctl, unified.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#annotations

/// One entry of an open dictionary; the order of the file is kept.
public struct StringPair: Sendable, Equatable {
    /// The key; no other entry of the same dictionary has it.
    public var key: String
    /// The value.
    public var value: String

    /// An entry.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

extension [StringPair] {
    /// The value of a key, or nil. A linear search: these dictionaries are short.
    public subscript(key: String) -> String? {
        first { $0.key == key }?.value
    }
}
