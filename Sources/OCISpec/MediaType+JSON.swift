// SPDX-License-Identifier: Apache-2.0
// How MediaType is read from JSON and written to it.

public import JSON

extension MediaType: JSONValue {
    /// See `JSONValue`. Any text is taken.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        Self(try reader.string())
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) { writer.string(text) }
}
