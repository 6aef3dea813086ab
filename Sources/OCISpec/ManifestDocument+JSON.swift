// SPDX-License-Identifier: Apache-2.0
// How an index or a manifest is read from JSON and written to it. Both are read with the keys of both, so that
// neither can hide the other.

public import JSON

extension ManifestDocument: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        try read(from: &reader, expected: nil)
    }

    static func read(
        from reader: inout JSONReader, expected: MediaType?
    ) throws(JSONError) -> Self {
        var keys = ManifestKeys()
        try reader.object { (key, reader) throws(JSONError) in try keys.take(key, &reader) }
        guard keys.hasVersion else { throw JSONError("missing `schemaVersion`") }
        return try keys.document(expected)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .index(let index): index.write(to: &writer)
        case .manifest(let manifest): manifest.write(to: &writer)
        }
    }
}

/// The keys of an index and of a manifest.
private struct ManifestKeys {
    var hasVersion = false
    var mediaType: MediaType?
    var artifactType: String?
    var config: Descriptor?
    var layers: [Descriptor]?
    var manifests: [Descriptor]?
    var subject: Descriptor?
    var annotations: [StringPair] = []

    mutating func take(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) {
        if reader.matches(key, "schemaVersion") {
            try takeVersion(&reader)
        } else if reader.matches(key, "mediaType") {
            let type: MediaType = try reader.value()
            guard !type.isSchema1 else { throw ManifestDocument.schema1 }
            mediaType = type
        } else if reader.matches(key, "artifactType") {
            artifactType = try reader.value()
        } else if reader.matches(key, "config") {
            config = try reader.value()
        } else if reader.matches(key, "layers") {
            layers = try reader.list(atMost: ImageManifest.mostLayers)
        } else if reader.matches(key, "manifests") {
            manifests = try reader.list(atMost: ImageIndex.mostManifests)
        } else if reader.matches(key, "subject") {
            subject = try reader.value()
        } else if reader.matches(key, "annotations") {
            annotations = try reader.pairs()
        } else if reader.matches(key, "fsLayers") {
            throw ManifestDocument.schema1
        } else {
            try reader.skip()
        }
    }

    private mutating func takeVersion(_ reader: inout JSONReader) throws(JSONError) {
        let version: Int = try reader.value()
        guard version != 1 else { throw ManifestDocument.schema1 }
        guard version == 2 else { throw JSONError("schema \(version) is not known; expected 2") }
        hasVersion = true
    }

    /// Which of the two it is, if all that says so agrees.
    func document(_ expected: MediaType?) throws(JSONError) -> ManifestDocument {
        if let mediaType, let expected, mediaType != expected {
            throw JSONError("`\(mediaType.text)`, but it was sent as `\(expected.text)`").within(
                .key("mediaType"))
        }
        if manifests != nil, config != nil || layers != nil {
            throw JSONError(
                "both `manifests` and `\(config != nil ? "config" : "layers")`: neither index nor manifest")
        }
        if let mediaType, !mediaType.isIndex, !mediaType.isManifest {
            throw JSONError("`\(mediaType.text)` is no index and no manifest").within(.key("mediaType"))
        }
        let type = mediaType ?? expected
        return try type?.isIndex ?? (manifests != nil) ? index(type) : manifest(type)
    }

    private func index(_ type: MediaType?) throws(JSONError) -> ManifestDocument {
        guard config == nil, layers == nil else {
            throw JSONError(
                "`\(config != nil ? "config" : "layers")` in what was called `\(type?.text ?? "")`")
        }
        return .index(
            ImageIndex(
                mediaType: mediaType, artifactType: artifactType, manifests: manifests ?? [],
                subject: subject,
                annotations: annotations))
    }

    private func manifest(_ type: MediaType?) throws(JSONError) -> ManifestDocument {
        guard manifests == nil else {
            throw JSONError("`manifests` in what was called `\(type?.text ?? "")`")
        }
        guard let config else {
            throw JSONError(layers == nil ? "neither `manifests` nor `config`" : "missing `config`")
        }
        return .manifest(
            ImageManifest(
                mediaType: mediaType, artifactType: artifactType, config: config, layers: layers ?? [],
                subject: subject, annotations: annotations))
    }
}

extension ImageIndex: JSONValue {
    /// See `JSONValue`. A manifest is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        guard case .index(let index) = try ManifestDocument.read(from: &reader) else {
            throw JSONError("a manifest where an index was expected")
        }
        return index
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("schemaVersion", 2)
            writer.memberIfSet("mediaType", mediaType)
            writer.memberIfSet("artifactType", artifactType)
            writer.member("manifests", manifests)
            writer.memberIfSet("subject", subject)
            writer.pairs("annotations", annotations)
        }
    }
}

extension ImageManifest: JSONValue {
    /// See `JSONValue`. An index is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        guard case .manifest(let manifest) = try ManifestDocument.read(from: &reader) else {
            throw JSONError("an index where a manifest was expected")
        }
        return manifest
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("schemaVersion", 2)
            writer.memberIfSet("mediaType", mediaType)
            writer.memberIfSet("artifactType", artifactType)
            writer.member("config", config)
            writer.member("layers", layers)
            writer.memberIfSet("subject", subject)
            writer.pairs("annotations", annotations)
        }
    }
}
