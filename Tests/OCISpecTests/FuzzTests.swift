// SPDX-License-Identifier: Apache-2.0
// Mutated texts: none may trap or hang, and what is read must be written and read again as the same value.

import Foundation
import JSON
import OCISpec
import Testing

/// A small generator of even quality, the same on every run. See Steele, Lea, Flood (2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

@Suite("Mutated texts")
struct FuzzTests {
    private static let tokens =
        [
            "{", "}", "[", "]", "\"", ",", ":", "null", "true", "false", "-1", "0", "1e3", "1.5", "\\",
            "\\u0000",
            "\\ud800", "\\udc00", "18446744073709551616", "-9223372036854775809", "4294967296", "\u{0}", "é",
            " ", "[[[[[[[[",
        ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80]]

    func mutate(_ text: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = text
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<7, using: &random) {
            case 0 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: at)
            case 3: bytes.removeSubrange(at..<end)
            case 4:
                bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 5: bytes.replaceSubrange(at..<end, with: Self.tokens.randomElement(using: &random) ?? [])
            default: if Int.random(in: 0..<8, using: &random) == 0 { bytes.removeSubrange(at...) }
            }
        }
        return bytes
    }

    /// Mutates the text of a value `count` times; returns how many mutants could still be read.
    func fuzz<Value: JSONValue & Equatable>(_ value: Value, _ count: Int, _ seed: UInt64) -> Int {
        var random = SplitMix64(state: seed)
        let text = value.encode(Bool.random(using: &random) ? .compact : .spaces(1))
        var read = 0
        for _ in 0..<count {
            let mutant = mutate(text, &random)
            guard let value = try? Value.decode(mutant) else { continue }
            read += 1
            let again = try? Value.decode(value.encode())
            if again != value { Issue.record("lost on the way: \(String(decoding: mutant, as: UTF8.self))") }
        }
        return read
    }

    static var count: Int {
        ProcessInfo.processInfo.environment["ROOST_FUZZ_COUNT"].flatMap(Int.init) ?? 1_000_000
    }

    @Test(
        "a mutated text never traps, and what is read of it survives a round trip",
        arguments: 1...4 as ClosedRange<UInt64>)
    func mutants(_ seed: UInt64) {
        let share = Self.count / 4
        var read = fuzz(Populated.spec, share / 50, seed)
        read += fuzz(RuntimeSpec.defaultSpec(), share / 25, seed + 10)
        read += fuzz(Populated.process, share / 5, seed + 20)
        read += fuzz(Populated.resources, share / 10, seed + 30)
        read += fuzz(Populated.seccomp, share / 10, seed + 40)
        read += fuzz(Populated.state, share / 5, seed + 50)
        read += fuzz(Populated.features, share / 20, seed + 60)
        read += fuzz(MountSpec(destination: "/a", options: ["ro", "é\n"]), share * 29 / 100, seed + 70)

        #expect(read > share / 100 && read < share)
    }

    @Test(
        "a profile that is left unread ends where it ends",
        arguments: [
            #"{}"#, #"{ "a" : "}" }"#, #"{"a":"\"}","b":{"c":"\\"},"d":[{}]}"#, "{\"{\":\"\\u007b\"}",
        ])
    func end(_ profile: String) throws {
        let text = #"{"ociVersion":"1.0.0","linux":{"seccomp": \#(profile),"cgroupsPath":"/a"}}"#

        let (spec, unread) = try RuntimeSpec.decodeLeaving(Array(text.utf8))

        #expect(unread.map { String(decoding: $0, as: UTF8.self) } == profile)
        #expect(spec.linux?.cgroupsPath == "/a" && spec.linux?.seccomp == nil)
    }

    @Test(
        "a configuration whose profile is left unread is the one that is read whole",
        arguments: 1...4 as ClosedRange<UInt64>)
    func unread(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        let text = Populated.spec.encode(seed == 1 ? .tabs : .compact)
        let profile = (try? RuntimeSpec.decodeLeaving(text))?.unread
        #expect(profile.flatMap { try? SeccompSpec.decode(Array($0)) } == Populated.spec.linux?.seccomp)
        var alike = 0
        for _ in 0..<Self.count / 200 {
            let mutant = mutate(text, &random)
            let whole = try? RuntimeSpec.decode(mutant)
            let quick = try? RuntimeSpec.decodeLeaving(mutant)
            // What is known to be a profile stands for it, wherever that was damaged.
            guard whole != nil || quick?.unread == profile else { continue }
            var joined = quick?.value
            if let unread = quick?.unread { joined?.linux?.seccomp = try? SeccompSpec.decode(Array(unread)) }
            if joined != whole { Issue.record("read otherwise: \(String(decoding: mutant, as: UTF8.self))") }
            alike += 1
        }

        #expect(alike > 0)
    }
}
