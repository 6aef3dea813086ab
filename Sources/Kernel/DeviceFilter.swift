// SPDX-License-Identifier: Apache-2.0
// From the rules of a device list to an eBPF program: a pure function. For each bit of a request (read,
// write, make a node) the last rule that speaks of it decides; every bit must be allowed; what no rule
// speaks of is denied. The program goes through the rules from the last to the first and keeps the bits
// that are still undecided.

/// A device list as a program for BPF_PROG_TYPE_CGROUP_DEVICE.
public struct DeviceFilter: Equatable, Sendable {
    /// The rules it was made from, in order.
    public let rules: [DeviceRule]
    /// The program, each instruction as the kernel lays it out (little endian).
    public let instructions: [UInt64]
    /// True when no request is denied: the program may be left away.
    public let allowsEverything: Bool

    /// More rules than a list may have: the kernel checks each path of a program when it is loaded.
    public static let mostRules = 4096

    /// Compiles rules; at most `mostRules` are taken.
    public init(_ rules: [DeviceRule]) {
        self.rules = rules
        let (deciding, otherwise) = Self.deciding(rules)
        allowsEverything = otherwise && deciding.isEmpty
        var assembly = DeviceAssembly()
        assembly.begin()
        var index = 0
        while index < deciding.count {
            let first = deciding[index]
            var end = index + 1
            // A jump over a group must fit into 15 bits.
            while end < deciding.count, end - index < 1024, deciding[end].kind == first.kind,
                deciding[end].major == first.major
            { end += 1 }
            assembly.group(deciding[index..<end])
            index = end
        }
        assembly.answer(otherwise)
        instructions = assembly.instructions
    }

    /// The rules that can decide something, the last first, and what holds for the rest.
    private static func deciding(_ rules: [DeviceRule]) -> (rules: [DeviceRule], otherwise: Bool) {
        var list: [DeviceRule] = []
        var otherwise = false
        for rule in rules.reversed() {
            if rule.isTotal {
                otherwise = rule.isAllowed
                break
            }
            // Looked for among the newest only, so that a long list takes no time squared.
            if !list.prefix(64).contains(where: { $0.covers(rule) }) { list.append(rule) }
        }
        // The oldest ones that say what holds anyway.
        while let oldest = list.last, oldest.isAllowed == otherwise { list.removeLast() }
        return (list, otherwise)
    }
}

/// Instructions of the eBPF machine; see Documentation/bpf/standardization/instruction-set.rst.
///
/// No register that is asked twice is compared itself, but a copy of it, exclusive-or'd: the kernel then
/// learns nothing from one comparison that makes it go through the rest of the program once more, and
/// loading takes time in proportion to the rules.
private struct DeviceAssembly {
    /// The registers: r0 is the scratch and the answer, r1 points to the request.
    private static let scratch: UInt64 = 0
    private static let request: UInt64 = 1
    /// Kind << 16 | major; a major number has 12 bits.
    private static let device: UInt64 = 2
    /// The bits of the request that are undecided; never 0.
    private static let access: UInt64 = 3
    private static let major: UInt64 = 4
    private static let minor: UInt64 = 5

    private(set) var instructions: [UInt64] = []

    private mutating func append(
        _ code: UInt64, _ target: UInt64, source: UInt64 = 0, offset: Int = 0, _ value: UInt32 = 0
    ) {
        let jump = UInt64(UInt16(truncatingIfNeeded: offset))
        instructions.append(code | target << 8 | source << 12 | jump << 16 | UInt64(value) << 32)
    }

    private mutating func load(_ target: UInt64, at offset: Int) {
        append(0x61, target, source: Self.request, offset: offset)
    }
    private mutating func copy(_ target: UInt64, _ source: UInt64) { append(0xbc, target, source: source) }
    private mutating func and(_ target: UInt64, _ mask: UInt32) { append(0x54, target, mask) }
    private mutating func shiftRight(_ target: UInt64, _ count: UInt32) { append(0x74, target, count) }
    private mutating func shiftLeft(_ target: UInt64, _ count: UInt32) { append(0x64, target, count) }
    private mutating func exclusiveOr(_ target: UInt64, _ value: UInt32) { append(0xa4, target, value) }
    private mutating func skipUnlessZero(_ register: UInt64, _ count: Int) {
        append(0x55, register, offset: count)
    }
    private mutating func skipIfZero(_ register: UInt64, _ count: Int) {
        append(0x15, register, offset: count)
    }

    /// Ends the program with a verdict.
    mutating func answer(_ isAllowed: Bool) {
        append(0xb4, Self.scratch, isAllowed ? 1 : 0)
        append(0x95, 0)
    }

    /// Reads the request: struct bpf_cgroup_dev_ctx { u32 access << 16 | kind, major, minor; }.
    mutating func begin() {
        load(Self.access, at: 0)
        copy(Self.device, Self.access)
        and(Self.device, 0xffff)
        shiftLeft(Self.device, 16)
        shiftRight(Self.access, 16)
        load(Self.major, at: 4)
        load(Self.minor, at: 8)
        append(0x4c, Self.device, source: Self.major)
        // access(2) asks without reading or writing: nothing is there to be denied.
        skipUnlessZero(Self.access, 2)
        answer(true)
    }

    /// Rules of one kind and major number, under one comparison of these.
    mutating func group(_ rules: ArraySlice<DeviceRule>) {
        guard let first = rules.first else { return }
        switch (first.kind, first.major) {
        case (nil, nil):
            for rule in rules { one(rule) }
            return
        case (nil, let major?):
            copy(Self.scratch, Self.major)
            exclusiveOr(Self.scratch, major)
        case (let kind?, nil):
            copy(Self.scratch, Self.device)
            shiftRight(Self.scratch, 16)
            exclusiveOr(Self.scratch, kind.rawValue)
        case (let kind?, let major?):
            copy(Self.scratch, Self.device)
            exclusiveOr(Self.scratch, kind.rawValue << 16 | major)
        }
        let comparison = instructions.count
        skipUnlessZero(Self.scratch, 0)
        for rule in rules { one(rule) }
        instructions[comparison] |= UInt64(instructions.count - comparison - 1) << 16
    }

    private mutating func one(_ rule: DeviceRule) {
        var comparison: Int?
        if let minor = rule.minor {
            copy(Self.scratch, Self.minor)
            exclusiveOr(Self.scratch, minor)
            comparison = instructions.count
            skipUnlessZero(Self.scratch, 0)
        }
        if rule.access == .all {
            // What is undecided are some of these bits.
        } else if rule.isAllowed {
            and(Self.access, ~rule.access.rawValue)
            skipUnlessZero(Self.access, 2)
        } else {
            copy(Self.scratch, Self.access)
            and(Self.scratch, rule.access.rawValue)
            skipIfZero(Self.scratch, 2)
        }
        answer(rule.isAllowed)
        if let comparison {
            instructions[comparison] |= UInt64(instructions.count - comparison - 1) << 16
        }
    }
}
