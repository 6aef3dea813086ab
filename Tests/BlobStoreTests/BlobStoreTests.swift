// SPDX-License-Identifier: Apache-2.0
// What is in the store is whole, and what broke off leaves nothing.
import BlobStore
import Digest
import Kernel
import OCISpec
import Testing

@Suite("BlobStore")
struct BlobStoreTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func names(_ path: String) throws -> [String] {
        let opened = try OwnedFileDescriptor.open(directory.path + "/" + path, .directory)
        return try Files.names(in: opened).sorted()
    }

    @Test("a new store is an image layout")
    func layout() throws {
        _ = try BlobStore.open(directory.path + "/a/store")

        let text = try Files.read(directory.path + "/a/store/oci-layout")
        #expect(String(decoding: text, as: UTF8.self) == "{\"imageLayoutVersion\":\"1.0.0\"}")
        #expect(try names("a/store/blobs") == ["sha256"])
    }

    @Test("a blob is named by its digest and can be read")
    func put() throws {
        let store = try BlobStore.open(directory.path)

        let digest = try store.put(Array("abc".utf8))

        #expect(digest.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let (isThere, size) = (store.has(digest), store.size(of: digest))
        #expect(isThere)
        #expect(size == 3)
        let bytes = try store.read(digest, limit: 3)
        #expect(bytes == Array("abc".utf8))
        #expect(throws: BlobError.self) { _ = try store.read(digest, limit: 2) }
        #expect(try names("ingest") == [])
    }

    @Test("content of another digest is refused and not kept")
    func wrongDigest() throws {
        let store = try BlobStore.open(directory.path)
        let expected = ContentDigest(hash: SHA256.hash([1]))
        do {
            var writer = try BlobWriter(store)
            try writer.write([2])
            #expect(throws: BlobError.self) { _ = try writer.finish(expected: expected) }
        }

        #expect(try names("ingest") == [])
        #expect(try names("blobs/sha256") == [])
    }

    @Test("a blob that is not there is an error that says what to do")
    func missing() throws {
        let store = try BlobStore.open(directory.path)
        let digest = ContentDigest(hash: SHA256.hash([1]))

        let error = #expect(throws: BlobError.self) { _ = try store.read(digest, limit: 10) }
        #expect(error?.description == "the store has no blob `\(digest.text)`; pull the image again")
    }

    @Test("a lease lists what it keeps and goes with its owner")
    func lease() throws {
        let store = try BlobStore.open(directory.path)
        let digest = try store.put([1])
        let absent = ContentDigest(hash: SHA256.hash([2]))
        do {
            let lease = try Lease(store)
            let (isThere, other) = (
                try lease.keepBlob(digest, in: store), try lease.keepLayer(absent, in: store)
            )
            #expect(isThere)
            #expect(!other)
            let name = try #require(try names("leases").first)
            let text = try Files.read(directory.path + "/leases/" + name)
            #expect(String(decoding: text, as: UTF8.self) == digest.hex + "\n" + absent.hex + "\n")
        }

        #expect(try names("leases") == [])
    }
}
