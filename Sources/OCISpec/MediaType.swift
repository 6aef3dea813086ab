// SPDX-License-Identifier: Apache-2.0
// What a blob is: the names that OCI and Docker's schema 2 give to indexes, manifests, configurations and layers.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md

/// How the bytes of a layer are compressed.
public enum LayerCompression: Sendable, Equatable {
    /// A plain tar.
    case none
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd
}

/// A media type; any text may be one, the predicates know those of images.
public struct MediaType: Sendable, Hashable {
    /// The type as written.
    public let text: String

    /// A type as a document writes it.
    public init(_ text: String) { self.text = text }

    /// The type of an HTTP header: without parameters, in small letters.
    public init(contentType header: some StringProtocol) {
        let type = header.prefix { $0 != ";" }
        text = String(decoding: type.utf8.lazy.filter { $0 > 0x20 }.map(Self.small), as: UTF8.self)
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// OCI's index of manifests.
    public static var ociIndex: Self { Self("application/vnd.oci.image.index.v1+json") }
    /// OCI's manifest.
    public static var ociManifest: Self { Self("application/vnd.oci.image.manifest.v1+json") }
    /// OCI's configuration of an image.
    public static var ociConfig: Self { Self("application/vnd.oci.image.config.v1+json") }
    /// A tar that is not compressed.
    public static var ociLayer: Self { Self("application/vnd.oci.image.layer.v1.tar") }
    /// A tar compressed by gzip.
    public static var ociLayerGzip: Self { Self("application/vnd.oci.image.layer.v1.tar+gzip") }
    /// A tar compressed by zstd.
    public static var ociLayerZstd: Self { Self("application/vnd.oci.image.layer.v1.tar+zstd") }
    /// The blob `{}`, where a manifest needs a descriptor and has nothing to say.
    public static var ociEmpty: Self { Self("application/vnd.oci.empty.v1+json") }
    /// Docker's list of manifests.
    public static var dockerList: Self { Self("application/vnd.docker.distribution.manifest.list.v2+json") }
    /// Docker's manifest, schema 2.
    public static var dockerManifest: Self { Self("application/vnd.docker.distribution.manifest.v2+json") }
    /// Docker's configuration of an image.
    public static var dockerConfig: Self { Self("application/vnd.docker.container.image.v1+json") }
    /// Docker's layer, a tar compressed by gzip.
    public static var dockerLayerGzip: Self { Self("application/vnd.docker.image.rootfs.diff.tar.gzip") }

    /// What a client that pulls says it takes, best first.
    public static var acceptedManifests: [Self] { [ociIndex, dockerList, ociManifest, dockerManifest] }

    /// Whether it is an index or a list of manifests.
    public var isIndex: Bool { self == .ociIndex || self == .dockerList }
    /// Whether it is a manifest of one image.
    public var isManifest: Bool { self == .ociManifest || self == .dockerManifest }
    /// Whether it is a configuration of an image.
    public var isConfig: Bool { self == .ociConfig || self == .dockerConfig }
    /// Whether it is a layer that can be unpacked.
    public var isLayer: Bool { compression != nil }
    /// Whether it is a layer that is got from elsewhere and not pushed.
    public var isForeignLayer: Bool {
        isLayer && (text.hasPrefix(Self.ociForeign) || text.hasPrefix(Self.dockerForeign))
    }
    /// Whether it is a manifest of Docker's schema 1, signed or not.
    public var isSchema1: Bool {
        text == "application/vnd.docker.distribution.manifest.v1+json"
            || text == "application/vnd.docker.distribution.manifest.v1+prettyjws"
    }

    /// How a layer is compressed; nil when this is no layer.
    public var compression: LayerCompression? {
        for prefix in [Self.ociLayer.text, Self.ociForeign] where text.hasPrefix(prefix) {
            return Self.compression(text.dropFirst(prefix.utf8.count), gzip: "+gzip", zstd: "+zstd")
        }
        for prefix in [Self.docker, Self.dockerForeign] where text.hasPrefix(prefix) {
            return Self.compression(text.dropFirst(prefix.utf8.count), gzip: ".gzip", zstd: ".zstd")
        }
        return nil
    }

    private static var ociForeign: String { "application/vnd.oci.image.layer.nondistributable.v1.tar" }
    private static var docker: String { "application/vnd.docker.image.rootfs.diff.tar" }
    private static var dockerForeign: String { "application/vnd.docker.image.rootfs.foreign.diff.tar" }

    private static func compression(
        _ end: Substring, gzip: StaticString, zstd: StaticString
    ) -> LayerCompression? {
        if end.isEmpty { return LayerCompression.none }
        if end == "\(gzip)" { return .gzip }
        return end == "\(zstd)" ? .zstd : nil
    }
}
