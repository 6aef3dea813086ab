// SPDX-License-Identifier: Apache-2.0
// Errors, limits and names of the seccomp compiler; what it says of each call is SeccompOracleTests' matter.
import OCISpec
import Testing

@testable import Kernel

struct SeccompCompilerTests {
    private static func spec(
        _ names: [String] = ["read"], _ action: SeccompAction = .allow, _ args: [SeccompArgumentSpec] = [],
        number: UInt32? = nil
    ) -> SeccompSpec {
        SeccompSpec(
            defaultAction: .errno,
            syscalls: [SeccompSyscallSpec(names: names, action: action, errnoRet: number, args: args)])
    }

    private static func edited(_ edit: (inout SeccompSpec) -> Void) -> SeccompSpec {
        var spec = spec()
        edit(&spec)
        return spec
    }

    static let refused: [(SeccompSpec, String)] = [
        (spec([]), "`syscalls[0].names`: names no system call"),
        (spec(["read", ""]), "`syscalls[0].names[1]`: an empty name is no system call"),
        (
            spec(args: [SeccompArgumentSpec(index: 6, value: 0, op: .equal)]),
            "`syscalls[0].args[0].index`: 6 is no argument; a system call has arguments 0 to 5"
        ),
        (
            spec(["read"], .errno, number: 4096),
            "`syscalls[0].errnoRet`: 4096 is no errno; the highest is 4095"
        ),
        (
            spec(["read"], .trace, number: 65536),
            "`syscalls[0].errnoRet`: 65536 is no message for a tracer; the highest is 65535"
        ),
        (
            edited { $0.defaultErrnoRet = 5000 },
            "`defaultErrnoRet`: 5000 is no errno; the highest is 4095"
        ),
        (
            edited { $0.defaultAction = .notify },
            "`defaultAction`: `SCMP_ACT_NOTIFY` would stop the runtime itself; name the calls in `syscalls`"
        ),
        (
            spec(["read"], .notify),
            "`syscalls[0].action`: `SCMP_ACT_NOTIFY` needs a listener; name its socket in `listenerPath`"
        ),
        (
            edited { $0.listenerPath = "/run/l" },
            "`listenerPath`: `/run/l` would get nothing: no rule has the action `SCMP_ACT_NOTIFY`"
        ),
        (
            edited { $0.listenerMetadata = "x" },
            "`listenerMetadata`: without `listenerPath` nobody gets it; leave it out"
        ),
        (
            edited { $0.flags = [.waitKillableReceive] },
            "`flags`: `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV` needs a rule with `SCMP_ACT_NOTIFY`"
        ),
        (
            edited { $0.architectures = [.x86, .sheb] },
            "`architectures[1]`: libseccomp does not know the calls of `SCMP_ARCH_SHEB`; leave it out"
        ),
        (
            edited { $0.architectures = [.s390x] },
            "`architectures[0]`: `SCMP_ARCH_S390X` has another byte order than this machine; leave it out"
        ),
        (
            edited { spec in
                let condition = SeccompArgumentSpec(index: 1, value: 5, op: .equal)
                spec.syscalls = [.allow, .killProcess].map {
                    SeccompSyscallSpec(names: ["read"], action: $0, args: [condition])
                }
            },
            "`syscalls[1]`: contradicts `syscalls[0]`: the same conditions, another action"
        ),
    ]

    private static func spec(args: [SeccompArgumentSpec]) -> SeccompSpec { spec(["read"], .allow, args) }

    @Test("a wrong profile is refused by the field", arguments: refused)
    func refusal(spec: SeccompSpec, text: String) {
        #expect { try SeccompCompiler.compile(spec) } throws: { "\($0)" == text }
    }

    @Test("notify on write is refused: with it the listener is handed over")
    func notifyWrite() {
        var spec = Self.spec(["read", "write"], .notify)
        spec.listenerPath = "/run/l"

        #expect { try SeccompCompiler.compile(spec) } throws: {
            "\($0)".contains("cannot be used for `write`")
        }
    }

    @Test("more than 4096 instructions are an error that says so, and 10,000 rules come to an end")
    func tooLarge() {
        var spec = Self.spec()
        spec.syscalls = (0..<10_000).map { value in
            SeccompSyscallSpec(
                names: ["read"], action: .allow,
                args: [SeccompArgumentSpec(index: 0, value: UInt64(value), op: .equal)])
        }

        #expect { try SeccompCompiler.compile(spec) } throws: {
            "\($0)".contains("10000 rules with conditions")
        }
        // Each of these fits alone.
        spec.syscalls = spec.syscalls.prefix(1000).flatMap { rule in
            ["read", "write"].map { name in
                SeccompSyscallSpec(names: [name], action: rule.action, args: rule.args)
            }
        }
        #expect { try SeccompCompiler.compile(spec) } throws: { "\($0)".contains("4096 instructions") }
    }

    @Test("10,000 rules that say the same are one")
    func repeated() throws {
        var spec = Self.spec()
        spec.syscalls = Array(repeating: spec.syscalls[0], count: 10_000)

        let filter = try SeccompCompiler.compile(spec)

        #expect(filter.instructions.count < 16)
    }

    @Test("names that no table knows are left out and told")
    func unknown() throws {
        let spec = Self.spec(["read", "frobnicate", "mseal"])

        let policy = try SeccompPolicy(spec, [.x86_64])

        #expect(policy.unknownNames == ["frobnicate"])
    }

    @Test("the last flags of seccomp(2), without the one that a single thread has no use for")
    func flags() throws {
        let spec = Self.edited { $0.flags = [.tsync, .log, .specAllow] }

        #expect(try SeccompCompiler.compile(spec).flags == 6)
    }

    @Test("the machine's own architecture is always in")
    func native() throws {
        let none = try SeccompCompiler.architectures(Self.spec())
        let other = try SeccompCompiler.architectures(
            Self.edited { $0.architectures = [.aarch64, .aarch64] })

        #expect(none == [SeccompArchitecture.native])
        #expect(Set(other) == Set([SeccompArchitecture.native, .aarch64].compactMap { $0 }))
    }

    @Test("the parts of x86's socketcall and ipc have the numbers that libseccomp's table has")
    func parts() throws {
        var found = 0
        for number in (101...120).map({ -$0 }) + (201...224).map({ -$0 }) {
            let part = Int32(number)
            let all = ProfileParts.names
            for name in all {
                guard case .part(_, let argument, let direct) = SystemCallNumber.find(name, .x86),
                    Int32(argument) == (part > -200 ? -part - 100 : -part - 200),
                    (ProfileParts.ofIPC.contains(name)) == (part < -200)
                else { continue }
                #expect(direct == SystemCallNumber.scan(name, .x86), "\(name)")
                found += 1
            }
        }
        #expect(found == ProfileParts.names.count)
    }

    @Test("numbers and names of younger calls lead to each other", arguments: NewerSystemCalls.names)
    func younger(name: String) throws {
        for architecture in [SeccompArchitecture.x86_64, .x32, .aarch64, .riscv64] {
            guard let number = NewerSystemCalls.number(name, architecture) else { continue }

            #expect(SystemCallNumber.find(name, architecture) == .number(number))
            #expect(SystemCallNumber.name(number, architecture) == name)
        }
    }

    @Test("mutated profiles never crash the compiler, and what it makes the kernel would take")
    func fuzz() throws {
        var generator = ProfileGenerator(seed: 4711)
        var taken = 0
        for _ in 0..<(SeccompOracleTests.isSoak ? 20_000 : 2_000) {
            var spec = generator.next(actions: 1 + generator.random(4))
            spec.architectures = (0..<generator.random(4)).map { _ in
                SeccompArchitecture.allCases[generator.random(SeccompArchitecture.allCases.count)]
            }
            for index in spec.syscalls.indices where generator.random(20) == 0 {
                for position in spec.syscalls[index].args.indices {
                    spec.syscalls[index].args[position].index = UInt32(generator.random(8))
                    spec.syscalls[index].args[position].value = UInt64(generator.random(1 << 30)) << 20
                }
                spec.syscalls[index].errnoRet = UInt32(generator.random(70_000))
            }
            guard let filter = try? SeccompCompiler.compile(spec) else { continue }
            _ = try BPFMachine(filter.instructions)
            taken += 1
        }
        #expect(taken > 500)
    }

    /// All that decides on a program's form, with names that every libseccomp knows.
    private static let sample = SeccompSpec(
        defaultAction: .errno, defaultErrnoRet: 38,
        syscalls: [
            SeccompSyscallSpec(names: ["read", "write", "mmap", "futex", "exit_group"], action: .allow),
            SeccompSyscallSpec(
                names: ["clone"], action: .allow,
                args: [SeccompArgumentSpec(index: 0, value: 0x7e02_0000, valueTwo: 0, op: .maskedEqual)]),
            SeccompSyscallSpec(
                names: ["personality"], action: .log,
                args: [SeccompArgumentSpec(index: 0, value: 0xffff_ffff, op: .greaterThan)]),
            SeccompSyscallSpec(names: ["socket", "mount"], action: .errno, errnoRet: 1),
        ])

    @Test("the same profile has the same program, or the compiler another revision")
    func revision() throws {
        let program = try SeccompCompiler.program(Self.sample, [.x86_64, .x86, .x32, .aarch64])
        let sum = program.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ $1) &* 0x100_0000_01b3 }

        // Another program: raise `revision`, so that kept filters are made anew, then write both here.
        #expect(SeccompCompiler.revision == 1)
        #expect(sum == 1_790_146_858_221_133_824)
        #expect(SeccompCompiler.version >> 16 & 0xff >= 2, "libseccomp's version is in it")
    }
}

private enum ProfileParts {
    static let ofIPC = [
        "semop", "semget", "semctl", "semtimedop", "msgsnd", "msgrcv", "msgget", "msgctl", "shmat", "shmdt",
        "shmget", "shmctl",
    ]
    static let names =
        ofIPC + [
            "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair",
            "send",
            "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
            "accept4",
            "recvmmsg", "sendmmsg",
        ]
}
