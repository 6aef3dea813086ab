// SPDX-License-Identifier: Apache-2.0
// What `--platform` takes, which entry of an index a machine gets, and what a media type says.

import OCISpec
import Testing

@Suite("Platforms and media types")
struct PlatformTests {
    static let host = Platform(architecture: "amd64", os: "linux")

    @Test(
        "a platform is read and brought into one spelling",
        arguments: [
            ("linux/amd64", "linux/amd64"), ("linux", "linux/amd64"), ("arm64", "linux/arm64"),
            ("x86_64", "linux/amd64"), ("linux/x86-64", "linux/amd64"), ("linux/amd64/v1", "linux/amd64"),
            ("linux/amd64/v3", "linux/amd64/v3"), ("aarch64", "linux/arm64"),
            ("linux/arm64/v8", "linux/arm64"), ("linux/arm64/8", "linux/arm64"),
            ("linux/arm64/v9", "linux/arm64/v9"), ("Linux/ARM64/V8", "linux/arm64"),
            ("armhf", "linux/arm/v7"), ("armel", "linux/arm/v6"), ("linux/arm", "linux/arm/v7"),
            ("linux/arm/6", "linux/arm/v6"), ("linux/arm/v5", "linux/arm/v5"), ("i386", "linux/386"),
            ("macos/arm64", "darwin/arm64"), ("linux/riscv64", "linux/riscv64"),
            ("windows", "windows/amd64"), ("foo/bar", "foo/bar"), ("s390x", "linux/s390x"),
        ])
    func parses(text: String, expected: String) throws {
        #expect(try Platform(text, host: Self.host).description == expected)
    }

    @Test(
        "what is no platform is refused with what to write",
        arguments: [
            "", "/", "linux/", "/amd64", "linux/arm/v7/x", "linux/a b", "foo", "linux/é", "*", "a\u{0}",
        ])
    func refuses(text: String) {
        #expect {
            _ = try Platform(text, host: Self.host)
        } throws: {
            ($0 as? PlatformError)?.description.hasSuffix("write it like `linux/arm64`") == true
        }
    }

    @Test(
        "a machine ranks what it can run, its own first",
        arguments: [
            ("linux/amd64", "linux/amd64", 0), ("linux/amd64", "linux/386", 1),
            ("linux/amd64", "linux/arm64", nil), ("linux/amd64", "windows/amd64", nil),
            ("linux/amd64", "linux/amd64/v3", nil), ("linux/amd64/v3", "linux/amd64/v3", 0),
            ("linux/amd64/v3", "linux/amd64", 2), ("linux/amd64/v3", "linux/386", 3),
            ("linux/arm64", "linux/arm64/v8", 0), ("linux/arm64/v8", "linux/arm64", 0),
            ("linux/arm64", "linux/arm/v8", 1), ("linux/arm64", "linux/arm/v5", 4),
            ("linux/arm64", "linux/arm64/v9", nil), ("linux/arm64/v9", "linux/arm64", 6),
            ("linux/arm64/v8.2", "linux/arm64/v8.1", 1), ("linux/arm64/v9.2", "linux/arm64/v8.7", 3),
            ("linux/arm/v7", "linux/arm/v6", 1), ("linux/arm/v7", "linux/arm", 0),
            ("linux/arm/v6", "linux/arm/v7", nil), ("linux/arm/v5", "linux/arm/v5", 0),
            ("linux/386", "linux/amd64", nil), ("linux/riscv64", "linux/riscv64", 0),
        ] as [(String, String, Int?)])
    func ranks(machine: String, image: String, rank: Int?) throws {
        let machine = try Platform(machine, host: Self.host)

        #expect(try machine.rank(of: Platform(image, host: Self.host)) == rank)
    }

    @Test(
        "an odd variant never traps",
        arguments: ["v", "v-1", "v99999999999999999999", "v8.", "v8.99", "v9.-1", "vé"])
    func oddVariants(variant: String) {
        for name in ["amd64", "arm", "arm64"] {
            let odd = Platform(architecture: name, os: "linux", variant: variant)
            #expect(odd.rank(of: odd) == 0)
        }
    }

    private func entry(_ number: UInt8, _ platform: Platform?, _ type: MediaType = .ociManifest) -> Descriptor
    {
        Descriptor(mediaType: type, digest: Populated.digest(number), size: 1, platform: platform)
    }

    @Test("of an index a machine gets its own, then what it also runs, then what names no platform")
    func selects() {
        let unknown = Platform(architecture: "unknown", os: "unknown")
        var index = ImageIndex(manifests: [
            entry(0, nil), entry(1, Platform(architecture: "386", os: "linux")), entry(2, unknown),
            entry(3, Self.host, .ociConfig), entry(4, Self.host), entry(5, Self.host),
        ])
        let arm = Platform(architecture: "arm", os: "linux", variant: "v7")

        #expect(index.manifest(for: Self.host)?.digest == Populated.digest(4))
        #expect(index.manifest(for: arm)?.digest == Populated.digest(0))
        #expect(index.platforms.map(\.description) == ["linux/386", "linux/amd64"])
        index.manifests.removeLast(3)
        #expect(index.manifest(for: Self.host)?.digest == Populated.digest(1))
        index.manifests.removeFirst()
        #expect(index.manifest(for: arm) == nil)
    }

    @Test(
        "a layer's type says how it is compressed",
        arguments: [
            ("application/vnd.oci.image.layer.v1.tar", LayerCompression.none, false),
            ("application/vnd.oci.image.layer.v1.tar+gzip", .gzip, false),
            ("application/vnd.oci.image.layer.v1.tar+zstd", .zstd, false),
            ("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", nil, false),
            ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", .gzip, true),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip", .gzip, false),
            ("application/vnd.docker.image.rootfs.diff.tar.zstd", .zstd, false),
            ("application/vnd.docker.image.rootfs.diff.tar", LayerCompression.none, false),
            ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", .gzip, true),
            ("application/vnd.oci.image.config.v1+json", nil, false), ("", nil, false),
        ] as [(String, LayerCompression?, Bool)])
    func layers(text: String, compression: LayerCompression?, isForeign: Bool) {
        let type = MediaType(text)

        #expect(type.compression == compression && type.isLayer == (compression != nil))
        #expect(type.isForeignLayer == isForeign)
        #expect(!type.isIndex && !type.isManifest)
    }

    @Test(
        "an HTTP header's parameters and capitals do not count",
        arguments: [
            "application/vnd.oci.image.index.v1+json", "Application/VND.oci.image.index.v1+JSON",
            "application/vnd.oci.image.index.v1+json; charset=utf-8",
            " application/vnd.oci.image.index.v1+json ;",
        ])
    func headers(text: String) {
        #expect(MediaType(contentType: text) == .ociIndex && MediaType(contentType: text).isIndex)
    }
}
