// SPDX-License-Identifier: Apache-2.0
// Which filter a container gets, for its first process and for `exec`, and who listens to it.
internal import JSON
internal import Kernel
internal import OCISpec
internal import Plan
internal import StateStore

/// Where a filter comes from, as the record remembers it.
enum FilterOrigin: String {
    /// `linux.seccomp` of the configuration.
    case profile
    /// docker's default profile for the configuration's bounding set.
    case builtIn = "default"
}

/// A configuration and what its filter is made of.
struct LoadedConfiguration {
    /// Without `linux.seccomp` where `filter` stands for it.
    let spec: RuntimeSpec
    /// The JSON that it was read from.
    let text: [UInt8]?
    /// The JSON of `linux.seccomp`.
    let profile: ArraySlice<UInt8>?
    /// The filter that was kept of it.
    let filter: SeccompFilter?

    /// All of its JSON.
    var bytes: [UInt8] { text ?? spec.encode() }
}

extension Runtime {
    /// Whether this process may load a filter without no_new_privs.
    static var mayFilter: Bool {
        (try? CapabilitySet.effective())?.contains(.systemAdministration) == true
    }

    /// The filter of a configuration, or nil when there is none.
    /// - Parameter keeps: true: one that had to be compiled is kept for the next container.
    func filter(
        for configuration: LoadedConfiguration, usesDefault: Bool, keeps: Bool
    ) throws(RuntimeError) -> (filter: SeccompFilter, origin: FilterOrigin)? {
        if let filter = configuration.filter { return (filter, .profile) }
        if let profile = configuration.spec.linux?.seccomp {
            let filter = try FilterStep.compile(profile)
            if keeps, let text = configuration.profile { filterCache.keep(filter, of: text) }
            return (filter, .profile)
        }
        guard usesDefault else { return nil }
        return (try Self.builtInFilter(configuration.spec.process), .builtIn)
    }

    private var filterCache: FilterCache { FilterCache(root: store.root) }

    /// Reads a configuration, its profile only when no filter of that is kept.
    func decode(_ bytes: [UInt8]) throws(JSONError) -> LoadedConfiguration {
        // What is wrong is told by the reader that reads all of it.
        let quick = try? RuntimeSpec.decodeLeaving(bytes)
        if let quick {
            let filter = quick.unread.flatMap { filterCache.filter(of: $0) }
            if filter != nil || quick.unread == nil {
                return LoadedConfiguration(
                    spec: quick.value, text: bytes, profile: quick.unread, filter: filter)
            }
        }
        return LoadedConfiguration(
            spec: try RuntimeSpec.decode(bytes), text: bytes, profile: quick?.unread, filter: nil)
    }

    /// A caller's value as if it had been read.
    func loaded(_ spec: RuntimeSpec) -> LoadedConfiguration {
        let profile = (spec.linux?.seccomp?.encode())?[...]
        return LoadedConfiguration(
            spec: spec, text: nil, profile: profile,
            filter: profile.flatMap { filterCache.filter(of: $0) })
    }

    private static func builtInFilter(_ process: ProcessSpec?) throws(RuntimeError) -> SeccompFilter {
        var bounding: CapabilitySet = []
        for name in process?.capabilities?.bounding ?? [] {
            if let one = CapabilitySet(name: name) { bounding.formUnion(one) }
        }
        do throws(SeccompError) { return try DefaultSeccompFilter.filter(bounding) } catch {
            throw RuntimeError(error.text(below: "the default filter"))
        }
    }

    /// The filter that a container's first process has, for another process.
    func execFilter(_ record: RuntimeRecord) throws(RuntimeError) -> SeccompFilter? {
        guard !record.filter.isEmpty else { return nil }
        return try filter(
            for: loadConfiguration(of: record), usesDefault: record.filter == FilterOrigin.builtIn.rawValue,
            keeps: true)?.filter
    }

    // MARK: the listener

    /// Hands the listener's descriptor over while the child stands at its last gate.
    func sendListener(_ launch: borrowing Launch, _ request: LaunchRequest) throws(RuntimeError) {
        guard launch.plan.notifies else { return }
        let spec: RuntimeSpec
        if case .value(let value) = request.configuration {
            spec = value
        } else {
            spec = try configuration(of: launch.record)
        }
        try send(
            launch.page.listener, of: launch.child, to: spec.linux?.seccomp, launch.record, .creating)
    }

    /// The same for a process of `exec`.
    func handOverListener(_ born: borrowing Born, _ record: RuntimeRecord) throws(RuntimeError) {
        do throws(RuntimeError) {
            // Nothing: it failed before; that is told by who waits for the execve.
            guard (try? born.gate.read(upTo: 1))?.isEmpty == false else { return }
            try send(
                born.page.listener, of: born.process, to: configuration(of: record).linux?.seccomp, record,
                .running)
            try? born.gate.write([UInt8(ascii: "g")])
        } catch {
            _ = try? born.process.signal(9)
            _ = try? born.process.wait()
            throw error
        }
    }

    private func send(
        _ listener: Int32?, of process: borrowing ProcessHandle, to profile: SeccompSpec?,
        _ record: RuntimeRecord, _ status: ContainerStatus
    ) throws(RuntimeError) {
        guard let listener, let path = profile?.listenerPath else { return }
        let state = ContainerProcessState(
            ociVersion: record.ociVersion, fds: ["seccompFd"], pid: process.pid,
            metadata: profile?.listenerMetadata,
            state: ContainerState(
                ociVersion: record.ociVersion, id: record.id, status: status, pid: record.pid,
                bundle: record.bundle, annotations: record.annotations))
        try explaining("hand the listener of `linux.seccomp` over to `\(path)`") { () throws(SyscallError) in
            let descriptor = try process.descriptor(listener)
            let socket = try UnixSocket.connect(path)
            try UnixSocket.send(descriptor.number, over: socket, whole: state.encode())
        }
    }
}

extension LaunchPlan {
    /// Whether a listener is to be handed over.
    var notifies: Bool { container.contains { $0.isNotifyingFilter } }
}

extension ContainerStep {
    var isNotifyingFilter: Bool {
        if case .seccomp(let filter, _) = self { return filter.notifies }
        return false
    }
}

extension SeccompSpec {
    /// Whether a listener is asked about some calls.
    var notifies: Bool { syscalls.contains { $0.action == .notify } }
}
