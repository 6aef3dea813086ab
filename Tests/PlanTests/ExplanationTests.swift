// SPDX-License-Identifier: Apache-2.0
// Every step explains itself, and becomes as many operations as it should.
import Kernel
import OCISpec
import Testing

@testable import Plan

/// One step of each case, with the number of operations it becomes in a program of its own.
struct StepSample: Sendable {
    let step: ContainerStep
    let operations: Int

    init(_ step: ContainerStep, _ operations: Int = 1) {
        self.step = step
        self.operations = operations
    }

    private static let readOnly = MountAttributes(set: 1)
    private static let recursive = MountAttributes(set: 1, isRecursive: true)
    private static let shared = MountAttributes(propagation: 1 << 20)
    private static let hook = HookSpec(path: "/bin/hook")

    static let all: [StepSample] = [
        StepSample(.session, 2), StepSample(.joinNamespace(.network, path: "/run/netns/a", index: 0)),
        StepSample(.joinContainer), StepSample(.newCgroupNamespace), StepSample(.keyring),
        StepSample(.oomScore(-5)), StepSample(.loopback),
        StepSample(.propagation(path: "/", flags: 1 << 19, name: "slave")),
        StepSample(.root(path: "/b/rootfs"), 2),
        StepSample(
            .overlayRoot(
                path: "/c/root", OverlayMount(lower: ["/l/2", "/l/1"], upper: "/c/up", work: "/c/w"))),
        StepSample(.mount(PlannedMount(origin: .tree(path: "/a", isRecursive: true), destination: "/b")), 2),
        StepSample(.device(PlannedDevice(path: "/dev/null", mode: 0o020666, device: 0x103)), 2),
        StepSample(.deviceLinks, 6), StepSample(.console(rows: 24, columns: 80, isInside: false)),
        StepSample(.hook(.createContainer, hook, index: 0)),
        StepSample(.hook(.startContainer, hook, index: 1)),
        StepSample(.gate(announce: true, purpose: "its turn")),
        StepSample(.sysctl(path: "net/ipv4/ip_forward", value: "1"), 2),
        StepSample(.readOnlyPath("/proc/sys")), StepSample(.maskedPath("/proc/kcore"), 3),
        StepSample(.rootAttributes(readOnly, name: "read-only")), StepSample(.pivot), StepSample(.changeRoot),
        StepSample(.hostname("a")), StepSample(.domainname("b")),
        StepSample(.rlimit(name: "RLIMIT_NOFILE", number: 7, soft: 1, hard: .max)), StepSample(.bounding([])),
        StepSample(.identity(uid: 1, gid: 2, groups: [3])),
        StepSample(.capabilities(effective: [], permitted: .systemAdministration, inheritable: [])),
        StepSample(.ambient(.systemAdministration)), StepSample(.noNewPrivileges), StepSample(.umask(0o22)),
        StepSample(.personality(8, name: "LINUX32")), StepSample(.makeWorkingDirectory("/w")),
        StepSample(.workingDirectory("/", make: true)),
        StepSample(.findProgram("sh", candidates: ["/bin/sh"])), StepSample(.waitForStart),
        StepSample(.closeDescriptors(from: 3)), StepSample(.execute(arguments: ["sh"], environment: [])),
        StepSample(.seccomp(SeccompFilter(instructions: [6]), keepsAdministration: true)),
    ]

    /// More forms of mounts and devices.
    static let more: [StepSample] = [
        StepSample(
            .mount(
                PlannedMount(
                    origin: .tree(path: "/a", isRecursive: false), destination: "/b",
                    changes: [readOnly, shared])), 4),
        StepSample(
            .mount(
                PlannedMount(
                    origin: .fileSystem(type: "tmpfs", options: []), destination: "/b", changes: [readOnly])),
            2),
        StepSample(
            .mount(
                PlannedMount(
                    origin: .fileSystem(type: "proc", options: []), destination: "/b",
                    changes: [readOnly, recursive, shared])), 4),
        StepSample(
            .mount(PlannedMount(origin: .existing, destination: "/b", changes: [readOnly, shared])), 2),
        StepSample(.mount(PlannedMount(origin: .existing, destination: "/b")), 0),
        StepSample(.device(PlannedDevice(path: "/run/fuse", mode: 0o020666, device: 0x10e5)), 3),
        StepSample(.console(rows: 0, columns: 0, isInside: true)),
    ]

    static let host: [HostStep] = [
        .claim(directory: "/run/a"), .makeCgroup(path: "/sys/fs/cgroup/a"),
        .clone([.pid, .mount], intoCgroup: true),
        .begin(path: "/run/a/state.json"), .record(path: "/run/a/state.json"),
        .enableControllers(["memory"], groups: ["/sys/fs/cgroup"]),
        .limit(LimitWrite("memory.max", "1", field: "f"), group: "/sys/fs/cgroup/a"),
        .hook(kind: "prestart", hook, index: 0), .openGate, .giveStreams(owner: 1000),
        .cleanUp(directory: "/run/a"),
    ]
}

@Suite("Explanation") struct ExplanationTests {
    @Test(
        "every container step says what, how, why and where that is written",
        arguments: StepSample.all + StepSample.more)
    func container(sample: StepSample) {
        complete(sample.step.explanation)
    }

    @Test("every host step says what, how, why and where that is written", arguments: StepSample.host)
    func host(step: HostStep) {
        complete(step.explanation)
    }

    @Test("no two kinds of step give the same explanation")
    func distinct() {
        let words = StepSample.all.map { $0.step.explanation.what + $0.step.explanation.call }

        #expect(Set(words).count == words.count)
    }

    @Test("the samples have every kind of step")
    func samples() {
        #expect(Set(StepSample.all.map { number($0.step) }) == Set(0..<39))
    }

    @Test("the clone names its flags")
    func clone() {
        let call = HostStep.clone([.pid, .mount, .network], intoCgroup: true).explanation.call

        #expect(call == "clone3(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_INTO_CGROUP)")
    }

    private func complete(_ explanation: Explanation) {
        for text in [explanation.what, explanation.call, explanation.why, explanation.source] {
            #expect(!text.isEmpty)
            #expect(text.first != " " && text.last != " ")
        }
        #expect(
            explanation.source.contains("(") || explanation.source.contains("runtime-spec")
                || explanation.source.contains("/"))
    }

    /// Does not compile when a case is new: then a sample is due.
    private func number(_ step: ContainerStep) -> Int {
        switch step {
        case .session: 0
        case .joinNamespace: 1
        case .joinContainer: 2
        case .newCgroupNamespace: 3
        case .keyring: 4
        case .oomScore: 5
        case .loopback: 6
        case .propagation: 7
        case .root: 8
        case .mount: 9
        case .device: 10
        case .deviceLinks: 11
        case .console: 12
        case .hook: 13
        case .gate: 14
        case .sysctl: 15
        case .readOnlyPath: 16
        case .maskedPath: 17
        case .rootAttributes: 18
        case .pivot: 19
        case .changeRoot: 20
        case .hostname: 21
        case .domainname: 22
        case .rlimit: 23
        case .bounding: 24
        case .identity: 25
        case .capabilities: 26
        case .ambient: 27
        case .noNewPrivileges: 28
        case .umask: 29
        case .personality: 30
        case .workingDirectory: 31
        case .findProgram: 32
        case .waitForStart: 33
        case .closeDescriptors: 34
        case .execute: 35
        case .makeWorkingDirectory: 36
        case .seccomp: 37
        case .overlayRoot: 38
        }
    }
}

@Suite("Lowering") struct LoweringTests {
    @Test("a step becomes its number of operations", arguments: StepSample.all + StepSample.more)
    func count(sample: StepSample) {
        var lowering = Lowering(LaunchDescriptors(namespaces: [9]))

        lowering.append(sample.step)

        let count = lowering.program.count
        #expect(count == sample.operations)
    }

    @Test("what several steps share is made once")
    func shared() {
        var lowering = Lowering(LaunchDescriptors())
        for path in ["/a", "/b", "/c"] { lowering.append(.maskedPath(path)) }
        for path in ["net/a", "net/b"] { lowering.append(.sysctl(path: path, value: "1")) }
        for name in ["null", "zero"] {
            lowering.append(.device(PlannedDevice(path: "/dev/" + name, mode: 0o020666, device: 1)))
        }
        lowering.append(.deviceLinks)

        let first = lowering.firstOperation

        #expect(first == [0, 3, 4, 5, 7, 8, 10, 11])
    }

    @Test("an operation leads back to its step; what closes the parent's descriptors belongs to the first")
    func step() {
        var lowering = Lowering(LaunchDescriptors(closed: [7, -1, 8]))
        lowering.append(.session)
        lowering.append(.mount(PlannedMount(origin: .existing, destination: "/a")))
        lowering.append(.root(path: "/r"))
        lowering.append(.deviceLinks)
        lowering.append(.pivot)

        let first = lowering.firstOperation
        let steps = (0..<lowering.program.count).map { lowering.step(of: $0) }

        #expect(first == [2, 4, 4, 6, 12])
        #expect(steps == [0, 0, 0, 0, 2, 2, 3, 3, 3, 3, 3, 3, 4])
    }

    @Test("the paths of joined namespaces are in the order of their steps")
    func joined() {
        var plan = LaunchPlan()
        plan.container = [
            .session, .joinNamespace(.network, path: "/n", index: 0), .loopback,
            .joinNamespace(.ipc, path: "/i", index: 1),
        ]

        #expect(plan.joinedPaths == ["/n", "/i"])
    }
}
