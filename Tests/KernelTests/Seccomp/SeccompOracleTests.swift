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

            let differences = try SeccompComparison(spec, architectures, ours: ours).differences()

            #expect(differences.isEmpty, "capabilities \(String(mask, radix: 16))")
        }
    }

    @Test("generated profiles with one action: the same verdict on every call", arguments: sets)
    func generated(architectures: [SeccompArchitecture]) throws {
        var profiles = ProfileGenerator(seed: UInt64(architectures.count) * 31 + 7)
        for index in 0..<Self.count {
            let spec = profiles.next(actions: 1)
            let ours = try SeccompCompiler.program(spec, architectures)

            let differences = try SeccompComparison(spec, architectures, ours: ours).differences()

            #expect(differences.isEmpty, "profile \(index) of \(architectures): \(spec)")
            if !differences.isEmpty { return }
        }
    }

    @Test("generated profiles with several actions: the same verdict, or both refuse", arguments: sets)
    func contradicting(architectures: [SeccompArchitecture]) throws {
        var profiles = ProfileGenerator(seed: UInt64(architectures.count) * 17 + 3)
        var compared = 0
        for index in 0..<Self.count {
            let spec = profiles.next(actions: 3)
            let ours: [UInt64]
            do { ours = try SeccompCompiler.program(spec, architectures) } catch {
                #expect(throws: LibraryFilter.Refusal.self, "\(error): \(spec)") {
                    try LibraryFilter.instructions(spec, architectures)
                }
                continue
            }
            guard let comparison = try? SeccompComparison(spec, architectures, ours: ours) else { continue }

            let differences = comparison.differences()

            compared += 1
            #expect(differences.isEmpty, "profile \(index) of \(architectures): \(spec)")
            if !differences.isEmpty { return }
        }
        #expect(compared > Self.count / 3)
    }

    @Test("one changed instruction is seen")
    func mutation() throws {
        let architectures: [SeccompArchitecture] = [.x86_64, .x86, .x32]
        let spec = DefaultSeccompProfile.spec(DefaultSeccompProfile.usualCapabilities, on: .x86_64)
        let ours = try SeccompCompiler.program(spec, architectures)
        var unseen: [String] = []
        for index in ours.indices {
            // A comparison's value, and the outcome of a return.
            var changed = ours
            changed[index] ^= UInt16(truncatingIfNeeded: ours[index]) == 0x06 ? 1 << 48 : 1 << 32
            guard let comparison = try? SeccompComparison(spec, architectures, ours: changed) else { continue }
            if index % Self.stride == 0, comparison.differences(most: 1).isEmpty {
                unseen.append("\(index): \(String(ours[index], radix: 16))")
            }
        }
        #expect(unseen.isEmpty)
    }

    static let isSoak = ProcessInfo.processInfo.environment["ROOST_SOAK"] != nil
    static let count = isSoak ? 1000 : 60
    static let stride = isSoak ? 1 : 13
}

/// Profiles with few calls and close values, so that rules meet. The same for one seed.
struct ProfileGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    private static let names = [
        "read", "write", "getppid", "personality", "clone", "socket", "ioctl", "fcntl", "mmap", "mmap2", "shmget",
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
