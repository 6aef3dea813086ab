// SPDX-License-Identifier: Apache-2.0
// The rules of a profile, checked and in a form that is quick to work with.
internal import OCISpec

/// A condition on one argument, in the two forms that BPF can test.
struct SeccompCondition: Equatable {
    /// Tests of the kernel's machine; the others are these with the outcome turned round.
    enum Test: UInt8 { case equal, masked, greater, greaterOrEqual }
    var argument: UInt32
    var test: Test
    var isNegated: Bool
    var mask: UInt64
    var value: UInt64

    init(_ spec: SeccompArgumentSpec) {
        argument = spec.index
        mask = UInt64.max
        value = spec.value
        switch spec.op {
        case .equal: (test, isNegated) = (.equal, false)
        case .notEqual: (test, isNegated) = (.equal, true)
        case .greaterThan: (test, isNegated) = (.greater, false)
        case .lessOrEqual: (test, isNegated) = (.greater, true)
        case .greaterOrEqual: (test, isNegated) = (.greaterOrEqual, false)
        case .lessThan: (test, isNegated) = (.greaterOrEqual, true)
        case .maskedEqual:
            (test, isNegated) = (.masked, false)
            mask = spec.value
            value = spec.valueTwo & spec.value
        }
    }

    /// `argument == value`.
    init(argument: UInt32, equals value: UInt64) {
        (self.argument, self.value, mask, test, isNegated) = (argument, value, UInt64.max, .equal, false)
    }

    /// Whether it holds for every value, so that it is left out, as libseccomp does.
    func isEmpty(wide: Bool) -> Bool { test == .masked && (wide ? mask : mask & 0xffff_ffff) == 0 }

    /// As few instructions as test it.
    func leastInstructions(wide: Bool) -> Int {
        switch test {
        case .masked: 2
        case .equal: wide ? 4 : 2
        case .greater, .greaterOrEqual: wide ? 5 : 2
        }
    }

    /// Whether it holds. The reference for what the program does.
    func holds(_ full: UInt64, wide: Bool) -> Bool {
        let bits: UInt64 = wide ? UInt64.max : 0xffff_ffff
        let (given, wanted) = (full & bits, value & bits)
        let result =
            switch test {
            case .equal: given == wanted
            case .masked: given & mask == wanted
            case .greater: given > wanted
            case .greaterOrEqual: given >= wanted
            }
        return result != isNegated
    }
}

/// One rule with at most one condition for each argument, in the order of the arguments.
struct SeccompRule {
    var verdict: SeccompVerdict
    /// Its index in the profile.
    var source: Int
    var conditions: [SeccompCondition]

    func isUnconditional(wide: Bool) -> Bool { conditions.allSatisfy { $0.isEmpty(wide: wide) } }
}

extension SeccompSpec {
    /// The most rules that a profile may have.
    static let mostRules = 65536

    /// Every rule but those that say what happens anyway. Several conditions on one argument are
    /// alternatives, as in runc and crun: libseccomp takes one for each argument.
    func rules(_ standard: SeccompVerdict) throws(SeccompError) -> [SeccompRule] {
        guard syscalls.count <= Self.mostRules else {
            throw SeccompError("syscalls", "\(syscalls.count) rules are more than \(Self.mostRules)")
        }
        var rules: [SeccompRule] = []
        rules.reserveCapacity(syscalls.count)
        for (index, call) in syscalls.enumerated() {
            try check(call, index)
            let verdict = SeccompVerdict(call.action, number: call.errnoRet)
            if verdict == standard { continue }
            if call.args.isEmpty {
                rules.append(SeccompRule(verdict: verdict, source: index, conditions: []))
                continue
            }
            var conditions = call.args.map { SeccompCondition($0) }
            conditions.sort { $0.argument < $1.argument }
            let isRepeated = zip(conditions, conditions.dropFirst()).contains { $0.argument == $1.argument }
            if isRepeated {
                for condition in conditions {
                    rules.append(SeccompRule(verdict: verdict, source: index, conditions: [condition]))
                }
            } else {
                rules.append(SeccompRule(verdict: verdict, source: index, conditions: conditions))
            }
        }
        return rules
    }

    private func check(_ call: SeccompSyscallSpec, _ index: Int) throws(SeccompError) {
        if call.names.isEmpty { throw SeccompError("syscalls[\(index)].names", "names no system call") }
        if let position = call.names.firstIndex(of: "") {
            throw SeccompError("syscalls[\(index)].names[\(position)]", "an empty name is no system call")
        }
        try Self.check(call.action, call.errnoRet, "syscalls[\(index)].errnoRet")
        for (position, argument) in call.args.enumerated() where argument.index > 5 {
            throw SeccompError(
                "syscalls[\(index)].args[\(position)].index",
                "\(argument.index) is no argument; a system call has arguments 0 to 5")
        }
    }

    /// The kernel would cut the number off.
    static func check(_ action: SeccompAction, _ number: UInt32?, _ field: String) throws(SeccompError) {
        guard let number else { return }
        if action == .errno, number > 4095 {
            throw SeccompError(field, "\(number) is no errno; the highest is 4095")
        }
        if action == .trace, number > 65535 {
            throw SeccompError(field, "\(number) is no message for a tracer; the highest is 65535")
        }
    }
}
