// SPDX-License-Identifier: Apache-2.0
// Our filter beside libseccomp's, call by call: on every number of x86_64, x86 and x32, over arguments at
// the edges of what the profile compares.
import CSeccomp
import OCISpec

@testable import Kernel

struct SeccompComparison {
    let spec: SeccompSpec
    let architectures: [SeccompArchitecture]
    let ours: BPFMachine
    let theirs: BPFMachine

    /// A call on which the two disagree.
    struct Difference: CustomStringConvertible {
        let call: SeccompCall
        let ours: UInt32
        let theirs: UInt32
        var description: String {
            "\(call): ours 0x\(String(ours, radix: 16)), libseccomp's 0x\(String(theirs, radix: 16))"
        }
    }

    init(_ spec: SeccompSpec, _ architectures: [SeccompArchitecture], ours: [UInt64]) throws {
        self.spec = spec
        self.architectures = architectures
        self.ours = try BPFMachine(ours)
        theirs = try BPFMachine(try LibraryFilter.instructions(spec, architectures))
    }

    static let audits: [UInt32] = [0xc000_003e, 0x4000_0003, 0xc000_00b7, 0]

    static let numbers: [UInt32] =
        Array(0...600) + Array(0x4000_0000...0x4000_0258)
        + [
            1023, 1024, 4000, 0xf0001, 0x3fff_ffff, 0x4000_0400, 0x7fff_ffff, 0x8000_0000, 0x8000_0001,
            0xc000_0000,
            0xffff_fffe, 0xffff_ffff,
        ]

    /// What came of a comparison.
    struct Outcome {
        var differences: [Difference] = []
        /// Calls with conditions that both were asked about.
        var conditional = 0
        /// Of these, the ones where a plain reading of the profile says that libseccomp is wrong.
        var libraryErrors = 0
    }

    /// Stops at `most` differences.
    func run(most: Int = 3) -> Outcome {
        var outcome = Outcome()
        let highest = architectures.map { highestNumber($0) }
        let samples = argumentSamples()
        let plain = samples[UInt32.max] ?? []
        for audit in Self.audits {
            for number in Self.numbers {
                let architecture = self.architecture(audit, number)
                let top = architecture.flatMap { architectures.firstIndex(of: $0) }.flatMap { highest[$0] }
                // The one rule that libseccomp does not have: above what the profile names, ENOSYS.
                let isAbove = top.map { number > $0 && number != UInt32.max } == true && !letsThrough
                let isYounger = architecture.flatMap { youngerName(number, $0) } != nil
                let chosen = samples[number & 0x3fff_ffff]
                let reading =
                    chosen == nil && !isYounger
                    ? nil : architecture.map { ProfileReading(spec, $0, number: number) }
                for arguments in chosen ?? plain {
                    let call = SeccompCall(number: number, audit: audit, arguments: arguments)
                    compare(call, isAbove: isAbove, isYounger: isYounger, reading, &outcome)
                    if outcome.differences.count >= most { return outcome }
                }
            }
        }
        return outcome
    }

    private func compare(
        _ call: SeccompCall, isAbove: Bool, isYounger: Bool, _ reading: ProfileReading?,
        _ outcome: inout Outcome
    ) {
        let mine = ours.run(call).verdict
        let wanted = isAbove ? 0x5_0026 : theirs.run(call).verdict
        let plain = reading?.verdicts(call.arguments, standard: standard)
        if let reading, reading.rules.contains(where: { !$0.conditions.isEmpty }) { outcome.conditional += 1 }
        if let plain, !isAbove, !plain.contains(mine) {
            outcome.differences.append(Difference(call: call, ours: mine, theirs: plain.first ?? 0))
            return
        }
        if mine == wanted || isYounger { return }
        // Both may be right when rules with different actions hold; the order is libseccomp's, but where it goes
        // wrong.
        if let plain, plain == [mine] || (plain.count > 1 && reading?.isBeyondTheLibrary == true) {
            outcome.libraryErrors += 1
        } else {
            outcome.differences.append(Difference(call: call, ours: mine, theirs: wanted))
        }
    }

    private var standard: UInt32 {
        SeccompVerdict(spec.defaultAction, number: spec.defaultErrnoRet).rawValue
    }
    private var letsThrough: Bool { [.allow, .log, .trace].contains(spec.defaultAction) }

    private func architecture(_ audit: UInt32, _ number: UInt32) -> SeccompArchitecture? {
        switch audit {
        case 0xc000_003e:
            if number == UInt32.max { return nil }
            let one: SeccompArchitecture = number >= 0x4000_0000 ? .x32 : .x86_64
            return architectures.contains(one) ? one : nil
        case 0x4000_0003: return architectures.contains(.x86) ? .x86 : nil
        default: return nil
        }
    }

    /// Named by the profile, and known to our own table only.
    private func youngerName(_ number: UInt32, _ architecture: SeccompArchitecture) -> String? {
        guard let name = NewerSystemCalls.name(number, architecture),
            seccomp_syscall_resolve_name_arch(architecture.token, name) < 0,
            spec.syscalls.contains(where: { $0.names.contains(name) })
        else { return nil }
        return name
    }

    private func highestNumber(_ architecture: SeccompArchitecture) -> UInt32? {
        let numbers = spec.syscalls.flatMap { $0.names }.compactMap { name -> UInt32? in
            if let newer = NewerSystemCalls.number(name, architecture) { return newer }
            let number = seccomp_syscall_resolve_name_arch(architecture.token, name)
            if number >= 0 { return UInt32(number) }
            // A part of socketcall or ipc: the whole counts, and its own number.
            return number < -300
                ? nil
                : number <= -201
                    ? X86Parts.direct(number) ?? 117
                    : number <= -101 ? X86Parts.direct(number) ?? 102 : nil
        }
        return numbers.max()
    }

    /// Arguments worth trying, by number; those of `UInt32.max` for calls without conditions.
    private func argumentSamples() -> [UInt32: [[UInt64]]] {
        var samples: [UInt32: [[UInt64]]] = [
            UInt32.max: [0, 38, UInt64.max].map { Array(repeating: $0, count: 6) }
        ]
        var values: [UInt32: [[UInt64]]] = [:]
        for call in spec.syscalls where !call.args.isEmpty {
            for name in call.names {
                for architecture in architectures {
                    for number in Self.places(name, architecture) {
                        var lists =
                            values[number & 0x3fff_ffff] ?? Array(repeating: [0, 1, 1 << 32], count: 6)
                        for argument in call.args { lists[Int(argument.index)] += Self.edges(argument) }
                        if call.names.count > 0, number < 200 { lists[0] += [1, 2, 3, 21] }
                        values[number & 0x3fff_ffff] = lists
                    }
                }
            }
        }
        for (number, lists) in values { samples[number] = Self.combinations(lists) }
        return samples
    }

    private static func places(_ name: String, _ architecture: SeccompArchitecture) -> [UInt32] {
        switch SystemCallNumber.find(name, architecture) {
        case .number(let number): [number]
        case .part(let call, _, let direct): [call] + (direct.map { [$0] } ?? [])
        default: []
        }
    }

    private static func edges(_ argument: SeccompArgumentSpec) -> [UInt64] {
        var edges: [UInt64] = []
        for value in [argument.value, argument.valueTwo, argument.value & argument.valueTwo] {
            for near in [value, value &+ 1, value &- 1, ~value] {
                edges += [near, near ^ 1 << 32, near & 0xffff_ffff, near | 1 << 63]
            }
        }
        return Array(Set(edges)).sorted()
    }

    /// Each value of each argument beside a few mixtures of the others; seeded by position, so the same each time.
    private static func combinations(_ lists: [[UInt64]]) -> [[UInt64]] {
        var result: [[UInt64]] = []
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        for (position, list) in lists.enumerated() where list.count > 3 {
            for value in list {
                for _ in 0..<4 {
                    var arguments = lists.map { list -> UInt64 in
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        return list[Int(state >> 33) % list.count]
                    }
                    arguments[position] = value
                    result.append(arguments)
                }
            }
        }
        return result
    }
}
