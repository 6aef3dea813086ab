// SPDX-License-Identifier: Apache-2.0
// One launch from claim to running program: everything that the runtime does while the child carries out
// its steps. A failure at any point takes back what was made.
internal import JSON
internal import Kernel
internal import OCISpec
internal import Plan
internal import StateStore

/// Files and descriptors of one launch. Undone by `abandon` until the container stands.
struct Launch: ~Copyable {
    let runtime: Runtime
    let plan: LaunchPlan
    let configuration: LoadedConfiguration
    var record: RuntimeRecord
    let lock: ContainerLock
    let page: LaunchPage
    let child: ProcessHandle
    let gate: OwnedFileDescriptor
    let firstOperation: [Int]
    /// True while the child is known to stand at a gate.
    var isAtGate = false
    /// How many of the child's steps the narrator was told of.
    var told = 0

    /// The step that an operation belongs to.
    func step(of operation: Int) -> ContainerStep? {
        let index = (firstOperation.firstIndex { $0 > operation } ?? firstOperation.count) - 1
        return plan.container.indices.contains(index) ? plan.container[index] : nil
    }

    /// Writes the configuration, which the child need not wait for, and the record with the child's pid,
    /// before the child may pass its last gate.
    mutating func writeRecord() throws(RuntimeError) {
        record.pid = child.pid
        record.startTime = ProcessStatus.read(child.pid)?.startTime ?? 0
        let record = self.record
        do throws(StoreError) {
            try runtime.store.complete(record, configuration: configuration.bytes, holding: lock)
        } catch { throw RuntimeError(error) }
    }

    /// Lets the child pass its next gate. That it has died shows in `awaitByte`.
    mutating func openGate() {
        isAtGate = false
        try? gate.write([UInt8(ascii: "g")])
    }

    /// Waits until the child stands at a gate, or throws why it never will.
    mutating func reachGate() throws(RuntimeError) {
        if isAtGate { return }
        guard try awaitByte() else {
            throw failure() ?? RuntimeError("the container ended while it was made")
        }
        isAtGate = true
    }

    /// Waits until the child stands at a gate (true) or has closed the socket: by execve, or by its end.
    borrowing func awaitByte() throws(RuntimeError) -> Bool {
        try explaining("hear from the container") { () throws(SyscallError) in
            do throws(SyscallError) { return try !gate.read(upTo: 1).isEmpty } catch {
                // ECONNRESET: it died with our byte unread.
                if error.number.value == 104 { return false }
                throw error
            }
        }
    }

    /// The sentence for what the child reported, or nil when nothing failed.
    borrowing func failure() -> RuntimeError? {
        let number = page.failure?.number
        if number != nil || !page.reachedExec, !record.cgroup.isEmpty,
            let reason = LimitDiagnosis.failure(Cgroup(path: record.cgroup), number)
        {
            return RuntimeError(reason)
        }
        if let failure = page.failure {
            return LaunchDiagnosis.error(failure, step(of: failure.operation), root: record.rootfs)
        }
        if page.reachedExec { return nil }
        return RuntimeError("the container's first process was killed while it was made")
    }

    /// Gives the container's lock back; the directory stays open.
    borrowing func unlock() { FileLock.release(lock.directory) }

    /// Kills the child and removes every trace.
    consuming func abandon() {
        _ = try? child.signal(9)
        _ = try? child.wait()
        Runtime.removeCgroup(record.cgroup)
        try? runtime.store.remove(lock)
    }
}
