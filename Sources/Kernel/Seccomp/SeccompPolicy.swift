// SPDX-License-Identifier: Apache-2.0
// What a profile means: for each architecture, which numbers get which outcome. The program is made from
// this, and `explain filter` reads it.
//
// Semantics are libseccomp's (docs/decisions/0011): the first rule without conditions decides, whatever
// stands before or behind it; else the rules with conditions do; else the default.
internal import OCISpec

/// What happens to the numbers from `first` up to the next range.
struct SeccompRange: Equatable {
    var first: UInt32
    var outcome: SeccompOutcome
}

/// A verdict, or a list of rules with conditions.
struct SeccompOutcome: Equatable {
    /// No action of the kernel begins like this.
    private static let listMark: UInt32 = 0x4000_0000
    private(set) var rawValue: UInt32

    init(_ verdict: SeccompVerdict) { rawValue = verdict.rawValue }
    init(list: Int) { rawValue = Self.listMark | UInt32(list) }
    private init(rawValue: UInt32) { self.rawValue = rawValue }
    /// No rule yet.
    static let open = SeccompOutcome(rawValue: UInt32.max)

    var list: Int? {
        rawValue & 0xff00_0000 == Self.listMark ? Int(rawValue & 0x00ff_ffff) : nil
    }
    var verdict: SeccompVerdict { SeccompVerdict(rawValue: rawValue) }
}

/// One link of a list of rules: lists that begin alike share their beginning, and equal lists are one.
struct SeccompLink {
    /// The link before, or -1.
    var previous: Int
    /// Into `SeccompPolicy.rules`.
    var rule: Int
    /// The first argument of `socketcall` or `ipc`, in place of the rule's own condition on it; or -1.
    var part: Int
}

/// The meaning of a profile on one architecture.
struct ArchitecturePolicy {
    var architecture: SeccompArchitecture
    /// In order, the first one from the table's first number.
    var ranges: [SeccompRange] = []
    /// The highest number that the profile names, or nil when it names none here.
    var highest: UInt32?
}

/// The meaning of a profile.
struct SeccompPolicy {
    let standard: SeccompVerdict
    let rules: [SeccompRule]
    /// The lists of rules, by their last link.
    private(set) var links: [SeccompLink] = []
    private(set) var architectures: [ArchitecturePolicy] = []
    /// Names that no table knows, in the order of the profile.
    private(set) var unknownNames: [String] = []

    /// - Parameter architectures: those of the filter, each once.
    init(_ spec: SeccompSpec, _ architectures: [SeccompArchitecture]) throws(SeccompError) {
        try SeccompSpec.check(spec.defaultAction, spec.defaultErrnoRet, "defaultErrnoRet")
        standard = SeccompVerdict(spec.defaultAction, number: spec.defaultErrnoRet)
        rules = try spec.rules(standard)
        var table = NumberTable()
        for (position, architecture) in architectures.enumerated() {
            table.reset(architecture)
            try gather(spec, into: &table, collectsUnknown: position == 0)
            self.architectures.append(policy(table))
        }
    }

    private mutating func gather(
        _ spec: SeccompSpec, into table: inout NumberTable, collectsUnknown: Bool
    ) throws(SeccompError) {
        let architecture = table.architecture
        var next = 0
        for (index, call) in spec.syscalls.enumerated() {
            let begin = next
            while next < rules.count, rules[next].source == index { next += 1 }
            table.memo.removeAll(keepingCapacity: true)
            for name in call.names {
                switch SystemCallNumber.find(name, architecture) {
                case .number(let number):
                    table.highest = max(table.highest, Int64(number))
                    for rule in begin..<next { try add(rule, number, -1, &table) }
                case .part(let whole, let argument, let direct):
                    // As libseccomp does: the part's own conditions, but for the first argument, stay.
                    for rule in begin..<next {
                        try add(rule, whole, Int(argument), &table)
                        if let direct { try add(rule, direct, -1, &table) }
                    }
                    table.highest = max(table.highest, Int64(whole), direct.map { Int64($0) } ?? -1)
                case .elsewhere: break
                case .unknown: if collectsUnknown { unknownNames.append(name) }
                }
            }
        }
    }

    private mutating func add(
        _ rule: Int, _ number: UInt32, _ part: Int, _ table: inout NumberTable
    ) throws(SeccompError) {
        let current = table[number]
        if part < 0, rules[rule].isUnconditional(wide: table.architecture.has64BitWords) {
            if current == .open || current.list != nil { table[number] = SeccompOutcome(rules[rule].verdict) }
            return
        }
        if current != .open, current.list == nil { return }
        let previous = current.list ?? -1
        if let known = table.memo.first(where: {
            $0.previous == previous && $0.part == part && $0.rule == rule
        }) {
            table[number] = SeccompOutcome(list: known.link)
            return
        }
        guard links.count < 1 << 20 else {
            throw SeccompError("syscalls", "too many rules with conditions; make the profile smaller")
        }
        links.append(SeccompLink(previous: previous, rule: rule, part: part))
        table.memo.append((previous, rule, part, links.count - 1))
        table[number] = SeccompOutcome(list: links.count - 1)
    }

    private func policy(_ table: NumberTable) -> ArchitecturePolicy {
        var policy = ArchitecturePolicy(architecture: table.architecture)
        let fallback = SeccompOutcome(standard)
        policy.ranges.reserveCapacity(256)
        policy.ranges.append(SeccompRange(first: table.architecture.firstNumber, outcome: fallback))
        table.forEach { number, outcome in
            policy.append(number, outcome)
            policy.append(number + 1, fallback)
        }
        guard table.highest >= 0 else { return policy }
        policy.highest = UInt32(table.highest)
        // What is younger than the profile looks like a call that this kernel lacks, so that programs fall
        // back to an older one. -1 is no call: a tracer sets it to skip one.
        if !standard.letsThrough {
            policy.append(UInt32(table.highest) + 1, SeccompOutcome(.notImplemented))
        }
        return policy
    }

    /// The rules of a list, in the order of the profile.
    func list(_ last: Int) -> [SeccompLink] {
        var list: [SeccompLink] = []
        var next = last
        while next >= 0 {
            list.append(links[next])
            next = links[next].previous
        }
        return list.reversed()
    }

    /// The conditions of a link on an architecture; the part's comes first, as the first argument's.
    func conditions(of link: SeccompLink, wide: Bool) -> [SeccompCondition] {
        var conditions = rules[link.rule].conditions.filter { !$0.isEmpty(wide: wide) }
        if link.part >= 0 {
            conditions.removeAll { $0.argument == 0 }
            conditions.insert(SeccompCondition(argument: 0, equals: UInt64(link.part)), at: 0)
        }
        return conditions
    }
}

extension ArchitecturePolicy {
    /// Begins a range at `number`; one that begins there already is replaced, equal neighbours are one.
    fileprivate mutating func append(_ number: UInt32, _ outcome: SeccompOutcome) {
        if let last = ranges.last, last.first == number { ranges.removeLast() }
        if ranges.last?.outcome != outcome { ranges.append(SeccompRange(first: number, outcome: outcome)) }
    }

    /// The outcome of a number.
    func outcome(_ number: UInt32) -> SeccompOutcome? {
        ranges.last { $0.first <= number }?.outcome
    }
}

/// Outcomes by number while they are gathered: nearly all calls lie in one short table.
struct NumberTable {
    private(set) var architecture = SeccompArchitecture.x86_64
    var highest: Int64 = -1
    /// The links that the rule at hand has made.
    var memo: [(previous: Int, rule: Int, part: Int, link: Int)] = []
    private var dense = [SeccompOutcome](repeating: .open, count: 1024)
    private var far: [(number: UInt32, outcome: SeccompOutcome)] = []

    mutating func reset(_ architecture: SeccompArchitecture) {
        if self.architecture != architecture || highest >= 0 {
            for index in dense.indices { dense[index] = .open }
        }
        self.architecture = architecture
        far = []
        highest = -1
    }

    subscript(number: UInt32) -> SeccompOutcome {
        get {
            let place = Int(number) - Int(architecture.firstNumber)
            if dense.indices.contains(place) { return dense[place] }
            return far.first { $0.number == number }?.outcome ?? .open
        }
        set {
            let place = Int(number) - Int(architecture.firstNumber)
            if dense.indices.contains(place) {
                dense[place] = newValue
            } else if let index = far.firstIndex(where: { $0.number == number }) {
                far[index].outcome = newValue
            } else {
                far.append((number, newValue))
            }
        }
    }

    func forEach(_ body: (UInt32, SeccompOutcome) -> Void) {
        for (place, outcome) in dense.enumerated() where outcome != .open {
            body(architecture.firstNumber + UInt32(place), outcome)
        }
        for entry in far.sorted(by: { $0.number < $1.number }) { body(entry.number, entry.outcome) }
    }
}
