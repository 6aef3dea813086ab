// SPDX-License-Identifier: Apache-2.0
// Sizes and ages against what docker prints.
import Images
import Testing

@Suite("HumanText")
struct HumanTextTests {
    @Test(
        "a size has as many digits as docker gives it",
        arguments: [
            (0, "0B"), (1, "1B"), (999, "999B"), (1000, "1kB"), (3584, "3.58kB"), (943_000_000, "943MB"),
            (942_600_000, "943MB"), (1_220_000_000, "1.22GB"), (4_261_502, "4.26MB"), (13_256, "13.3kB"),
            (77_823_376, "77.8MB"), (1_000_000_000_000, "1TB"), (-5, "0B"), (100_500, "100kB"),
        ] as [(Int64, String)])
    func size(bytes: Int64, text: String) {
        #expect(HumanText.size(bytes) == text)
    }

    @Test(
        "four digits are for progress",
        arguments: [(30_428_928, "30.43MB"), (1024, "1.024kB")] as [(Int64, String)])
    func fourDigits(bytes: Int64, text: String) {
        #expect(HumanText.size(bytes, digits: 4) == text)
    }

    @Test(
        "an age is told as docker does",
        arguments: [
            (0, "Less than a second"), (1, "1 second"), (28, "28 seconds"), (60, "About a minute"),
            (119, "About a minute"), (37 * 60, "37 minutes"), (3600, "About an hour"),
            (5399, "About an hour"),
            (5400, "2 hours"), (47 * 3600, "47 hours"), (48 * 3600, "2 days"), (7 * 86400, "7 days"),
            (15 * 86400, "2 weeks"), (70 * 86400, "2 months"), (800 * 86400, "2 years"),
        ] as [(Int64, String)])
    func age(seconds: Int64, text: String) {
        #expect(HumanText.duration(seconds: seconds) == text)
    }
}
