// SPDX-License-Identifier: Apache-2.0
// From a request to its plan. Nothing is made and nothing changes: `explain` ends here, `create` and `run`
// go on with the same plan.
internal import Kernel
internal import OCISpec
public import Plan
internal import StateStore

/// How a container is made: what is in the plan besides the container itself.
enum LaunchManner: Sendable {
    /// The program waits for `start`.
    case create
    /// The runtime leaves once the program runs, or keeps what was made.
    case keep
    /// The runtime waits for the end, and removes what was made.
    case run
}

extension Runtime {
    /// The plan that `run` would carry out.
    /// - Parameter keep: as for `run`; also for a container that is left running.
    public func plan(_ request: LaunchRequest, keep: Bool = false) throws(RuntimeError) -> LaunchPlan {
        try Self.checkName(request.id)
        var request = request
        // On paper there is always somebody who takes the terminal.
        if request.consoleSocket == nil { request.consoleDescriptor = 0 }
        let bundle = try absoluteDirectory(request.bundle)
        return try plan(load(request, bundle), request, bundle, keep ? .keep : .run, isOnPaper: true).plan
    }

    /// The plan, and the control group that it makes.
    func plan(
        _ configuration: LoadedConfiguration, _ request: LaunchRequest, _ bundle: String,
        _ manner: LaunchManner, isOnPaper: Bool = false
    ) throws(RuntimeError) -> (plan: LaunchPlan, cgroup: String?, filter: FilterOrigin?) {
        let spec = configuration.spec
        try Self.admit(
            spec.process, consoleSocket: request.consoleSocket, consoleDescriptor: request.consoleDescriptor)
        let hierarchy = request.usesCgroup ? CgroupHierarchy.find() : nil
        let cgroup = try Self.cgroupPath(spec, request.id, hierarchy)
        var options = launchOptions(request, bundle, spec, cgroup, manner)
        options.cgroupRoot = hierarchy?.mountPoint ?? ""
        let filter = try filter(
            for: configuration, usesDefault: request.usesDefaultFilter, keeps: !isOnPaper)
        options.filter = filter?.filter
        options.isAdministrator = isOnPaper || filter == nil || Self.mayFilter
        let plan = try Planner.plan(spec, options)
        if request.root == nil { try checkRoot(spec, bundle) }
        for warning in plan.warnings { warn(warning) }
        if hierarchy == nil, request.usesCgroup, !(spec.linux?.cgroupsPath ?? "").isEmpty {
            warn("`linux.cgroupsPath` is left out: this host has no cgroup v2 mounted that can be written to")
        }
        return (plan, cgroup, filter?.origin)
    }

    static func checkName(_ id: String) throws(RuntimeError) {
        guard !RuntimeStore.isValid(id: id) else { return }
        throw RuntimeError(
            "`\(id)` is no container id; use up to 255 letters, digits, `_`, `+`, `-` and `.`, not `.` first")
    }
}
