// SPDX-License-Identifier: Apache-2.0
// How Platform is read from JSON and written to it.

public import JSON

extension Platform: JSONValue {
    /// See `JSONValue`. Attestations and artifacts may lack what the specification demands.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self(architecture: "", os: "")
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "architecture") {
                value.architecture = try reader.value()
            } else if reader.matches(key, "os") {
                value.os = try reader.value()
            } else if reader.matches(key, "variant") {
                value.variant = try reader.value()
            } else if reader.matches(key, "os.version") {
                value.osVersion = try reader.value()
            } else if reader.matches(key, "os.features") {
                value.osFeatures = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("architecture", architecture)
            writer.member("os", os)
            writer.memberIfSet("os.version", osVersion)
            writer.memberIfSet("os.features", osFeatures)
            writer.memberIfSet("variant", variant)
        }
    }
}
