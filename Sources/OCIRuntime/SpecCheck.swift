// SPDX-License-Identifier: Apache-2.0
// What a configuration must satisfy before anything is planned. An error names the field; what Roost
// does not honour yet is refused when leaving it out would break the container, else a warning.
internal import Kernel
internal import OCISpec

enum SpecCheck {
    /// Checks everything; returns warnings.
    static func check(_ spec: RuntimeSpec) throws(RuntimeError) -> [String] {
        let linux = spec.linux ?? LinuxSpec()
        try version(spec.ociVersion)
        if let process = spec.process { try check(process) }
        if let root = spec.root, root.path.isEmpty {
            throw RuntimeError("`root.path` is empty; name the directory of the root file system")
        }
        try namespaces(linux, spec)
        if let hooks = spec.hooks { try check(hooks) }
        if !linux.sysctl.isEmpty { try Sysctl.check(linux.sysctl, linux.namespaces) }
        try refused(linux)
        for (index, device) in linux.devices.enumerated() { try check(device, index) }
        for (field, paths) in [("maskedPaths", linux.maskedPaths), ("readonlyPaths", linux.readonlyPaths)] {
            for (index, path) in paths.enumerated() where !path.hasPrefix("/") {
                throw RuntimeError("`linux.\(field)[\(index)]`: `\(path)` is not an absolute path")
            }
        }
        if let name = linux.rootfsPropagation, !name.isEmpty, Planner.propagation(name) == nil {
            throw RuntimeError(
                "`linux.rootfsPropagation`: `\(name)` is none of `private`, `slave`, `shared`,"
                    + " `unbindable` or those with an `r` before"
            )
        }
        return warnings(spec, linux)
    }

    private static func version(_ text: String) throws(RuntimeError) {
        guard text.split(separator: ".").first == "1" else {
            throw RuntimeError("`ociVersion`: `\(text)` is not a version 1 of the runtime specification")
        }
    }

    static func check(_ process: ProcessSpec) throws(RuntimeError) {
        guard !process.args.isEmpty, process.args[0] != "" else {
            throw RuntimeError("`process.args` is empty; name the program to run")
        }
        guard process.cwd.hasPrefix("/") else {
            throw RuntimeError("`process.cwd`: `\(process.cwd)` is not an absolute path")
        }
        try check(process.user)
        try check(process.rlimits)
        if let score = process.oomScoreAdj, !(-1000...1000).contains(score) {
            throw RuntimeError("`process.oomScoreAdj`: \(score) is not between -1000 and 1000")
        }
        for (field, isSet) in [
            ("scheduler", process.scheduler != nil), ("ioPriority", process.ioPriority != nil),
            ("execCPUAffinity", process.execCPUAffinity != nil),
        ] where isSet { throw RuntimeError("`process.\(field)` is not supported yet; leave it out") }
        if let size = process.consoleSize, size.height > 65535 || size.width > 65535 {
            throw RuntimeError("`process.consoleSize`: a terminal has at most 65535 rows and columns")
        }
    }

    private static func check(_ user: UserSpec) throws(RuntimeError) {
        if let umask = user.umask, umask > 0o777 {
            throw RuntimeError("`process.user.umask`: \(umask) is not between 0 and 511 (octal 777)")
        }
        if user.additionalGids.count > 65536 {
            throw RuntimeError(
                "`process.user.additionalGids`: \(user.additionalGids.count) groups are more than the"
                    + " 65536 that a process can have")
        }
        let ids = [("uid", user.uid), ("gid", user.gid)] + user.additionalGids.map { ("additionalGids", $0) }
        // To setresuid(2) it means "as it is": the process would stay root.
        for (field, id) in ids where id == UInt32.max {
            throw RuntimeError(
                "`process.user.\(field)`: \(id) is no user or group; the highest is 4294967294")
        }
    }

    private static func check(_ limits: [RlimitSpec]) throws(RuntimeError) {
        var seen: [String] = []
        for (index, limit) in limits.enumerated() {
            guard Resource(name: limit.type) != nil else {
                throw RuntimeError(
                    "`process.rlimits[\(index)].type`: `\(limit.type)` is no resource limit; see getrlimit(2)"
                )
            }
            if seen.contains(limit.type) {
                throw RuntimeError("`process.rlimits[\(index)].type`: `\(limit.type)` is there twice")
            }
            if limit.soft > limit.hard {
                throw RuntimeError(
                    "`process.rlimits[\(index)].soft`: \(limit.soft) is more than the hard limit"
                        + " \(limit.hard)"
                )
            }
            seen.append(limit.type)
        }
    }

    private static func namespaces(_ linux: LinuxSpec, _ spec: RuntimeSpec) throws(RuntimeError) {
        var seen: [NamespaceType] = []
        for (index, namespace) in linux.namespaces.enumerated() {
            let place = "`linux.namespaces[\(index)]`"
            if seen.contains(namespace.type) {
                throw RuntimeError("\(place): `\(namespace.type.rawValue)` is there twice")
            }
            if namespace.type == .user || namespace.type == .time {
                throw RuntimeError(
                    "\(place): `\(namespace.type.rawValue)` namespaces are not supported yet; leave it out")
            }
            if let path = namespace.path, !path.isEmpty, !path.hasPrefix("/") {
                throw RuntimeError("\(place).path: `\(path)` is not an absolute path")
            }
            seen.append(namespace.type)
        }
        guard seen.contains(.mount) else {
            throw RuntimeError(
                "`linux.namespaces`: without `mount` the container's mounts would be the host's; add it")
        }
        if !seen.contains(.uts) {
            for (field, name) in [("hostname", spec.hostname), ("domainname", spec.domainname)]
            where !(name ?? "").isEmpty {
                throw RuntimeError(
                    "`\(field)` would change the host's; add the `uts` namespace to `linux.namespaces`")
            }
        }
        if (spec.hostname ?? "").utf8.count > 64 { throw RuntimeError("`hostname` is longer than 64 bytes") }
        if (spec.domainname ?? "").utf8.count > 64 {
            throw RuntimeError("`domainname` is longer than 64 bytes")
        }
    }

    private static func check(_ hooks: HooksSpec) throws(RuntimeError) {
        let all = [
            ("prestart", hooks.prestart), ("createRuntime", hooks.createRuntime),
            ("createContainer", hooks.createContainer), ("startContainer", hooks.startContainer),
            ("poststart", hooks.poststart), ("poststop", hooks.poststop),
        ]
        for (kind, list) in all {
            for (index, hook) in list.enumerated() {
                guard hook.path.hasPrefix("/") else {
                    throw RuntimeError(
                        "`hooks.\(kind)[\(index)].path`: `\(hook.path)` is not an absolute path")
                }
                if let timeout = hook.timeout, !(1...Int64(Int32.max) / 1000).contains(timeout) {
                    throw RuntimeError(
                        "`hooks.\(kind)[\(index)].timeout`: \(timeout) is not a number of seconds from 1 to"
                            + " \(Int64(Int32.max) / 1000)")
                }
            }
        }
    }

    private static func check(_ device: DeviceSpec, _ index: Int) throws(RuntimeError) {
        let place = "`linux.devices[\(index)]"
        guard device.path.hasPrefix("/"), Planner.clean(device.path) != "/" else {
            throw RuntimeError("\(place).path`: `\(device.path)` is not an absolute path")
        }
        if device.type != .fifo, !(0...0xfff).contains(device.major) || !(0...0xfffff).contains(device.minor)
        {
            throw RuntimeError("\(place)`: \(device.major):\(device.minor) is no device number")
        }
        if let mode = device.fileMode, mode > 0o7777 {
            throw RuntimeError("\(place).fileMode`: \(mode) is not between 0 and 4095 (octal 7777)")
        }
    }

    private static func refused(_ linux: LinuxSpec) throws(RuntimeError) {
        let unsupported: [(String, Bool)] = [
            ("uidMappings", !linux.uidMappings.isEmpty), ("gidMappings", !linux.gidMappings.isEmpty),
            ("timeOffsets", !linux.timeOffsets.isEmpty), ("netDevices", !linux.netDevices.isEmpty),
            ("intelRdt", linux.intelRdt != nil), ("memoryPolicy", linux.memoryPolicy != nil),
            ("mountLabel", !(linux.mountLabel ?? "").isEmpty),
            ("personality.flags", linux.personality?.flags.isEmpty == false),
        ]
        for (field, isSet) in unsupported where isSet {
            throw RuntimeError("`linux.\(field)` is not supported yet; leave it out")
        }
    }

    private static func warnings(_ spec: RuntimeSpec, _ linux: LinuxSpec) -> [String] {
        var list: [String] = []
        if !spec.otherPlatforms.isEmpty {
            let names = spec.otherPlatforms.map { "`\($0)`" }.joined(separator: ", ")
            list.append("\(names) left out: for another platform than Linux")
        }
        if let process = spec.process { list += warnings(process) }
        return list
    }

    /// What a process asks for and does not get.
    static func warnings(_ process: ProcessSpec) -> [String] {
        [("apparmorProfile", process.apparmorProfile), ("selinuxLabel", process.selinuxLabel)]
            .filter { !($0.1 ?? "").isEmpty }
            .map { "`process.\($0.0)` is not honoured yet" }
    }
}
