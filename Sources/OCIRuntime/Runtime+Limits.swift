// SPDX-License-Identifier: Apache-2.0
// Carrying out the limits of a plan while the child stands at its first gate.
internal import Kernel
internal import Plan
internal import StateStore

extension LaunchPlan {
    /// The limits, in order.
    var limits: [LimitWrite] {
        host.compactMap { step in
            if case .limit(let write, _) = step { return write }
            return nil
        }
    }
}

extension Runtime {
    /// Passes on the controllers that the plan's limits need.
    func enableControllers(
        _ names: [String], in groups: [String], _ plan: LaunchPlan
    ) throws(RuntimeError) {
        try Controllers.enable(names, in: groups) { name in
            plan.limits.field { $0.controller == name } ?? name
        }
    }

    /// Writes a limit. One of memory below what the child uses already ends it.
    static func setLimit(_ write: LimitWrite, _ path: String) throws(RuntimeError) {
        let group = Cgroup(path: path)
        try LimitWriting.carryOut(write, in: group)
        if write.controller == "memory", LimitDiagnosis.kills(group) > 0,
            let reason = LimitDiagnosis.failure(group, nil)
        {
            throw RuntimeError(reason)
        }
    }
}
