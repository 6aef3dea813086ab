// SPDX-License-Identifier: Apache-2.0
// create and run: from a request to a child that carries out its plan.
internal import JSON
internal import Kernel
internal import OCISpec
internal import Plan
internal import StateStore

extension Runtime {
    /// Makes a container that waits for `start`. See runtime-spec runtime.md#create.
    public func create(_ request: LaunchRequest) throws(RuntimeError) {
        var launch = try begin(request, .create)
        do throws(RuntimeError) {
            try complete(&launch, request)
            try launch.reachGate()
            try sendListener(launch, request)
            launch.openGate()
        } catch {
            launch.abandon()
            throw error
        }
    }

    /// Makes a container whose program runs at once.
    func launch(_ request: LaunchRequest, _ manner: LaunchManner) throws(RuntimeError) -> Launch {
        var launch = try begin(request, manner)
        do throws(RuntimeError) {
            try complete(&launch, request)
            try openLastGate(&launch, request)
            while try launch.awaitByte() {}
            if let error = launch.failure() { throw error }
            try runPoststart(launch)
        } catch {
            launch.abandon()
            throw error
        }
        return launch
    }

    /// The steps of the runtime between the birth of the child and its last gate.
    private func complete(_ launch: inout Launch, _ request: LaunchRequest) throws(RuntimeError) {
        var state: [UInt8] = []
        for step in launch.plan.stepsWhileChildWaits {
            switch step {
            case .record:
                try carryOut(step) { () throws(RuntimeError) in try launch.writeRecord() }
                try Self.introduce(launch.child, pidFile: request.pidFile, pidfdSocket: request.pidfdSocket)
                state = try shareState(launch)
            case .deviceList: try installDeviceList(step, launch.plan)
            case .limit(let write, let group):
                try meetAtGate(&launch)
                try carryOut(step) { () throws(RuntimeError) in try Self.setLimit(write, group) }
            case .hook(let kind, let hook, let index):
                try meetAtGate(&launch)
                try carryOut(step) { () throws(RuntimeError) in
                    try run(
                        hook, "\(kind)[\(index)]", directory: launch.record.bundle, input: state)
                }
            default:
                try meetAtGate(&launch)
                try carryOut(step) { () throws(RuntimeError) in launch.openGate() }
            }
        }
    }

    /// Waits until the child stands at a gate, and tells of its steps so far.
    private func meetAtGate(_ launch: inout Launch) throws(RuntimeError) {
        if launch.isAtGate { return }
        try launch.reachGate()
        tell(&launch, through: launch.plan.container[launch.told...].firstIndex { $0.isGate } ?? -1)
    }

    /// The narrator is told of every step of the child before its last gate opens, even of those to come:
    /// nothing of the program's output can come in between.
    private func openLastGate(_ launch: inout Launch, _ request: LaunchRequest) throws(RuntimeError) {
        if narrator != nil || launch.plan.notifies {
            try meetAtGate(&launch)
            try sendListener(launch, request)
            narrator?.host(launch.plan.host[launch.plan.lastGate], 0)
            tell(&launch, through: launch.plan.container.count - 1)
        }
        launch.openGate()
    }

    static func writePidFile(_ path: String, _ pid: Int32) throws(RuntimeError) {
        try explaining("write the pid file `\(path)`") { () throws(SyscallError) in
            // By rename, so that whoever watches the file never reads half a number.
            try Files.replace(
                path, with: Array("\(pid)".utf8), at: Files.currentDirectory, permissions: 0o644)
        }
    }

    // MARK: up to the birth

    private func begin(_ request: LaunchRequest, _ manner: LaunchManner) throws(RuntimeError) -> Launch {
        try Self.checkName(request.id)
        let bundle = try absoluteDirectory(request.bundle)
        let configuration = try load(request, bundle)
        let (plan, cgroup, filter) = try plan(configuration, request, bundle, manner)
        if !ThisProcess.isSealed {
            warn(
                "this program could not run from a read-only mount of itself: a container may write to its file"
                    + " through /proc (needs CAP_SYS_ADMIN and /proc)")
        }
        var record = Self.record(request.id, configuration.spec, bundle, cgroup)
        record.filter = filter?.rawValue ?? ""
        let lock = try carryOut(plan.host[0]) { () throws(RuntimeError) in
            try storing { () throws(StoreError) in
                try store.claim(request.id, reclaim: Self.removeCgroup)
            }
        }
        // After the claim: a failure from here on gives the id back.
        var ownsGroup = false
        let child: Born
        do throws(RuntimeError) {
            try checkGroup(cgroup)
            ownsGroup = true
            child = try prepare(request, plan, record, lock)
        } catch {
            // A group with somebody else's processes must not be killed with ours.
            if ownsGroup { Self.removeCgroup(cgroup) }
            try? store.remove(lock)
            throw error
        }
        return Launch(
            runtime: self, plan: plan, configuration: configuration, record: record, lock: lock,
            page: child.page, child: child.process,
            gate: child.gate, firstOperation: child.firstOperation)
    }

    /// A group with processes belongs to somebody: `kill` and `delete` would end them with the container. In
    /// one that stands still, or below one, the child would never begin.
    private func checkGroup(_ path: String?) throws(RuntimeError) {
        guard let path else { return }
        let group = Cgroup(path: path)
        if group.isPopulated {
            throw RuntimeError(
                "the control group `\(path)` has processes already; give the container one of its own in"
                    + " `linux.cgroupsPath`")
        }
        var nearest = path
        while !Files.exists(nearest), nearest.contains("/") { nearest = LimitWriting.above(nearest) }
        if Cgroup(path: nearest).isFrozen {
            throw RuntimeError(
                "the control group `\(nearest)` is frozen: a container in it would not begin; write 0 to its"
                    + " `cgroup.freeze`, or to that of the group above which is frozen")
        }
    }

    func launchOptions(
        _ request: LaunchRequest, _ bundle: String, _ spec: RuntimeSpec, _ cgroup: String?,
        _ manner: LaunchManner
    ) -> LaunchOptions {
        var options = LaunchOptions(id: request.id, bundle: bundle)
        options.stateDirectory = store.directory(of: request.id)
        options.cgroup = cgroup
        options.usesCgroup = request.usesCgroup
        options.pivots = request.pivots
        options.joinsKeyring = request.joinsKeyring
        options.preservedDescriptors = request.preservedDescriptors
        options.waitsForStart = manner == .create
        options.cleansUp = manner == .run
        options.hasConsole = request.consoleSocket != nil || request.consoleDescriptor >= 0
        options.narrates = narrator != nil
        options.overlay = request.root?.overlay
        if let process = spec.process, let root = spec.root {
            options.environment = HomeDirectory.completing(
                process.env, uid: process.user.uid, root: Planner.absolute(root.path, in: bundle),
                descriptor: request.root?.descriptor)
        }
        options.rlimitCeilings = Host.rlimitCeilings(for: spec.process?.rlimits ?? [])
        if spec.linux?.rootfsPropagation?.hasSuffix("shared") == true, let root = spec.root,
            let text = try? Files.read("/proc/self/mountinfo")
        {
            options.rootMountPoint =
                MountInfo.holding(Planner.absolute(root.path, in: bundle), in: text)?.mountPoint
        }
        return options
    }

    func absoluteDirectory(_ path: String) throws(RuntimeError) -> String {
        if path.hasPrefix("/") { return Planner.clean(path) }
        let here = try explaining("find the current directory") { () throws(SyscallError) in
            try Files.workingDirectory()
        }
        return Planner.absolute(path, in: here)
    }

    func load(_ request: LaunchRequest, _ bundle: String) throws(RuntimeError) -> LoadedConfiguration {
        if case .value(let spec) = request.configuration { return loaded(spec) }
        let path = bundle + "/config.json"
        let bytes: [UInt8]
        do throws(SyscallError) { bytes = try Files.read(path, limit: 16 << 20) } catch {
            if error.number == .noEntry {
                throw RuntimeError(
                    "`\(path)` does not exist; a bundle is a directory with a `config.json`, see"
                        + " `roost-oci spec` (no such file or directory)"
                )
            }
            throw RuntimeError("cannot read `\(path)`: \(error.number.text)")
        }
        do throws(JSONError) { return try decode(bytes) } catch {
            throw RuntimeError("`\(path)`: \(error)")
        }
    }

    func checkRoot(_ spec: RuntimeSpec, _ bundle: String) throws(RuntimeError) {
        guard let root = spec.root else { return }
        let path = Planner.absolute(root.path, in: bundle)
        let status: FileStatus
        do throws(SyscallError) { status = try Files.status(path) } catch {
            let what = error.number == .noEntry ? "does not exist" : "cannot be opened"
            throw RuntimeError("the root file system `\(path)` (`root.path`) \(what): \(error.number.text)")
        }
        guard status.isDirectory else {
            throw RuntimeError("the root file system `\(path)` (`root.path`) is not a directory")
        }
        let host = try? Files.status("/")
        guard path != "/", status.inode != host?.inode || status.device != host?.device else {
            throw RuntimeError(
                "`root.path`: `\(path)` is the host's own root; give the container a directory of its own")
        }
    }

    static func cgroupPath(
        _ spec: RuntimeSpec, _ id: String, _ hierarchy: CgroupHierarchy?
    ) throws(RuntimeError) -> String? {
        guard let hierarchy else { return nil }
        guard let path = spec.linux?.cgroupsPath, !path.isEmpty else {
            return hierarchy.path(of: "/roost/" + id)
        }
        if !path.hasPrefix("/"), path.split(separator: ":", omittingEmptySubsequences: false).count == 3 {
            throw RuntimeError(
                "`linux.cgroupsPath`: `\(path)` is systemd's form, which is not supported yet; give a path")
        }
        // Cleaned: `..` must not lead out of the hierarchy.
        let clean = Planner.clean(path.hasPrefix("/") ? path : "/roost/" + path)
        guard clean != "/" else {
            throw RuntimeError("`linux.cgroupsPath`: `\(path)` is the root of all groups; name one below it")
        }
        return hierarchy.path(of: clean)
    }

    private static func record(_ id: String, _ spec: RuntimeSpec, _ bundle: String, _ cgroup: String?)
        -> RuntimeRecord
    {
        let hooks = spec.hooks ?? HooksSpec()
        return RuntimeRecord(
            id: id, ociVersion: spec.ociVersion, bootID: Host.bootID(), bundle: bundle,
            rootfs: Planner.absolute(spec.root?.path ?? "", in: bundle), created: Clock.timestamp(),
            cgroup: cgroup ?? "", hasHooks: hooks != HooksSpec(), owner: "\(ThisProcess.effectiveUser)",
            annotations: spec.annotations)
    }
}
