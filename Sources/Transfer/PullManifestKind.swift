// SPDX-License-Identifier: Apache-2.0
// What a document says it is, before anybody reads it whole: two readers must never see two images in one.
// Source: image-spec v1.1.1 manifest.md#image-manifest-property-descriptions, GHSA-77vh-xpmg-72qh
internal import JSON

/// The keys of a manifest or index that tell which of the two it is.
struct ManifestKind: Equatable {
    var mediaType = ""
    var schemaVersion: Int64 = 0
    var hasManifests = false
    var hasLayers = false

    init(_ bytes: [UInt8]) throws(RegistryError) {
        var kind = (type: "", version: Int64(0), manifests: false, layers: false)
        do throws(JSONError) {
            try JSONReader.read(bytes.span) { (reader) throws(JSONError) in
                try reader.object { (key, reader) throws(JSONError) in
                    if reader.matches(key, "mediaType") {
                        kind.type = try reader.string()
                    } else if reader.matches(key, "schemaVersion") {
                        kind.version = try reader.integer()
                    } else {
                        if reader.matches(key, "manifests") { kind.manifests = true }
                        if reader.matches(key, "layers") || reader.matches(key, "config") {
                            kind.layers = true
                        }
                        try reader.skip()
                    }
                }
            }
        } catch {
            throw RegistryError(.invalid, "the manifest cannot be read: \(error)")
        }
        mediaType = kind.type
        schemaVersion = kind.version
        hasManifests = kind.manifests
        hasLayers = kind.layers
    }

    /// The document's type, which the answer's must not contradict.
    func mediaType(told: String) throws(RegistryError) -> String {
        let docker1 = "application/vnd.docker.distribution.manifest.v1+"
        let signed1 = "application/vnd.docker.distribution.manifest.v1."
        if schemaVersion == 1 || HTTPText.has(told, prefix: docker1) || HTTPText.has(told, prefix: signed1) {
            throw RegistryError(
                .invalid,
                "the manifest is of docker's schema 1, which is not supported;"
                    + " push the image again with a current tool")
        }
        guard !(hasManifests && hasLayers) else {
            throw RegistryError(.invalid, "the manifest is both an index and an image")
        }
        let isGeneral = ["", "application/json", "application/octet-stream", "text/plain"].contains(told)
        if mediaType.isEmpty { return isGeneral ? usual : told }
        guard isGeneral || HTTPText.same(mediaType, told) else {
            throw RegistryError(
                .invalid,
                "the registry says `\(HTTPText.shown(told, limit: 100))`,"
                    + " the manifest `\(HTTPText.shown(mediaType, limit: 100))`")
        }
        return mediaType
    }

    private var usual: String {
        hasManifests
            ? "application/vnd.oci.image.index.v1+json" : "application/vnd.oci.image.manifest.v1+json"
    }
}
