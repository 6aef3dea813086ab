// SPDX-License-Identifier: Apache-2.0
// exec: another process in a running container. This process enters the container's pid namespace for
// its children, the child is born into the container's group and joins the rest itself.
public import Kernel
public import OCISpec
internal import Plan
internal import StateStore

/// A process to be run in a container that runs.
public struct ExecRequest: Sendable {
    /// The container.
    public var id: String
    /// The process.
    public var process: ProcessSpec
    /// Path of the socket that takes the terminal's master.
    public var consoleSocket: String?
    /// A connected socket that takes it, instead of a path.
    public var consoleDescriptor: Int32 = -1
    /// Path of the socket that takes a descriptor of the process.
    public var pidfdSocket: String?
    /// File that gets the pid.
    public var pidFile: String?
    /// Descriptors after standard error that the program gets.
    public var preservedDescriptors: UInt32 = 0
    /// A group below the container's own, relative to it.
    public var cgroup: String?
    /// True: a paused container is no error; the process begins when it is resumed.
    public var ignoresPause = false

    /// A request with the defaults.
    public init(id: String, process: ProcessSpec) {
        self.id = id
        self.process = process
    }
}

extension Runtime {
    /// The process that the container's configuration describes, as a base for `exec` with flags.
    public func process(of id: String) throws(RuntimeError) -> ProcessSpec {
        let record = try storing { () throws(StoreError) in try store.read(id) }
        guard let process = try configuration(of: record).process else {
            throw RuntimeError("the configuration of `\(id)` has no `process`")
        }
        return process
    }

    /// Runs a process and returns its end, or nil when it was detached.
    /// - Parameter terminal: takes over the caller's terminal; gets the process's, when it has one.
    public func exec(
        _ request: ExecRequest, detach: Bool, terminal: ForegroundTerminal? = nil
    ) throws(RuntimeError) -> ProcessEnd? {
        let summary = try state(request.id)
        guard summary.status != "stopped", let container = process(of: summary.record) else {
            throw RuntimeError("cannot exec in `\(request.id)`: container not running")
        }
        if summary.status == "creating" {
            throw RuntimeError("cannot exec in `\(request.id)`: it is still being made")
        }
        if summary.status == "paused", !request.ignoresPause {
            throw RuntimeError("cannot exec in `\(request.id)`: it is paused; resume it first")
        }
        let signals: SignalReader? =
            detach ? nil : try explaining("block signals") { () throws(SyscallError) in try SignalReader() }
        let child = try birth(of: request, in: summary.record, container)
        do throws(RuntimeError) {
            try Self.introduce(child, pidFile: request.pidFile, pidfdSocket: request.pidfdSocket)
        } catch {
            // Nobody would know of it.
            _ = try? child.signal(9)
            _ = try? child.wait()
            throw error
        }
        switch signals {
        case .none: return nil
        case .some(let reader):
            return try explaining("wait for the process") { () throws(SyscallError) in
                try Foreground.wait(for: child, reader, request.process.terminal ? terminal : nil)
            }
        }
    }

    private func birth(
        of request: ExecRequest, in record: RuntimeRecord, _ container: borrowing ProcessHandle
    ) throws(RuntimeError) -> ProcessHandle {
        try SpecCheck.check(request.process)
        for warning in SpecCheck.warnings(request.process) { warn(warning) }
        try Self.admit(
            request.process, consoleSocket: request.consoleSocket,
            consoleDescriptor: request.consoleDescriptor)
        // It could not open `/dev/stdout` otherwise. See proc_pid_fd(5).
        if !request.process.terminal, request.process.user.uid != 0 {
            StandardStreams.give(to: request.process.user.uid)
        }
        let group = try openGroup(request, record)
        var console: OwnedFileDescriptor?
        if let path = request.consoleSocket {
            console = try explaining("connect to the console socket `\(path)`") { () throws(SyscallError) in
                try UnixSocket.connect(path)
            }
        }
        var completed = request
        completed.process.env = HomeDirectory.completing(
            request.process.env, uid: request.process.user.uid, root: "/proc/\(record.pid)/root")
        let consoleNumber = console.number ?? request.consoleDescriptor
        let steps = try execSteps(completed, record, hasConsole: consoleNumber >= 0)
        let born = try explaining("exec in `\(request.id)`") { () throws(SyscallError) in
            try ThisProcess.makeUndumpable()
            try ThisProcess.join(container.descriptor, .pid)
            return try bear(
                steps, container: container.descriptor, cgroup: group.number, console: consoleNumber)
        }
        if steps.contains(where: { $0.isNotifyingFilter }) { try handOverListener(born, record) }
        return try awaitExec(born, steps, record)
    }

    /// Waits for execve: until then an error is the runtime's, afterwards the program's.
    private func awaitExec(
        _ born: consuming Born, _ steps: [ContainerStep], _ record: RuntimeRecord
    ) throws(RuntimeError) -> ProcessHandle {
        _ = try? born.gate.read(upTo: 1)
        guard let failure = born.page.failure else {
            if born.page.reachedExec { return born.process }
            _ = try? born.process.wait()
            throw RuntimeError("cannot exec in `\(record.id)`: container not running")
        }
        _ = try? born.process.wait()
        let index =
            (born.firstOperation.firstIndex { $0 > failure.operation } ?? born.firstOperation.count) - 1
        throw LaunchDiagnosis.error(
            failure, steps.indices.contains(index) ? steps[index] : nil, root: "/proc/\(record.pid)/root")
    }

    private func openGroup(
        _ request: ExecRequest, _ record: RuntimeRecord
    ) throws(RuntimeError) -> OwnedFileDescriptor? {
        guard !record.cgroup.isEmpty else { return nil }
        var path = record.cgroup
        if let below = request.cgroup, !below.isEmpty, below != "/" {
            let parts = below.utf8.split(separator: UInt8(ascii: "/"))
            guard !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
                throw RuntimeError("`--cgroup`: `\(below)` leads out of the container's group")
            }
            path += "/" + below
        }
        return try explaining("open the control group `\(path)`") { () throws(SyscallError) in
            try Cgroup(path: path).open()
        }
    }

    private func execSteps(
        _ request: ExecRequest, _ record: RuntimeRecord, hasConsole: Bool
    ) throws(RuntimeError) -> [ContainerStep] {
        let process = request.process
        var warnings: [String] = []
        // The keyring too: a process of exec would keep the caller's.
        var steps: [ContainerStep] = [.session, .keyring]
        if let score = process.oomScoreAdj { steps.append(.oomScore(score)) }
        steps.append(.joinContainer)
        if process.terminal, hasConsole {
            steps.append(
                .console(
                    rows: UInt16(clamping: process.consoleSize?.height ?? 0),
                    columns: UInt16(clamping: process.consoleSize?.width ?? 0), isInside: true,
                    owner: process.user.uid))
        }
        steps.append(.workingDirectory(process.cwd, make: false))
        let ceilings = Host.rlimitCeilings(for: process.rlimits)
        for limit in process.rlimits {
            guard let resource = Resource(name: limit.type) else { continue }
            let hard = min(limit.hard, ceilings?[Int(resource.number)] ?? UInt64.max)
            steps.append(
                .rlimit(name: limit.type, number: resource.number, soft: min(limit.soft, hard), hard: hard))
        }
        var credentials = try Credentials.steps(process, warnings: &warnings)
        let filter = try FilterStep(process, execFilter(record))
        try filter?.prepare(&credentials, isAdministrator: Self.mayFilter)
        steps += credentials + [Credentials.find(process)]
        if let filter, filter.notifies {
            steps += [filter.step, .gate(announce: true, purpose: "the listener gets its descriptor")]
        }
        steps.append(.closeDescriptors(from: 3 + request.preservedDescriptors))
        if let filter, !filter.notifies { steps.append(filter.step) }
        steps.append(.execute(arguments: process.args, environment: process.env))
        for warning in warnings { warn(warning) }
        return steps
    }

    private func bear(
        _ steps: [ContainerStep], container: Int32, cgroup: Int32?, console: Int32
    ) throws(SyscallError) -> Born {
        let pair = try SocketPair()
        let descriptors = LaunchDescriptors(
            gate: pair.far.number, console: console, container: container,
            closed: [pair.near.number, cgroup ?? -1])
        var lowering = Lowering(descriptors)
        for step in steps { lowering.append(step) }
        let page = try LaunchPage(operations: lowering.program.count)
        let process = try lowering.program.launch(flags: [], cgroup: cgroup, page: page)
        return Born(
            process: process, page: page, gate: pair.takeNear(), firstOperation: lowering.firstOperation)
    }
}
