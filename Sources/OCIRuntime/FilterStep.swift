// SPDX-License-Identifier: Apache-2.0
// Where the filter of system calls stands among the steps of a process, and what it needs.
internal import Kernel
internal import OCISpec
internal import Plan

/// The filter of one process.
struct FilterStep {
    let filter: SeccompFilter
    /// Without no_new_privs the kernel takes a filter from CAP_SYS_ADMIN only.
    let needsAdministration: Bool

    init?(_ process: ProcessSpec, _ filter: SeccompFilter?) {
        guard let filter else { return nil }
        self.filter = filter
        needsAdministration = !process.noNewPrivileges
    }

    static func compile(_ spec: SeccompSpec) throws(RuntimeError) -> SeccompFilter {
        do throws(SeccompError) { return try SeccompCompiler.compile(spec) } catch {
            throw RuntimeError(error.text(below: "linux.seccomp"))
        }
    }

    var notifies: Bool { filter.notifies }

    var step: ContainerStep { .seccomp(filter, keepsAdministration: needsAdministration) }

    /// Keeps CAP_SYS_ADMIN permitted, not effective, up to the filter: no step needs it in between, and
    /// execve(2) takes it from a process that is not to have it.
    func prepare(_ steps: inout [ContainerStep], isAdministrator: Bool) throws(RuntimeError) {
        guard needsAdministration else { return }
        guard isAdministrator else {
            throw RuntimeError(
                "`linux.seccomp`: a filter needs CAP_SYS_ADMIN, which this process lacks, or no_new_privs; run it"
                    + " as root, or set `process.noNewPrivileges`")
        }
        for (index, step) in steps.enumerated() {
            guard case .capabilities(let effective, let permitted, let inheritable) = step else { continue }
            steps[index] = .capabilities(
                effective: effective, permitted: permitted.union(.systemAdministration),
                inheritable: inheritable)
        }
    }
}
