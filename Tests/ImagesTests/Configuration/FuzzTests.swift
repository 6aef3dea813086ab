// SPDX-License-Identifier: Apache-2.0
// Mutated files of settings and credentials, and mutated addresses: none may trap, and what is read of them must
// be written and read again as the same value.
import Foundation
import JSON
import Testing
import TransferProtocol

@testable import Images

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

@Suite("Mutated configurations")
struct ConfigurationFuzzTests {
    private static let tokens =
        [
            "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1", "0", "1e3", "\\u0000", "4294967296",
            "é", " ",
            "::", "/", "//", "https://", "@", "127.0.0.1", "/8", ".", "..", "=", "dTpw", "[::1]",
        ].map { Array($0.utf8) } + [[0xff], [0xc3]]

    private func mutate(_ text: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = text
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 0...8, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: at)
            case 2: bytes.removeSubrange(at..<end)
            case 3:
                bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
            default: bytes.replaceSubrange(at..<end, with: Self.tokens.randomElement(using: &random) ?? [])
            }
        }
        return bytes
    }

    private static var count: Int {
        (ProcessInfo.processInfo.environment["ROOST_FUZZ_COUNT"].flatMap(Int.init) ?? 1_000_000) / 200
    }

    @Test("settings are read or refused", arguments: 1...3 as ClosedRange<UInt64>)
    func settings(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        let text = Array(
            """
            {"registry-mirrors":["http://m.example:5000/a","https://[::1]:1"],"insecure-registries":["10.0.0.0/8","r:5",
            "fd00::/9"],"max-concurrent-downloads":3,"default-ulimits":{"a":{"Name":"a","Hard":2,"Soft":1}},"hosts":[1.5],
            "dns":["1.1.1.1"],"log-opts":{"a":"b"},"data-root":"/d"}
            """.utf8)
        var read = 0
        for _ in 0..<Self.count {
            var settings = Settings()
            do { try settings.read(mutate(text, &random), file: "/f") } catch {
                #expect(settings == Settings())
                continue
            }
            read += 1
            for mirror in settings.mirrors {
                let again = try? RegistryURL(mirror.text)
                if again != mirror { Issue.record("lost on the way: \(mirror.text)") }
            }
        }
        #expect(read > Self.count / 50 && read < Self.count)
    }

    @Test("config.json is read or refused, and survives a change", arguments: 1...3 as ClosedRange<UInt64>)
    func docker(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        let key = RegistryKey("r:5000")
        let wanted = Credential(username: "u", password: "p")
        let text = Array(
            """
            {"auths":{"https://index.docker.io/v1/":{"auth":"dTpw"},"r:5000":{"identitytoken":"t","auth":"dTo="},
            "http://r:5000/v1/":{}},"credsStore":"s","credHelpers":{"r:5000":"h"},"x":[1.5,null,{"a":true}]}
            """.utf8)
        var read = 0
        for _ in 0..<Self.count {
            let mutant = mutate(text, &random)
            guard var configuration = try? DockerConfiguration(path: "/c", mutant) else { continue }
            read += 1
            _ = try? configuration.credential(for: RegistryKey("docker.io"))
            _ = try? configuration.credential(for: key)
            _ = configuration.helper(for: key)
            configuration.setCredential(wanted, for: key)
            let again = try? DockerConfiguration(path: "/c", configuration.tree.encode(.tabs))
            if again?.tree != configuration.tree || (try? again?.credential(for: key)) != wanted {
                Issue.record("lost on the way: \(String(decoding: mutant, as: UTF8.self))")
            }
        }
        #expect(read > Self.count / 50 && read < Self.count)
    }

    @Test("addresses and hosts are read or refused", arguments: 1...3 as ClosedRange<UInt64>)
    func hosts(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        let texts = ["1:2:3::10.0.0.1", "[fe80::1]:5000", "192.168.100.1/24", "r.example:65535", "fd00::/8"]
        var read = 0
        for index in 0..<Self.count {
            let mutant = String(
                decoding: mutate(Array(texts[index % texts.count].utf8), &random), as: UTF8.self)
            if let address = NetworkAddress(mutant) {
                read += 1
                #expect(NetworkPrefix("\(mutant)/0")?.contains(address) ?? (address.bytes.count == 4))
            }
            if let host = RegistryHost(mutant) {
                read += 1
                #expect(!host.host.contains("/") && host.host != ".." && host == RegistryHost(mutant))
            }
            _ = NetworkPrefix(mutant)
        }
        #expect(read > Self.count / 50)
    }
}
