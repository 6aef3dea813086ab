// SPDX-License-Identifier: Apache-2.0
// Mounts of the configuration. See runtime-spec config.md#mounts.
internal import Kernel
internal import OCISpec
internal import Plan

extension Planner {
    /// What may be bind-mounted below /proc: files that tools like lxcfs answer for the container.
    private static let openInProc: [String] = [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/proc/loadavg", "/proc/slabinfo", "/proc/net/dev", "/proc/sys/kernel/ns_last_pid",
        "/proc/sys/crypto/fips_enabled",
    ]

    mutating func addMount(_ mount: MountSpec, index: Int) throws(RuntimeError) {
        let options = try MountOptions(mount.options, index: index)
        let destination = Self.inRoot(mount.destination)
        guard destination != "/" else {
            throw RuntimeError(
                "`mounts[\(index)].destination`: a mount over `/` would hide the root file system")
        }
        if !mount.uidMappings.isEmpty || !mount.gidMappings.isEmpty {
            throw RuntimeError(
                "`mounts[\(index)].uidMappings`: id-mapped mounts are not supported yet; leave the"
                    + " mappings out"
            )
        }
        try checkProc(destination, mount, options, index)
        var planned = PlannedMount(origin: .existing, destination: destination, index: index)
        if !options.isRemount { planned.origin = try origin(of: mount, options, index) }
        planned.changes = changes(options, isCgroup: mount.type == "cgroup" || mount.type == "cgroup2")
        if options.isBind {
            planned.kind = .likeSource
            for option in options.data {
                plan.warnings.append(
                    "`mounts[\(index)].options`: `\(option.key)` means nothing to a bind mount")
            }
        }
        try checkData(mount, options, index)
        if destination == "/proc" || destination == "/sys" { planned.kind = .realDirectory }
        plan.container.append(.mount(planned))
    }

    private func checkProc(
        _ destination: String, _ mount: MountSpec, _ options: MountOptions, _ index: Int
    ) throws(RuntimeError) {
        if destination == "/proc", !options.isBind, !options.isRemount, mount.type != "proc" {
            throw RuntimeError(
                "`mounts[\(index)]`: only `proc` may be mounted at `/proc`, not `\(mount.type ?? "none")`")
        }
        guard destination.utf8.starts(with: "/proc/".utf8), !Self.openInProc.contains(destination) else {
            return
        }
        throw RuntimeError(
            "`mounts[\(index)].destination`: `\(destination)` is inside `/proc`, where nothing may be mounted"
        )
    }

    /// Options of the file system itself that would be lost, or that the kernel would refuse without a word.
    private mutating func checkData(
        _ mount: MountSpec, _ options: MountOptions, _ index: Int
    ) throws(RuntimeError) {
        if options.isRemount, let option = options.data.first {
            throw RuntimeError(
                "`mounts[\(index)].options`: `\(option.key)` belongs to the file system, which `remount` does"
                    + " not change yet; leave it out")
        }
        for option in options.data where option.value.utf8.count > 255 {
            throw RuntimeError(
                "`mounts[\(index)].options`: `\(option.key)` has \(option.value.utf8.count) bytes, more than"
                    + " the 255 that fsconfig(2) takes")
        }
        guard mount.type == "cgroup" || mount.type == "cgroup2", !options.isBind else { return }
        for option in options.data {
            plan.warnings.append(
                "`mounts[\(index)].options`: `\(option.key)` is left out: the tree is the host's")
        }
    }

    private func origin(
        of mount: MountSpec, _ options: MountOptions, _ index: Int
    ) throws(RuntimeError) -> PlannedMount.Origin {
        if options.isBind {
            guard let source = mount.source, !source.isEmpty else {
                throw RuntimeError("`mounts[\(index)].source`: a bind mount needs the path of what to mount")
            }
            return .tree(
                path: Self.absolute(source, in: options.isBind ? self.options.bundle : ""),
                isRecursive: options.isRecursiveBind)
        }
        guard let type = mount.type, !type.isEmpty, type != "none" else {
            throw RuntimeError(
                "`mounts[\(index)].type` is missing; name a file system, or add the option `bind`")
        }
        if type == "bind" {
            throw RuntimeError(
                "`mounts[\(index)]`: the type `bind` alone mounts nothing; add the option `bind` or `rbind`")
        }
        // On every host, hybrid ones too, the container sees the version 2 tree, where its group is.
        if type == "cgroup" || type == "cgroup2" { return cgroupOrigin }
        var data = options.data
        if let source = mount.source, !source.isEmpty {
            data.insert(StringPair(key: "source", value: source), at: 0)
        }
        return .fileSystem(type: type, options: data)
    }

    /// To mount the tree from the first cgroup namespace is to set the options of all of it, here to none:
    /// the host would lose nsdelegate. A second sight of the host's mount changes nothing.
    private var cgroupOrigin: PlannedMount.Origin {
        let isHosts = !linux.namespaces.contains { $0.type == .cgroup }
        if isHosts, !options.cgroupRoot.isEmpty {
            return .tree(path: options.cgroupRoot, isRecursive: false)
        }
        return .fileSystem(type: "cgroup2", options: [])
    }

    private func changes(_ options: MountOptions, isCgroup: Bool) -> [MountAttributes] {
        var own = options.own
        let hasOwnNamespace = linux.namespaces.contains { $0.type == .cgroup && ($0.path ?? "").isEmpty }
        // Without a namespace of its own it would see, and write, the host's tree (CVE-2023-25809).
        if isCgroup, !hasOwnNamespace { own.set |= 1 }
        return ([own, options.recursive] + options.propagation).filter { !$0.isEmpty }
    }
}
