// SPDX-License-Identifier: Apache-2.0
// Plans by value: which steps, in which order. Nothing is carried out.
import Kernel
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

/// Plans of the configuration that `spec` writes, changed.
enum Sample {
    static func spec(_ change: (inout RuntimeSpec) -> Void = { _ in }) -> RuntimeSpec {
        var spec = RuntimeSpec.defaultSpec()
        change(&spec)
        return spec
    }

    static func options(_ change: (inout LaunchOptions) -> Void = { _ in }) -> LaunchOptions {
        var options = LaunchOptions(id: "box", bundle: "/b")
        change(&options)
        return options
    }

    static func plan(
        _ change: (inout RuntimeSpec) -> Void = { _ in }, options: (inout LaunchOptions) -> Void = { _ in }
    ) throws(RuntimeError) -> LaunchPlan {
        try Planner.plan(spec(change), Sample.options(options))
    }

    /// The name of a step's case.
    static func name(_ step: ContainerStep) -> String { String("\(step)".prefix { $0 != "(" }) }

    /// The message of the error that `change` leads to.
    static func error(_ change: (inout RuntimeSpec) -> Void) -> String? {
        do throws(RuntimeError) {
            _ = try plan(change)
            return nil
        } catch { return error.description }
    }
}

@Suite("Planner") struct PlannerTests {
    @Test("the default configuration gives these steps in this order")
    func order() throws {
        let plan = try Sample.plan()

        #expect(
            plan.container.map(Sample.name) == [
                "session", "newCgroupNamespace", "keyring", "loopback", "hostname", "propagation",
                "root",
                "mount", "mount", "mount", "mount", "mount", "mount", "mount",
                "device", "device", "device", "device", "device", "device", "deviceLinks",
                "readOnlyPath", "readOnlyPath", "readOnlyPath", "readOnlyPath", "readOnlyPath",
                "maskedPath", "maskedPath", "maskedPath", "maskedPath", "maskedPath",
                "maskedPath", "maskedPath", "maskedPath", "maskedPath", "maskedPath",
                "makeWorkingDirectory", "rootAttributes", "pivot", "workingDirectory", "rlimit", "bounding",
                "identity",
                "capabilities",
                "umask",
                "noNewPrivileges", "findProgram", "gate", "closeDescriptors", "execute",
            ])
        #expect(plan.birth == [.pid, .network, .ipc, .uts, .mount])
        #expect(plan.pidNamespacePath == nil)
        #expect(plan.warnings.count == 1)
    }

    @Test("the steps carry what the configuration says")
    func content() throws {
        let steps = try Sample.plan().container

        #expect(steps.contains(.root(path: "/b/rootfs")))
        #expect(steps.contains(.hostname("roost")))
        #expect(steps.contains(.keyring))
        #expect(steps.contains(.rlimit(name: "RLIMIT_NOFILE", number: 7, soft: 1024, hard: 1024)))
        #expect(steps.contains(.propagation(path: "/", flags: 1 << 19 | 1 << 14, name: "slave")))
        #expect(steps.contains(.umask(0o22)))
        #expect(steps.contains(.closeDescriptors(from: 3)))
        #expect(steps.last == .execute(arguments: ["sh"], environment: Sample.spec().process?.env ?? []))
    }

    @Test("the host claims, makes the group, the child, writes the record, then lets the child go on")
    func host() throws {
        let hook = HookSpec(path: "/h")
        let plan = try Sample.plan {
            $0.hooks = HooksSpec(
                prestart: [hook], createRuntime: [hook], poststart: [hook], poststop: [hook])
            $0.process?.terminal = false
            $0.process?.user.uid = 1000
        } options: {
            $0.stateDirectory = "/run/box"
            $0.cgroup = "/sys/fs/cgroup/roost/box"
            $0.cleansUp = true
        }

        #expect(
            plan.host == [
                .claim(directory: "/run/box"), .begin(path: "/run/box/state.json"),
                .makeCgroup(path: "/sys/fs/cgroup/roost/box"),
                .giveStreams(owner: 1000),
                .clone([.pid, .network, .ipc, .uts, .mount], intoCgroup: true),
                .record(path: "/run/box/state.json"),
                .deviceList(
                    rules: [DeviceRule(isAllowed: false)] + DeviceList.alwaysAllowed,
                    path: "/sys/fs/cgroup/roost/box"),
                .hook(kind: "prestart", hook, index: 0), .hook(kind: "createRuntime", hook, index: 0),
                .openGate, .openGate, .hook(kind: "poststart", hook, index: 0),
                .cleanUp(directory: "/run/box"), .hook(kind: "poststop", hook, index: 0),
            ])
        #expect(plan.stepsWhileChildWaits.count == 5)
        #expect(plan.lastGate == 10)
    }

    @Test("what comes after the last gate is the business of start and delete when the program waits")
    func hostOfCreate() throws {
        let hook = HookSpec(path: "/h")
        let plan = try Sample.plan {
            $0.hooks = HooksSpec(poststart: [hook], poststop: [hook])
        } options: {
            $0.waitsForStart = true
        }
        let kept = try Sample.plan { $0.hooks = HooksSpec(poststart: [hook], poststop: [hook]) }

        #expect(plan.host.last == .openGate)
        #expect(kept.host.last == .hook(kind: "poststart", hook, index: 0))
    }

    @Test("without a group on this host none is made")
    func noCgroup() throws {
        let host = try Sample.plan().host

        #expect(host.contains(.clone([.pid, .network, .ipc, .uts, .mount], intoCgroup: false)))
        #expect(host.count == 5)
    }

    @Test(
        "hooks of the creation get a gate of their own, between the devices and the masks",
        arguments: ["prestart", "createRuntime", "createContainer"])
    func creationGate(kind: String) throws {
        let names = try Sample.plan { $0.hooks = hooks(kind) }.container.map(Sample.name)
        let gate = try #require(names.firstIndex(of: "gate"))

        #expect(names[gate - 1] == "deviceLinks")
        #expect(names[gate + 1] == (kind == "createContainer" ? "hook" : "readOnlyPath"))
        #expect(names.filter { $0 == "gate" }.count == 2)
    }

    @Test("a startContainer hook runs as the last but two, after the start", arguments: [false, true])
    func startHook(waits: Bool) throws {
        let names = try Sample.plan {
            $0.hooks = hooks("startContainer")
        } options: {
            $0.waitsForStart = waits
        }.container.map(Sample.name)

        #expect(Array(names.suffix(3)) == ["hook", "closeDescriptors", "execute"])
        #expect(names[names.count - 4] == (waits ? "waitForStart" : "gate"))
        #expect(names.filter { $0 == "gate" }.count == 1)
    }

    @Test("hooks of the host's end of life change nothing inside", arguments: ["poststart", "poststop"])
    func outerHooks(kind: String) throws {
        #expect(try Sample.plan { $0.hooks = hooks(kind) }.container == Sample.plan().container)
    }

    @Test("the last gate announces itself for create and for narration only")
    func announce() throws {
        let silent = try Sample.plan().container
        let create = try Sample.plan(options: { $0.waitsForStart = true }).container
        let told = try Sample.plan(options: { $0.narrates = true }).container

        #expect(announced(silent) == [false])
        #expect(announced(create) == [true])
        #expect(announced(told) == [true])
    }

    @Test("a namespace with a path is joined, not made; the pid namespace by birth")
    func joined() throws {
        let plan = try Sample.plan { spec in
            spec.linux?.namespaces = [
                NamespaceSpec(type: .mount), NamespaceSpec(type: .network, path: "/run/netns/a"),
                NamespaceSpec(type: .pid, path: "/proc/7/ns/pid"),
                NamespaceSpec(type: .uts, path: ""), NamespaceSpec(type: .ipc, path: "/proc/7/ns/ipc"),
                NamespaceSpec(type: .cgroup, path: "/proc/7/ns/cgroup"),
            ]
        }

        #expect(plan.birth == [.mount, .uts])
        #expect(plan.pidNamespacePath == "/proc/7/ns/pid")
        #expect(plan.joinedPaths == ["/run/netns/a", "/proc/7/ns/ipc", "/proc/7/ns/cgroup"])
        #expect(plan.container[1] == .joinNamespace(.network, path: "/run/netns/a", index: 0))
        #expect(plan.container[2] == .joinNamespace(.ipc, path: "/proc/7/ns/ipc", index: 1))
        #expect(!plan.container.contains(.loopback))
        #expect(!plan.container.contains(.newCgroupNamespace))
    }

    @Test("sysctls come before read-only paths, those before masks, those before the root becomes read-only")
    func enclosure() throws {
        let names = try Sample.plan {
            $0.linux?.sysctl = [StringPair(key: "net.ipv4.ip_forward", value: "1")]
        }.container.map(Sample.name)
        let order = [
            "mount", "sysctl", "readOnlyPath", "maskedPath", "makeWorkingDirectory", "rootAttributes",
            "pivot",
        ].compactMap { names.lastIndex(of: $0) }

        #expect(order.count == 7)
        #expect(order == order.sorted())
    }

    @Test("a writable root has no attribute step; propagation of the root comes after it")
    func rootAttributes() throws {
        let writable = try Sample.plan { $0.root?.readonly = false }.container
        let shared = try Sample.plan {
            $0.linux?.rootfsPropagation = "rshared"
        } options: {
            $0.rootMountPoint = "/mnt"
        }.container

        #expect(!writable.map(Sample.name).contains("rootAttributes"))
        #expect(shared.contains(.propagation(path: "/mnt", flags: 1 << 18, name: "private")))
        #expect(
            shared.contains(
                .rootAttributes(MountAttributes(propagation: 1 << 20, isRecursive: true), name: "rshared")))
        #expect(shared.contains(.rootAttributes(MountAttributes(set: 1), name: "read-only")))
        // pivot_root(2) refuses a shared root.
        let names = shared.map(Sample.name)
        #expect(
            names.firstIndex(of: "pivot") ?? .max < names.lastIndex(of: "rootAttributes") ?? .min, "\(names)")
    }

    @Test("--no-pivot, --no-new-keyring and --preserve-fds change their steps only")
    func flags() throws {
        let steps = try Sample.plan(options: {
            $0.pivots = false; $0.joinsKeyring = false; $0.preservedDescriptors = 2
        }).container

        #expect(steps.contains(.changeRoot) && !steps.contains(.pivot))
        #expect(!steps.map(Sample.name).contains("keyring"))
        #expect(steps.contains(.closeDescriptors(from: 5)))
    }

    @Test("a limit above the ceiling is lowered, with a warning; one below it is kept")
    func rlimits() throws {
        var ceilings = [UInt64](repeating: .max, count: Resource.names.count)
        ceilings[7] = 512
        let limits = [
            RlimitSpec(type: "RLIMIT_NOFILE", hard: 1024, soft: 1024),
            RlimitSpec(type: "RLIMIT_CORE", hard: .max, soft: 0),
        ]
        let plan = try Sample.plan {
            $0.process?.rlimits = limits
        } options: {
            $0.rlimitCeilings = ceilings
        }

        #expect(plan.container.contains(.rlimit(name: "RLIMIT_NOFILE", number: 7, soft: 512, hard: 512)))
        #expect(plan.container.contains(.rlimit(name: "RLIMIT_CORE", number: 4, soft: 0, hard: .max)))
        #expect(plan.warnings.filter { $0.hasPrefix("`RLIMIT_NOFILE` lowered to 512") }.count == 1)
        #expect(!plan.warnings.contains { $0.contains("RLIMIT_CORE") })
    }

    @Test("the cgroup mount is version 2, and read-only without a cgroup namespace of its own")
    func cgroupMount() throws {
        let own = try cgroup(
            Sample.plan { $0.mounts = [MountSpec(destination: "/sys/fs/cgroup", type: "cgroup")] })
        let shared = try cgroup(
            Sample.plan {
                $0.mounts = [MountSpec(destination: "/sys/fs/cgroup", type: "cgroup2", options: ["rw"])]
                $0.linux?.namespaces.removeAll { $0.type == .cgroup }
            })
        let joined = try cgroup(
            Sample.plan {
                $0.mounts = [MountSpec(destination: "/sys/fs/cgroup", type: "cgroup")]
                $0.linux?.namespaces.removeAll { $0.type == .cgroup }
                $0.linux?.namespaces.append(NamespaceSpec(type: .cgroup, path: "/proc/1/ns/cgroup"))
            })

        let hosts = try cgroup(
            Sample.plan {
                $0.mounts = [MountSpec(destination: "/sys/fs/cgroup", type: "cgroup")]
                $0.linux?.namespaces.removeAll { $0.type == .cgroup }
            } options: {
                $0.cgroupRoot = "/sys/fs/cgroup"
            })

        // A new mount from the first namespace would take the options from the host's.
        #expect(hosts?.origin == .tree(path: "/sys/fs/cgroup", isRecursive: false))
        #expect(hosts?.changes.first?.set == 1)
        #expect(own?.changes == [])
        #expect(own?.origin == .fileSystem(type: "cgroup2", options: []))
        #expect(shared?.changes.first?.set == 1)
        #expect(joined?.changes.first?.set == 1)
    }

    private func cgroup(_ plan: LaunchPlan) -> PlannedMount? {
        for case .mount(let mount) in plan.container where mount.destination == "/sys/fs/cgroup" {
            return mount
        }
        return nil
    }

    private func announced(_ steps: [ContainerStep]) -> [Bool] {
        steps.compactMap { step in
            if case .gate(let announce, _) = step { return announce }
            return nil
        }
    }

    private func hooks(_ kind: String) -> HooksSpec {
        let list = [HookSpec(path: "/h")]
        return HooksSpec(
            prestart: kind == "prestart" ? list : [], createRuntime: kind == "createRuntime" ? list : [],
            createContainer: kind == "createContainer" ? list : [],
            startContainer: kind == "startContainer" ? list : [],
            poststart: kind == "poststart" ? list : [], poststop: kind == "poststop" ? list : [])
    }
}
