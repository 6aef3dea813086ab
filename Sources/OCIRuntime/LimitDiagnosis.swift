// SPDX-License-Identifier: Apache-2.0
// What a group says of limits that were reached: memory.events, pids.events. Read before it is removed.
internal import Kernel

enum LimitDiagnosis {
    /// A number of bytes as people say it: `64 MiB`, `1.5 GiB`.
    static func text(bytes: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var unit = 0
        var whole = bytes
        var rest: UInt64 = 0
        while whole >= 1024, unit + 1 < units.count {
            rest = whole % 1024
            whole /= 1024
            unit += 1
        }
        let tenth = rest * 10 / 1024
        return tenth == 0 ? "\(whole) \(units[unit])" : "\(whole).\(tenth) \(units[unit])"
    }

    /// Processes of the group that the kernel killed for want of memory.
    static func kills(_ group: Cgroup) -> UInt64 { group.number("oom_kill", in: "memory.events") ?? 0 }

    /// The sentence for a container with kills, or nil when there were none.
    /// - Parameter end: how the first process ended.
    static func killed(_ group: Cgroup, _ end: ProcessEnd) -> String? {
        let kills = kills(group)
        guard kills > 0 else { return nil }
        let who =
            end == .signalled(9)
            ? "the container's program was killed by the kernel"
            : "the kernel killed \(kills == 1 ? "a process" : "\(kills) processes") of the container"
        let reached = group.number("oom", in: "memory.events") ?? 0
        guard reached > 0, let limit = group.number("memory.max"), limit != .max else {
            return "\(who): the host, or a group above the container's, is out of memory"
        }
        return "\(who): it used up its memory, \(text(bytes: limit)); raise `linux.resources.memory.limit`"
    }

    /// Why a container could not be made, where a limit is the reason.
    static func failure(_ group: Cgroup, _ number: ErrorNumber?) -> String? {
        if kills(group) > 0 || (number == .noMemory && (group.number("max", in: "memory.events") ?? 0) > 0),
            let limit = group.number("memory.max"), limit != .max
        {
            return "the memory limit, \(text(bytes: limit)), is too low to make a container in;"
                + " raise `linux.resources.memory.limit`"
        }
        if number == nil || number == .again, (group.number("max", in: "pids.events") ?? 0) > 0,
            let limit = group.number("pids.max"), limit != .max
        {
            return "the container may have \(limit) processes and reached that while it was made;"
                + " raise `linux.resources.pids.limit`"
        }
        return nil
    }
}
