// SPDX-License-Identifier: Apache-2.0
// Carries out the writes of a LimitPlan on a group. What the kernel refuses becomes a sentence with the
// field, the file, the value, and what to do.
internal import Kernel
internal import Plan

enum LimitWriting {
    /// Writes one limit. A file that is missing is no error where there is nothing to limit.
    static func carryOut(_ write: LimitWrite, in group: Cgroup) throws(RuntimeError) {
        try checkUsage(write, group)
        try checkList(write, group)
        for (index, choice) in write.choices.enumerated() {
            do throws(SyscallError) { return try group.write(choice.file, choice.value) } catch {
                if error.number == .noEntry {
                    if index + 1 < write.choices.count { continue }
                    if write.isLifting { return }
                    throw missing(write, choice, group)
                }
                throw RuntimeError(
                    "`\(write.field)`: the kernel refuses `\(choice.value)` for `\(choice.file)`:"
                        + " \(error.number.text)\(hint(choice, error.number, group))")
            }
        }
    }

    private static func missing(_ write: LimitWrite, _ choice: LimitWrite.Choice, _ group: Cgroup)
        -> RuntimeError
    {
        if !write.controller.isEmpty, !group.controllers.contains(write.controller) {
            return Controllers.absent(write.controller, field: write.field, group: group.path)
        }
        let names = write.choices.map { "`\($0.file)`" }.joined(separator: " nor ")
        return RuntimeError(
            "`\(write.field)`: this kernel has no \(names), to which `\(choice.value)` would go; leave it"
                + " out")
    }

    private static func checkUsage(_ write: LimitWrite, _ group: Cgroup) throws(RuntimeError) {
        guard let file = write.usageFile, let limit = UInt64(write.value), let usage = group.number(file),
            usage > limit
        else { return }
        throw RuntimeError(
            "`\(write.field)`: \(limit) is less than what is used now, \(usage) (`\(file)`); a limit below it"
                + " would kill processes, and `checkBeforeUpdate` asks not to")
    }

    /// The kernel takes numbers that do not exist, and then limits nothing.
    private static func checkList(_ write: LimitWrite, _ group: Cgroup) throws(RuntimeError) {
        guard write.file == "cpuset.cpus" || write.file == "cpuset.mems",
            let wanted = NumberList.parse(write.value),
            let have = Cgroup(path: above(group.path)).text(write.file + ".effective"),
            let allowed = NumberList.parse(have)
        else { return }
        let lacking = wanted.filter { !allowed.contains($0) }
        guard let first = lacking.first else { return }
        let thing = write.file == "cpuset.cpus" ? "processor" : "memory node"
        throw RuntimeError(
            "`\(write.field)`: `\(write.value)` for `\(write.file)`: there is no \(thing) \(first) for this"
                + " container; there are `\(have)`")
    }

    static func above(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[..<slash])
    }

    private static func hint(_ choice: LimitWrite.Choice, _ number: ErrorNumber, _ group: Cgroup) -> String {
        switch choice.file {
        case "cpu.max":
            "; quota and period are microseconds: a quota from 1000, a period from 1000 to 1000000, neither"
                + " more than the groups above allow, and no less than `cpu.max.burst`"
        case "cpu.max.burst": "; it can be no more than the quota in `cpu.max`"
        case "cpu.weight": "; a group that is idle (`cpu.idle`) has no weight"
        case "io.max", "io.weight", "io.bfq.weight":
            number == .noDevice || number == .noDeviceOrAddress
                ? "; name the numbers of a whole disk, as lsblk(8) lists them, not of a partition" : ""
        case "rdma.max": "; name a device of `/sys/class/infiniband`"
        default: ""
        }
    }
}
