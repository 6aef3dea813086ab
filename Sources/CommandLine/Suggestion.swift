// SPDX-License-Identifier: Apache-2.0
// "did you mean": the nearest known word by edits. Runs only when a command line has already failed.

/// The optimal string alignment form of Damerau-Levenshtein: insert, delete, replace, swap neighbours.
func editDistance(_ left: String, _ right: String) -> Int {
    let a = Array(left.utf8)
    let b = Array(right.utf8)
    var previous = [Int](repeating: 0, count: b.count + 1)
    var row = Array(0...b.count)
    for i in a.indices {
        let beforePrevious = previous
        previous = row
        row[0] = i + 1
        for j in b.indices {
            let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
            row[j + 1] = min(replaced, previous[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                row[j + 1] = min(row[j + 1], beforePrevious[j - 1] + 1)
            }
        }
    }
    return row[b.count]
}

/// The nearest candidate within two edits (one for words of up to three letters), else the only one
/// that begins with the word; nil when nothing is near. Words above 64 bytes get none.
func closestMatch(to word: String, among candidates: [String]) -> String? {
    guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
    let limit = word.utf8.count <= 3 ? 1 : 2
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let distance = editDistance(word, candidate)
        if distance <= limit, distance < candidate.utf8.count, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    if let best { return best.name }
    let longer = candidates.filter { $0.hasPrefix(word) }
    return longer.count == 1 ? longer[0] : nil
}
