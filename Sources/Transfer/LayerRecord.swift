// SPDX-License-Identifier: Apache-2.0
// `layer.json` beside an unpacked layer's files.
internal import JSON
internal import OCISpec

/// What is known of an unpacked layer.
struct LayerRecord: Equatable, JSONValue {
    var diffID: ContentDigest
    /// Bytes of its regular files.
    var size: Int64

    static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var diffID: ContentDigest?
        var size: Int64 = 0
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "diffID") {
                diffID = try reader.value()
            } else if reader.matches(key, "size") {
                size = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return LayerRecord(diffID: try reader.required(diffID, "diffID"), size: size)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("diffID", diffID)
            writer.member("size", size)
        }
    }
}
