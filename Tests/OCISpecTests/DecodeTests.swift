// SPDX-License-Identifier: Apache-2.0
// Each section of config.json, read from text as other programs write it.

import JSON
import OCISpec
import Testing

@Suite("config.json")
struct DecodeTests {
    private func read<Value: JSONValue>(_ text: String, as _: Value.Type = Value.self) throws -> Value {
        try Value.decode(Array(text.utf8))
    }

    @Test("the least config has a version only")
    func least() throws {
        #expect(try read(#"{"ociVersion":"1.0.2"}"#) == RuntimeSpec(ociVersion: "1.0.2"))
    }

    @Test("process")
    func process() throws {
        let process: ProcessSpec = try read(
            """
            {"terminal":true,"consoleSize":{"height":24,"width":80},
             "args":["sh","-c","x"],"env":["A=b"],"cwd":"/w",
             "user":{"uid":1,"gid":2,"umask":18,"additionalGids":[3,4]},
             "oomScoreAdj":-500,"noNewPrivileges":true,
             "rlimits":[{"type":"RLIMIT_CORE","soft":1,"hard":18446744073709551615}],
             "capabilities":{"bounding":["CAP_KILL"],"ambient":[]},
             "scheduler":{"policy":"SCHED_FIFO","priority":5,"flags":["SCHED_FLAG_RECLAIM"]},
             "ioPriority":{"class":"IOPRIO_CLASS_IDLE","priority":7},"execCPUAffinity":{"final":"0-1"}}
            """)

        #expect(process.consoleSize == ConsoleSizeSpec(height: 24, width: 80))
        #expect(process.user == UserSpec(uid: 1, gid: 2, umask: 18, additionalGids: [3, 4]))
        #expect(process.rlimits == [RlimitSpec(type: "RLIMIT_CORE", hard: .max, soft: 1)])
        #expect(process.oomScoreAdj == -500)
        #expect(process.capabilities == CapabilitiesSpec(bounding: ["CAP_KILL"]))
        #expect(process.scheduler == SchedulerSpec(policy: .fifo, priority: 5, flags: [.reclaim]))
        #expect(process.ioPriority == IOPrioritySpec(ioClass: .idle, priority: 7))
        #expect(process.execCPUAffinity == CPUAffinitySpec(final: "0-1"))
        #expect(process.args == ["sh", "-c", "x"] && process.env == ["A=b"] && process.cwd == "/w")
    }

    @Test("mounts, hooks and annotations keep their order")
    func order() throws {
        let spec: RuntimeSpec = try read(
            """
            {"ociVersion":"1.3.0","annotations":{"z":"1","a":"2"},
             "mounts":[{"destination":"/b","type":"tmpfs"},
              {"destination":"/a","source":"/x","options":["bind"],
              "uidMappings":[{"containerID":0,"hostID":1000,"size":10}]}],
             "hooks":{"poststop":[{"path":"/h","args":["h","1"],"env":["K=v"],"timeout":3}],
              "createRuntime":[]}}
            """)

        #expect(spec.annotations.map(\.key) == ["z", "a"])
        #expect(spec.annotations["a"] == "2" && spec.annotations["b"] == nil)
        #expect(spec.mounts.map(\.destination) == ["/b", "/a"])
        #expect(spec.mounts[1].uidMappings == [IDMappingSpec(containerID: 0, hostID: 1000, size: 10)])
        #expect(
            spec.hooks
                == HooksSpec(
                    poststop: [HookSpec(path: "/h", args: ["h", "1"], env: ["K=v"], timeout: 3)]))
    }

    @Test("linux: namespaces, devices, clocks and network devices")
    func linux() throws {
        let linux: LinuxSpec = try read(
            """
            {"namespaces":[{"type":"pid"},{"type":"network","path":"/run/netns/a"}],
             "devices":[{"path":"/dev/fuse","type":"c","major":10,"minor":229,
               "fileMode":438,"uid":0,"gid":0}],
             "timeOffsets":{"monotonic":{"secs":-5,"nanosecs":7},"boottime":{}},
             "netDevices":{"eth0":{"name":"net0"},"eth1":{}},"sysctl":{"net.core.somaxconn":"256"},
             "personality":{"domain":"LINUX32"},"memoryPolicy":{"mode":"MPOL_BIND","nodes":"0"},
             "intelRdt":{"closID":"x","enableMonitoring":true}}
            """)

        #expect(
            linux.namespaces == [
                NamespaceSpec(type: .pid), NamespaceSpec(type: .network, path: "/run/netns/a"),
            ])
        #expect(linux.devices.first?.type == .character && linux.devices.first?.fileMode == 0o666)
        #expect(
            linux.timeOffsets == [
                TimeOffsetSpec(clock: .monotonic, secs: -5, nanosecs: 7), TimeOffsetSpec(clock: .boottime),
            ])
        #expect(
            linux.netDevices == [
                NetDeviceSpec(hostName: "eth0", name: "net0"), NetDeviceSpec(hostName: "eth1"),
            ])
        #expect(linux.sysctl == [StringPair(key: "net.core.somaxconn", value: "256")])
        #expect(linux.personality?.domain == .linux32 && linux.memoryPolicy?.mode == .bind)
        #expect(linux.intelRdt == IntelRdtSpec(closID: "x", enableMonitoring: true))
    }

    @Test("resources")
    func resources() throws {
        let resources: ResourcesSpec = try read(
            """
            {"devices":[{"allow":false,"access":"rwm"},
              {"allow":true,"type":"c","major":1,"minor":3,"access":"r"}],
             "memory":{"limit":-1,"swap":1048576},"cpu":{"shares":1024,"quota":-1,
              "period":100000,"cpus":"0-3"},
             "pids":{"limit":0},"blockIO":{"weight":10,
              "throttleReadBpsDevice":[{"major":8,"minor":0,"rate":600}]},
             "hugepageLimits":[{"pageSize":"2MB","limit":1}],"rdma":{"mlx5_1":{"hcaHandles":3}},
             "unified":{"memory.high":"1"}}
            """)

        #expect(
            resources.devices == [
                DeviceCgroupSpec(allow: false, access: "rwm"),
                DeviceCgroupSpec(allow: true, type: .character, major: 1, minor: 3, access: "r"),
            ])
        #expect(resources.memory == MemorySpec(limit: -1, swap: 1_048_576))
        #expect(resources.cpu == CPUSpec(shares: 1024, quota: -1, period: 100_000, cpus: "0-3"))
        #expect(resources.pids == PidsSpec(limit: 0))
        #expect(
            resources.blockIO?.throttleReadBpsDevice == [ThrottleDeviceSpec(major: 8, minor: 0, rate: 600)])
        #expect(resources.rdma == [RdmaSpec(device: "mlx5_1", hcaHandles: 3)])
        #expect(resources.unified["memory.high"] == "1")
    }

    @Test("seccomp")
    func seccomp() throws {
        let seccomp: SeccompSpec = try read(
            """
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"architectures":["SCMP_ARCH_X86_64"],
             "flags":["SECCOMP_FILTER_FLAG_LOG"],"syscalls":[{"names":["clone"],
              "action":"SCMP_ACT_ALLOW","args":[
             {"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]}]}
            """)

        #expect(
            seccomp
                == SeccompSpec(
                    defaultAction: .errno, defaultErrnoRet: 38, architectures: [.x86_64], flags: [.log],
                    syscalls: [
                        SeccompSyscallSpec(
                            names: ["clone"], action: .allow,
                            args: [SeccompArgumentSpec(index: 0, value: 2_114_060_288, op: .maskedEqual)])
                    ]))
    }

    @Test(
        "an error names the place and the trouble",
        arguments: [
            (#"{}"#, "missing `ociVersion`"),
            (#"{"ociVersion":"1","process":{"args":[]}}"#, "process: missing `cwd`"),
            (
                #"{"ociVersion":"1","process":{"cwd":"/","rlimits":[{"type":"a","soft":1,"hard":-1}]}}"#,
                "process.rlimits[0].hard: expected an unsigned integer"
            ),
            (
                #"{"ociVersion":"1","linux":{"namespaces":[{"type":"pid"},{"type":"net"}]}}"#,
                "linux.namespaces[1].type: unknown namespace type `net`"
            ),
            (
                #"{"ociVersion":"1","linux":{"timeOffsets":{"tai":{}}}}"#,
                "linux.timeOffsets.tai: unknown clock"
            ),
            (
                #"{"ociVersion":"1","linux":{"sysctl":{"net.a":1}}}"#,
                #"linux.sysctl["net.a"]: expected a string"#
            ),
            (#"{"ociVersion":"1","hostname":"a\u0000"}"#, "hostname: the string holds NUL"),
            (
                #"{"ociVersion":"1","process":{"cwd":"/","env":["A=1","B=\u0000"]}}"#,
                "process.env[1]: the string holds NUL"
            ),
            (#"{"ociVersion":"1","root":{"path":"x","path":"y"}}"#, "root: duplicate key `path`"),
        ])
    func places(_ text: String, _ description: String) {
        #expect(decodeError(text, as: RuntimeSpec.self)?.description == description)
    }
}

@Suite("What a field must have") struct RequirementTests {
    @Test("a device that is no FIFO needs both its numbers", arguments: ["c", "b", "u"])
    func device(type: String) {
        let text = "{\"path\":\"/dev/a\",\"type\":\"\(type)\",\"major\":1}"

        #expect(decodeError(text, as: DeviceSpec.self)?.description.contains("minor") == true)
        #expect(decodeError("{\"path\":\"/a\",\"type\":\"p\"}", as: DeviceSpec.self) == nil)
    }

    @Test("a user is written with both its ids, which are required")
    func user() {
        #expect(String(decoding: UserSpec().encode(), as: UTF8.self) == #"{"uid":0,"gid":0}"#)
    }

    @Test("sections of other platforms are noted")
    func platforms() throws {
        let text = #"{"ociVersion":"1.3.0","windows":{},"vm":{"hypervisor":{"path":"/a"}}}"#

        #expect(try RuntimeSpec.decode(Array(text.utf8)).otherPlatforms == ["windows", "vm"])
    }
}
