// SPDX-License-Identifier: Apache-2.0
// Writes the program of a policy: which architecture, then a search over ranges of numbers, then conditions.
internal import OCISpec

/// Offsets of `struct seccomp_data`, little endian.
private enum Offset {
    static let number: UInt32 = 0
    static let architecture: UInt32 = 4
    static func low(_ argument: UInt32) -> UInt32 { 16 + 8 * argument }
    static func high(_ argument: UInt32) -> UInt32 { 20 + 8 * argument }
}

/// Writes one program.
struct SeccompWriter {
    private let policy: SeccompPolicy
    private(set) var assembler = SeccompAssembler()
    /// Where lists of rules were written, for calls that share one.
    private var lists: [(list: Int, place: Int)] = []
    private var wide = true

    init(_ policy: SeccompPolicy) { self.policy = policy }

    /// The whole program, or what fits of it.
    mutating func write() throws(SeccompError) -> [UInt64] {
        var chain = assembler.ret(.killThread)
        var sections: [(token: UInt32, place: Int)] = []
        // The first architecture is written last: it stands near the beginning.
        for group in groups().reversed() {
            let place = try section(group)
            sections.append((group[0].architecture.auditToken, place))
        }
        for section in sections {
            chain = assembler.branch(.equal, section.token, yes: section.place, no: chain)
            // A verdict may have been written in between: the next comparison stands right before this one.
        }
        _ = assembler.load(Offset.architecture, before: chain)
        return assembler.instructions
    }

    /// x86_64 and x32 come in under one name: together.
    private func groups() -> [[ArchitecturePolicy]] {
        var groups: [[ArchitecturePolicy]] = []
        for one in policy.architectures {
            if let index = groups.firstIndex(where: {
                $0[0].architecture.auditToken == one.architecture.auditToken
            }) {
                groups[index].append(one)
                groups[index].sort { $0.architecture.firstNumber < $1.architecture.firstNumber }
            } else {
                groups.append([one])
            }
        }
        return groups
    }

    private mutating func section(_ group: [ArchitecturePolicy]) throws(SeccompError) -> Int {
        lists.removeAll(keepingCapacity: true)
        let ranges = Self.ranges(of: group, standard: policy.standard)
        let wides = group.map { $0.architecture.has64BitWords }
        let mark = SeccompArchitecture.x32.firstNumber
        let top = try search(ranges[...]) { number in
            group.count == 1 ? wides[0] : wides[number >= mark ? 1 : 0]
        }
        return assembler.load(Offset.number, before: top)
    }

    /// The ranges of one or two tables, from 0 on.
    static func ranges(of group: [ArchitecturePolicy], standard: SeccompVerdict) -> [SeccompRange] {
        let mark = SeccompArchitecture.x32.firstNumber
        let kill = SeccompOutcome(.killThread)
        var ranges: [SeccompRange] = []
        func append(_ first: UInt32, _ outcome: SeccompOutcome) {
            if ranges.last?.outcome != outcome { ranges.append(SeccompRange(first: first, outcome: outcome)) }
        }
        if group[0].architecture == .x32 { append(0, kill) }
        if group[0].architecture.firstNumber > 0, group[0].architecture != .x32 {
            append(0, SeccompOutcome(standard))
        }
        for part in group { for range in part.ranges { append(range.first, range.outcome) } }
        // The bit of x32, where x32 is not in the filter.
        if group.count == 1, group[0].architecture == .x86_64 { append(mark, kill) }
        // -1 is no call but a tracer's way to skip one.
        append(UInt32.max, SeccompOutcome(standard))
        return ranges
    }

    private mutating func search(
        _ ranges: ArraySlice<SeccompRange>, _ isWide: (UInt32) -> Bool
    ) throws(SeccompError) -> Int {
        if ranges.count == 1 { return try leaf(ranges[ranges.startIndex], isWide) }
        guard !assembler.overflows else { return 0 }
        let middle = ranges.startIndex + ranges.count / 2
        let (left, right) = (ranges[..<middle], ranges[middle...])
        let yes: Int
        let no: Int
        // What is one place can be written where it is needed, after the larger half.
        if right.count == 1 {
            no = try search(left, isWide)
            yes = try search(right, isWide)
        } else {
            yes = try search(right, isWide)
            no = try search(left, isWide)
        }
        return assembler.branch(.greaterOrEqual, ranges[middle].first, yes: yes, no: no)
    }

    private mutating func leaf(
        _ range: SeccompRange, _ isWide: (UInt32) -> Bool
    ) throws(SeccompError) -> Int {
        guard let list = range.outcome.list else { return assembler.ret(range.outcome.verdict) }
        if let known = lists.first(where: { $0.list == list }) { return known.place }
        wide = isWide(range.first)
        let place = try write(try SeccompOrder.order(policy, list, wide: wide))
        lists.append((list, place))
        return place
    }

    // MARK: conditions

    private mutating func write(_ rules: [SeccompOrder.Entry]) throws(SeccompError) -> Int {
        var next = assembler.ret(policy.standard)
        for rule in rules.reversed() {
            guard !assembler.overflows else { break }
            var place = assembler.ret(rule.verdict)
            for condition in rule.conditions.reversed() { place = test(condition, yes: place, no: next) }
            next = place
        }
        return next
    }

    private mutating func test(_ condition: SeccompCondition, yes: Int, no: Int) -> Int {
        let (yes, no) = condition.isNegated ? (no, yes) : (yes, no)
        let (low, high) = (
            UInt32(truncatingIfNeeded: condition.value), UInt32(truncatingIfNeeded: condition.value >> 32)
        )
        let argument = condition.argument
        switch condition.test {
        case .equal:
            let place = compare(.equal, low, Offset.low(argument), yes: yes, no: no)
            return wide ? compare(.equal, high, Offset.high(argument), yes: place, no: no) : place
        case .masked:
            let masks = (
                low: UInt32(truncatingIfNeeded: condition.mask),
                high: UInt32(truncatingIfNeeded: condition.mask >> 32)
            )
            var place = yes
            if masks.low != 0 {
                place = compare(.equal, low, Offset.low(argument), mask: masks.low, yes: place, no: no)
            }
            if wide, masks.high != 0 {
                place = compare(.equal, high, Offset.high(argument), mask: masks.high, yes: place, no: no)
            }
            return place
        case .greater, .greaterOrEqual:
            let code = condition.test == .greater ? SeccompAssembler.Code.greater : .greaterOrEqual
            let place = compare(code, low, Offset.low(argument), yes: yes, no: no)
            guard wide else { return place }
            // One load for both: greater decides, equal asks the lower word.
            let equal = assembler.branch(.equal, high, yes: place, no: no)
            let greater = assembler.branch(.greater, high, yes: yes, no: equal)
            return assembler.load(Offset.high(argument), before: greater)
        }
    }

    private mutating func compare(
        _ code: SeccompAssembler.Code, _ value: UInt32, _ offset: UInt32, mask: UInt32 = UInt32.max,
        yes: Int, no: Int
    ) -> Int {
        var place = assembler.branch(code, value, yes: yes, no: no)
        if mask != UInt32.max { place = assembler.mask(mask, before: place) }
        return assembler.load(offset, before: place)
    }
}
