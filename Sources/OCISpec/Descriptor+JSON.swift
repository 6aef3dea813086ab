// SPDX-License-Identifier: Apache-2.0
// How Descriptor is read from JSON and written to it, and lists whose length is bounded.

public import JSON

extension Descriptor: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var mediaType: MediaType?
        var digest: ContentDigest?
        var size: Int64?
        var urls: [String] = []
        var annotations: [StringPair] = []
        var data: String?
        var platform: Platform?
        var artifactType: String?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "mediaType") {
                mediaType = try reader.value()
            } else if reader.matches(key, "digest") {
                digest = try reader.value()
            } else if reader.matches(key, "size") {
                size = try reader.size()
            } else if reader.matches(key, "urls") {
                urls = try reader.value()
            } else if reader.matches(key, "annotations") {
                annotations = try reader.pairs()
            } else if reader.matches(key, "data") {
                data = try reader.value()
            } else if reader.matches(key, "platform") {
                platform = try reader.value()
            } else if reader.matches(key, "artifactType") {
                artifactType = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            mediaType: try reader.required(mediaType, "mediaType"),
            digest: try reader.required(digest, "digest"),
            size: try reader.required(size, "size"),
            urls: urls,
            annotations: annotations,
            data: data,
            platform: platform,
            artifactType: artifactType
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("mediaType", mediaType)
            writer.member("digest", digest)
            writer.member("size", size)
            writer.memberIfSet("urls", urls)
            writer.pairs("annotations", annotations)
            writer.memberIfSet("data", data)
            writer.memberIfSet("platform", platform)
            writer.memberIfSet("artifactType", artifactType)
        }
    }
}

extension JSONReader {
    /// Reads a number of bytes.
    mutating func size() throws(JSONError) -> Int64 {
        let size: Int64 = try integer()
        guard size >= 0 else { throw JSONError("a size of \(size) bytes; expected 0 or more") }
        return size
    }

    /// Reads an array of at most `limit` elements.
    mutating func list<Element: JSONValue>(atMost limit: Int) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        try array { (reader) throws(JSONError) in
            guard elements.count < limit else { throw JSONError("more than \(limit) elements") }
            elements.append(try reader.value())
        }
        return elements
    }
}
