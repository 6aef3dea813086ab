// SPDX-License-Identifier: Apache-2.0
// Mutated tars and compressed tars: an error or a layer, never a crash, never a file outside.
// ROOST_FUZZ_SEED and ROOST_FUZZ_COUNT choose others.
import Foundation
import Testing

@testable import Transfer

/// SplitMix64: the same seed gives the same run.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Mutated layers")
struct LayerFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["ROOST_FUZZ_SEED"].flatMap(UInt64.init) ?? 7
    private static let count = environment["ROOST_FUZZ_COUNT"].flatMap(Int.init) ?? 900

    private static func sample() -> [UInt8] {
        var tar = TinyTar()
        tar.directory("a/")
        tar.file("a/b", "content")
        tar.link("a/l", to: "/../../x")
        tar.link("h", to: "a/b", hard: true)
        tar.extended([
            ("path", Array("a/long".utf8)), ("SCHILY.xattr.user.k", [1]), ("mtime", Array("1.5".utf8)),
        ])
        tar.file("x", "pax")
        tar.extended([("GNU.sparse.size", Array("20".utf8)), ("GNU.sparse.map", Array("0,2,8,1".utf8))])
        tar.file("s", "abc")
        tar.add(TinyTar.Entry(type: UInt8(ascii: "L"), content: Array("a/../long/name\u{0}".utf8)))
        tar.file("short")
        tar.file("a/.wh.b", "")
        tar.file(".wh..wh..opq", "")
        tar.add(TinyTar.Entry(name: Array("p".utf8), type: UInt8(ascii: "6")))
        return tar.whole
    }

    // Changes bytes; of a header's the sum is mended half the time, so that mutants get further.
    private static func mutate(_ bytes: inout [UInt8], _ random: inout Random, isTar: Bool) {
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: bytes[place] = [0, 0x2f, 0x2e, 0x37, 0x80, 0xff][Int.random(in: 0..<6, using: &random)]
            case 3:
                let from = Int.random(in: 0..<bytes.count, using: &random) & ~511
                let to = place & ~511
                for index in 0..<min(512, bytes.count - max(from, to)) {
                    bytes[to + index] = bytes[from + index]
                }
            default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0...64, using: &random)))
            }
            if isTar, Bool.random(using: &random) { mendSum(&bytes, place & ~511) }
        }
    }

    private static func mendSum(_ bytes: inout [UInt8], _ start: Int) {
        guard start + 512 <= bytes.count else { return }
        for index in 148..<156 { bytes[start + index] = 0x20 }
        let sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        for (index, byte) in (Array(padded.utf8) + [0]).enumerated() { bytes[start + 148 + index] = byte }
    }

    private func run(_ sample: [UInt8], isTar: Bool, count: Int) throws {
        var random = Random(state: Self.seed)
        let store = try TestStore()
        let outside = store.directory.path + "/x"
        let options = UnpackOptions(isPrivileged: false, mostEntries: 100, mostBytes: 1 << 20)
        var refused = 0
        for _ in 0..<count {
            var bytes = sample
            Self.mutate(&bytes, &random, isTar: isTar)
            if try store.refusal(bytes, options) != nil { refused += 1 }
        }

        #expect(status(outside) == nil)
        #expect(refused > count / 20 && refused < count)
        #expect(store.leftovers == [])
        let names = try FileManager.default.contentsOfDirectory(atPath: store.directory.path)
        #expect(names.allSatisfy { $0 == "store" || $0.hasPrefix("blob-") })
    }

    @Test("tars")
    func tars() throws { try run(Self.sample(), isTar: true, count: Self.count) }

    @Test("gzip and zstd", arguments: ["gzip", "zstd"])
    func compressed(program: String) throws {
        try run(try filter([program, "-c"], Self.sample()), isTar: false, count: Self.count / 3)
    }
}
