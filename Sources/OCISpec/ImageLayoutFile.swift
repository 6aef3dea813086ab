// SPDX-License-Identifier: Apache-2.0
// The file `oci-layout`, by which a directory says that it is an image layout.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file

public import JSON

/// The content of `oci-layout`.
public struct ImageLayoutFile: Sendable, Equatable {
    /// The only version there is.
    public static var version: String { "1.0.0" }
    /// The name of the file.
    public static var name: String { "oci-layout" }

    /// The file of a new layout.
    public init() {}
}

extension ImageLayoutFile: JSONValue {
    /// See `JSONValue`. Another version is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var version: String?
        try reader.object { (key, reader) throws(JSONError) in
            guard reader.matches(key, "imageLayoutVersion") else { return try reader.skip() }
            let text: String = try reader.value()
            guard text == Self.version else {
                throw JSONError("version `\(text)` is not known; expected `\(Self.version)`")
            }
            version = text
        }
        _ = try reader.required(version, "imageLayoutVersion")
        return Self()
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in writer.member("imageLayoutVersion", Self.version) }
    }
}
