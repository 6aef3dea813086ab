// SPDX-License-Identifier: Apache-2.0
// What a configuration must satisfy: every error begins with the place it means.
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

/// A configuration with one fault, and the place that its error names.
struct Fault: Sendable {
    let place: String
    let change: @Sendable (inout RuntimeSpec) -> Void

    init(_ place: String, _ change: @escaping @Sendable (inout RuntimeSpec) -> Void) {
        self.place = place
        self.change = change
    }

    static let process: [Fault] = [
        Fault("`process`") { $0.process = nil }, Fault("`root`") { $0.root = nil },
        Fault("`ociVersion`") { $0.ociVersion = "2.0.0" }, Fault("`ociVersion`") { $0.ociVersion = "" },
        Fault("`process.args`") { $0.process?.args = [] },
        Fault("`process.args`") { $0.process?.args = [""] },
        Fault("`process.cwd`") { $0.process?.cwd = "tmp" },
        Fault("`root.path`") { $0.root?.path = "" },
        Fault("`process.user.uid`") { $0.process?.user.uid = .max },
        Fault("`process.user.gid`") { $0.process?.user.gid = .max },
        Fault("`process.user.additionalGids`") { $0.process?.user.additionalGids = [7, .max] },
        Fault("`process.user.additionalGids`") {
            $0.process?.user.additionalGids = Array(repeating: 7, count: 65537)
        },
        Fault("`process.user.umask`") { $0.process?.user.umask = 0o1000 },
        Fault("`process.rlimits[0].type`") {
            $0.process?.rlimits = [RlimitSpec(type: "NOFILE", hard: 1, soft: 1)]
        },
        Fault("`process.rlimits[1].type`") {
            $0.process?.rlimits += [RlimitSpec(type: "RLIMIT_NOFILE", hard: 1, soft: 1)]
        },
        Fault("`process.rlimits[0].soft`") {
            $0.process?.rlimits = [RlimitSpec(type: "RLIMIT_CPU", hard: 1, soft: 2)]
        },
        Fault("`process.oomScoreAdj`") { $0.process?.oomScoreAdj = 1001 },
        Fault("`process.oomScoreAdj`") { $0.process?.oomScoreAdj = -1001 },
        Fault("`process.execCPUAffinity`") { $0.process?.execCPUAffinity = CPUAffinitySpec() },
        Fault("`process.consoleSize`") { $0.process?.consoleSize = ConsoleSizeSpec(height: 65536, width: 1) },
        Fault("`process.capabilities.bounding`") { $0.process?.capabilities?.bounding = ["CHOWN"] },
        Fault("`process.capabilities.ambient`") { $0.process?.capabilities?.ambient = ["chown"] },
        Fault("`hostname`") { $0.hostname = String(repeating: "h", count: 65) },
        Fault("`domainname`") { $0.domainname = String(repeating: "h", count: 65) },
        Fault("`hostname`") { $0.linux?.namespaces.removeAll { $0.type == .uts } },
        Fault("`domainname`") {
            $0.linux?.namespaces.removeAll { $0.type == .uts }
            ($0.hostname, $0.domainname) = (nil, "d")
        },
    ]

    static let linux: [Fault] = [
        Fault("`linux.namespaces`") { $0.linux = nil },
        Fault("`linux.namespaces`") { $0.linux?.namespaces.removeAll { $0.type == .mount } },
        Fault("`linux.namespaces[6]`") { $0.linux?.namespaces.append(NamespaceSpec(type: .pid)) },
        Fault("`linux.namespaces[6]`") { $0.linux?.namespaces.append(NamespaceSpec(type: .user)) },
        Fault("`linux.namespaces[6]`") { $0.linux?.namespaces.append(NamespaceSpec(type: .time)) },
        Fault("`linux.namespaces[0].path`") { $0.linux?.namespaces[0].path = "proc/1/ns/pid" },
        Fault("`linux.devices[0].path`") { $0.linux?.devices = [DeviceSpec(path: "dev/a", type: .fifo)] },
        Fault("`linux.personality.flags`") {
            $0.linux?.personality = PersonalitySpec(domain: .linux, flags: ["X"])
        },
        Fault("`mounts[0].options`") {
            $0.mounts = [MountSpec(destination: "/dev", options: ["remount", "size=1m"])]
        },
        Fault("`mounts[0].options`") {
            $0.mounts = [
                MountSpec(
                    destination: "/a", type: "overlay",
                    options: ["lowerdir=" + String(repeating: "l", count: 256)])
            ]
        },
        Fault("`linux.devices[0].fileMode`") {
            $0.linux?.devices = [DeviceSpec(path: "/dev/a", type: .fifo, fileMode: 0o10000)]
        },
        Fault("`linux.devices[0].path`") { $0.linux?.devices = [DeviceSpec(path: "/..", type: .fifo)] },
        Fault("`linux.devices[0]`") {
            $0.linux?.devices = [DeviceSpec(path: "/dev/a", type: .block, major: -1)]
        },
        Fault("`linux.devices[0]`") {
            $0.linux?.devices = [DeviceSpec(path: "/dev/a", type: .block, minor: 0x100000)]
        },
        Fault("`linux.maskedPaths[10]`") { $0.linux?.maskedPaths.append("proc/x") },
        Fault("`linux.readonlyPaths[5]`") { $0.linux?.readonlyPaths.append("") },
        Fault("`linux.rootfsPropagation`") { $0.linux?.rootfsPropagation = "rr" },
        Fault("`linux.uidMappings`") {
            $0.linux?.uidMappings = [IDMappingSpec(containerID: 0, hostID: 0, size: 1)]
        },
        Fault("`linux.gidMappings`") {
            $0.linux?.gidMappings = [IDMappingSpec(containerID: 0, hostID: 0, size: 1)]
        },
        Fault("`linux.timeOffsets`") { $0.linux?.timeOffsets = [TimeOffsetSpec(clock: .boottime)] },
        Fault("`linux.netDevices`") { $0.linux?.netDevices = [NetDeviceSpec(hostName: "eth0")] },
        Fault("`linux.intelRdt`") { $0.linux?.intelRdt = IntelRdtSpec() },
        Fault("`linux.memoryPolicy`") { $0.linux?.memoryPolicy = MemoryPolicySpec(mode: .bind) },
        Fault("`linux.mountLabel`") { $0.linux?.mountLabel = "label" },
    ]

    static let mounts: [Fault] = [
        Fault("`mounts[0].destination`") { $0.mounts = [MountSpec(destination: "/a/..", type: "tmpfs")] },
        Fault("`mounts[0].destination`") { $0.mounts = [MountSpec(destination: "/proc/sys", type: "tmpfs")] },
        Fault("`mounts[0].destination`") {
            $0.mounts = [MountSpec(destination: "/x/../proc/1", source: "/a", options: ["bind"])]
        },
        Fault("`mounts[0]`") { $0.mounts = [MountSpec(destination: "/proc", type: "tmpfs")] },
        Fault("`mounts[0].source`") { $0.mounts = [MountSpec(destination: "/a", options: ["bind"])] },
        Fault("`mounts[0].type`") { $0.mounts = [MountSpec(destination: "/a", source: "/b")] },
        Fault("`mounts[0].type`") { $0.mounts = [MountSpec(destination: "/a", type: "none", source: "/b")] },
        Fault("`mounts[0]`") { $0.mounts = [MountSpec(destination: "/a", type: "bind", source: "/b")] },
        Fault("`mounts[0].options`") {
            $0.mounts = [MountSpec(destination: "/a", type: "tmpfs", options: ["tmpcopyup"])]
        },
        Fault("`mounts[0].uidMappings`") {
            $0.mounts[0].uidMappings = [IDMappingSpec(containerID: 0, hostID: 0, size: 1)]
        },
        Fault("`hooks.prestart[0].path`") { $0.hooks = HooksSpec(prestart: [HookSpec(path: "h")]) },
        Fault("`hooks.createRuntime[0].path`") { $0.hooks = HooksSpec(createRuntime: [HookSpec(path: "h")]) },
        Fault("`hooks.createContainer[0].path`") {
            $0.hooks = HooksSpec(createContainer: [HookSpec(path: "")])
        },
        Fault("`hooks.startContainer[0].path`") {
            $0.hooks = HooksSpec(startContainer: [HookSpec(path: "h")])
        },
        Fault("`hooks.poststart[1].path`") {
            $0.hooks = HooksSpec(poststart: [HookSpec(path: "/h"), HookSpec(path: "h")])
        },
        Fault("`hooks.poststop[0].timeout`") {
            $0.hooks = HooksSpec(poststop: [HookSpec(path: "/h", timeout: 0)])
        },
        Fault("`hooks.poststop[0].timeout`") {
            $0.hooks = HooksSpec(poststop: [HookSpec(path: "/h", timeout: .max)])
        },
    ]
}

@Suite("SpecCheck") struct SpecCheckTests {
    @Test("an error begins with the place it means", arguments: Fault.process + Fault.linux + Fault.mounts)
    func place(fault: Fault) throws {
        let message = try #require(Sample.error { fault.change(&$0) })
        // `linux.namespaces[0]`.path is the same place as `linux.namespaces[0].path`.
        let plain = message.filter { $0 != "`" }

        #expect(plain.hasPrefix(fault.place.filter { $0 != "`" }))
        #expect(message.last != ".")
    }

    @Test("what a process asks for and does not get is named for exec too; so is a cgroup mount's option")
    func processWarnings() throws {
        let process = ProcessSpec(apparmorProfile: "a", selinuxLabel: "b")
        let warnings = try Sample.plan {
            $0.mounts.append(MountSpec(destination: "/cg", type: "cgroup", options: ["bogus=1"]))
        }.warnings

        #expect(SpecCheck.warnings(process).count == 2)
        #expect(warnings.contains { $0.contains("`bogus` is left out") })
    }

    @Test("sections of other platforms are named")
    func platforms() throws {
        let warnings = try Sample.plan { $0.otherPlatforms = ["windows", "vm"] }.warnings

        #expect(warnings.contains { $0.hasPrefix("`windows`, `vm` left out") })
    }

    @Test("what is not honoured but harmless to leave out is a warning that names its place")
    func warnings() throws {
        let warnings = try Sample.plan {
            $0.process?.apparmorProfile = "p"
            $0.process?.selinuxLabel = "l"
        }.warnings

        for place in ["`process.apparmorProfile`", "`process.selinuxLabel`"] {
            #expect(warnings.contains { $0.hasPrefix(place) })
        }
    }
}
