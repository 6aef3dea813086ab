// SPDX-License-Identifier: Apache-2.0
// A second referee: the profile read word by word, slowly. And where libseccomp 2.5.4 is known to be wrong.
import CSeccomp
import OCISpec

@testable import Kernel

/// The rules of a profile for one call on one architecture.
struct ProfileReading {
    /// A rule that applies when all of its conditions hold.
    struct Rule {
        var verdict: UInt32
        var conditions: [SeccompArgumentSpec]
    }
    let wide: Bool
    private(set) var rules: [Rule] = []

    init(_ spec: SeccompSpec, _ architecture: SeccompArchitecture, number: UInt32) {
        wide = architecture == .x86_64
        let standard = SeccompVerdict(spec.defaultAction, number: spec.defaultErrnoRet)
        for call in spec.syscalls {
            let verdict = SeccompVerdict(call.action, number: call.errnoRet)
            if verdict == standard { continue }
            let isRepeated = Set(call.args.map(\.index)).count < call.args.count
            let alternatives = isRepeated ? call.args.map { [$0] } : [call.args]
            for name in call.names {
                for conditions in alternatives {
                    add(name, architecture, number, Rule(verdict: verdict.rawValue, conditions: conditions))
                }
            }
        }
    }

    private mutating func add(
        _ name: String, _ architecture: SeccompArchitecture, _ number: UInt32, _ rule: Rule
    ) {
        var rule = rule
        switch SystemCallNumber.find(name, architecture) {
        case .number(number), .part(_, _, number): break
        case .part(number, let argument, _):
            rule.conditions.removeAll { $0.index == 0 }
            rule.conditions.append(SeccompArgumentSpec(index: 0, value: UInt64(argument), op: .equal))
        default: return
        }
        rule.conditions.removeAll { $0.op == .maskedEqual && cut($0.value) == 0 }
        rules.append(rule)
    }

    private func cut(_ value: UInt64) -> UInt64 { wide ? value : value & 0xffff_ffff }

    private func holds(_ condition: SeccompArgumentSpec, _ arguments: [UInt64]) -> Bool {
        let (given, value) = (cut(arguments[Int(condition.index)]), cut(condition.value))
        return switch condition.op {
        case .equal: given == value
        case .notEqual: given != value
        case .lessThan: given < value
        case .lessOrEqual: given <= value
        case .greaterThan: given > value
        case .greaterOrEqual: given >= value
        case .maskedEqual: given & value == cut(condition.valueTwo) & value
        }
    }

    /// The verdicts that may be right: one, unless rules with different actions hold at once.
    func verdicts(_ arguments: [UInt64], standard: UInt32) -> Set<UInt32> {
        if let always = rules.first(where: { $0.conditions.isEmpty }) { return [always.verdict] }
        let holding = rules.filter { $0.conditions.allSatisfy { holds($0, arguments) } }
        return holding.isEmpty ? [standard] : Set(holding.map(\.verdict))
    }

    /// libseccomp takes for granted that the accumulator still holds a word when it comes back from a deeper
    /// level of its tree. So its answer may be wrong where two nodes of one level read one word and the first
    /// has a level below it: with 64-bit words, two conditions on one argument that differ in more than the lower
    /// word; else two on one argument of which one belongs to a longer rule. Beside that, it mixes up the
    /// actions of two `!=` on one argument.
    var isBeyondTheLibrary: Bool {
        if rules.contains(where: { $0.conditions.isEmpty }) { return false }
        let isLong = rules.contains { $0.conditions.count > 1 }
        let isMixed = Set(rules.map(\.verdict)).count > 1
        for argument in 0..<UInt32(6) {
            let conditions = rules.flatMap { rule in rule.conditions.filter { $0.index == argument } }
            if conditions.count < 2 { continue }
            if isLong, Set(conditions.map { "\($0)" }).count > 1 { return true }
            if wide, Set(conditions.map { upperNode($0) }).count > 1 { return true }
            if isMixed, conditions.filter({ $0.op == .notEqual }).count > 1 { return true }
        }
        return false
    }

    private func upperNode(_ condition: SeccompArgumentSpec) -> String {
        switch condition.op {
        case .equal, .notEqual: "== \(condition.value >> 32)"
        case .maskedEqual: "& \(condition.value >> 32) \((condition.value & condition.valueTwo) >> 32)"
        default: "> \(condition.value >> 32)"
        }
    }
}
