// SPDX-License-Identifier: Apache-2.0
// The child's birth: group, descriptors, program, clone3. Everything here is owned, so that an error
// closes what was opened.
internal import Kernel
internal import OCISpec
internal import Plan
internal import StateStore

/// A child that has begun its steps.
struct Born: ~Copyable {
    let process: ProcessHandle
    let page: LaunchPage
    let gate: OwnedFileDescriptor
    let firstOperation: [Int]
}

/// What `start` needs: the FIFO that it writes to, the page where the child says how it went.
private struct StartFiles: ~Copyable {
    let fifo: OwnedFileDescriptor?
    let page: OwnedFileDescriptor?
}

extension Runtime {
    func prepare(
        _ request: LaunchRequest, _ plan: LaunchPlan, _ record: RuntimeRecord,
        _ lock: borrowing ContainerLock
    ) throws(RuntimeError) -> Born {
        var cgroup: OwnedFileDescriptor?
        for step in plan.host {
            switch step {
            case .begin:
                try carryOut(step) { () throws(RuntimeError) in
                    try storing { () throws(StoreError) in
                        try store.begin(record, holding: lock)
                    }
                }
            case .makeCgroup(let path):
                cgroup = try carryOut(step) { () throws(RuntimeError) in try makeCgroup(path) }
            case .enableControllers(let names, let groups):
                try carryOut(step) { () throws(RuntimeError) in
                    try enableControllers(names, in: groups, plan)
                }
            case .giveStreams(let owner):
                try carryOut(step) { () throws(RuntimeError) in StandardStreams.give(to: owner) }
            case .clone:
                return try bear(step, request, plan, lock, cgroup: cgroup.number)
            default: break
            }
        }
        throw RuntimeError("the plan makes no child")
    }

    private func makeCgroup(_ path: String) throws(RuntimeError) -> OwnedFileDescriptor {
        try explaining("make the control group `\(path)`") { () throws(SyscallError) in
            let group = Cgroup(path: path)
            try group.make()
            return try group.open()
        }
    }

    private func bear(
        _ step: HostStep, _ request: LaunchRequest, _ plan: LaunchPlan, _ lock: borrowing ContainerLock,
        cgroup: Int32?
    ) throws(RuntimeError) -> Born {
        let console = try connectConsole(request)
        let start = try makeStartFiles(plan, lock)
        let namespaces = try open(plan.joinedPaths)
        if let path = plan.pidNamespacePath { try joinPidNamespace(path) }
        do throws(SyscallError) {
            return try bear(
                step, plan, lock: lock, cgroup: cgroup, start: start.fifo.number,
                shared: start.page.number,
                console: console.number ?? request.consoleDescriptor, root: request.root?.descriptor ?? -1,
                namespaces: namespaces)
        } catch {
            let hint =
                error.number == .notPermitted
                ? "; namespaces need CAP_SYS_ADMIN and a seccomp filter around this process that allows them"
                : ""
            throw RuntimeError(
                "cannot make the container's first process: \(error.number.text) (\(error.call))\(hint)")
        }
    }

    private func connectConsole(_ request: LaunchRequest) throws(RuntimeError) -> OwnedFileDescriptor? {
        guard let path = request.consoleSocket else { return nil }
        return try explaining("connect to the console socket `\(path)`") { () throws(SyscallError) in
            try UnixSocket.connect(path)
        }
    }

    private func makeStartFiles(
        _ plan: LaunchPlan, _ lock: borrowing ContainerLock
    ) throws(RuntimeError) -> StartFiles {
        guard plan.container.contains(.waitForStart) else { return StartFiles(fifo: nil, page: nil) }
        return try explaining("make the start FIFO of `\(lock.id)`") { () throws(SyscallError) in
            let directory = lock.directory.number
            try Files.makeFIFO("start", at: directory)
            return StartFiles(
                fifo: try OwnedFileDescriptor.open("start", [.readWrite, .nonBlocking], at: directory),
                page: try OwnedFileDescriptor.open("launch", [.readWrite, .create, .truncate], at: directory))
        }
    }

    private func open(_ paths: [String]) throws(RuntimeError) -> [Int32] {
        var numbers: [Int32] = []
        for path in paths {
            // Released: they live until this process ends, and are close-on-exec in the child.
            let opened = try explaining("open the namespace `\(path)`") { () throws(SyscallError) in
                try OwnedFileDescriptor.open(path)
            }
            numbers.append(opened.release())
        }
        return numbers
    }

    private func joinPidNamespace(_ path: String) throws(RuntimeError) {
        try explaining("join the pid namespace `\(path)`") { () throws(SyscallError) in
            let namespace = try OwnedFileDescriptor.open(path)
            try ThisProcess.join(namespace.number, .pid)
        }
    }

    private func bear(
        _ step: HostStep, _ plan: LaunchPlan, lock: borrowing ContainerLock, cgroup: Int32?, start: Int32?,
        shared: Int32?,
        console: Int32, root: Int32, namespaces: [Int32]
    ) throws(SyscallError) -> Born {
        let pair = try SocketPair()
        // The child must not hold the lock of a container that only waits for `start`, nor the parent's
        // end of the gate, or it would never see the parent die; and no directory of the host.
        let descriptors = LaunchDescriptors(
            gate: pair.far.number, start: start ?? -1, console: console, root: root, namespaces: namespaces,
            closed: [pair.near.number, lock.directory.number, cgroup ?? -1])
        var lowering = Lowering(descriptors)
        for step in plan.container { lowering.append(step) }
        let page = try LaunchPage(operations: lowering.program.count, file: shared)
        let begin = Clock.monotonic()
        try ThisProcess.makeUndumpable()
        let process = try lowering.program.launch(flags: plan.birth, cgroup: cgroup, page: page)
        let isPlain = lowering.program.isBornByClone
        narrator?.host(
            isPlain ? .plainClone(plan.birth, intoCgroup: cgroup != nil) : step, Clock.monotonic() - begin)
        return Born(
            process: process, page: page, gate: pair.takeNear(), firstOperation: lowering.firstOperation)
    }
}

extension Optional where Wrapped == OwnedFileDescriptor {
    /// The number, or nil.
    var number: Int32? {
        switch self {
        case .some(let descriptor): descriptor.number
        case .none: nil
        }
    }
}
