// SPDX-License-Identifier: Apache-2.0
// What is left of layers that were not finished, and what digests guard.
import BlobStore
import Digest
import Foundation
import Kernel
import OCISpec
import Testing

@testable import Transfer

@Suite("Unfinished layers")
struct LayerSweepTests {
    @Test("a sweep takes what nobody works on, and leaves the rest")
    func sweep() throws {
        let store = try TestStore()
        let left = store.path + "/layers/0123456789abcdef.tmp/fs/a/b/c"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        try "x".write(toFile: left + "/f", atomically: false, encoding: .utf8)
        var tar = TinyTar()
        tar.file("kept", "kept")
        let unpacker = try store.unpacker(tar.whole)
        let layer = try unpacker.wait()

        let count = try LayerSweep.run(store.store)
        try unpacker.finish(as: layer.diffID, lower: [])

        #expect(count == 1)
        #expect(text(store.path + "/" + BlobStore.layerFiles(layer.diffID) + "/kept") == "kept")
        #expect(store.leftovers == [])
        #expect(
            text(store.path + "/" + BlobStore.layer(layer.diffID) + "/layer.json")
                == #"{"diffID":"\#(layer.diffID.text)","size":4}"#)
    }

    @Test("a layer with another digest, diff ID or size gets no name")
    func digests() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("a")
        let right = ContentDigest(hash: SHA256.hash(tar.whole))
        let wrong = ContentDigest(hash: SHA256.hash([1]))
        let size = Int64(tar.whole.count)

        for expected in [
            ExpectedLayer(digest: wrong), ExpectedLayer(size: size + 1), ExpectedLayer(diffID: wrong),
        ] {
            #expect(throws: LayerError.self) { try store.unpack(tar.whole, expected) }
        }
        _ = try store.unpack(tar.whole, ExpectedLayer(digest: right, size: size, diffID: right))

        #expect(store.leftovers == [])
    }

    @Test("the second of two that unpack the same layer is as good as the first")
    func twice() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("a", "1")
        let first = try store.unpacker(tar.whole)
        let second = try store.unpacker(tar.whole)
        let layer = try first.wait()
        #expect(try second.wait() == layer)

        try first.finish(as: layer.diffID, lower: [])
        try second.finish(as: layer.diffID, lower: [])

        #expect(text(store.path + "/" + BlobStore.layerFiles(layer.diffID) + "/a") == "1")
    }
}
