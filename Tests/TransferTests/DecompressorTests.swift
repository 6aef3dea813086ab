// SPDX-License-Identifier: Apache-2.0
// What comes out of compressed bytes, and what is refused.
import BlobStore
import Digest
import Foundation
import Kernel
import OCISpec
import Testing

@testable import Transfer

@Suite("Decompression")
struct DecompressorTests {
    private static let plain: [UInt8] = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }

    private func decompress(_ bytes: [UInt8]) throws -> (bytes: [UInt8], digest: ContentDigest) {
        let store = try TestStore()
        var stream = try Decompressor(.file(try store.blob(bytes)))
        var all: [UInt8] = []
        while try stream.advance() {
            all += stream.window
            stream.consume(stream.window.count)
        }
        #expect(stream.compressedCount == bytes.count)
        let digests = stream.digests()
        #expect(digests.compressed == ContentDigest(hash: SHA256.hash(bytes)))
        return (all, digests.content)
    }

    @Test(
        "gives back what was compressed",
        arguments: [["cat"], ["gzip", "-1"], ["gzip", "-9"], ["zstd", "-19"]])
    func roundTrip(program: [String]) throws {
        let found = try decompress(try filter(program, Self.plain))

        #expect(found.bytes == Self.plain)
        #expect(found.digest == ContentDigest(hash: SHA256.hash(Self.plain)))
    }

    @Test("takes several members or frames as one stream", arguments: ["gzip", "zstd"])
    func several(program: String) throws {
        let parts = [
            Self.plain[..<100], Self.plain[100..<100], Self.plain[100..<1_000_000], Self.plain[1_000_000...],
        ]
        let packed = try parts.flatMap { try filter([program, "-c"], Array($0)) }

        #expect(try decompress(packed).bytes == Self.plain)
    }

    @Test("refuses what is cut off, damaged or followed by something else", arguments: ["gzip", "zstd"])
    func damaged(program: String) throws {
        let packed = try filter([program, "-c"], Self.plain)
        var flipped = packed
        flipped[packed.count / 2] ^= 0x40
        let sentences = [
            Array(packed.dropLast(3)): "its compressed data end too early",
            packed + [UInt8](1...32): "its compressed data are damaged",
            flipped: "its compressed data are damaged",
        ]

        for (bytes, sentence) in sentences {
            #expect(throws: LayerError(sentence)) { try decompress(bytes) }
        }
    }

    @Test(
        "names a compression that it cannot read",
        arguments: [[0x42, 0x5a, 0x68, 0x39, 0, 0], [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]])
    func unknown(bytes: [UInt8]) {
        #expect(throws: LayerError.self) { try decompress(bytes) }
    }

    @Test("reads behind a file that grows, begins anew, and ends")
    func growing() throws {
        let store = try TestStore()
        let packed = try filter(["gzip", "-c"], Self.plain)
        let path = store.directory.path + "/partial"
        let file = GrowingFile(
            owning: try OwnedFileDescriptor.open(path, [.readWrite, .create], permissions: 0o600))
        let writer = try RunningThread {
            for start in stride(from: 0, to: packed.count, by: 1000) {
                if start == 20_000 {
                    file.reset()
                    try? file.append(Array(packed[..<start]))
                }
                try? file.append(Array(packed[start..<min(start + 1000, packed.count)]))
            }
            file.complete()
        }

        var stream = try Decompressor(.file(file))
        var all: [UInt8] = []
        while try stream.advance() {
            all += stream.window
            stream.consume(stream.window.count)
        }
        writer.join()

        #expect(all == Self.plain)
        #expect(file.position == Int64(packed.count))
    }

    @Test("what begins anew is the same bytes, or an error: the file never has what was not read")
    func beginsAnew() throws {
        let store = try TestStore()
        let file = GrowingFile(
            owning: try OwnedFileDescriptor.open(
                store.directory.path + "/partial", [.readWrite, .create], permissions: 0o600))
        let bytes = Array(0..<UInt8(200))
        try file.append(Array(bytes[..<100]))

        file.reset()
        try file.append(Array(bytes[..<30]))
        #expect(file.count == 100)
        try file.append(Array(bytes[30..<150]))
        try file.append(Array(bytes[150...]))
        #expect(try file.digest() == ContentDigest(hash: SHA256.hash(bytes)))

        file.reset()
        #expect(throws: LayerError(GrowingFile.differs)) { try file.append([0, 1, 2, 4]) }
        #expect(try file.digest() == ContentDigest(hash: SHA256.hash(bytes)))
    }

    @Test("ends with the reason when the file does not come")
    func failed() throws {
        let store = try TestStore()
        let file = GrowingFile(
            owning: try OwnedFileDescriptor.open(
                store.directory.path + "/partial", [.readWrite, .create], permissions: 0o600))
        let writer = try RunningThread {
            try? file.append([1, 2, 3, 4, 5, 6, 7, 8])
            file.fail("the connection broke")
        }
        var failure: LayerError?
        do throws(LayerError) {
            var stream = try Decompressor(.file(file))
            try stream.drain()
        } catch { failure = error }
        writer.join()

        #expect(failure == LayerError("the connection broke"))
    }
}
