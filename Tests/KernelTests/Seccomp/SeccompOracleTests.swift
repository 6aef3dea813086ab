// SPDX-License-Identifier: Apache-2.0
// Our filter and libseccomp's say the same of every call.
import Foundation
import OCISpec
import Testing

@testable import Kernel

struct SeccompOracleTests {
    static let sets: [[SeccompArchitecture]] = [
        [.x86_64], [.x86], [.x32], [.x86_64, .x86], [.x86_64, .x32], [.x86_64, .x86, .x32],
    ]

    /// Capability sets by which docker's profile differs.
    static let capabilities: [UInt64] = [0xa804_25fb, 0, 1 << 21, 0xff_ffff_ffff, 1 << 19 | 1 << 39]

    @Test("docker's default profile: the same verdict on every call", arguments: sets)
    func docker(architectures: [SeccompArchitecture]) throws {
        for mask in Self.capabilities {
            let spec = DefaultSeccompProfile.spec(CapabilitySet(rawValue: mask), on: .x86_64)
            let ours = try SeccompCompiler.program(spec, architectures)

            let outcome = try SeccompComparison(spec, architectures, ours: ours).run()

            #expect(outcome.differences.isEmpty, "capabilities \(String(mask, radix: 16))")
            #expect(outcome.libraryErrors == 0)
            #expect(outcome.conditional > 100)
        }
    }

    @Test("generated profiles: the same verdict on every call, or both refuse", arguments: sets, [1, 3])
    func generated(architectures: [SeccompArchitecture], actions: Int) throws {
        var profiles = ProfileGenerator(seed: UInt64(architectures.count * 31 + actions))
        var (conditional, libraryErrors) = (0, 0)
        for index in 0..<Self.count {
            let spec = profiles.next(actions: actions)
            let ours: [UInt64]
            do { ours = try SeccompCompiler.program(spec, architectures) } catch {
                #expect(throws: LibraryFilter.Refusal.self, "\(error): \(spec.summary(of: nil))") {
                    try LibraryFilter.instructions(spec, architectures)
                }
                continue
            }
            // It refuses more than contradictions: what its tree cannot hold.
            guard let comparison = try? SeccompComparison(spec, architectures, ours: ours) else { continue }

            let outcome = comparison.run()

            conditional += outcome.conditional
            libraryErrors += outcome.libraryErrors
            let differences = outcome.differences
            #expect(
                differences.isEmpty,
                "profile \(index): \(spec.summary(of: nil))")
            if !differences.isEmpty { return }
        }
        #expect(conditional > Self.count * 100)
        // What ProfileReading says of libseccomp's tree; more would be a fault of ours.
        #expect(libraryErrors < conditional / 8, "\(libraryErrors) of \(conditional)")
    }

    @Test("one changed instruction is seen")
    func mutation() throws {
        let architectures: [SeccompArchitecture] = [.x86_64, .x86, .x32]
        let spec = DefaultSeccompProfile.spec(DefaultSeccompProfile.usualCapabilities, on: .x86_64)
        let ours = try SeccompCompiler.program(spec, architectures)
        var unseen: [String] = []
        // Where a range begins, what a value is compared with, what is returned. Not `>` on an upper word: the
        // rule after it allows the same.
        for index in ours.indices where index % Self.stride == 0 {
            var changed = ours
            switch UInt16(truncatingIfNeeded: ours[index]) {
            case 0x06: changed[index] ^= 1 << 48
            case 0x15, 0x35: changed[index] ^= 1 << 32
            default: continue
            }
            let comparison = try SeccompComparison(spec, architectures, ours: changed)
            if comparison.run(most: 1).differences.isEmpty {
                unseen.append("\(index): \(String(ours[index], radix: 16))")
            }
        }
        #expect(unseen.isEmpty)
    }

    static let isSoak = ProcessInfo.processInfo.environment["ROOST_SOAK"] != nil
    static let count = isSoak ? 1000 : 40
    static let stride = isSoak ? 1 : 17
}

/// Profiles with few calls and close values, so that rules meet. The same for one seed.
struct ProfileGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    private static let names = [
        "read", "write", "getppid", "personality", "clone", "socket", "ioctl", "fcntl", "mmap", "mmap2",
        "shmget",
        "semop", "sendmmsg", "accept", "accept4", "openat", "arch_prctl", "fchmodat2", "mseal", "uretprobe",
        "preadv2", "execve", "waitpid", "socketcall", "ipc", "no_such_call",
    ]
    private static let values: [UInt64] = [
        0, 1, 2, 5, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0005, 0x7e02_0000,
        0x8000_0000_0000_0000, UInt64.max,
    ]

    mutating func random(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    /// - Parameter actions: how many actions the rules may have.
    mutating func next(actions: Int) -> SeccompSpec {
        let all: [SeccompAction] = [.allow, .errno, .killProcess, .trap, .log, .trace, .kill]
        let standard = all[random(all.count)]
        let first = random(all.count)
        let chosen = (0..<actions).map { all[(first + $0) % all.count] }
        var spec = SeccompSpec(defaultAction: standard, defaultErrnoRet: random(2) == 0 ? nil : 13)
        for _ in 0...random(6) {
            var call = SeccompSyscallSpec(names: [], action: chosen[random(chosen.count)])
            for _ in 0...random(5) { call.names.append(Self.names[random(Self.names.count)]) }
            if random(3) == 0 { call.errnoRet = UInt32(random(100)) }
            for _ in 0..<max(0, random(5) - 1) {
                call.args.append(
                    SeccompArgumentSpec(
                        index: UInt32(random(3)), value: Self.values[random(Self.values.count)],
                        valueTwo: Self.values[random(Self.values.count)],
                        op: SeccompOperator.allCases[random(7)]))
            }
            spec.syscalls.append(call)
        }
        return spec
    }
}

extension SeccompSpec {
    /// The rules that name a call, in short.
    func summary(of number: UInt32?) -> String {
        let architectures: [SeccompArchitecture] = [.x86_64, .x86, .x32]
        let rules = syscalls.filter { call in
            guard let number else { return true }
            return call.names.contains { name in
                architectures.contains { SystemCallNumber.find(name, $0) == .number(number) }
            }
        }
        return "default \(defaultAction.rawValue); "
            + rules.map { call in
                let conditions = call.args.map {
                    "\($0.index) \($0.op) 0x\(String($0.value, radix: 16)) 0x\(String($0.valueTwo, radix: 16))"
                }
                return "\(call.names) \(call.action) \(call.errnoRet ?? 1) if \(conditions)"
            }.joined(separator: "; ")
    }
}
