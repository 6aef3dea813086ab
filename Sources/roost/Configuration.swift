// SPDX-License-Identifier: Apache-2.0
// docker's defaults and the flags of `run` as a configuration of the runtime specification: 14
// capabilities, its mounts, its masked and read-only paths.
import CommandLine
import Kernel
import OCIRuntime
import OCISpec

/// Builds the configuration of one `run`.
struct Configuration {
    let invocation: Invocation
    let rootfs: String
    let image: ImageContext?

    init(_ invocation: Invocation, rootfs: String, image: ImageContext? = nil) {
        self.invocation = invocation
        self.rootfs = rootfs
        self.image = image
    }

    func spec() throws(RuntimeError) -> RuntimeSpec {
        var spec = RuntimeSpec.defaultSpec(hostname: hostname, rootless: nil)
        spec.root = RootSpec(path: rootfs, readonly: invocation.bool("read-only"))
        spec.process = try process()
        var linux = spec.linux ?? LinuxSpec()
        var resources = try LimitFlags(invocation).resources() ?? ResourcesSpec()
        let devices = try DeviceFlags(invocation)
        resources.devices = DeviceList.docker + devices.rules
        linux.devices += devices.nodes
        linux.resources = resources
        linux.seccomp = try SecurityOptions(invocation).profile(spec.process)
        try choosePrivacy(&linux, &spec)
        linux.sysctl = try invocation.strings("sysctl").map { (text) throws(RuntimeError) in
            try pair(text, "--sysctl")
        }
        spec.linux = linux
        for text in invocation.strings("tmpfs") { spec.mounts.append(try tmpfs(text)) }
        for text in invocation.strings("volume") { spec.mounts.append(try volume(text)) }
        return spec
    }

    private func process() throws(RuntimeError) -> ProcessSpec {
        var process = ProcessSpec(cwd: try workingDirectory())
        process.args = try arguments()
        process.terminal = invocation.bool("tty")
        process.env = environment()
        process.user = try user()
        process.capabilities = try capabilities()
        process.noNewPrivileges = try noNewPrivileges()
        for text in invocation.strings("ulimit") { process.rlimits.append(try rlimit(text)) }
        return process
    }

    static let defaultCapabilities = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
        "CAP_AUDIT_WRITE",
    ]

    /// docker's capabilities, as `--cap-add` and `--cap-drop` change them.
    func capabilityNames() throws(RuntimeError) -> [String] {
        var dropped: [String] = []
        var added: [String] = []
        for text in invocation.strings("cap-drop") { dropped.append(try capability(text, "--cap-drop")) }
        for text in invocation.strings("cap-add") { added.append(try capability(text, "--cap-add")) }
        // As docker has it: what is dropped by its name is dropped from `ALL` too, and `ALL` is what this
        // host can give.
        if added.contains("ALL") { return CapabilitySet.bounding.names.filter { !dropped.contains($0) } }
        var names = dropped.contains("ALL") ? [] : Self.defaultCapabilities.filter { !dropped.contains($0) }
        for name in added where !names.contains(name) { names.append(name) }
        return names
    }

    private func capabilities() throws(RuntimeError) -> CapabilitiesSpec {
        let names = try capabilityNames()
        let isRoot = try user().uid == 0
        return CapabilitiesSpec(
            bounding: names, effective: isRoot ? names : [], inheritable: [], permitted: isRoot ? names : [],
            ambient: [])
    }

    private func capability(_ text: String, _ flag: String) throws(RuntimeError) -> String {
        let upper = text.uppercased()
        if upper == "ALL" { return upper }
        let name = upper.hasPrefix("CAP_") ? upper : "CAP_" + upper
        guard CapabilitySet(name: name) != nil else {
            throw RuntimeError("`\(flag)`: `\(text)` is no capability; see capabilities(7)")
        }
        return name
    }

    private func noNewPrivileges() throws(RuntimeError) -> Bool {
        try SecurityOptions(invocation).noNewPrivileges
    }

    private func rlimit(_ text: String) throws(RuntimeError) -> RlimitSpec {
        let (name, value) = try { () throws(RuntimeError) in
            let parts = try pair(text, "--ulimit")
            return (parts.key, parts.value)
        }()
        let type = "RLIMIT_" + name.uppercased()
        guard Resource(name: type) != nil else {
            throw RuntimeError("`--ulimit`: `\(name)` is no resource limit; see getrlimit(2)")
        }
        func number(_ text: Substring) throws(RuntimeError) -> UInt64 {
            if text == "-1" || text == "unlimited" { return UInt64.max }
            guard let value = UInt64(text) else { throw RuntimeError("`--ulimit`: `\(text)` is no number") }
            return value
        }
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        let soft = try number(parts[0])
        return RlimitSpec(type: type, hard: parts.count > 1 ? try number(parts[1]) : soft, soft: soft)
    }

    private func pair(_ text: String, _ flag: String) throws(RuntimeError) -> StringPair {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw RuntimeError("`\(flag)`: `\(text)` is not `NAME=VALUE`")
        }
        return StringPair(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }

    private func choosePrivacy(_ linux: inout LinuxSpec, _ spec: inout RuntimeSpec) throws(RuntimeError) {
        let shared: [(String, NamespaceType)] = [
            ("network", .network), ("pid", .pid), ("ipc", .ipc), ("uts", .uts), ("cgroupns", .cgroup),
        ]
        for (flag, type) in shared where invocation.string(flag) == "host" {
            linux.namespaces.removeAll { $0.type == type }
        }
        let hasOwnName = linux.namespaces.contains { $0.type == .uts }
        if !hasOwnName, invocation.string("hostname") != nil {
            throw RuntimeError(
                "`--hostname` would change the host's name with `--uts host`; leave one of them out")
        }
        spec.hostname = hasOwnName ? hostname : nil
    }

    private func tmpfs(_ text: String) throws(RuntimeError) -> MountSpec {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let place = parts.first, place.hasPrefix("/") else {
            throw RuntimeError("`--tmpfs`: `\(text)` does not begin with an absolute path")
        }
        let options = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
        return MountSpec(
            destination: place, type: "tmpfs", source: "tmpfs",
            options: ["nosuid", "nodev", "noexec"] + options)
    }

    private func volume(_ text: String) throws(RuntimeError) -> MountSpec {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts[1].hasPrefix("/"), !parts[0].isEmpty else {
            throw RuntimeError("`--volume`: `\(text)` is not `SOURCE:/DESTINATION[:OPTIONS]`")
        }
        guard parts[0].contains("/") || parts[0] == "." || parts[0] == ".." else {
            throw RuntimeError(
                "`--volume`: `\(parts[0])` would be a named volume; these are not supported yet, give a"
                    + " path such as `./\(parts[0])`"
            )
        }
        var source = parts[0]
        if !source.hasPrefix("/") { source = ((try? Files.workingDirectory()) ?? "") + "/" + source }
        let options = parts.count > 2 ? parts[2].split(separator: ",").map(String.init) : []
        for option in options where !Self.volumeOptions.contains(option) {
            throw RuntimeError(
                "`--volume`: `\(option)` is no option of a bind mount; there are"
                    + " \(Self.volumeOptions.map { "`\($0)`" }.joined(separator: ", "))"
            )
        }
        let honoured = options.filter { !Self.labelOptions.contains($0) }
        return MountSpec(destination: parts[1], type: "bind", source: source, options: ["rbind"] + honoured)
    }

    /// Labels of SELinux, which Roost does not set.
    private static let labelOptions = ["z", "Z"]
    private static let volumeOptions =
        [
            "ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "private", "rprivate", "shared",
            "rshared", "slave", "rslave",
        ] + labelOptions
}
