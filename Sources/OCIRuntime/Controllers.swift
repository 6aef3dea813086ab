// SPDX-License-Identifier: Apache-2.0
// Passing controllers down to the container's group, from the top of what is mounted: only those that its
// limits need, only where they are not on, since each change is an RCU grace period. See cgroups(7).
internal import Kernel

enum Controllers {
    /// Passes `names` on in each group, top first.
    /// - Parameter field: the limit that needs a controller, for the error.
    static func enable(
        _ names: [String], in groups: [String], field: (String) -> String
    ) throws(RuntimeError) {
        for (index, path) in groups.enumerated() {
            let group = Cgroup(path: path)
            let on = group.passedControllers
            let missing = names.filter { !on.contains($0) }
            if missing.isEmpty { continue }
            let available = group.controllers
            for name in missing where !available.contains(name) {
                throw absent(name, field: field(name), group: path)
            }
            try passOn(missing, group, isTop: index == 0, field: field)
        }
    }

    private static func passOn(
        _ names: [String], _ group: Cgroup, isTop: Bool, field: (String) -> String
    ) throws(RuntimeError) {
        do throws(SyscallError) {
            if try !stands(in: group) { return try group.passOn(names) }
            guard isTop else { throw SyscallError("write", group.path, .busy) }
            try moveAside(group)
            try group.passOn(names)
        } catch {
            let name = names.first ?? ""
            let hint =
                error.number == .busy
                ? "; it has processes of its own, and only a group without can: name a group elsewhere in"
                    + " `linux.cgroupsPath`"
                : ""
            throw RuntimeError(
                "`\(field(name))` needs the controller `\(name)`, which the control group `\(group.path)`"
                    + " cannot pass on: \(error.number.text)\(hint)")
        }
    }

    /// Whether processes stand in the way. The kernel refuses some controllers then; others (pids, cpu) it
    /// passes on, and makes the groups below unfit for processes. The root of all groups is free of this, and
    /// alone has no `cgroup.type`.
    private static func stands(in group: Cgroup) throws(SyscallError) -> Bool {
        guard Files.exists(group.path + "/cgroup.type") else { return false }
        return try !group.processes().isEmpty
    }

    /// The top of a cgroup namespace, inside a container, is a group like any other: what runs in it moves
    /// down one.
    private static func moveAside(_ group: Cgroup) throws(SyscallError) {
        let aside = Cgroup(path: group.path + "/init")
        try aside.make()
        // Again for what is forked meanwhile. What is outside our pid namespace cannot be moved.
        for _ in 0..<100 where try stands(in: group) { try group.moveProcesses(to: aside) }
        if try stands(in: group) { throw SyscallError("write", group.path, .busy) }
    }

    /// Why a controller is not there, and what to do.
    static func absent(
        _ name: String, field: String, group: String,
        controllersOfV1: [String] = CgroupHierarchy.controllersOfV1()
    ) -> RuntimeError {
        let beginning = "`\(field)` needs the controller `\(name)` of cgroup v2"
        if controllersOfV1.contains(name) {
            let old = name == "io" ? "blkio" : name
            return RuntimeError(
                "\(beginning), but cgroup v1 has it on this host; boot with"
                    + " `systemd.unified_cgroup_hierarchy=1` or `cgroup_no_v1=\(old)`, or leave the limit out"
            )
        }
        return RuntimeError(
            "\(beginning), which `\(group)` does not have: this kernel lacks it, or the group above does not"
                + " delegate it; leave the limit out")
    }

    /// The error for a limit where there is no control group at all.
    static func noGroup(field: String, isDisabled: Bool) -> RuntimeError {
        RuntimeError(
            isDisabled
                ? "`\(field)` needs a control group, which `--cgroup-manager disabled` forbids; leave one of"
                    + " them out"
                : "`\(field)` needs cgroup v2, which is not mounted on this host; mount it (`mount -t cgroup2"
                    + " none /sys/fs/cgroup`), or leave the limit out")
    }
}
