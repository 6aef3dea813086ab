// SPDX-License-Identifier: Apache-2.0
// What a filter does, in words: all of it in short, or one call with the rule that says so. For
// `roost explain filter`; the compiler's own policy is what is told, so that the two cannot differ.
public import OCISpec

/// The account of one filter.
public struct SeccompReport {
    private let policy: SeccompPolicy
    private let spec: SeccompSpec
    private let filter: SeccompFilter

    /// Compiles a profile.
    public init(_ spec: SeccompSpec) throws(SeccompError) {
        self.spec = spec
        filter = try SeccompCompiler.compile(spec)
        policy = try SeccompPolicy(spec, try SeccompCompiler.architectures(spec))
    }

    // MARK: all of it

    /// Actions, counts, architectures, names that are not known.
    public var summary: String {
        var text = "what no rule names: \(policy.standard.text)\n"
        text += "program: \(filter.instructions.count) instructions, flags \(filter.flagNames)\n"
        for one in policy.architectures { text += line(one) }
        if !policy.unknownNames.isEmpty {
            text += "left out, since no table knows them: \(policy.unknownNames.joined(separator: ", "))\n"
        }
        return text
    }

    private func line(_ one: ArchitecturePolicy) -> String {
        var counts: [(outcome: String, count: Int)] = []
        for (index, range) in one.ranges.enumerated() where index + 1 < one.ranges.count {
            let size = Int(one.ranges[index + 1].first - range.first)
            let word = range.outcome.list == nil ? range.outcome.verdict.text : "decided by arguments"
            if range.outcome == SeccompOutcome(policy.standard) { continue }
            if let place = counts.firstIndex(where: { $0.outcome == word }) {
                counts[place].count += size
            } else {
                counts.append((word, size))
            }
        }
        var parts = counts.map { "\($0.count) \($0.outcome)" }
        if let highest = one.highest, !policy.standard.letsThrough {
            parts.append(
                "above \(highest - one.architecture.firstNumber) \(SeccompVerdict.notImplemented.text)")
        }
        let list = parts.isEmpty ? "no rules" : parts.joined(separator: "; ")
        return "\(one.architecture.shortName): \(one.ranges.count) ranges: \(list)\n"
    }

    // MARK: one call

    /// What happens to a call, given by name or number, and why.
    /// - Parameter arguments: the first ones; nil: not known, so that conditions are only told.
    public func call(_ name: String, _ arguments: [UInt64]?) -> String {
        var text = ""
        var isKnown = false
        for one in policy.architectures {
            for (number, part) in numbers(name, one.architecture) {
                isKnown = true
                let label = SystemCallNumber.name(number, one.architecture) ?? "no call that we know"
                let through =
                    label == name || Self.callNumber(name) != nil ? "" : " with argument 0 == \(part ?? 0)"
                text += "\(one.architecture.shortName), \(label) (\(number))\(through): "
                text += account(
                    one, number,
                    part.map { part in [UInt64(part)] + (arguments ?? []).dropFirst() }
                        ?? arguments)
            }
            if numbers(name, one.architecture).isEmpty, Self.callNumber(name) == nil {
                text += "\(one.architecture.shortName): has no `\(name)`\n"
            }
        }
        if !isKnown, Self.callNumber(name) == nil {
            return
                "no table knows `\(name)`: rules that name it are left out; if this kernel has it, its number"
                + " is above those of the profile: \(SeccompVerdict.notImplemented.text)\n"
        }
        return text
    }

    private static let bitOfX32 = SeccompArchitecture.x32.firstNumber

    /// The number of a call, decimal or with `0x`; nil for a name.
    public static func callNumber(_ text: String) -> UInt32? {
        text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }

    private func numbers(_ name: String, _ architecture: SeccompArchitecture) -> [(UInt32, UInt32?)] {
        if let number = Self.callNumber(name) {
            // x32's numbers are x86_64's with a bit, and are given with it in an audit log.
            if number >= architecture.firstNumber, architecture.firstNumber > 0 { return [(number, nil)] }
            if number < Self.bitOfX32 { return [(number + architecture.firstNumber, nil)] }
            let isTaken = policy.architectures.contains { $0.architecture == .x32 }
            return architecture == .x86_64 && isTaken ? [] : [(number, nil)]
        }
        switch SystemCallNumber.find(name, architecture) {
        case .number(let number): return [(number, nil)]
        case .part(let call, let argument, let direct):
            return [(call, argument)] + (direct.map { [($0, nil)] } ?? [])
        default: return []
        }
    }

    private func account(_ one: ArchitecturePolicy, _ number: UInt32, _ arguments: [UInt64]?) -> String {
        if number == UInt32.max {
            return policy.standard.text + " (the default: -1 is no call, a tracer skips one with it)\n"
        }
        if one.architecture == .x86_64, number >= Self.bitOfX32 {
            return SeccompVerdict.killThread.text + " (a number of x32, which is not in the filter)\n"
        }
        let outcome = one.outcome(number) ?? SeccompOutcome(policy.standard)
        guard let list = outcome.list else {
            return outcome.verdict.text + reason(one, number, outcome.verdict) + "\n"
        }
        guard let entries = try? SeccompOrder.order(policy, list, wide: one.architecture.has64BitWords) else {
            return "contradictory rules\n"
        }
        return conditional(entries, arguments, wide: one.architecture.has64BitWords)
    }

    private func reason(_ one: ArchitecturePolicy, _ number: UInt32, _ verdict: SeccompVerdict) -> String {
        if let highest = one.highest, number > highest, !policy.standard.letsThrough {
            return " (younger than every call that the profile names, the highest being"
                + " \(highest - one.architecture.firstNumber))"
        }
        let index = spec.syscalls.firstIndex { call in
            SeccompVerdict(call.action, number: call.errnoRet) == verdict
                && call.args.allSatisfy {
                    SeccompCondition($0).isEmpty(wide: one.architecture.has64BitWords)
                }
                && call.names.contains { name in
                    numbers(name, one.architecture).contains { $0.0 == number }
                }
        }
        return index.map { " (`syscalls[\($0)]`)" } ?? " (the default: no rule names it)"
    }

    private func conditional(_ entries: [SeccompOrder.Entry], _ arguments: [UInt64]?, wide: Bool) -> String {
        var lines = ""
        var decided: SeccompVerdict?
        for entry in entries {
            let told = entry.conditions.map { text($0, arguments, wide: wide) }.joined(separator: ", and ")
            lines += "    `syscalls[\(entry.source)]`: \(entry.verdict.text) if \(told)\n"
            guard let arguments, decided == nil else { continue }
            let holds = entry.conditions.allSatisfy {
                $0.holds(Self.value(arguments, $0.argument), wide: wide)
            }
            if holds { decided = entry.verdict }
        }
        guard arguments != nil else {
            return "decided by its arguments\n\(lines)    else: \(policy.standard.text)\n"
        }
        return "\((decided ?? policy.standard).text)\n\(lines)    else: \(policy.standard.text)\n"
    }

    private static func value(_ arguments: [UInt64], _ index: UInt32) -> UInt64 {
        Int(index) < arguments.count ? arguments[Int(index)] : 0
    }

    /// Small ones decimal, as headers have them.
    private static func number(_ value: UInt64) -> String {
        value < 4096 ? "\(value)" : "0x" + String(value, radix: 16)
    }

    private func text(_ condition: SeccompCondition, _ arguments: [UInt64]?, wide: Bool) -> String {
        let value = Self.number(condition.value)
        let name = "argument \(condition.argument)"
        let words =
            switch condition.test {
            case .equal: "\(name) \(condition.isNegated ? "!=" : "==") \(value)"
            case .masked: "\(name) & 0x\(String(condition.mask, radix: 16)) == \(value)"
            case .greater: "\(name) \(condition.isNegated ? "<=" : ">") \(value)"
            case .greaterOrEqual: "\(name) \(condition.isNegated ? "<" : ">=") \(value)"
            }
        guard let arguments else { return words }
        let given = Self.value(arguments, condition.argument)
        return words + " (\(Self.number(given)): \(condition.holds(given, wide: wide) ? "yes" : "no"))"
    }
}
