// SPDX-License-Identifier: Apache-2.0
// `linux.resources` -> the writes that set them: a pure function, tested by value. Values are what cgroup v1
// meant by them, as the specification has it, turned into what v2 has. The order is part of it. What has no
// form in v2 is refused by name, since a limit that is not kept is none.
internal import Kernel
internal import OCISpec
internal import Plan

/// What a group has now, for an update that changes one of two values that belong together.
struct PresentLimits: Equatable {
    /// memory.max; the greatest number is `max`.
    var limit: UInt64
    /// memory.swap.max; nil: the kernel counts no swap.
    var swap: UInt64?
    /// The quota in cpu.max, or `max`.
    var quota = "max"
}

/// Limits as writes, in the order in which they are written.
struct LimitPlan: Equatable {
    private(set) var writes: [LimitWrite] = []
    private(set) var warnings: [String] = []
    /// Before each field's name in messages: `linux.resources.`
    let prefix: String
    /// Set for an update.
    let present: PresentLimits?

    /// The writes for `resources`, or an error that names the field.
    init(
        _ resources: ResourcesSpec, prefix: String = "linux.resources.", present: PresentLimits? = nil
    ) throws(RuntimeError) {
        self.prefix = prefix
        self.present = present
        if let memory = resources.memory { try add(memory) }
        if let cpu = resources.cpu { try add(cpu) }
        if let limit = resources.pids?.limit {
            guard limit >= -1 else { throw invalid("pids.limit", "\(limit)", "is negative; -1 is no limit") }
            add("pids.max", limit < 0 ? "max" : "\(limit)", "pids.limit", isLifting: limit < 0)
        }
        if let blockIO = resources.blockIO { try add(blockIO) }
        for (index, limit) in resources.hugepageLimits.enumerated() { try add(limit, index) }
        for rdma in resources.rdma { try add(rdma) }
        if let network = resources.network { try check(network) }
        // Last: what is written by the file's own name goes over what is written by another.
        for pair in resources.unified { try addUnified(pair) }
    }

    /// The controllers that the writes need, each once.
    var controllers: [String] {
        var names: [String] = []
        for write in writes
        where !write.isLifting && !write.controller.isEmpty && !names.contains(write.controller) {
            names.append(write.controller)
        }
        return names
    }

    /// The field that an error about a controller names.
    func field(needing controller: String) -> String {
        writes.field(where: { $0.controller == controller }) ?? controller
    }

    // MARK: memory

    private mutating func add(_ memory: MemorySpec) throws(RuntimeError) {
        let fields = [
            ("limit", memory.limit), ("swap", memory.swap), ("reservation", memory.reservation),
        ]
        for (name, value) in fields where (value ?? 0) < -1 {
            throw invalid("memory.\(name)", "\(value ?? 0)", "is negative; -1 is no limit")
        }
        if memory.swappiness != nil { throw onlyV1("memory.swappiness") }
        if memory.disableOOMKiller == true { throw onlyV1("memory.disableOOMKiller") }
        if memory.useHierarchy == false { throw onlyV1("memory.useHierarchy") }
        for (name, value) in [("kernel", memory.kernel), ("kernelTCP", memory.kernelTCP)]
        where (value ?? 0) > 0 {
            // Deprecated in the specification; runc too says so and goes on.
            warnings.append(
                "`\(prefix)memory.\(name)` is left out: cgroup v2 counts it in `memory.limit`")
        }
        let limit = memory.limit ?? 0
        // Swap first: a limit below the usage would push into swap what may not be there.
        try addSwap(memory.swap ?? 0, limit: limit)
        if limit != 0 {
            add(
                "memory.max", Self.text(limit), "memory.limit", isLifting: limit < 0,
                usageFile: memory.checkBeforeUpdate == true && limit > 0 ? "memory.current" : nil)
        }
        guard let reservation = memory.reservation, reservation != 0 else { return }
        if limit > 0, reservation > limit {
            throw invalid("memory.reservation", "\(reservation)", "is more than `memory.limit`, \(limit)")
        }
        add("memory.low", Self.text(reservation), "memory.reservation")
    }

    /// Memory and swap together in the configuration, swap alone in the file.
    private mutating func addSwap(_ swap: Int64, limit: Int64) throws(RuntimeError) {
        if swap == -1 || (swap == 0 && limit == -1) {
            return add("memory.swap.max", "max", "memory.swap", isLifting: true)
        }
        if swap == 0 { return try keepSwap(limit: limit) }
        var limit = UInt64(max(0, limit))
        if limit == 0, let present, present.limit != .max { limit = present.limit }
        guard limit > 0 else {
            throw invalid(
                "memory.swap", "\(swap)", "counts memory and swap together; set `memory.limit` too")
        }
        guard UInt64(swap) >= limit else {
            throw invalid(
                "memory.swap", "\(swap)",
                "is less than `memory.limit`, \(limit); it counts memory and swap together")
        }
        let alone = UInt64(swap) - limit
        add("memory.swap.max", "\(alone)", "memory.swap", isLifting: alone == 0)
    }

    /// An update of the limit alone keeps the sum of both, which is what was configured.
    private mutating func keepSwap(limit: Int64) throws(RuntimeError) {
        guard limit > 0, let present, present.limit != .max, let swap = present.swap, swap != .max,
            UInt64(limit) != present.limit
        else { return }
        let (sum, overflow) = present.limit.addingReportingOverflow(swap)
        guard !overflow, sum >= UInt64(limit) else {
            throw invalid(
                "memory.limit", "\(limit)",
                "is more than memory and swap together may be, \(sum); set `memory.swap` too")
        }
        add("memory.swap.max", "\(sum - UInt64(limit))", "memory.swap", isLifting: sum == UInt64(limit))
    }

    private static func text(_ value: Int64) -> String { value < 0 ? "max" : "\(value)" }

    // MARK: cpu

    private mutating func add(_ cpu: CPUSpec) throws(RuntimeError) {
        if let runtime = cpu.realtimeRuntime, runtime != 0 { throw onlyV1("cpu.realtimeRuntime") }
        if let period = cpu.realtimePeriod, period != 0 { throw onlyV1("cpu.realtimePeriod") }
        let shares = cpu.shares ?? 0
        if let idle = cpu.idle {
            guard idle == 0 || idle == 1 else {
                throw invalid("cpu.idle", "\(idle)", "is neither 0 nor 1")
            }
            guard idle == 0 || shares == 0 else {
                throw invalid(
                    "cpu.shares", "\(shares)", "contradicts `cpu.idle`: an idle group has no weight")
            }
            // Before the weight, which an idle group refuses.
            add("cpu.idle", "\(idle)", "cpu.idle", isLifting: idle == 0)
        }
        if shares != 0 { add("cpu.weight", "\(CPUWeight.weight(shares: shares))", "cpu.shares") }
        try addBandwidth(cpu)
        for (name, list) in [("cpus", cpu.cpus ?? ""), ("mems", cpu.mems ?? "")] where !list.isEmpty {
            guard NumberList.parse(list) != nil else {
                throw invalid("cpu.\(name)", list, "is no list of numbers such as `0-3,7`")
            }
            add("cpuset.\(name)", list, "cpu.\(name)")
        }
    }

    private mutating func addBandwidth(_ cpu: CPUSpec) throws(RuntimeError) {
        let quota = cpu.quota ?? 0
        let period = cpu.period ?? 0
        guard quota >= -1 else { throw invalid("cpu.quota", "\(quota)", "is negative; -1 is no limit") }
        if let burst = cpu.burst, quota > 0, burst > UInt64(quota) {
            throw invalid("cpu.burst", "\(burst)", "is more than `cpu.quota`, \(quota)")
        }
        if quota != 0 || period != 0 {
            // The kernel holds the old burst against the new quota.
            if present != nil, cpu.burst != nil { add("cpu.max.burst", "0", "cpu.burst", isLifting: true) }
            // Left out, the period stays as it is; the quota cannot be left out.
            let text = quota > 0 ? "\(quota)" : quota == 0 ? present?.quota ?? "max" : "max"
            add(
                "cpu.max", period == 0 ? text : "\(text) \(period)",
                quota == 0 ? "cpu.period" : "cpu.quota", isLifting: text == "max")
        }
        if let burst = cpu.burst { add("cpu.max.burst", "\(burst)", "cpu.burst", isLifting: burst == 0) }
    }

    // MARK: what all share

    mutating func add(
        _ file: String, _ value: String, _ field: String, isLifting: Bool = false, usageFile: String? = nil
    ) {
        add(
            LimitWrite(
                file, value, field: prefix + field, isLifting: isLifting, usageFile: usageFile))
    }

    mutating func add(_ write: LimitWrite) { writes.append(write) }

    func invalid(_ field: String, _ value: String, _ reason: String) -> RuntimeError {
        RuntimeError("`\(prefix)\(field)`: `\(value)` \(reason)")
    }

    func onlyV1(_ field: String) -> RuntimeError {
        RuntimeError("`\(prefix)\(field)` exists in cgroup v1 only, and Roost uses v2; leave it out")
    }
}

extension [LimitWrite] {
    /// The field of the first limit of a kind. That of swap is written first, and may come from the one of
    /// memory alone: it is named when nothing else is.
    func field(where isWanted: (LimitWrite) -> Bool) -> String? {
        let wanted = filter { !$0.isLifting && isWanted($0) }
        return (wanted.first { $0.file != "memory.swap.max" } ?? wanted.first)?.field
    }
}
