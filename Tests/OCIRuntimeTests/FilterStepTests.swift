// SPDX-License-Identifier: Apache-2.0
// Where the filter of system calls stands in a plan.
import Kernel
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

@Suite("Filter step") struct FilterStepTests {
    private static func profile(_ action: SeccompAction = .errno) -> SeccompSpec {
        SeccompSpec(
            defaultAction: .allow, listenerPath: action == .notify ? "/run/l" : nil,
            syscalls: [SeccompSyscallSpec(names: ["getppid"], action: action)])
    }

    private static func names(_ steps: [ContainerStep]) -> [String] { steps.map(Sample.name) }

    @Test(
        "the filter is the last step before the program: nothing of ours runs under it",
        arguments: [true, false])
    func last(waits: Bool) throws {
        let plan = try Sample.plan {
            $0.linux?.seccomp = Self.profile()
            $0.hooks = HooksSpec(startContainer: [HookSpec(path: "/bin/h")])
        } options: {
            $0.waitsForStart = waits
        }

        #expect(Self.names(plan.container).suffix(3) == ["closeDescriptors", "seccomp", "execute"])
        #expect(!plan.notifies)
    }

    @Test("with a listener it stands before the last gate, where the runtime fetches the descriptor")
    func notify() throws {
        let plan = try Sample.plan { $0.linux?.seccomp = Self.profile(.notify) }

        #expect(
            Self.names(plan.container).suffix(5)
                == ["findProgram", "seccomp", "gate", "closeDescriptors", "execute"])
        #expect(plan.notifies)
        guard case .gate(let announces, _) = plan.container[plan.container.count - 3] else {
            Issue.record("no gate")
            return
        }
        #expect(announces)
    }

    @Test("without no_new_privs CAP_SYS_ADMIN stays permitted up to the filter, and is not effective")
    func kept() throws {
        func capabilities(_ flag: Bool) throws -> (CapabilitySet, CapabilitySet, Bool)? {
            let plan = try Sample.plan {
                $0.linux?.seccomp = Self.profile()
                $0.process?.noNewPrivileges = flag
            }
            var found: (CapabilitySet, CapabilitySet)?
            for step in plan.container {
                if case .capabilities(let effective, let permitted, _) = step {
                    found = (effective, permitted)
                }
                if case .seccomp(_, let keeps) = step, let found { return (found.0, found.1, keeps) }
            }
            return nil
        }

        let without = try #require(try capabilities(false))
        let with = try #require(try capabilities(true))

        #expect(without.1.contains(.systemAdministration) && !without.0.contains(.systemAdministration))
        #expect(without.2)
        #expect(!with.1.contains(.systemAdministration) && !with.2)
    }

    @Test("without CAP_SYS_ADMIN and without no_new_privs: one sentence that says what to do")
    func refused() {
        var options = Sample.options()
        options.isAdministrator = false
        let spec = Sample.spec {
            $0.linux?.seccomp = Self.profile()
            $0.process?.noNewPrivileges = false
        }

        let message = #expect(throws: RuntimeError.self) { try Planner.plan(spec, options) }?.description

        #expect(
            message
                == "`linux.seccomp`: a filter needs CAP_SYS_ADMIN, which this process lacks, or no_new_privs; run it"
                + " as root, or set `process.noNewPrivileges`")
        let free = Sample.spec { $0.linux?.seccomp = Self.profile() }
        #expect(throws: Never.self) { try Planner.plan(free, options) }
    }

    @Test("a wrong profile is an error below linux.seccomp")
    func wrong() {
        let message = Sample.error { spec in
            var profile = Self.profile()
            profile.syscalls[0].errnoRet = 4096
            spec.linux?.seccomp = profile
        }

        #expect(message == "`linux.seccomp.syscalls[0].errnoRet`: 4096 is no errno; the highest is 4095")
    }

    @Test("features tells of every action, operator and flag")
    func features() throws {
        let seccomp = try #require(RuntimeFeatures.value.linux?.seccomp)

        #expect(seccomp.enabled == true)
        #expect(seccomp.actions?.count == 9 && seccomp.operators?.count == 7)
        #expect(seccomp.archs?.contains("SCMP_ARCH_X86_64") == true)
        #expect(seccomp.archs?.contains("SCMP_ARCH_SHEB") == false)
        #expect(seccomp.knownFlags?.count == 4)
        #expect(seccomp.supportedFlags?.contains("SECCOMP_FILTER_FLAG_LOG") == true)
    }
}
