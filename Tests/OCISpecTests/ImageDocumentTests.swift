// SPDX-License-Identifier: Apache-2.0
// Indexes, manifests, configurations and layouts: whole round trips, damaged texts, documents that lie.

import JSON
import OCISpec
import Testing

@Suite("Image documents")
struct ImageDocumentTests {
    static let digest = Populated.digest(0xab).text
    static let blob = #"{"mediaType":"a/b","digest":"\#(digest)","size":7}"#

    private func error(_ text: String, _ mediaType: MediaType? = nil) -> String? {
        do throws(JSONError) {
            _ = try ManifestDocument.decode(Array(text.utf8), mediaType: mediaType)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "a document with every field set comes back the same",
        arguments: [.compact, .spaces(2), .tabs] as [JSONWriter.Layout])
    func roundTrips(_ layout: JSONWriter.Layout) throws {
        #expect(try ImageIndex.decode(Populated.index.encode(layout)) == Populated.index)
        #expect(try ImageManifest.decode(Populated.manifest.encode(layout)) == Populated.manifest)
        #expect(try ImageConfig.decode(Populated.config.encode(layout)) == Populated.config)
        #expect(
            try ManifestDocument.decode(Populated.index.encode(layout), mediaType: .ociIndex)
                == .index(Populated.index))
        #expect(
            try ManifestDocument.decode(Populated.manifest.encode(layout), mediaType: .ociManifest)
                == .manifest(Populated.manifest))
    }

    @Test("a value of another type is refused at its place")
    func wrongTypes() throws {
        #expect(try WrongTypeTests().check(Populated.index) > 250)
        #expect(try WrongTypeTests().check(Populated.manifest) > 350)
        #expect(try WrongTypeTests().check(Populated.config, words: ["Entrypoint", "Cmd", "Shell"]) > 200)
        #expect(try WrongTypeTests().check(ImageLayoutFile()) > 5)
    }

    @Test(
        "a mutated document never traps, and what is read of it survives a round trip",
        arguments: 1...4 as ClosedRange<UInt64>)
    func mutants(_ seed: UInt64) {
        let share = FuzzTests.count / 40
        var read = FuzzTests().fuzz(ManifestDocument.index(Populated.index), share, seed)
        read += FuzzTests().fuzz(ManifestDocument.manifest(Populated.manifest), share, seed + 10)
        read += FuzzTests().fuzz(Populated.config, share, seed + 20)
        read += FuzzTests().fuzz(ImageLayoutFile(), share, seed + 30)

        #expect(read > share / 25 && read < share * 4)
    }

    @Test("nulls stand for lists and maps that are absent, unknown keys are passed over")
    func nulls() throws {
        let config = try ImageConfig.decode(
            Array(
                """
                {"architecture":"amd64","os":"linux","docker_version":"1.6","container_config":{"Cmd":null},
                "config":{"Env":null,"Cmd":"sh","Entrypoint":null,"Volumes":null,"ExposedPorts":null,
                "Labels":null,"OnBuild":null,"Tty":false,"Healthcheck":{"Test":null}},
                "rootfs":{"type":"layers","diff_ids":null},"history":null}
                """.utf8))

        #expect(
            config
                == ImageConfig(
                    platform: Platform(architecture: "amd64", os: "linux"),
                    config: ImageDefaults(cmd: ["sh"], healthcheck: ImageHealthcheck())))
        #expect(
            try ImageManifest.decode(
                Array(#"{"schemaVersion":2,"config":\#(Self.blob),"layers":null,"annotations":null}"#.utf8)
            ).layers == [])
    }

    @Test("no entry point is not an empty one")
    func emptyEntrypoint() throws {
        let text = #"{"Entrypoint":[],"Cmd":[]}"#
        let read = try ImageDefaults.decode(Array(text.utf8))

        #expect(read.entrypoint == [] && read.cmd == [])
        #expect(String(decoding: read.encode(), as: UTF8.self) == text)
        #expect(ImageDefaults().encode() == Array("{}".utf8))
    }

    @Test(
        "without a type the keys decide, a general type decides nothing",
        arguments: [nil, MediaType("application/json"), MediaType("text/plain")])
    func undeclared(_ type: MediaType?) throws {
        let index = #"{"schemaVersion":2,"manifests":[\#(Self.blob)]}"#
        let manifest = #"{"schemaVersion":2,"config":\#(Self.blob),"layers":[]}"#

        guard case .index(let read) = try ManifestDocument.decode(Array(index.utf8), mediaType: type),
            case .manifest = try ManifestDocument.decode(Array(manifest.utf8), mediaType: type)
        else { throw TestFailure() }
        #expect(read.manifests.map(\.size) == [7])
        #expect(error(#"{"schemaVersion":2}"#, type) == "neither `manifests` nor `config`")
        #expect(error(#"{"schemaVersion":2,"layers":[]}"#, type) == "missing `config`")
    }

    private struct TestFailure: Error {}

    @Test("a document that could be read in two ways is refused")
    func ambiguous() {
        let index = #""schemaVersion":2,"manifests":[]"#
        let manifest = #""schemaVersion":2,"config":\#(Self.blob),"layers":[]"#
        let oci = MediaType.ociIndex.text

        #expect(
            error(#"{\#(index),"layers":[]}"#) == "both `manifests` and `layers`: neither index nor manifest")
        #expect(error(#"{\#(index),"config":\#(Self.blob)}"#)?.contains("`config`") == true)
        #expect(
            error(#"{"mediaType":"\#(oci)",\#(index)}"#, .ociManifest)
                == "mediaType: `\(oci)`, but it was sent as `\(MediaType.ociManifest.text)`")
        #expect(error(#"{"mediaType":"\#(oci)",\#(index)}"#, .dockerList)?.hasPrefix("mediaType: ") == true)
        #expect(error("{\(manifest)}", .ociIndex) == "`config` in what was called `\(oci)`")
        #expect(
            error("{\(index)}", .dockerManifest)
                == "`manifests` in what was called `\(MediaType.dockerManifest.text)`")
        #expect(
            error(#"{"mediaType":"\#(MediaType.ociConfig.text)",\#(manifest)}"#)?
                .hasSuffix("is no index and no manifest") == true)
        #expect(error("{\(manifest)}", .ociManifest) == nil)
        #expect(error("{\(index)}", .ociIndex) == nil)
        #expect(decodeError("{\(index)}", as: ImageManifest.self)?.reason.hasPrefix("an index") == true)
        #expect(decodeError("{\(manifest)}", as: ImageIndex.self)?.reason.hasPrefix("a manifest") == true)
    }

    @Test(
        "schema 1 is refused by name",
        arguments: [
            (#"{"schemaVersion":1,"name":"a","fsLayers":[{"blobSum":"x"}]}"#, nil),
            (#"{"schemaVersion":2,"fsLayers":[]}"#, nil),
            ("{}", MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws")),
            ("{}", MediaType("application/vnd.docker.distribution.manifest.v1+json")),
            (#"{"mediaType":"application/vnd.docker.distribution.manifest.v1+json"}"#, nil),
        ] as [(String, MediaType?)])
    func schema1(text: String, type: MediaType?) {
        #expect(error(text, type)?.hasSuffix("push the image again with a newer tool") == true)
    }

    @Test(
        "a version that is not 2 is refused",
        arguments: [
            ("{}", "missing `schemaVersion`"),
            (#"{"schemaVersion":3}"#, "schemaVersion: schema 3 is not known; expected 2"),
        ])
    func version(text: String, message: String) {
        #expect(error(text) == message)
    }

    @Test(
        "a digest is checked, a size is not negative",
        arguments: [
            ("digest", "\"sha256:../../x\""), ("digest", "\"sha512:\(String(repeating: "a", count: 128))\""),
            ("digest", "\"\(digest.uppercased())\""), ("digest", "\"\""), ("size", "-1"), ("size", "1.5"),
            ("size", "9223372036854775808"),
        ])
    func descriptor(key: String, value: String) {
        let other = key == "size" ? #""digest":"\#(Self.digest)""# : #""size":1"#
        let text = #"{"mediaType":"a",\#(other),"\#(key)":\#(value)}"#

        #expect(decodeError(text, as: Descriptor.self)?.place == key)
    }

    @Test("counts and sizes are bounded")
    func bounds() {
        func manifest(_ count: Int) -> String {
            let layers = [String](repeating: Self.blob, count: count).joined(separator: ",")
            return #"{"schemaVersion":2,"config":\#(Self.blob),"layers":[\#(layers)]}"#
        }
        func config(_ count: Int) -> String {
            let layers = [String](repeating: "\"\(Self.digest)\"", count: count).joined(separator: ",")
            return #"{"rootfs":{"type":"layers","diff_ids":[\#(layers)]}}"#
        }
        let padding = String(repeating: " ", count: ManifestDocument.limit - manifest(1).utf8.count)

        #expect(error(manifest(500)) == nil)
        #expect(error(manifest(501)) == "layers[500]: more than 500 elements")
        #expect(decodeError(config(500), as: ImageConfig.self) == nil)
        #expect(decodeError(config(501), as: ImageConfig.self)?.place == "rootfs.diff_ids[500]")
        #expect(error(manifest(1) + padding) == nil)
        #expect(
            error(manifest(1) + padding + " ")?.hasSuffix("bytes are more than the 4194304 allowed") == true)
    }

    @Test("a layout of another version is refused")
    func layout() {
        #expect(ImageLayoutFile().encode() == Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        #expect(
            decodeError(#"{"imageLayoutVersion":"2.0.0"}"#, as: ImageLayoutFile.self)?.place
                == "imageLayoutVersion")
        #expect(decodeError("{}", as: ImageLayoutFile.self) == JSONError("missing `imageLayoutVersion`"))
    }

    @Test("a configuration without rootfs is of no image, one with another type of root is refused")
    func root() {
        #expect(decodeError(#"{"os":"linux"}"#, as: ImageConfig.self) == JSONError("missing `rootfs`"))
        #expect(
            decodeError(#"{"rootfs":{"type":"layers+base"}}"#, as: ImageConfig.self)?.description
                == "rootfs.type: unknown type of root `layers+base`")
    }
}
