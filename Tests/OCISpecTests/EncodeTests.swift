// SPDX-License-Identifier: Apache-2.0
// What the values write: whole round trips, the order of keys, the config that `spec` gives.

import JSON
import OCISpec
import Testing

@Suite("Encoding")
struct EncodeTests {
    @Test(
        "a value with every field set comes back the same",
        arguments: [.compact, .spaces(4), .tabs] as [JSONWriter.Layout])
    func roundTrips(_ layout: JSONWriter.Layout) throws {
        #expect(try RuntimeSpec.decode(Populated.spec.encode(layout)) == Populated.spec)
        #expect(try ContainerState.decode(Populated.state.encode(layout)) == Populated.state)
        #expect(
            try ContainerProcessState.decode(Populated.processState.encode(layout)) == Populated.processState)
        #expect(try Features.decode(Populated.features.encode(layout)) == Populated.features)
    }

    @Test("a state is written in the order of the specification, without a pid when there is none")
    func state() {
        var state = ContainerState(
            ociVersion: "1.3.0", id: "a", status: .created, pid: 7, bundle: "/b",
            annotations: [StringPair(key: "k", value: "v")])
        #expect(
            String(decoding: state.encode(), as: UTF8.self)
                == #"{"ociVersion":"1.3.0","id":"a","status":"created","pid":7,"bundle":"/b","#
                + #""annotations":{"k":"v"}}"#
        )

        state.pid = 0
        state.annotations = []
        state.status = .stopped
        #expect(
            String(decoding: state.encode(), as: UTF8.self)
                == #"{"ociVersion":"1.3.0","id":"a","status":"stopped","bundle":"/b"}"#)
    }

    @Test("features tell unknown from none")
    func features() throws {
        let features = Features(hooks: [], linux: LinuxFeatures(cgroup: CgroupFeatures(v1: false)))

        #expect(
            String(decoding: features.encode(), as: UTF8.self)
                == #"{"hooks":[],"linux":{"cgroup":{"v1":false}}}"#)
        #expect(try Features.decode(features.encode()) == features)
    }

    @Test("the default config runs sh on a terminal, in six namespaces")
    func defaultSpec() throws {
        let spec = RuntimeSpec.defaultSpec()

        #expect(try RuntimeSpec.decode(spec.encode(.tabs)) == spec)
        #expect(spec.process?.args == ["sh"] && spec.process?.terminal == true && spec.root?.readonly == true)
        #expect(spec.linux?.namespaces.map(\.type) == [.pid, .network, .ipc, .uts, .mount, .cgroup])
        #expect(
            spec.mounts.map(\.destination) == [
                "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup",
            ])
        #expect(spec.process?.rlimits == [RlimitSpec(type: "RLIMIT_NOFILE", hard: 1024, soft: 1024)])
    }

    @Test("the rootless config has a user namespace, no network namespace, and /sys of the host")
    func rootless() {
        let spec = RuntimeSpec.defaultSpec(rootless: (uid: 1000, gid: 100))

        #expect(spec.linux?.namespaces.map(\.type) == [.pid, .ipc, .uts, .mount, .cgroup, .user])
        #expect(spec.linux?.uidMappings == [IDMappingSpec(containerID: 0, hostID: 1000, size: 1)])
        #expect(spec.linux?.gidMappings == [IDMappingSpec(containerID: 0, hostID: 100, size: 1)])
        #expect(spec.linux?.resources == nil)
        #expect(
            spec.mounts[5]
                == MountSpec(
                    destination: "/sys", type: "none", source: "/sys",
                    options: ["rbind", "nosuid", "noexec", "nodev", "ro"]))
        #expect(!spec.mounts[2].options.contains("gid=5"))
    }
}
