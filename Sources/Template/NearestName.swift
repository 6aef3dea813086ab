// SPDX-License-Identifier: Apache-2.0
// "did you mean": runs only when a name has already been found wrong.

enum NearestName {
    /// The end of a message about a wrong name: the nearest known one, or a few of those there are.
    static func hint(_ word: String, _ known: [String]) -> String {
        if let nearest = nearest(word, known) { return "; did you mean `\(nearest)`?" }
        guard !known.isEmpty else { return "" }
        let some = known.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
        return "; there is \(some)" + (known.count > 12 ? " and more" : "")
    }

    /// The known name that differs in the fewest letters, at most a third of them; capitals do not count.
    private static func nearest(_ word: String, _ known: [String]) -> String? {
        let wanted = small(word)
        guard wanted.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for name in known where name.utf8.count <= 64 {
            let distance = distance(wanted, small(name))
            guard distance <= max(1, wanted.count / 3), distance < best?.distance ?? .max else { continue }
            best = (name, distance)
        }
        return best?.name
    }

    private static func small(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    /// How many letters are to be put in, taken out, changed, or exchanged with the next one.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before = [Int](repeating: 0, count: other.count + 1)
        var row = Array(0...other.count)
        for (i, left) in one.enumerated() {
            let beforeThat = before
            before = row
            row[0] = i + 1
            for (j, right) in other.enumerated() {
                row[j + 1] = min(before[j] + (left == right ? 0 : 1), before[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left == other[j - 1], one[i - 1] == right {
                    row[j + 1] = min(row[j + 1], beforeThat[j - 1] + 1)
                }
            }
        }
        return row[other.count]
    }
}
