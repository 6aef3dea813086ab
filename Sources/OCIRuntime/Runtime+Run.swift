// SPDX-License-Identifier: Apache-2.0
// run in the foreground, and start: the program's life as its caller sees it.
public import Kernel
internal import OCISpec
internal import Plan
internal import StateStore

extension Runtime {
    /// Lets a created container's program run. See runtime-spec runtime.md#start.
    public func start(_ id: String) throws(RuntimeError) {
        guard RuntimeStore.isValid(id: id) else { throw RuntimeError(RuntimeStore.notFound(id)) }
        guard let lock = try storing({ () throws(StoreError) in try store.lock(id, wait: true) }) else {
            throw RuntimeError(RuntimeStore.notFound(id))
        }
        let record = try storing { () throws(StoreError) in try store.read(id) }
        let status = status(of: record)
        guard status == "created" else {
            let hint =
                status == "stopped" ? "container not running: it has stopped" : "it is \(status) already"
            throw RuntimeError("cannot start `\(id)`: \(hint)")
        }
        try explaining("start `\(id)`") { () throws(SyscallError) in try Self.release(lock) }
        let page = try explaining("read how `\(id)` started") { () throws(SyscallError) in
            try LaunchPage(
                reopening: OwnedFileDescriptor.open("launch", .readWrite, at: lock.directory.number))
        }
        if let failure = page.failure { throw try startFailure(failure, page.operations, record) }
        try runPoststart(record)
    }

    /// Writes the byte, and waits until the child has let go of the FIFO: by execve, or by its end.
    private static func release(_ lock: borrowing ContainerLock) throws(SyscallError) {
        let fifo = try OwnedFileDescriptor.open("start", [.write, .nonBlocking], at: lock.directory.number)
        try fifo.write([UInt8(ascii: "s")])
        // POLLERR on the writing end: nobody reads any more.
        var entries = [PollEntry(fifo.number, [])]
        while !entries[0].came.contains(.error) { _ = try Waiting.poll(&entries) }
        try Files.remove("start", at: lock.directory.number)
    }

    private func startFailure(
        _ failure: LaunchFailure, _ operations: Int, _ record: RuntimeRecord
    ) throws(RuntimeError) -> RuntimeError {
        let spec = try configuration(of: record)
        let hooks = spec.hooks?.startContainer ?? []
        // The last operations of every plan that waits: the hooks, close_range, the filter, execve.
        let hasFilter = !record.filter.isEmpty && spec.linux?.seccomp?.notifies != true
        if hasFilter, failure.operation == operations - 2 {
            return RuntimeError("cannot load the filter of system calls: \(failure.number.text)")
        }
        let index = failure.operation - (operations - (hasFilter ? 3 : 2) - hooks.count)
        guard hooks.indices.contains(index) else {
            return ProgramDiagnosis.error(
                spec.process?.args.first ?? "", spec.process?.env ?? [], failure.number,
                root: record.rootfs)
        }
        return RuntimeError(
            Self.sentence(
                "startContainer[\(index)]", hooks[index].path, failure.detail, failure.detailIndex,
                failure.number))
    }

    /// The hooks of `start`. A failing one stops the container: since 1.3 it is an error.
    private func runPoststart(_ record: RuntimeRecord) throws(RuntimeError) {
        guard record.hasHooks else { return }
        for (index, hook) in (try configuration(of: record).hooks?.poststart ?? []).enumerated() {
            try runPoststart(hook, index, record)
        }
    }

    /// The same, when the plan is at hand.
    func runPoststart(_ launch: borrowing Launch) throws(RuntimeError) {
        for step in launch.plan.host {
            guard case .hook("poststart", let hook, let index) = step else { continue }
            try carryOut(step) { () throws(RuntimeError) in try runPoststart(hook, index, launch.record) }
        }
    }

    private func runPoststart(_ hook: HookSpec, _ index: Int, _ record: RuntimeRecord) throws(RuntimeError) {
        do throws(RuntimeError) {
            try run(
                hook, "poststart[\(index)]", directory: record.bundle,
                input: Self.stateText(record, .running))
        } catch {
            try? end(record)
            throw error
        }
    }

    /// Runs a container and returns when its program runs (`detach`).
    public func runDetached(_ request: LaunchRequest) throws(RuntimeError) {
        _ = try launch(request, .keep)
    }

    /// Runs a container to the end of its program, passing on signals; leaves nothing unless `keep`.
    /// - Parameter terminal: takes over the caller's terminal; gets the master once the program runs, when
    ///   the configuration has one.
    public func run(
        _ request: LaunchRequest, keep: Bool = false, terminal: ForegroundTerminal? = nil
    ) throws(RuntimeError) -> ProcessEnd {
        let signals = try explaining("block signals") { () throws(SyscallError) in try SignalReader() }
        let launch = try launch(request, keep ? .keep : .run)
        // While the program runs, others may kill and delete the container.
        launch.unlock()
        let end: ProcessEnd
        do throws(SyscallError) {
            end = try Foreground.wait(for: launch.child, signals, launch.plan.hasConsole ? terminal : nil)
        } catch {
            _ = try? launch.child.signal(9)
            try? finish(launch)
            throw RuntimeError("cannot wait for the container: \(error.number.text) (\(error.call))")
        }
        reportKills(launch, end)
        if !keep { try finish(launch) }
        return end
    }

    /// Who sees `Killed` wants to know by what. Only where a process was killed, or could have been by a limit.
    private func reportKills(_ launch: borrowing Launch, _ end: ProcessEnd) {
        guard !launch.record.cgroup.isEmpty,
            end == .signalled(9) || launch.plan.limits.contains(where: { $0.controller == "memory" }),
            let text = LimitDiagnosis.killed(Cgroup(path: launch.record.cgroup), end)
        else { return }
        warn(text)
    }

    private func finish(_ launch: consuming Launch) throws(RuntimeError) {
        let record = launch.record
        // Gone, or another one of that name: somebody has deleted ours.
        guard let lock = try? store.lock(record.id, wait: true), let now = try? store.read(record.id),
            now.pid == record.pid, now.startTime == record.startTime
        else { return }
        // Without a pid namespace of its own, others may have outlived the first process.
        if !launch.plan.birth.contains(.pid), !record.cgroup.isEmpty {
            try? Cgroup(path: record.cgroup).kill()
        }
        let begin = Clock.monotonic()
        let failures = removeTraces(of: record, lock)
        for step in launch.plan.host {
            switch step {
            case .cleanUp: narrator?.host(step, Clock.monotonic() - begin)
            case .hook("poststop", let hook, let index):
                try carryOut(step) { () throws(RuntimeError) in runPoststop(hook, index, record) }
            default: break
            }
        }
        try Self.report(failures, record.id)
    }
}
