// SPDX-License-Identifier: Apache-2.0
// Random command lines from a fixed seed: a parse ends in an outcome or a typed error, and soon.
import CommandLine
import Testing

/// SplitMix64: the same sequence on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("parsing under load") struct FuzzTests {
    private static let words = [
        "run", "exec", "network", "ls", "rm", "help", "stop", "--", "-", "--help", "-h", "-it", "-itp", "-p=",
        "-t=",
        "--name", "--name=", "--rm=", "--=", "---", "-=", "=", "--network=host", "-e", "A=1", "-\u{E9}",
        "-i\u{E9}",
        "\u{301}", "-t\u{301}", "--na\u{301}me=x", "", "\u{1F600}", "-p\u{1F600}", "--\u{0}", "-V",
        "checkpoint",
        "man", "completion", "zsh", "--rootless", "--root", "-b", "--bundle=x", "-m", "1k", "--v", "-v",
        "--debug=x",
    ]

    @Test("no command line traps", arguments: [Sample.docker, Sample.go].map(\.name), [1, 2, 3] as [UInt64])
    func random(name: String, seed: UInt64) {
        let program = name == "roost" ? Sample.docker : Sample.go
        var generator = SeededGenerator(state: seed)
        for _ in 0..<4000 {
            let count = Int.random(in: 0...8, using: &generator)
            let line = (0..<count).map { _ in Self.word(&generator) }
            do throws(UsageError) {
                let outcome = try program.parse(line)
                _ = try program.builtInText(for: outcome)
                guard case .invocation(let invocation) = outcome else { continue }
                #expect(invocation.positionals.count <= line.count)
                _ = try? invocation.byteSize("memory")
                _ = try? invocation.nanoseconds("timeout")
            } catch { #expect(!error.description.isEmpty) }
        }
    }

    private static func word(_ generator: inout SeededGenerator) -> String {
        let word = words.randomElement(using: &generator) ?? ""
        guard Int.random(in: 0..<4, using: &generator) == 0 else { return word }
        let noise = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        return word + String(decoding: noise, as: UTF8.self)
    }

    @Test("random text is a number or nil, never a trap")
    func quantities() {
        var generator = SeededGenerator(state: 7)
        let alphabet = Array("0123456789..kmgtpbinsuh9999\u{B5} ")
        for _ in 0..<20000 {
            let count = Int.random(in: 0...24, using: &generator)
            let text = String((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) })
            _ = Quantity.bytes(text)
            _ = Quantity.nanoseconds(text)
            _ = Quantity.unsigned(text)
        }
    }

    @Test("a parse takes less than 50 microseconds, ten times that unoptimised")
    func speed() {
        let line = ["--root", "R", "run", "--bundle", "B", "ID"]
        let clock = ContinuousClock()
        var best = Duration.seconds(1)
        for _ in 0..<50 {
            best = min(best, clock.measure { for _ in 0..<20 { _ = try? Sample.go.parse(line) } })
        }
        #if DEBUG
            #expect(best / 20 < .microseconds(500))
        #else
            #expect(best / 20 < .microseconds(50))
        #endif
    }
}
