// SPDX-License-Identifier: Apache-2.0
// Numbers, sizes, durations, and word distance.
import Testing

@testable import CommandLine

@Suite("Quantity") struct QuantityTests {
    @Test(
        "unsigned numbers are digits only and must fit",
        arguments: [
            ("0", 0), ("007", 7), ("18446744073709551615", UInt64.max), ("18446744073709551616", nil),
            ("", nil),
            ("-1", nil), ("+1", nil), (" 1", nil), ("0x10", nil), ("1e3", nil), ("\u{661}", nil),
        ] as [(String, UInt64?)])
    func unsigned(text: String, value: UInt64?) {
        #expect(Quantity.unsigned(text) == value)
    }

    @Test(
        "sizes have docker's units",
        arguments: [
            ("1024b", 1024), ("1024", 1024), ("64k", 65536), ("64K", 65536), ("512m", 536_870_912),
            ("1g", 1 << 30),
            ("1GiB", 1 << 30), ("1gb", 1 << 30), ("2t", 2 << 40), ("1p", 1 << 50), ("1.5g", 3 << 29),
            ("1 m", 1 << 20),
            ("0.5k", 512), ("1.k", nil), (".5k", nil), ("k", nil), ("1kk", nil), ("1x", nil), ("-1k", nil),
            ("", nil),
            ("99999999999p", nil), ("18446744073709551615", .max), ("16384p", nil), ("16383p", 16383 << 50),
        ] as [(String, UInt64?)])
    func bytes(text: String, value: UInt64?) {
        #expect(Quantity.bytes(text) == value)
    }

    @Test(
        "durations are Go's",
        arguments: [
            ("10s", 10_000_000_000), ("1m30s", 90_000_000_000), ("500ms", 500_000_000),
            ("1.5h", 5_400_000_000_000),
            ("0", 0), ("3us", 3000), ("3\u{B5}s", 3000), ("7ns", 7), ("1.0000000001s", 1_000_000_000),
            ("10", nil),
            ("s", nil), ("", nil), ("-1s", nil), ("1d", nil), ("2562048h", nil), ("1s 1s", nil),
        ] as [(String, Int64?)])
    func nanoseconds(text: String, value: Int64?) {
        #expect(Quantity.nanoseconds(text) == value)
    }

    @Test("a typed accessor names the flag in its error")
    func accessors() throws {
        let good = try Sample.invocation(Sample.docker, "run -m 64k box")
        let bad = try Sample.invocation(Sample.docker, "run -m 64q box")
        let stop = try Sample.invocation(Sample.docker, "stop -t 1m30s box")

        #expect(try good.byteSize("memory") == 65536)
        #expect(try good.unsigned("name") == nil)
        #expect(try stop.duration("timeout") == .seconds(90))
        #expect {
            _ = try bad.byteSize("memory")
        } throws: {
            ($0 as? UsageError)?.message
                == "invalid argument \"64q\" for \"-m, --memory\" flag: "
                + "want a size such as `64k`, `512m` or `1g`"
        }
    }

    @Test(
        "edits are counted, a swap of neighbours as one",
        arguments: [
            ("run", "rnu", 1), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0), ("kitten", "sitting", 3),
        ])
    func distance(left: String, right: String, edits: Int) {
        #expect(editDistance(left, right) == edits)
    }

    @Test("nothing far away is suggested")
    func farAway() {
        #expect(closestMatch(to: "xyz", among: ["run", "stop"]) == nil)
        #expect(closestMatch(to: "ch", among: ["checkpoint", "stop"]) == "checkpoint")
        #expect(closestMatch(to: String(repeating: "a", count: 5000), among: ["run"]) == nil)
    }
}
