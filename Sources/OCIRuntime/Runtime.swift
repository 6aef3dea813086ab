// SPDX-License-Identifier: Apache-2.0
// The runtime's commands on containers that exist: state, kill, pause, ps, list, delete.
//
//   creating ─[create]→ created ─[start]→ running ─[its end, kill]→ stopped ─[delete]→ gone
//                          running ─[pause]→ paused ─[resume]→ running
//
// Nothing is remembered but what launching wrote; the status is asked of the kernel each time.
internal import Kernel
internal import OCISpec
public import StateStore

/// A container as `state` and `list` show it.
public struct ContainerSummary: Equatable, Sendable {
    /// What was written at its creation.
    public var record: RuntimeRecord
    /// What the kernel says now: `creating`, `created`, `running`, `paused` or `stopped`.
    public var status: String
    /// The first process; 0 when it is stopped.
    public var pid: Int32 { status == "stopped" ? 0 : record.pid }
}

/// An OCI runtime over one root directory.
public struct Runtime: Sendable {
    /// Where the containers' records are.
    public let store: RuntimeStore
    /// Told about each step, or nil.
    public var narrator: Narrator?
    /// Takes warnings.
    public var warn: @Sendable (String) -> Void

    /// A runtime; nothing is made until a container is.
    public init(root: String, warn: @escaping @Sendable (String) -> Void) {
        store = RuntimeStore(root: root)
        self.warn = warn
    }

    /// The process of a record, if it is the same one still.
    func process(of record: RuntimeRecord) -> ProcessHandle? {
        guard record.bootID.isEmpty || record.bootID == Host.bootID() else { return nil }
        return (try? ProcessHandle.find(pid: record.pid, startTime: record.startTime)) ?? nil
    }

    /// What the kernel says of a container.
    public func status(of record: RuntimeRecord) -> String {
        guard let status = ProcessStatus.read(record.pid), !status.isDead,
            status.startTime == record.startTime,
            record.bootID.isEmpty || record.bootID == Host.bootID()
        else { return "stopped" }
        if !record.cgroup.isEmpty, Cgroup(path: record.cgroup).isFrozen { return "paused" }
        if Self.isBeingMade(record) { return "creating" }
        return isWaitingForStart(record.id) ? "created" : "running"
    }

    /// Before pivot_root its root is still ours: `exec` would join the host's file system.
    private static func isBeingMade(_ record: RuntimeRecord) -> Bool {
        guard let its = try? Files.status("/proc/\(record.pid)/root"), let ours = try? Files.status("/")
        else {
            return false
        }
        return its.inode == ours.inode && its.device == ours.device
    }

    /// Whether somebody reads the FIFO that `start` writes to. That it lies there says nothing: a `start` may
    /// have been killed before it removed it.
    private func isWaitingForStart(_ id: String) -> Bool {
        (try? OwnedFileDescriptor.open(store.directory(of: id) + "/start", [.write, .nonBlocking])) != nil
    }

    /// See runtime-spec runtime.md#query-state.
    public func state(_ id: String) throws(RuntimeError) -> ContainerSummary {
        let record = try storing { () throws(StoreError) in try store.read(id) }
        return ContainerSummary(record: record, status: status(of: record))
    }

    /// All containers; those that vanish or are damaged meanwhile are left out.
    public func list() throws(RuntimeError) -> [ContainerSummary] {
        let ids = try storing { () throws(StoreError) in try store.ids() }
        return ids.compactMap { try? state($0) }
    }

    /// Sends a signal to the first process. See runtime-spec runtime.md#kill.
    public func kill(_ id: String, signal: Int32, all: Bool = false) throws(RuntimeError) {
        let record = try storing { () throws(StoreError) in try store.read(id) }
        if all, signal == 9, !record.cgroup.isEmpty {
            try explaining("kill the container `\(id)`") { () throws(SyscallError) in
                try Cgroup(path: record.cgroup).kill()
            }
            return
        }
        if all, !record.cgroup.isEmpty { return try signalGroup(of: record, signal) }
        guard let process = process(of: record) else {
            throw RuntimeError("cannot kill `\(id)`: container not running")
        }
        let reached = try explaining("send signal \(signal) to `\(id)`") { () throws(SyscallError) in
            try process.signal(signal)
        }
        if !reached { throw RuntimeError("cannot kill `\(id)`: container not running") }
    }

    /// Sends a signal to each process of the group; one that ends meanwhile needs none.
    private func signalGroup(of record: RuntimeRecord, _ signal: Int32) throws(RuntimeError) {
        try explaining("send signal \(signal) to all of `\(record.id)`") { () throws(SyscallError) in
            for pid in try Cgroup(path: record.cgroup).processes() {
                guard let start = ProcessStatus.read(pid)?.startTime,
                    let process = try ProcessHandle.find(pid: pid, startTime: start)
                else { continue }
                _ = try process.signal(signal)
            }
        }
    }

    /// Freezes or thaws every process of a container.
    public func setPaused(_ paused: Bool, _ id: String) throws(RuntimeError) {
        let summary = try state(id)
        let wanted = paused ? "running" : "paused"
        guard summary.status == wanted || (paused && summary.status == "created") else {
            let hint = summary.status == "stopped" ? "container not running" : "it is \(summary.status)"
            throw RuntimeError("cannot \(paused ? "pause" : "resume") `\(id)`: \(hint)")
        }
        guard !summary.record.cgroup.isEmpty else {
            throw RuntimeError(
                "cannot pause `\(id)`: it has no control group, since this host has no cgroup v2 mounted")
        }
        try explaining("\(paused ? "pause" : "resume") `\(id)`") { () throws(SyscallError) in
            try Cgroup(path: summary.record.cgroup).freeze(paused)
        }
    }

    /// The pids of a container's processes, as the host counts them.
    public func processes(_ id: String) throws(RuntimeError) -> [Int32] {
        let summary = try state(id)
        guard summary.status != "stopped" else {
            throw RuntimeError("cannot list processes of `\(id)`: container not running")
        }
        guard !summary.record.cgroup.isEmpty else { return [summary.pid] }
        return try explaining("list the processes of `\(id)`") { () throws(SyscallError) in
            try Cgroup(path: summary.record.cgroup).processes()
        }
    }

    /// Removes a container. See runtime-spec runtime.md#delete.
    /// - Parameter force: kills it when it still runs; an unknown id is no error then.
    public func delete(_ id: String, force: Bool) throws(RuntimeError) {
        guard RuntimeStore.isValid(id: id) else { throw RuntimeError(RuntimeStore.notFound(id)) }
        if !force { try refuseToDelete(id) }
        let lock: ContainerLock?
        do throws(StoreError) { lock = try store.lock(id, wait: true) } catch {
            if force, error.isNotFound { return }
            throw RuntimeError(error)
        }
        guard let lock else { return }
        let record: RuntimeRecord?
        do throws(StoreError) { record = try store.read(id) } catch {
            guard force || error.isNotFound else { throw RuntimeError(error) }
            record = nil
        }
        guard let record else { return try deleteUnfinished(lock) }
        try end(record)
        try removeLeftovers(record, lock)
    }

    /// Before the lock, which a command that makes the container may hold for long.
    private func refuseToDelete(_ id: String) throws(RuntimeError) {
        guard let record = try? store.read(id) else { return }
        let status = status(of: record)
        if status == "stopped" { return }
        throw RuntimeError("cannot delete `\(id)`: it is \(status); stop it first, or use `delete -f`")
    }

    private func deleteUnfinished(_ lock: consuming ContainerLock) throws(RuntimeError) {
        // A record that cannot be read names no group: then the one that the id has by default.
        let group = (try? store.unfinishedRecord(lock))?.cgroup
        Self.removeCgroup(group ?? CgroupHierarchy.find()?.path(of: "/roost/" + lock.id))
        do throws(StoreError) { try store.remove(lock) } catch { throw RuntimeError(error) }
    }

    /// Kills what is left of a container and waits for the end of its first process.
    func end(_ record: RuntimeRecord) throws(RuntimeError) {
        let process = process(of: record)
        if !record.cgroup.isEmpty { try? Cgroup(path: record.cgroup).kill() }
        guard let process else { return }
        let gone = try explaining("kill `\(record.id)`") { () throws(SyscallError) in
            _ = try process.signal(9)
            return try process.waitForEnd(milliseconds: 10_000)
        }
        if !gone {
            throw RuntimeError(
                "`\(record.id)` did not end within 10 seconds of SIGKILL; its process \(record.pid)"
                    + " hangs in the kernel"
            )
        }
    }

    /// Removes the group and the directory, gathering failures instead of stopping at the first.
    func removeLeftovers(_ record: RuntimeRecord, _ lock: consuming ContainerLock) throws(RuntimeError) {
        let hooks = record.hasHooks ? poststopHooks(record) : []
        let failures = removeTraces(of: record, lock)
        runPoststop(hooks, record)
        try Self.report(failures, record.id)
    }

    /// What could not be removed, each a sentence.
    func removeTraces(of record: RuntimeRecord, _ lock: consuming ContainerLock) -> [String] {
        var failures: [String] = []
        if !record.cgroup.isEmpty {
            do throws(SyscallError) { try Cgroup(path: record.cgroup).remove() } catch {
                failures.append("\(error)")
            }
        }
        do throws(StoreError) { try store.remove(lock) } catch { failures.append("\(error)") }
        return failures
    }

    static func report(_ failures: [String], _ id: String) throws(RuntimeError) {
        if failures.isEmpty { return }
        throw RuntimeError("`\(id)` is deleted, but something is left: \(failures.joined(separator: "; "))")
    }

    static func removeCgroup(_ path: String?) {
        guard let path, !path.isEmpty else { return }
        let group = Cgroup(path: path)
        try? group.kill()
        try? group.remove()
    }
}

/// Facts about this host, read when they are needed.
enum Host {
    /// Of this boot: a record of another one names processes that are gone.
    static func bootID() -> String {
        let bytes = (try? Files.read("/proc/sys/kernel/random/boot_id", limit: 64)) ?? []
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Hard limits by number when this process may not raise them; only those that `limits` name are asked.
    static func rlimitCeilings(for limits: [RlimitSpec]) -> [UInt64]? {
        guard !limits.isEmpty else { return nil }
        let mayRaise = (try? CapabilitySet.effective())?.rawValue ?? 0
        guard mayRaise >> 24 & 1 == 0 else { return nil }
        return Resource.names.map { name in
            guard limits.contains(where: { $0.type == name }), let resource = Resource(name: name),
                let current = try? resource.current()
            else { return UInt64.max }
            return current.hard
        }
    }
}
