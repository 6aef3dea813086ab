// SPDX-License-Identifier: Apache-2.0
// From the finished mounts to the program: hooks, walls, credentials, exec.
internal import Kernel
internal import OCISpec
internal import Plan

extension Planner {
    /// Whether hooks want the child to stand still between its mounts and its walls.
    private var hasCreationGate: Bool {
        guard let hooks = spec.hooks else { return false }
        return !hooks.prestart.isEmpty || !hooks.createRuntime.isEmpty || !hooks.createContainer.isEmpty
    }

    mutating func addRuntimeHooks() throws(RuntimeError) {
        if hasCreationGate {
            plan.container.append(
                .gate(announce: true, purpose: "hooks of the runtime see the finished mounts"))
        }
        for (index, hook) in (spec.hooks?.createContainer ?? []).enumerated() {
            plan.container.append(.hook(.createContainer, hook, index: index))
        }
    }

    /// What closes the container off, once everything is in place.
    mutating func addEnclosure() {
        for pair in linux.sysctl {
            plan.container.append(.sysctl(path: Sysctl.path(pair.key), value: pair.value))
        }
        // After the sysctls, which lie on paths that these make read-only.
        for path in linux.readonlyPaths { plan.container.append(.readOnlyPath(path)) }
        for path in linux.maskedPaths { plan.container.append(.maskedPath(path)) }
        if spec.root?.readonly == true {
            // It is made when missing, which the next step would forbid.
            plan.container.append(.makeWorkingDirectory(process.cwd))
            plan.container.append(.rootAttributes(MountAttributes(set: 1), name: "read-only"))
        }
        plan.container.append(options.pivots ? .pivot : .changeRoot)
        // pivot_root(2) refuses a root that is shared: afterwards.
        if let name = linux.rootfsPropagation, let change = Self.propagation(name) {
            plan.container.append(.rootAttributes(change, name: name))
        }
    }

    static func propagation(_ name: String) -> MountAttributes? {
        let isRecursive = name.hasPrefix("r")
        let plain = isRecursive ? String(name.dropFirst()) : name
        guard let entry = MountOptions.propagations.first(where: { $0.name == plain }) else {
            return nil
        }
        return MountAttributes(propagation: entry.flag, isRecursive: isRecursive)
    }

    mutating func addProcess() throws(RuntimeError) {
        if let personality = linux.personality {
            plan.container.append(
                .personality(personality.domain == .linux32 ? 8 : 0, name: personality.domain.rawValue))
        }
        // As root, since the user may lack the permission; proven to be inside.
        plan.container.append(.workingDirectory(process.cwd, make: true))
        // After all that opens files, which a low RLIMIT_NOFILE would end; before privilege goes, since
        // raising a limit needs CAP_SYS_RESOURCE.
        addRlimits()
        var steps = try Credentials.steps(process, warnings: &plan.warnings)
        var program = options.filter
        if program == nil, let profile = linux.seccomp { program = try FilterStep.compile(profile) }
        let filter = FilterStep(process, program)
        try filter?.prepare(&steps, isAdministrator: options.isAdministrator)
        plan.container += steps
        plan.container.append(Credentials.find(process))
        // Its descriptor is fetched by the runtime that stands behind the last gate.
        if let filter, filter.notifies { plan.container.append(filter.step) }
        addLastGates(announces: filter?.notifies == true)
        plan.container.append(.closeDescriptors(from: 3 + options.preservedDescriptors))
        if let filter, !filter.notifies { plan.container.append(filter.step) }
        plan.container.append(
            .execute(arguments: process.args, environment: options.environment ?? process.env))
    }

    private mutating func addLastGates(announces: Bool) {
        let purpose = "its state is written before the program runs, so that `delete` finds it"
        let announces = announces || options.waitsForStart || options.narrates || !limits.writes.isEmpty
        plan.container.append(.gate(announce: announces, purpose: purpose))
        if options.waitsForStart { plan.container.append(.waitForStart) }
        for (index, hook) in (spec.hooks?.startContainer ?? []).enumerated() {
            plan.container.append(.hook(.startContainer, hook, index: index))
        }
    }

    /// What the runtime does itself, in the order of time; it goes through this list.
    mutating func addHostSteps() throws(RuntimeError) {
        let record = options.stateDirectory + "/state.json"
        plan.host.append(.claim(directory: options.stateDirectory))
        // First: if the runtime is killed, the next command on the id finds by it what there is to remove.
        plan.host.append(.begin(path: record))
        if let cgroup = options.cgroup { plan.host.append(.makeCgroup(path: cgroup)) }
        addControllers()
        if !process.terminal, process.user.uid != 0 {
            plan.host.append(.giveStreams(owner: process.user.uid))
        }
        plan.host.append(.clone(plan.birth, intoCgroup: options.cgroup != nil))
        plan.host.append(.record(path: record))
        // While the child makes its mounts: nothing of the container's runs before its gate opens.
        try addDeviceList()
        addLimits()
        addHostHooks()
    }

    private mutating func addHostHooks() {
        let hooks = spec.hooks ?? HooksSpec()
        addHostHooks("prestart", hooks.prestart)
        addHostHooks("createRuntime", hooks.createRuntime)
        if hasCreationGate { plan.host.append(.openGate) }
        plan.host.append(.openGate)
        // With `create` these are the business of `start` and `delete`.
        if options.waitsForStart { return }
        addHostHooks("poststart", hooks.poststart)
        guard options.cleansUp else { return }
        plan.host.append(.cleanUp(directory: options.stateDirectory))
        addHostHooks("poststop", hooks.poststop)
    }

    private mutating func addHostHooks(_ kind: String, _ hooks: [HookSpec]) {
        for (index, hook) in hooks.enumerated() {
            plan.host.append(.hook(kind: kind, hook, index: index))
        }
    }
}

extension Planner {
    /// Before the child is born into the group: no process of it is ever without the list.
    private mutating func addDeviceList() throws(RuntimeError) {
        let filter = DeviceFilter(try DeviceList.rules(linux.resources?.devices ?? []))
        if filter.allowsEverything { return }
        guard let cgroup = options.cgroup else {
            plan.warnings.append(
                "no device list: there is no control group to put it on; the container can open every device"
                    + " that it can make a node of")
            return
        }
        plan.deviceFilter = filter
        plan.host.append(.deviceList(rules: filter.rules, path: cgroup))
    }
}

/// The steps that `exec` shares with the first process.
enum Credentials {
    static func steps(_ process: ProcessSpec, warnings: inout [String]) throws(RuntimeError)
        -> [ContainerStep]
    {
        var steps: [ContainerStep] = []
        let user = process.user
        // What is not granted is not had: a missing object is five empty sets.
        let names = process.capabilities ?? CapabilitiesSpec()
        let bounding = try set(names.bounding, "bounding", &warnings)
        let permitted = try set(names.permitted, "permitted", &warnings, like: (names.bounding, bounding))
        let effective = try set(
            names.effective, "effective", &warnings, like: (names.bounding, bounding)
        ).intersection(permitted)
        let inheritable = try set(names.inheritable, "inheritable", &warnings)
        let ambient = try set(names.ambient, "ambient", &warnings)
        steps.append(.bounding(bounding))
        steps.append(.identity(uid: user.uid, gid: user.gid, groups: user.additionalGids))
        steps.append(.capabilities(effective: effective, permitted: permitted, inheritable: inheritable))
        let raised = ambient.intersection(permitted).intersection(inheritable)
        if raised != ambient {
            warnings.append(
                "`process.capabilities.ambient`: what is not permitted and inheritable too is left out")
        }
        if !raised.isEmpty { steps.append(.ambient(raised)) }
        return steps + tail(process)
    }

    private static func tail(_ process: ProcessSpec) -> [ContainerStep] {
        var steps: [ContainerStep] = [.umask(process.user.umask ?? 0o022)]
        if process.noNewPrivileges { steps.append(.noNewPrivileges) }
        return steps
    }

    private static func set(
        _ names: [String], _ field: String, _ warnings: inout [String],
        like known: (names: [String], set: CapabilitySet) = ([], [])
    ) throws(RuntimeError) -> CapabilitySet {
        // Nearly always the same names: to look each of them up again takes as long as a mount.
        if warnings.isEmpty, names == known.names { return known.set }
        var set: CapabilitySet = []
        for name in names {
            if let one = CapabilitySet(name: name) {
                set.formUnion(one)
            } else if name.hasPrefix("CAP_") {
                // The specification wants a warning for what cannot be granted, not a failure.
                warnings.append("`process.capabilities.\(field)`: `\(name)` is unknown here and left out")
            } else {
                throw RuntimeError(
                    "`process.capabilities.\(field)`: `\(name)` is no capability; names begin with `CAP_`")
            }
        }
        return set
    }

    /// The search that execvp(3) does, as a list of candidates.
    static func find(_ process: ProcessSpec) -> ContainerStep {
        let file = process.args.first ?? ""
        return .findProgram(file, candidates: candidates(file, process.env))
    }

    static func candidates(_ file: String, _ environment: [String]) -> [String] {
        if file.contains("/") { return [file] }
        let path = environment.last { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) }
        let directories = (path ?? "/bin:/usr/bin").split(separator: ":", omittingEmptySubsequences: false)
        return directories.map { $0.isEmpty ? file : "\($0)/\(file)" }
    }
}
