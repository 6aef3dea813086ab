// SPDX-License-Identifier: Apache-2.0
// Archives of images: what is saved is loaded, what others wrote is loaded, what lies is refused.
import BlobStore
import Digest
import Foundation
import JSON
import Kernel
import OCISpec
import Testing

@testable import Transfer

@Suite("Archives of images")
struct ArchiveTests {
    private static let name = "docker.io/library/sample:1"

    private func load(_ bytes: [UInt8], _ store: TestStore) throws -> [LoadedImage] {
        let path = store.directory.path + "/archive-" + RandomName.make()
        try Data(bytes).write(to: URL(filePath: path))
        let input = try OwnedFileDescriptor.open(path)
        return try ArchiveReader.load(input.number, into: store.store, try Lease(store.store))
    }

    /// An image of one layer, made by import.
    private func image(_ store: TestStore) throws -> Descriptor {
        var tar = TinyTar()
        tar.file("etc/motd", "hello")
        let path = store.directory.path + "/root.tar"
        try Data(try filter(["gzip", "-c"], tar.whole)).write(to: URL(filePath: path))
        let input = try OwnedFileDescriptor.open(path)
        let sample = #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#
        let platform = try ImageConfig.decode(Array(sample.utf8)).platform
        return try ArchiveImport.run(
            input.number, ImageConfig(platform: platform), into: store.store, try Lease(store.store))
    }

    private func save(
        _ descriptor: Descriptor, _ store: TestStore, _ format: ArchiveFormat,
        _ compression: Compression = .none
    ) throws -> [UInt8] {
        let path = store.directory.path + "/saved"
        do {
            let output = try OwnedFileDescriptor.open(path, [.write, .create, .truncate])
            try ArchiveWriter.save(
                [ArchivedImage(descriptor: descriptor, names: [Self.name])], from: store.store,
                to: output.number, format, compression)
        }
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    @Test(
        "what is saved is loaded by another store",
        arguments: [
            (ArchiveFormat.docker, Compression.none), (.docker, .gzip), (.oci, .zstd),
        ])
    func roundTrip(format: ArchiveFormat, compression: Compression) throws {
        let first = try TestStore()
        let second = try TestStore()
        let descriptor = try image(first)

        let bytes = try save(descriptor, first, format, compression)
        let loaded = try load(bytes, second)

        #expect(loaded == [LoadedImage(descriptor: descriptor, names: [Self.name])])
        #expect(try save(loaded[0].descriptor, second, format, compression) == bytes)
    }

    @Test(
        "skopeo reads what is saved",
        .enabled(if: getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/skopeo")),
        arguments: [(ArchiveFormat.docker, "docker-archive"), (.oci, "oci-archive")])
    func skopeo(format: ArchiveFormat, transport: String) throws {
        let store = try TestStore()
        _ = try save(try image(store), store, format)

        let text = String(
            decoding: try filter(["skopeo", "inspect", "\(transport):\(store.directory.path)/saved"], []),
            as: UTF8.self)

        #expect(text.contains("\"Architecture\": \"amd64\""), "\(text)")
    }

    /// A docker archive as docker before 25 and podman write it.
    private func dockerArchive(config: String, layers: String) -> [UInt8] {
        var layer = TinyTar()
        layer.file("x", "layer")
        let digest = ContentDigest(hash: SHA256.hash(layer.whole)).text
        var tar = TinyTar()
        tar.file(
            "manifest.json",
            #"[{"Config":"\#(config)","RepoTags":["sample:1"],"Layers":\#(layers)}]"#)
        tar.directory("one")
        tar.add(TinyTar.Entry(name: Array("one/layer.tar".utf8), content: layer.whole))
        tar.link("two/layer.tar", to: "../one/layer.tar")
        let config =
            #"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["#
            + "\"\(digest)\",\"\(digest)\"]}}"
        tar.file("config.json", config)
        return tar.whole
    }

    @Test("a docker archive's layers are kept as they are, links among them followed")
    func docker() throws {
        let store = try TestStore()

        let loaded = try load(
            dockerArchive(config: "config.json", layers: #"["one/layer.tar","two/layer.tar"]"#), store)
        let manifest: ImageManifest = try ArchiveContents.decode(
            loaded[0].descriptor.digest, "manifest", store.store)
        let config: ImageConfig = try ArchiveContents.decode(manifest.config.digest, "config", store.store)

        #expect(loaded[0].names == ["sample:1"])
        #expect(manifest.layers.map(\.digest) == config.diffIDs)
        #expect(manifest.layers.map(\.mediaType) == [.ociLayer, .ociLayer])
    }

    @Test(
        "what an archive names and does not have is an error",
        arguments: [
            (
                "missing.json", #"["one/layer.tar","two/layer.tar"]"#,
                "it names `missing.json` and does not have it"
            ),
            (
                "config.json", #"["one/layer.tar","../../etc/passwd"]"#,
                "`../../etc/passwd` leads out of the layer"
            ),
            ("config.json", #"["one/layer.tar"]"#, "`config.json` tells of 2 layers, `manifest.json` of 1"),
        ])
    func lies(config: String, layers: String, sentence: String) throws {
        let store = try TestStore()

        #expect(throws: LayerError(sentence)) {
            try load(dockerArchive(config: config, layers: layers), store)
        }
    }

    @Test("a blob under a wrong digest is refused, and a tar without images")
    func wrongDigest() throws {
        let store = try TestStore()
        var tar = TinyTar()
        let path = "blobs/sha256/" + String(repeating: "0", count: 64)
        tar.extended([("path", Array(path.utf8))])
        tar.file("short", "not that")
        var other = TinyTar()
        other.file("README", "hello")

        #expect(throws: LayerError.self) { try load(tar.whole, store) }
        #expect(!FileManager.default.fileExists(atPath: store.path + "/" + path))
        #expect(
            throws: LayerError("it is no archive of images: it has neither `index.json` nor `manifest.json`")
        ) {
            try load(other.whole, store)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.path + "/ingest") == [])
    }

    @Test("a directory is exported as a tar, to a pipe or a file")
    func export() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("a/b", "exported")
        let root = try OwnedFileDescriptor.open(try store.unpack(tar.whole), .directory)
        let path = store.directory.path + "/exported.tar"
        do {
            let output = try OwnedFileDescriptor.open(path, [.write, .create])
            _ = try Packer.export(
                root.number, to: output.number, PackOptions(isUpper: false, compression: .none))
        }

        #expect(try filter(["tar", "-xOf", path, "a/b"], []) == Array("exported".utf8))
    }
}
