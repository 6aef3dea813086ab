// SPDX-License-Identifier: Apache-2.0
// What a registry answers under a tag: an index or a manifest, and never something that could be both.
// A document that two programs read differently is how CVE-2021-41190 and CVE-2024-3727 came about.

public import JSON

/// An index or a manifest.
public enum ManifestDocument: Sendable, Equatable {
    /// A list of manifests.
    case index(ImageIndex)
    /// One image.
    case manifest(ImageManifest)

    /// Most bytes of a document: 4 MiB.
    public static var limit: Int { 4 << 20 }

    /// Reads a document that came as `mediaType`: the Content-Type of the answer, or the type that the
    /// descriptor said. A type that is of no manifest, such as `application/json`, says nothing.
    public static func decode(_ bytes: [UInt8], mediaType: MediaType? = nil) throws(JSONError) -> Self {
        let expected = mediaType.flatMap { $0.isIndex || $0.isManifest || $0.isSchema1 ? $0 : nil }
        guard expected?.isSchema1 != true else { throw schema1 }
        return try JSONReader.read(bytes.span, limit: limit) { (reader) throws(JSONError) in
            try read(from: &reader, expected: expected)
        }
    }

    /// What the document calls itself.
    public var mediaType: MediaType? {
        switch self {
        case .index(let index): index.mediaType
        case .manifest(let manifest): manifest.mediaType
        }
    }

    static var schema1: JSONError {
        JSONError("a manifest of schema 1, which is no longer read; push the image again with a newer tool")
    }
}
