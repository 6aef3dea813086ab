// SPDX-License-Identifier: Apache-2.0
// Which of several rules with conditions decides, when more than one holds. With one action it does not
// matter. With several, libseccomp's order: its tree asks higher arguments first, upper words before lower,
// `==` and `!=` before `<` before `>`, larger values first, for `<` smaller ones.
internal import OCISpec

enum SeccompOrder {
    /// A rule, ready to be written.
    struct Entry {
        var verdict: SeccompVerdict
        var conditions: [SeccompCondition]
        var source: Int
    }

    /// The rules of a list in the order in which they are asked.
    static func order(_ policy: SeccompPolicy, _ list: Int, wide: Bool) throws(SeccompError) -> [Entry] {
        let links = policy.list(list)
        guard links.count <= SeccompAssembler.mostInstructions else { throw tooMany(links.count) }
        var entries = links.map { link in
            Entry(
                verdict: policy.rules[link.rule].verdict,
                conditions: policy.conditions(of: link, wide: wide), source: policy.rules[link.rule].source)
        }
        // Before what takes time squared.
        let least = entries.reduce(0) { sum, entry in
            sum + entry.conditions.reduce(0) { $0 + $1.leastInstructions(wide: wide) }
        }
        guard least <= SeccompAssembler.mostInstructions else { throw tooMany(links.count) }
        let first = entries[0].verdict
        if entries.allSatisfy({ $0.verdict == first }) { return entries }
        try refuseContradictions(entries)
        // Insertion keeps the order of equals, which sort(by:) does not promise.
        for index in entries.indices.dropFirst() {
            let entry = entries[index]
            var place = index
            while place > 0, precedes(entry, entries[place - 1], wide: wide) {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
        return entries
    }

    private static func tooMany(_ count: Int) -> SeccompError {
        SeccompError(
            "",
            "\(count) rules with conditions for one system call are more than fit into a filter; make the"
                + " profile smaller")
    }

    /// Rules that say two things of the same call are an error in libseccomp too: equal conditions, or fewer
    /// conditions behind a rule that goes on from them.
    private static func refuseContradictions(_ entries: [Entry]) throws(SeccompError) {
        for (index, entry) in entries.enumerated() {
            for earlier in entries[..<index] where earlier.verdict != entry.verdict {
                guard earlier.conditions.count >= entry.conditions.count,
                    earlier.conditions.starts(with: entry.conditions),
                    !isRedundant(earlier, among: entries[..<index])
                else { continue }
                throw SeccompError(
                    "syscalls[\(entry.source)]",
                    "contradicts `syscalls[\(earlier.source)]`: the same conditions, another action")
            }
        }
    }

    /// Whether another rule says the same of more calls.
    private static func isRedundant(_ entry: Entry, among others: ArraySlice<Entry>) -> Bool {
        others.contains { other in
            other.verdict == entry.verdict && other.conditions.count < entry.conditions.count
                && other.conditions.allSatisfy { entry.conditions.contains($0) }
        }
    }

    private struct Node {
        var place: UInt32
        var rank: Int
        var value: UInt32
        var growsDown: Bool
    }

    private static func precedes(_ a: Entry, _ b: Entry, wide: Bool) -> Bool {
        let (left, right) = (nodes(a, wide), nodes(b, wide))
        for (one, other) in zip(left, right) {
            if one.place != other.place { return one.place > other.place }
            if one.rank != other.rank { return one.rank > other.rank }
            if one.value != other.value {
                return one.growsDown ? one.value < other.value : one.value > other.value
            }
        }
        return left.count < right.count
    }

    private static func nodes(_ entry: Entry, _ wide: Bool) -> [Node] {
        var nodes: [Node] = []
        for condition in entry.conditions {
            let isOrdered = condition.test == .greater || condition.test == .greaterOrEqual
            let isLess = isOrdered && condition.isNegated
            let rank = !isOrdered ? 3 : isLess ? 2 : 1
            if wide {
                nodes.append(
                    Node(
                        place: condition.argument << 1 | 1, rank: rank,
                        value: UInt32(truncatingIfNeeded: condition.value >> 32), growsDown: isLess))
            }
            nodes.append(
                Node(
                    place: condition.argument << 1, rank: rank,
                    value: UInt32(truncatingIfNeeded: condition.value), growsDown: isLess))
        }
        return nodes
    }
}
