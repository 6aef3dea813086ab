// SPDX-License-Identifier: Apache-2.0
// update: limits of a container that is there, changed while it runs. Only what is given changes.
internal import Kernel
public import OCISpec
internal import Plan
internal import StateStore

extension Runtime {
    /// Changes limits; fields that are not set stay as they are. See runtime-spec config-linux.md#control-groups.
    public func update(_ id: String, _ resources: ResourcesSpec) throws(RuntimeError) {
        let summary = try state(id)
        guard summary.status != "stopped" else {
            throw RuntimeError("cannot update `\(id)`: container not running")
        }
        let record = summary.record
        let group = Cgroup(path: record.cgroup)
        let plan = try LimitPlan(resources, prefix: "", present: Self.present(group))
        for warning in plan.warnings { warn(warning) }
        // A list that is wrong is found before anything is changed.
        _ = try DeviceList.rules(resources.devices, prefix: "")
        if record.cgroup.isEmpty {
            if let field = plan.writes.field(where: { _ in true }) {
                throw RuntimeError("`\(field)`: `\(id)` was made without a control group")
            }
            return try updateDevices(resources.devices, of: record)
        }
        let top = CgroupHierarchy.find()?.mountPoint ?? ""
        try Controllers.enable(
            plan.controllers,
            in: record.cgroup.hasPrefix(top + "/") ? Planner.groups(above: record.cgroup, from: top) : []
        ) { name in plan.field(needing: name) }
        try Self.carryOut(plan.writes, in: group)
        try updateDevices(resources.devices, of: record)
    }

    /// The device list is changed here, after the limits.
    private func updateDevices(_ rules: [DeviceCgroupSpec], of record: RuntimeRecord) throws(RuntimeError) {
        guard !rules.isEmpty else { return }
        try replaceDevices(rules, of: record)
    }

    private static func present(_ group: Cgroup) -> PresentLimits {
        let quota = group.text("cpu.max").map { String($0.prefix { $0 != " " }) }
        return PresentLimits(
            limit: group.number("memory.max") ?? .max, swap: group.number("memory.swap.max"),
            quota: quota ?? "max")
    }

    /// Writes one after another; the error of one says what is done already.
    private static func carryOut(_ writes: [LimitWrite], in group: Cgroup) throws(RuntimeError) {
        var done: [String] = []
        for write in writes {
            do throws(RuntimeError) { try LimitWriting.carryOut(write, in: group) } catch {
                guard !done.isEmpty else { throw error }
                throw RuntimeError(
                    "\(error.description); set before it: \(done.joined(separator: ", ")); nothing after it",
                    code: error.code)
            }
            let name = "`\(write.field)`"
            if !done.contains(name) { done.append(name) }
        }
    }
}

extension RuntimeError {
    /// The same, with what stands in backquotes exchanged: a field's name for the flag that it came from.
    public func renaming(_ names: [(field: String, flag: String)]) -> RuntimeError {
        RuntimeError(Self.rename(description, names), code: code)
    }

    /// A sentence with what stands in backquotes exchanged.
    public static func rename(_ text: String, _ names: [(field: String, flag: String)]) -> String {
        let parts = text.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
        return parts.enumerated().map { index, part in
            let word = String(Substring(part))
            return index % 2 == 1 ? names.first { $0.field == word }?.flag ?? word : word
        }.joined(separator: "`")
    }
}
