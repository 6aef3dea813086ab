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
        var launch = try begin(request, waitsForStart: true)
        do throws(RuntimeError) {
            try complete(&launch, request)
            if try !launch.awaitByte() {
                throw launch.failure() ?? RuntimeError("the container ended while it was made")
            }
            try sendListener(launch, request)
            launch.openGate()
        } catch {
            launch.abandon()
            throw error
        }
    }

    /// Makes a container whose program runs at once.
    func launch(_ request: LaunchRequest) throws(RuntimeError) -> Launch {
        var launch = try begin(request, waitsForStart: false)
        do throws(RuntimeError) {
            try complete(&launch, request)
            try meetAtLastGate(launch, request)
            launch.openGate()
            while try launch.awaitByte() {}
            if let error = launch.failure() { throw error }
            try runPoststart(launch.record)
        } catch {
            launch.abandon()
            throw error
        }
        return launch
    }

    /// The child stands at its last gate and has said so, when there is something to be done meanwhile.
    private func meetAtLastGate(
        _ launch: borrowing Launch, _ request: LaunchRequest
    ) throws(RuntimeError) {
        guard narrator != nil || launch.plan.notifies else { return }
        guard try launch.awaitByte() else {
            throw launch.failure() ?? RuntimeError("the container ended while it was made")
        }
        try sendListener(launch, request)
        narrate(launch)
    }

    /// Tells about the steps before the last gate: nothing of the program's output can come in between.
    private func narrate(_ launch: borrowing Launch) {
        guard let narrator else { return }
        for (index, step) in launch.plan.container.enumerated() {
            let begin = launch.page.began(launch.firstOperation[index])
            let next =
                index + 1 < launch.firstOperation.count
                ? launch.page.began(launch.firstOperation[index + 1]) : 0
            narrator.container(step, begin == 0 || next < begin ? 0 : Int64(next - begin))
        }
    }

    /// Everything between the birth of the child and its last gate.
    private func complete(_ launch: inout Launch, _ request: LaunchRequest) throws(RuntimeError) {
        let begin = Clock.monotonic()
        try launch.writeRecord()
        narrator?.host(
            .record(path: store.directory(of: request.id) + "/state.json"),
            Clock.monotonic() - begin)
        try Self.introduce(launch.child, pidFile: request.pidFile, pidfdSocket: request.pidfdSocket)
        guard launch.record.hasHooks else { return }
        let hooks = try hooks(of: request, launch.record)
        let text = Self.stateText(launch.record, .creating)
        // The inner hooks get it through the page that parent and child share.
        guard text.count <= LaunchPage.stateTextSize || (hooks.createContainer + hooks.startContainer).isEmpty
        else {
            throw RuntimeError(
                "`annotations`: the state for `hooks.createContainer` and `hooks.startContainer` has"
                    + " \(text.count) bytes, more than \(LaunchPage.stateTextSize)")
        }
        launch.page.setStateText(text, index: 0)
        launch.page.setStateText(Self.stateText(launch.record, .created), index: 1)
        guard !hooks.prestart.isEmpty || !hooks.createRuntime.isEmpty || !hooks.createContainer.isEmpty else {
            return
        }
        guard try launch.awaitByte() else {
            throw launch.failure() ?? RuntimeError("the container ended while it was made")
        }
        try run(hooks.prestart, kind: "prestart", directory: launch.record.bundle, input: text)
        try run(hooks.createRuntime, kind: "createRuntime", directory: launch.record.bundle, input: text)
        launch.openGate()
    }

    private func hooks(of request: LaunchRequest, _ record: RuntimeRecord) throws(RuntimeError) -> HooksSpec {
        if case .value(let spec) = request.configuration { return spec.hooks ?? HooksSpec() }
        return try configuration(of: record).hooks ?? HooksSpec()
    }

    static func writePidFile(_ path: String, _ pid: Int32) throws(RuntimeError) {
        try explaining("write the pid file `\(path)`") { () throws(SyscallError) in
            // By rename, so that whoever watches the file never reads half a number.
            try Files.replace(
                path, with: Array("\(pid)".utf8), at: Files.currentDirectory, permissions: 0o644)
        }
    }

    // MARK: up to the birth

    private func begin(_ request: LaunchRequest, waitsForStart: Bool) throws(RuntimeError) -> Launch {
        guard RuntimeStore.isValid(id: request.id) else {
            throw RuntimeError(
                "`\(request.id)` is no container id; use up to 255 letters, digits, `_`, `+`, `-` and"
                    + " `.`, not `.` first"
            )
        }
        let bundle = try absoluteDirectory(request.bundle)
        let (spec, bytes) = try load(request, bundle)
        try Self.admit(
            spec.process, consoleSocket: request.consoleSocket, consoleDescriptor: request.consoleDescriptor)
        let hierarchy = request.usesCgroup ? CgroupHierarchy.find() : nil
        let cgroup = try Self.cgroupPath(spec, request.id, hierarchy)
        var options = launchOptions(request, bundle, spec, cgroup, waitsForStart)
        let filter = try filter(for: spec, usesDefault: request.usesDefaultFilter)
        options.filter = filter?.filter
        options.isAdministrator = filter == nil || Self.mayFilter
        let plan = try Planner.plan(spec, options)
        try checkRoot(spec, bundle)
        for warning in plan.warnings { warn(warning) }
        if hierarchy == nil, request.usesCgroup, !(spec.linux?.cgroupsPath ?? "").isEmpty {
            warn("`linux.cgroupsPath` is left out: this host has no cgroup v2 mounted")
        }
        if !ThisProcess.isSealed {
            warn(
                "this program could not run from a read-only mount of itself: a container may write to its file"
                    + " through /proc (needs CAP_SYS_ADMIN and /proc)")
        }
        var record = Self.record(request.id, spec, bundle, cgroup)
        record.filter = filter?.origin.rawValue ?? ""
        let begin = Clock.monotonic()
        let lock = try storing { () throws(StoreError) in
            try store.claim(request.id, reclaim: Self.removeCgroup)
        }
        narrator?.host(
            .claim(directory: store.directory(of: request.id)), Clock.monotonic() - begin)
        // After the claim: a failure from here on gives the id back.
        var ownsGroup = false
        let child: Born
        do throws(RuntimeError) {
            try checkGroup(cgroup)
            ownsGroup = true
            child = try prepare(request, plan, record, bytes, lock)
        } catch {
            // A group with somebody else's processes must not be killed with ours.
            if ownsGroup { Self.removeCgroup(cgroup) }
            try? store.remove(lock)
            throw error
        }
        return Launch(
            runtime: self, plan: plan, record: record, lock: lock, page: child.page, child: child.process,
            gate: child.gate, firstOperation: child.firstOperation)
    }

    /// A group with processes belongs to somebody: `kill` and `delete` would end them with the container.
    private func checkGroup(_ path: String?) throws(RuntimeError) {
        guard let path else { return }
        if Cgroup(path: path).isPopulated {
            throw RuntimeError(
                "the control group `\(path)` has processes already; give the container one of its own in"
                    + " `linux.cgroupsPath`")
        }
    }

    private func launchOptions(
        _ request: LaunchRequest, _ bundle: String, _ spec: RuntimeSpec, _ cgroup: String?,
        _ waitsForStart: Bool
    ) -> LaunchOptions {
        var options = LaunchOptions(id: request.id, bundle: bundle)
        options.cgroup = cgroup
        options.pivots = request.pivots
        options.joinsKeyring = request.joinsKeyring
        options.preservedDescriptors = request.preservedDescriptors
        options.waitsForStart = waitsForStart
        options.hasConsole = request.consoleSocket != nil || request.consoleDescriptor >= 0
        options.narrates = narrator != nil
        if let process = spec.process, let root = spec.root {
            options.environment = HomeDirectory.completing(
                process.env, uid: process.user.uid, root: Planner.absolute(root.path, in: bundle))
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

    private func absoluteDirectory(_ path: String) throws(RuntimeError) -> String {
        if path.hasPrefix("/") { return Planner.clean(path) }
        let here = try explaining("find the current directory") { () throws(SyscallError) in
            try Files.workingDirectory()
        }
        return Planner.absolute(path, in: here)
    }

    private func load(_ request: LaunchRequest, _ bundle: String) throws(RuntimeError) -> (
        RuntimeSpec, [UInt8]
    ) {
        if case .value(let spec) = request.configuration { return (spec, spec.encode()) }
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
        do throws(JSONError) { return (try RuntimeSpec.decode(bytes), bytes) } catch {
            throw RuntimeError("`\(path)`: \(error)")
        }
    }

    private func checkRoot(_ spec: RuntimeSpec, _ bundle: String) throws(RuntimeError) {
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
