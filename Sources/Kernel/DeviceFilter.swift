// SPDX-License-Identifier: Apache-2.0
// From the rules of a device list to an eBPF program: a pure function. For each bit of a request (read,
// write, make a node) the last rule that speaks of it decides; every bit must be allowed; what no rule
// speaks of is denied.

/// A device list as a program for BPF_PROG_TYPE_CGROUP_DEVICE.
public struct DeviceFilter: Equatable, Sendable {
    /// The rules it was made from, in order.
    public let rules: [DeviceRule]
    /// The program, each instruction as the kernel lays it out (little endian).
    public let instructions: [UInt64]
    /// True when no request is denied: the program may be left away.
    public let allowsEverything: Bool

    /// More rules than a list may have.
    public static let mostRules = 4096

    /// Compiles rules.
    public init(_ rules: [DeviceRule]) {
        self.rules = rules
        let (deciding, otherwise) = Self.deciding(rules)
        allowsEverything = otherwise && deciding.isEmpty
        var assembly = DeviceAssembly(allowed: otherwise ? .all : [])
        var index = 0
        while index < deciding.count {
            let first = deciding[index]
            var end = index + 1
            while end < deciding.count, deciding[end].isAllowed == first.isAllowed,
                deciding[end].access == first.access
            { end += 1 }
            assembly.apply(deciding[index..<end])
            index = end
        }
        assembly.answer()
        instructions = assembly.instructions
    }

    /// The rules that can decide something, in order, and what holds where none does.
    private static func deciding(_ rules: [DeviceRule]) -> (rules: [DeviceRule], otherwise: Bool) {
        var newest: [DeviceRule] = []
        var otherwise = false
        for rule in rules.reversed() {
            if rule.isTotal {
                otherwise = rule.isAllowed
                break
            }
            // Looked for among few, so that a long list takes no time squared.
            if !newest.prefix(64).contains(where: { $0.covers(rule) }) { newest.append(rule) }
        }
        var list: [DeviceRule] = []
        list.reserveCapacity(newest.count)
        for rule in newest.reversed() {
            // It says what holds anyway, unless an older one says otherwise.
            if rule.isAllowed != otherwise || list.count >= 64
                || list.contains(where: { $0.isAllowed != otherwise && $0.overlaps(rule) })
            {
                list.append(rule)
            }
        }
        return (list, otherwise)
    }
}

/// Instructions of the eBPF machine; see Documentation/bpf/standardization/instruction-set.rst.
///
/// There is no jump: a rule that matches gives 1, one that does not gives 0, and the mask of what is allowed
/// is computed from these. The kernel, which goes through every path of a program when it loads it, finds
/// one: ten rules take 0.04 ms, four thousand 15 ms. With jumps it was twice and thirty times that.
private struct DeviceAssembly {
    private static let scratch: UInt64 = 0
    /// Points to the request until that is read; a second scratch register afterwards.
    private static let request: UInt64 = 1
    /// Kind << 32 | major << 20 | minor; these have 12 and 20 bits in the kernel.
    private static let device: UInt64 = 2
    /// What is asked for.
    private static let access: UInt64 = 3
    private static let constant: UInt64 = 4
    /// What is allowed by the rules so far.
    private static let allowed: UInt64 = 5

    private(set) var instructions: [UInt64] = []

    /// Reads the request: struct bpf_cgroup_dev_ctx { u32 access << 16 | kind, major, minor; }.
    init(allowed: DeviceAccess) {
        load(Self.access, at: 0)
        append(.move, Self.device, from: Self.access)
        append(.and, Self.device, 0xffff)
        append(.shiftLeft, Self.device, 12)
        load(Self.scratch, at: 4)
        append(.or, Self.device, from: Self.scratch)
        append(.shiftLeft, Self.device, 20)
        load(Self.scratch, at: 8)
        append(.or, Self.device, from: Self.scratch)
        append(.shiftRight, Self.access, 16)
        append(.move, Self.allowed, Int32(allowed.rawValue))
    }

    /// Operations on 64 bits; with a register in place of the constant their code is 8 more.
    private enum Operation: UInt64 {
        case add = 0x07
        case multiply = 0x27
        case or = 0x47
        case and = 0x57
        case shiftLeft = 0x67
        case shiftRight = 0x77
        case exclusiveOr = 0xa7
        case move = 0xb7
    }

    private mutating func append(_ operation: Operation, _ target: UInt64, _ value: Int32) {
        instructions.append(operation.rawValue | target << 8 | UInt64(UInt32(bitPattern: value)) << 32)
    }
    private mutating func append(_ operation: Operation, _ target: UInt64, from source: UInt64) {
        instructions.append(operation.rawValue + 8 | target << 8 | source << 12)
    }
    /// A word of the request.
    private mutating func load(_ target: UInt64, at offset: UInt64) {
        instructions.append(0x61 | target << 8 | Self.request << 12 | offset << 16)
    }
    /// A constant of 64 bits: two places.
    private mutating func load(_ target: UInt64, constant value: UInt64) {
        instructions += [0x18 | target << 8 | value << 32, value & ~0xffff_ffff]
    }

    /// Rules with one verdict on one access: what they match is allowed or denied from here on.
    mutating func apply(_ rules: ArraySlice<DeviceRule>) {
        guard let first = rules.first else { return }
        let bits = Int32(first.access.rawValue)
        if rules.contains(where: { $0.kind == nil && $0.major == nil && $0.minor == nil }) {
            if first.isAllowed { append(.or, Self.allowed, bits) } else { append(.and, Self.allowed, ~bits) }
            return
        }
        compare(first, Self.scratch)
        for rule in rules.dropFirst() {
            compare(rule, Self.request)
            append(.or, Self.scratch, from: Self.request)
        }
        append(.shiftRight, Self.scratch, 63)
        append(.multiply, Self.scratch, bits)
        if first.isAllowed {
            append(.or, Self.allowed, from: Self.scratch)
        } else {
            append(.exclusiveOr, Self.scratch, -1)
            append(.and, Self.allowed, from: Self.scratch)
        }
    }

    /// Sets the highest bit of `target` when the device is the rule's: only 0 - 1 has it.
    private mutating func compare(_ rule: DeviceRule, _ target: UInt64) {
        let value =
            UInt64(rule.kind?.rawValue ?? 0) << 32 | UInt64(rule.major ?? 0) << 20
            | UInt64(rule.minor ?? 0)
        let mask: UInt64 =
            (rule.kind == nil ? 0 : 0xffff << 32) | (rule.major == nil ? 0 : 0xfff << 20)
            | (rule.minor == nil ? 0 : 0xfffff)
        load(target, constant: value)
        append(.exclusiveOr, target, from: Self.device)
        if rule.kind == nil || rule.major == nil || rule.minor == nil {
            load(Self.constant, constant: mask)
            append(.and, target, from: Self.constant)
        }
        append(.add, target, -1)
    }

    /// Ends the program: 1 when nothing is asked for that is not allowed.
    mutating func answer() {
        append(.exclusiveOr, Self.allowed, -1)
        append(.move, Self.scratch, from: Self.access)
        append(.and, Self.scratch, from: Self.allowed)
        append(.add, Self.scratch, -1)
        append(.shiftRight, Self.scratch, 63)
        instructions.append(0x95)
    }
}
