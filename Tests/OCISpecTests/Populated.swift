// SPDX-License-Identifier: Apache-2.0
// Values with every field set to something that is not its default: a field that is lost is seen.

import OCISpec

enum Populated {
    static let process = ProcessSpec(
        terminal: true,
        consoleSize: ConsoleSizeSpec(height: 3, width: 4),
        user: UserSpec(uid: 5, gid: 6, umask: 7, additionalGids: [8, 9], username: "userna10"),
        args: ["args11", "args12"],
        commandLine: "comman13",
        env: ["env14", "env15"],
        cwd: "cwd16",
        capabilities: CapabilitiesSpec(
            bounding: ["boundi17", "boundi18"],
            effective: ["effect19", "effect20"],
            inheritable: ["inheri21", "inheri22"],
            permitted: ["permit23", "permit24"],
            ambient: ["ambien25", "ambien26"]),
        rlimits: [RlimitSpec(type: "type27", hard: 28, soft: 29)],
        noNewPrivileges: true,
        apparmorProfile: "apparm31",
        oomScoreAdj: 32,
        scheduler: SchedulerSpec(
            policy: .deadline,
            nice: 33,
            priority: 34,
            flags: SchedulerFlag.allCases,
            runtime: 35,
            deadline: 36,
            period: 37),
        selinuxLabel: "selinu38",
        ioPriority: IOPrioritySpec(ioClass: .idle, priority: 39),
        execCPUAffinity: CPUAffinitySpec(initial: "initia40", final: "final41"))

    static let hooks = HooksSpec(
        prestart: [
            HookSpec(
                path: "path42",
                args: ["args43", "args44"],
                env: ["env45", "env46"],
                timeout: 47)
        ],
        createRuntime: [
            HookSpec(
                path: "path48",
                args: ["args49", "args50"],
                env: ["env51", "env52"],
                timeout: 53)
        ],
        createContainer: [
            HookSpec(
                path: "path54",
                args: ["args55", "args56"],
                env: ["env57", "env58"],
                timeout: 59)
        ],
        startContainer: [
            HookSpec(
                path: "path60",
                args: ["args61", "args62"],
                env: ["env63", "env64"],
                timeout: 65)
        ],
        poststart: [
            HookSpec(
                path: "path66",
                args: ["args67", "args68"],
                env: ["env69", "env70"],
                timeout: 71)
        ],
        poststop: [
            HookSpec(
                path: "path72",
                args: ["args73", "args74"],
                env: ["env75", "env76"],
                timeout: 77)
        ])

    static let resources = ResourcesSpec(
        devices: [
            DeviceCgroupSpec(
                allow: true,
                type: .block,
                major: 79,
                minor: 80,
                access: "access81")
        ],
        memory: MemorySpec(
            limit: 82,
            reservation: 83,
            swap: 84,
            kernel: 85,
            kernelTCP: 86,
            swappiness: 87,
            disableOOMKiller: true,
            useHierarchy: true,
            checkBeforeUpdate: true),
        cpu: CPUSpec(
            shares: 91,
            quota: 92,
            burst: 93,
            period: 94,
            realtimeRuntime: 95,
            realtimePeriod: 96,
            cpus: "cpus97",
            mems: "mems98",
            idle: 99),
        pids: PidsSpec(limit: 100),
        blockIO: BlockIOSpec(
            weight: 101,
            leafWeight: 102,
            weightDevice: [WeightDeviceSpec(major: 103, minor: 104, weight: 105, leafWeight: 106)],
            throttleReadBpsDevice: [ThrottleDeviceSpec(major: 107, minor: 108, rate: 109)],
            throttleWriteBpsDevice: [ThrottleDeviceSpec(major: 110, minor: 111, rate: 112)],
            throttleReadIOPSDevice: [ThrottleDeviceSpec(major: 113, minor: 114, rate: 115)],
            throttleWriteIOPSDevice: [ThrottleDeviceSpec(major: 116, minor: 117, rate: 118)]),
        hugepageLimits: [HugepageLimitSpec(pageSize: "pagesi119", limit: 120)],
        network: NetworkResourcesSpec(
            classID: 121,
            priorities: [InterfacePrioritySpec(name: "name122", priority: 123)]),
        rdma: [RdmaSpec(device: "key124", hcaHandles: 125, hcaObjects: 126)],
        unified: [StringPair(key: "a.127", value: "one"), StringPair(key: "b", value: "")])

    static let seccomp = SeccompSpec(
        defaultAction: .notify,
        defaultErrnoRet: 128,
        architectures: SeccompArchitecture.allCases,
        flags: SeccompFlag.allCases,
        listenerPath: "listen129",
        listenerMetadata: "listen130",
        syscalls: [
            SeccompSyscallSpec(
                names: ["names131", "names132"],
                action: .notify,
                errnoRet: 133,
                args: [SeccompArgumentSpec(index: 134, value: 135, valueTwo: 136, op: .maskedEqual)])
        ])

    static let linux = LinuxSpec(
        uidMappings: [IDMappingSpec(containerID: 137, hostID: 138, size: 139)],
        gidMappings: [IDMappingSpec(containerID: 140, hostID: 141, size: 142)],
        sysctl: [StringPair(key: "a.143", value: "one"), StringPair(key: "b", value: "")],
        resources: resources,
        cgroupsPath: "cgroup144",
        namespaces: [NamespaceSpec(type: .time, path: "path145")],
        devices: [
            DeviceSpec(
                path: "path146",
                type: .fifo,
                major: 147,
                minor: 148,
                fileMode: 149,
                uid: 150,
                gid: 151)
        ],
        netDevices: [NetDeviceSpec(hostName: "key152", name: "name153")],
        seccomp: seccomp,
        rootfsPropagation: "rootfs154",
        maskedPaths: ["masked155", "masked156"],
        readonlyPaths: ["readon157", "readon158"],
        mountLabel: "mountl159",
        intelRdt: IntelRdtSpec(
            closID: "closid160",
            schemata: ["schema161", "schema162"],
            l3CacheSchema: "l3cach163",
            memBwSchema: "membws164",
            enableMonitoring: true),
        memoryPolicy: MemoryPolicySpec(
            mode: .local,
            nodes: "nodes166",
            flags: MemoryPolicyFlag.allCases),
        personality: PersonalitySpec(domain: .linux32, flags: ["flags167", "flags168"]),
        timeOffsets: [TimeOffsetSpec(clock: .monotonic, secs: 169, nanosecs: 170)])

    static let spec = RuntimeSpec(
        ociVersion: "ociver171",
        process: process,
        root: RootSpec(path: "path172", readonly: true),
        hostname: "hostna174",
        domainname: "domain175",
        mounts: [
            MountSpec(
                destination: "destin176",
                type: "type177",
                source: "source178",
                options: ["option179", "option180"],
                uidMappings: [IDMappingSpec(containerID: 181, hostID: 182, size: 183)],
                gidMappings: [IDMappingSpec(containerID: 184, hostID: 185, size: 186)])
        ],
        hooks: hooks,
        annotations: [StringPair(key: "a.187", value: "one"), StringPair(key: "b", value: "")],
        linux: linux)

    static let state = ContainerState(
        ociVersion: "ociver188",
        id: "id189",
        status: .running,
        pid: 190,
        bundle: "bundle191",
        annotations: [StringPair(key: "a.192", value: "one"), StringPair(key: "b", value: "")])

    static let processState = ContainerProcessState(
        ociVersion: "ociver193",
        fds: ["fds194", "fds195"],
        pid: 196,
        metadata: "metada197",
        state: state)

    static let features = Features(
        ociVersionMin: "ociver198",
        ociVersionMax: "ociver199",
        hooks: ["hooks200", "hooks201"],
        mountOptions: ["mounto202", "mounto203"],
        linux: LinuxFeatures(
            namespaces: ["namesp204", "namesp205"],
            capabilities: ["capabi206", "capabi207"],
            cgroup: CgroupFeatures(
                v1: true,
                v2: true,
                systemd: true,
                systemdUser: true,
                rdma: true),
            seccomp: SeccompFeatures(
                enabled: true,
                actions: ["action214", "action215"],
                operators: ["operat216", "operat217"],
                archs: ["archs218", "archs219"],
                knownFlags: ["knownf220", "knownf221"],
                supportedFlags: ["suppor222", "suppor223"]),
            apparmor: EnabledFeature(enabled: true),
            selinux: EnabledFeature(enabled: true),
            intelRdt: IntelRdtFeatures(enabled: true, schemata: true, monitoring: true),
            memoryPolicy: MemoryPolicyFeatures(
                modes: ["modes229", "modes230"],
                flags: ["flags231", "flags232"]),
            mountExtensions: MountExtensionFeatures(idmap: EnabledFeature(enabled: true)),
            netDevices: EnabledFeature(enabled: true)),
        annotations: [StringPair(key: "a.235", value: "one"), StringPair(key: "b", value: "")],
        potentiallyUnsafeConfigAnnotations: ["potent236", "potent237"])
}
