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
    func enableControllers(_ plan: LaunchPlan) throws(RuntimeError) {
        for step in plan.host {
            guard case .enableControllers(let names, let groups) = step else { continue }
            let begin = Clock.monotonic()
            try Controllers.enable(names, in: groups) { name in
                plan.limits.first { $0.controller == name && !$0.isLifting }?.field ?? name
            }
            narrator?.host(step, Clock.monotonic() - begin)
        }
    }

    /// Writes the limits. A memory limit below what the child uses already ends it.
    func setLimits(_ launch: inout Launch) throws(RuntimeError) {
        guard !launch.plan.limits.isEmpty else { return }
        try launch.reachGate()
        let group = Cgroup(path: launch.record.cgroup)
        var hasMemory = false
        for step in launch.plan.host {
            guard case .limit(let write, _) = step else { continue }
            let begin = Clock.monotonic()
            try LimitWriting.carryOut(write, in: group)
            narrator?.host(step, Clock.monotonic() - begin)
            if write.controller == "memory" { hasMemory = true }
        }
        if hasMemory, let reason = LimitDiagnosis.failure(group, nil), LimitDiagnosis.kills(group) > 0 {
            throw RuntimeError(reason)
        }
    }
}
