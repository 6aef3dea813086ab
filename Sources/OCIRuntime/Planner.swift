// SPDX-License-Identifier: Apache-2.0
// config.json -> LaunchPlan: a pure function, tested by value. The order of steps is decided here, and
// here only; each order that matters says why.
public import Kernel
public import OCISpec
public import Plan

/// What the command line adds to a configuration.
public struct LaunchOptions: Equatable, Sendable {
    /// The container's id.
    public var id: String
    /// The bundle's absolute path.
    public var bundle: String
    /// Where the container's state is, absolute.
    public var stateDirectory = ""
    /// The group's absolute path; nil: this host has no cgroup v2.
    public var cgroup: String?
    /// The mount point that the group is below.
    public var cgroupRoot = ""
    /// False: the caller wants no group (--cgroup-manager disabled).
    public var usesCgroup = true
    /// False for --no-pivot.
    public var pivots = true
    /// False for --no-new-keyring.
    public var joinsKeyring = true
    /// Descriptors after standard error that the program gets (--preserve-fds).
    public var preservedDescriptors: UInt32 = 0
    /// True: `create`, the program waits for `start`.
    public var waitsForStart = false
    /// True: the runtime waits for the program's end, and removes what was made.
    public var cleansUp = false
    /// True: the terminal's master goes to a socket.
    public var hasConsole = false
    /// Hard limits that cannot be exceeded here, by RLIMIT_ number; nil: limits can be raised.
    public var rlimitCeilings: [UInt64]?
    /// The program's environment; nil: as configured.
    public var environment: [String]?
    /// The root, when it is not what is at its path.
    public var overlay: OverlayMount?
    /// The mount point that holds the root; needed for shared propagation only.
    public var rootMountPoint: String?
    /// The filter, made before; nil: from the configuration, here.
    public var filter: SeccompFilter?
    /// True: this process may load a filter without no_new_privs.
    public var isAdministrator = true
    /// True: the runtime holds the child until it has written about the steps before the last one.
    public var narrates = false

    /// Options for a container.
    public init(id: String, bundle: String) {
        self.id = id
        self.bundle = bundle
    }
}

/// Plans a container.
public struct Planner {
    let spec: RuntimeSpec
    let process: ProcessSpec
    let linux: LinuxSpec
    let options: LaunchOptions
    let rootPath: String
    let limits: LimitPlan
    var plan = LaunchPlan()
    var joined = 0

    /// The plan for `spec`, or an error that names the place in it.
    public static func plan(_ spec: RuntimeSpec, _ options: LaunchOptions) throws(RuntimeError) -> LaunchPlan
    {
        var planner = try Planner(spec, options)
        try planner.build()
        return planner.plan
    }

    private init(_ spec: RuntimeSpec, _ options: LaunchOptions) throws(RuntimeError) {
        guard let process = spec.process else {
            throw RuntimeError("`process` is missing; `run` and `create` need it")
        }
        guard let root = spec.root else {
            throw RuntimeError("`root` is missing; name the root file system in `root.path`")
        }
        self.spec = spec
        self.process = process
        self.options = options
        linux = spec.linux ?? LinuxSpec()
        rootPath = Self.absolute(root.path, in: options.bundle)
        limits = try LimitPlan(linux.resources ?? ResourcesSpec())
    }

    private mutating func build() throws(RuntimeError) {
        plan.warnings = try SpecCheck.check(spec) + limits.warnings
        try checkGroup()
        try addBirth()
        try addRoot()
        for (index, mount) in spec.mounts.enumerated() { try addMount(mount, index: index) }
        try addDevices()
        // Here the hooks of the specification see every mount, and the host's root is still there.
        try addRuntimeHooks()
        addEnclosure()
        try addProcess()
        try addHostSteps()
    }

    // MARK: namespaces

    private mutating func addBirth() throws(RuntimeError) {
        var unsharesCgroup = false
        plan.container.append(.session)
        for namespace in linux.namespaces {
            let flag = namespace.type.flag
            guard let path = namespace.path, !path.isEmpty else {
                // Born into a group and a new cgroup namespace at once, the namespace's root would be the
                // parent's group: unshare comes after the birth.
                if namespace.type == .cgroup { unsharesCgroup = true } else { plan.birth.insert(flag) }
                continue
            }
            if namespace.type == .pid {
                plan.pidNamespacePath = path
            } else {
                plan.container.append(.joinNamespace(namespace.type, path: path, index: joined))
                joined += 1
            }
        }
        if unsharesCgroup { plan.container.append(.newCgroupNamespace) }
        if options.joinsKeyring { plan.container.append(.keyring) }
        if let score = process.oomScoreAdj { plan.container.append(.oomScore(score)) }
        if plan.birth.contains(.network) { plan.container.append(.loopback) }
        if let name = spec.hostname { plan.container.append(.hostname(name)) }
        if let name = spec.domainname { plan.container.append(.domainname(name)) }
    }

    mutating func addRlimits() {
        for limit in process.rlimits {
            guard let resource = Resource(name: limit.type) else { continue }
            var (soft, hard) = (limit.soft, limit.hard)
            if let ceilings = options.rlimitCeilings, hard > ceilings[Int(resource.number)] {
                hard = ceilings[Int(resource.number)]
                soft = min(soft, hard)
                plan.warnings.append(
                    "`\(limit.type)` lowered to \(hard): raising a limit needs CAP_SYS_RESOURCE")
            }
            plan.container.append(.rlimit(name: limit.type, number: resource.number, soft: soft, hard: hard))
        }
    }

    // MARK: root

    private mutating func addRoot() throws(RuntimeError) {
        let isShared = linux.rootfsPropagation?.hasSuffix("shared") == true
        // Moving a mount onto a / that is shared with the host would move it there too.
        if isShared, !options.pivots {
            throw RuntimeError(
                "`linux.rootfsPropagation`: a shared root needs pivot_root(2); leave `--no-pivot` out")
        }
        if !isShared {
            let isPrivate = linux.rootfsPropagation?.hasSuffix("private") == true
            let flag: UInt64 = isPrivate ? 1 << 18 : 1 << 19
            plan.container.append(
                .propagation(path: "/", flags: flag | 1 << 14, name: isPrivate ? "private" : "slave"))
        } else if let path = options.rootMountPoint {
            // Only the mount below the root: all others stay shared, as the configuration wants.
            plan.container.append(.propagation(path: path, flags: 1 << 18, name: "private"))
        }
        if let overlay = options.overlay {
            plan.container.append(.overlayRoot(path: rootPath, overlay))
        } else {
            plan.container.append(.root(path: rootPath))
        }
    }

    static func absolute(_ path: String, in bundle: String) -> String {
        clean(path.hasPrefix("/") ? path : bundle + "/" + path)
    }

    /// A lexically clean absolute path: no `.`, no `..`, no double slash.
    static func clean(_ path: String) -> String {
        if isClean(path) { return path }
        // By bytes: to a Character, a slash with a combining mark behind it is no slash.
        var parts: [Substring.UTF8View] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
        }
        var clean = parts.isEmpty ? "/" : ""
        for part in parts { clean += "/" + String(Substring(part)) }
        return clean
    }

    /// A path inside the root: one without a slash in front begins at the root.
    static func inRoot(_ path: String) -> String {
        clean(path.utf8.first == UInt8(ascii: "/") ? path : "/" + path)
    }

    /// Most paths are clean already: one pass over the bytes, no allocation.
    private static func isClean(_ path: String) -> Bool {
        var length = 0
        var dots = 0
        var total = 0
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/") {
                if total > 0, length == 0 || (length == dots && dots <= 2) { return false }
                (length, dots) = (0, 0)
            } else {
                if total == 0 { return false }
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
            total += 1
        }
        return total == 1 || (length > 0 && !(length == dots && dots <= 2))
    }

    // MARK: devices

    /// A bind mount over /dev brings its own nodes.
    private var hasOwnDev: Bool {
        spec.mounts.contains {
            ($0.options.contains("bind") || $0.options.contains("rbind"))
                && Self.inRoot($0.destination) == "/dev"
        }
    }

    private static let defaultDevices: [(String, UInt64, UInt64)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    private mutating func addDevices() throws(RuntimeError) {
        let hasOwnDev = hasOwnDev
        if !hasOwnDev {
            for (name, major, minor) in Self.defaultDevices
            where !linux.devices.contains(where: { $0.path == "/dev/" + name }) {
                plan.container.append(
                    .device(
                        PlannedDevice(path: "/dev/" + name, mode: 0o020666, device: Self.number(major, minor))
                    ))
            }
        }
        for device in linux.devices { plan.container.append(.device(Self.planned(device))) }
        if !hasOwnDev { plan.container.append(.deviceLinks) }
        if process.terminal, options.hasConsole {
            plan.container.append(
                .console(
                    rows: UInt16(clamping: process.consoleSize?.height ?? 0),
                    columns: UInt16(clamping: process.consoleSize?.width ?? 0), isInside: false,
                    owner: process.user.uid))
        }
    }

    private static func planned(_ device: DeviceSpec) -> PlannedDevice {
        let type: UInt32 =
            switch device.type {
            case .character, .unbuffered: 0o020000
            case .block: 0o060000
            case .fifo: 0o010000
            }
        return PlannedDevice(
            path: inRoot(device.path), mode: type | (device.fileMode ?? 0o666) & 0o7777,
            device: device.type == .fifo
                ? 0 : number(UInt64(clamping: device.major), UInt64(clamping: device.minor)),
            uid: device.uid ?? 0, gid: device.gid ?? 0)
    }

    /// As makedev(3) encodes it.
    static func number(_ major: UInt64, _ minor: UInt64) -> UInt64 {
        (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xff & 0xffff_ffff) << 12
            | (major & ~0xfff & 0xffff_ffff) << 32
    }
}
