// SPDX-License-Identifier: Apache-2.0
// What `roost explain filter` says.
import OCISpec
import Testing

@testable import Kernel

struct SeccompReportTests {
    private static func report(_ edit: (inout SeccompSpec) -> Void = { _ in }) throws -> SeccompReport {
        var spec = SeccompSpec(
            defaultAction: .errno, architectures: [.x86],
            syscalls: [
                SeccompSyscallSpec(names: ["read", "write", "frobnicate"], action: .allow),
                SeccompSyscallSpec(
                    names: ["clone"], action: .allow,
                    args: [SeccompArgumentSpec(index: 0, value: 0x7e02_0000, op: .maskedEqual)]),
                SeccompSyscallSpec(
                    names: ["socket"], action: .trap,
                    args: [SeccompArgumentSpec(index: 0, value: 40, op: .greaterThan)]),
            ])
        edit(&spec)
        return try SeccompReport(spec)
    }

    @Test("in short: actions, counts, architectures, unknown names")
    func summary() throws {
        let lines = try Self.report().summary.split(separator: "\n").map(String.init)

        #expect(lines[0] == "what no rule names: fails with EPERM (operation not permitted)")
        #expect(lines[1].hasPrefix("program: ") && lines[1].hasSuffix(" instructions, flags 0"))
        #expect(
            lines[2]
                == "x86_64: 6 ranges: 2 allowed; 2 decided by arguments; above 56 fails with ENOSYS (function not"
                + " implemented)")
        #expect(lines.last == "left out, since no table knows them: frobnicate")
    }

    @Test("a call: the verdict and the rule, for each architecture")
    func call() throws {
        let text = try Self.report().call("write", nil)

        #expect(
            text == "x86_64, write (1): allowed (`syscalls[0]`)\nx86, write (4): allowed (`syscalls[0]`)\n")
    }

    @Test("conditions are told, and with arguments whether they hold")
    func conditions() throws {
        let without = try Self.report().call("clone", nil).split(separator: "\n").map(String.init)
        let with = try Self.report().call("clone", [0x1000_0011]).split(separator: "\n").map(String.init)

        #expect(without[0] == "x86_64, clone (56): decided by its arguments")
        #expect(without[1] == "    `syscalls[1]`: allowed if argument 0 & 0x7e020000 == 0")
        #expect(with[0] == "x86_64, clone (56): fails with EPERM (operation not permitted)")
        #expect(with[1].hasSuffix("== 0 (0x10000011: no)"))
        #expect(with[2] == "    else: fails with EPERM (operation not permitted)")
    }

    @Test(
        "what no rule names: the default, or ENOSYS above the profile; a part of socketcall; no call at all")
    func others() throws {
        let report = try Self.report()

        #expect(report.call("getppid", nil).contains("x86, getppid (64): fails with EPERM"))
        #expect(report.call("mseal", nil).contains("younger than every call that the profile names"))
        #expect(
            report.call("socket", [41]).contains("x86, socketcall (102) with argument 0 == 1: sends SIGSYS"))
        #expect(report.call("socket", [41]).contains("x86, socket (359): sends SIGSYS"))
        #expect(report.call("0", nil).hasPrefix("x86_64, read (0): allowed"))
        #expect(report.call("nosuch", nil).hasPrefix("no table knows `nosuch`"))
        #expect(report.call("waitpid", nil).contains("x86_64: has no `waitpid`"))
    }

    @Test("numbers: decimal or not, x32's with their bit or without, the last one, none that is too large")
    func numbers() throws {
        let both = try Self.report { $0.architectures = [.x32] }
        let alone = try Self.report { $0.architectures = [] }

        #expect(both.call("0x38", nil) == both.call("56", nil))
        #expect(both.call("56", nil).contains("x32, clone (1073741880): decided"))
        #expect(both.call("1073741880", nil).hasPrefix("x32, clone (1073741880): decided"))
        #expect(alone.call("0x40000038", nil).contains("kills the thread (a number of x32"))
        #expect(
            alone.call("4294967295", nil).contains("fails with EPERM (operation not permitted) (the default"))
        #expect(SeccompReport.callNumber("4294967296") == nil && SeccompReport.callNumber("clone") == nil)
    }

    @Test("a rule that decides whatever the arguments are is named, not one that has conditions")
    func unconditional() throws {
        let report = try Self.report {
            $0.syscalls[1].action = .trap
            $0.syscalls.append(SeccompSyscallSpec(names: ["clone"], action: .trap))
        }

        #expect(report.call("clone", nil).hasPrefix("x86_64, clone (56): sends SIGSYS (`syscalls[3]`)\n"))
    }

    @Test("indexes of rules become those of the file")
    func renumber() {
        let text = "`syscalls[1].names[0]`: as `syscalls[0]`, not `syscalls[2]` or `syscalls[`"

        #expect(
            SeccompError.renumber(text, [4, 17])
                == "`syscalls[17].names[0]`: as `syscalls[4]`, not `syscalls[2]` or `syscalls[`")
    }

    @Test(
        "what is told is what the program does",
        arguments: ["read", "clone", "socket", "getppid", "personality"])
    func agrees(name: String) throws {
        let spec = DefaultSeccompProfile.spec(DefaultSeccompProfile.usualCapabilities, on: .x86_64)
        let report = try SeccompReport(spec)
        let machine = try BPFMachine(try SeccompCompiler.compile(spec).instructions)
        guard case .number(let number) = SystemCallNumber.find(name, .x86_64) else { return }
        for first in [0, 8, 38, 40, 0x1000_0000, 0xffff_ffff] as [UInt64] {
            let call = SeccompCall(number: number, audit: 0xc000_003e, arguments: [first, 0, 0, 0, 0, 0])

            let told = report.call(name, [first]).split(separator: "\n").first.map(String.init) ?? ""

            let verdict = SeccompVerdict(rawValue: machine.run(call).verdict)
            #expect(told.hasPrefix("x86_64, \(name) (\(number)): \(verdict.text)"), "\(told)")
        }
    }
}
