// SPDX-License-Identifier: Apache-2.0
// What is packed comes back when it is unpacked, and the same directory is the same layer.
import BlobStore
import Foundation
import Kernel
import OCISpec
import Testing

@testable import Transfer

@Suite("Packing")
struct PackerTests {
    private func pack(
        _ path: String, _ store: TestStore, _ options: PackOptions
    ) throws -> (layer: PackedLayer, bytes: [UInt8]) {
        let directory = try OwnedFileDescriptor.open(path, .directory)
        let layer = try Packer.pack(directory.number, into: store.store, options)
        let bytes = try Data(contentsOf: URL(filePath: store.path + "/" + BlobStore.blob(layer.digest)))
        return (layer, Array(bytes))
    }

    /// A tree with all that layers have, in an order that depends on the file system.
    private func sample(_ store: TestStore) throws -> String {
        var tar = TinyTar()
        tar.directory("z", mode: 0o1777, time: 1_500_000_000)
        tar.file("z/f", "content", mode: 0o4755)
        tar.link("z/link", to: "f")
        tar.link("hard", to: "z/f", hard: true)
        tar.extended([
            ("path", Array((String(repeating: "é/", count: 90) + "long").utf8)),
            ("SCHILY.xattr.user.k", [0, 1, 0x0a]), ("mtime", Array("1500000000.000000005".utf8)),
        ])
        tar.file("x", String(repeating: "y", count: 70_000))
        tar.add(TinyTar.Entry(name: Array("p".utf8), type: UInt8(ascii: "6")))
        tar.file(".wh.gone", "")
        tar.file("z/.wh..wh..opq", "")
        return try store.unpack(tar.whole)
    }

    @Test("gives an upper directory back as it was", arguments: [Compression.none, .gzip, .zstd])
    func roundTrip(compression: Compression) throws {
        let store = try TestStore()
        let path = try sample(store)

        let packed = try pack(path, store, PackOptions(isUpper: true, compression: compression))
        let root = try store.unpack(
            packed.bytes,
            ExpectedLayer(digest: packed.layer.digest, size: packed.layer.size, diffID: packed.layer.diffID))
        let again = try pack(root, store, PackOptions(isUpper: true, compression: compression))

        #expect(again.layer == packed.layer)
        #expect(status(root + "/z")?.st_mode == 0o041777)
        #expect(status(root + "/hard")?.st_ino == status(root + "/z/f")?.st_ino)
        #expect(status(root + "/gone")?.st_mode == 0o020000)
        #expect(attribute(root + "/z", "user.overlay.opaque") == [UInt8(ascii: "y")])
        let long = root + "/" + String(repeating: "é/", count: 90) + "long"
        #expect(attribute(long, "user.k") == [0, 1, 0x0a])
        #expect(status(long)?.st_mtim.tv_nsec == 5)
        #expect(text(long)?.utf8.count == 70_000)
    }

    @Test("is read by tar as it stands, in bytewise order")
    func foreignReader() throws {
        let store = try TestStore()
        let packed = try pack(try sample(store), store, PackOptions(isUpper: true, compression: .none))

        let list = String(decoding: try filter(["tar", "-t"], packed.bytes), as: UTF8.self)
            .split(separator: "\n")

        #expect(list.first == ".wh.gone")
        #expect(list.dropFirst(1).prefix(6) == ["hard", "p", "z/", "z/.wh..wh..opq", "z/f", "z/link"])
    }

    @Test("of a whole root leaves out what only overlayfs understands")
    func wholeRoot() throws {
        let store = try TestStore()
        let packed = try pack(try sample(store), store, PackOptions(isUpper: false, compression: .none))

        let list = String(decoding: try filter(["tar", "-t"], packed.bytes), as: UTF8.self)

        #expect(!list.contains(".wh."))
        #expect(list.contains("z/link"))
    }

    @Test("takes later times back to the one that is given")
    func latestTime() throws {
        let store = try TestStore()
        let options = PackOptions(isUpper: true, compression: .gzip, latestTime: 1_400_000_000)
        let first = try sample(store)
        let packed = try pack(first, store, options)
        utimes(first + "/z/f", nil)

        #expect(try pack(first, store, options).layer == packed.layer)
    }

    @Test("refuses a name that would delete something")
    func reservedName() throws {
        let store = try TestStore()
        let path = store.directory.path + "/upper"
        try FileManager.default.createDirectory(atPath: path + "/a/.wh.b", withIntermediateDirectories: true)

        #expect(throws: LayerError("`a/.wh.b` has a name that stands for a deletion in a layer")) {
            try pack(path, store, PackOptions(isUpper: true))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.path + "/ingest") == [])
    }
}
