// SPDX-License-Identifier: Apache-2.0
// Mount options and kernel settings.
import Kernel
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

@Suite("MountOptions") struct MountOptionsTests {
    @Test(
        "options set and clear the bits of the mount itself, the last one wins",
        arguments: [
            ("ro", 1, 0), ("rw", 0, 1), ("ro,rw", 0, 1), ("rw,ro", 1, 0), ("nosuid,nodev,noexec", 14, 0),
            ("suid,dev,exec", 0, 14),
            ("nodiratime", 0x80, 0), ("nosymfollow", 0x20_0000, 0), ("relatime", 0, 0x70),
            ("noatime", 0x10, 0x70),
            ("strictatime", 0x20, 0x70), ("noatime,strictatime", 0x20, 0x70),
            ("strictatime,relatime", 0, 0x70),
            ("noatime,ro", 0x11, 0x70), ("atime", 0, 0x70), ("", 0, 0), ("defaults", 0, 0),
        ] as [(String, UInt64, UInt64)])
    func own(text: String, set: UInt64, clear: UInt64) throws {
        let options = try MountOptions(text.split(separator: ",").map(String.init), index: 0)

        #expect(options.own == MountAttributes(set: set, clear: clear))
        #expect(options.recursive.isEmpty && options.data.isEmpty && options.propagation.isEmpty)
    }

    @Test(
        "with an r in front they are for the mounts below too",
        arguments: [
            ("rro", 1, 0), ("rrw", 0, 1), ("rnosuid", 2, 0), ("rnoatime", 0x10, 0x70), ("rrelatime", 0, 0x70),
            ("rstrictatime", 0x20, 0x70), ("rro,rrw", 0, 1),
        ]
            as [(String, UInt64, UInt64)])
    func recursive(text: String, set: UInt64, clear: UInt64) throws {
        let options = try MountOptions(text.split(separator: ",").map(String.init), index: 0)

        #expect(options.recursive == MountAttributes(set: set, clear: clear, isRecursive: true))
        #expect(options.own.isEmpty && options.data.isEmpty)
    }

    @Test(
        "propagation is a change of its own, recursive with an r",
        arguments: [
            ("private", 18, false), ("rprivate", 18, true), ("slave", 19, false), ("rslave", 19, true),
            ("shared", 20, false),
            ("rshared", 20, true), ("unbindable", 17, false), ("runbindable", 17, true),
        ] as [(String, UInt64, Bool)])
    func propagation(text: String, bit: UInt64, isRecursive: Bool) throws {
        let options = try MountOptions([text], index: 0)

        #expect(options.propagation == [MountAttributes(propagation: 1 << bit, isRecursive: isRecursive)])
        #expect(options.own.isEmpty && options.recursive.isEmpty && options.data.isEmpty)
        #expect(Planner.propagation(text) == options.propagation.first)
    }

    @Test("bind, rbind and remount are told apart")
    func kinds() throws {
        let bind = try MountOptions(["bind"], index: 0)
        let rbind = try MountOptions(["rbind"], index: 0)
        let remount = try MountOptions(["remount"], index: 0)

        #expect(bind.isBind && !bind.isRecursiveBind && !bind.isRemount)
        #expect(rbind.isBind && rbind.isRecursiveBind)
        #expect(remount.isRemount && !remount.isBind)
    }

    @Test("what else there is goes to the file system, split at the first =")
    func data() throws {
        let options = try MountOptions(["size=64k", "noswap", "a=b=c", "rmode=1", "sync"], index: 0)

        #expect(options.data.map(\.key) == ["size", "noswap", "a", "rmode", "sync"])
        #expect(options.data.map(\.value) == ["64k", "", "b=c", "1", ""])
    }

    @Test(
        "what is not honoured yet is refused by its place",
        arguments: ["idmap", "ridmap", "tmpcopyup", "idmap=uids=0-1-10"])
    func refused(option: String) {
        #expect(throws: RuntimeError("`mounts[3].options`: `\(option)` is not supported yet; leave it out")) {
            try MountOptions([option], index: 3)
        }
    }

    @Test(
        "every name that features lists is understood, none as an option of the file system",
        arguments: MountOptions.names)
    func names(name: String) throws {
        let options = try MountOptions([name], index: 0)

        #expect(options.data.isEmpty || MountOptions.superblockFlags.contains(name))
    }
}

@Suite("Sysctl") struct SysctlTests {
    @Test(
        "dots become slashes and slashes dots when a dot comes first",
        arguments: [
            ("net.ipv4.ip_forward", "net/ipv4/ip_forward"), ("net/ipv4/ip_forward", "net/ipv4/ip_forward"),
            ("net.ipv4.conf.eth0/1.forwarding", "net/ipv4/conf/eth0.1/forwarding"),
            ("net/ipv4/conf/eth0.1/forwarding", "net/ipv4/conf/eth0.1/forwarding"), ("kernel", "kernel"),
            ("", ""),
        ])
    func path(key: String, wanted: String) {
        #expect(Sysctl.path(key) == wanted)
    }

    @Test(
        "settings of the container's namespaces are allowed",
        arguments: [
            "net.ipv4.ip_forward", "net/core/somaxconn", "fs.mqueue.msg_max", "kernel.sem", "kernel/shmmax",
            "kernel.shm_rmid_forced",
            "kernel.hostname", "kernel.domainname",
        ])
    func allowed(key: String) {
        #expect(Sample.error { $0.linux?.sysctl = [StringPair(key: key, value: "1")] } == nil)
    }

    @Test(
        "settings of the host and paths that lead elsewhere are refused",
        arguments: [
            "kernel.core_pattern", "kernel.shm", "kernel.sem.x", "vm.swappiness", "fs.file-max", "fs.mqueue",
            "net", "network.x", "",
            "net/../kernel/core_pattern", "net.//.kernel.core_pattern", "net//x", "net./.x", "/net/x",
            "../net/x", "net/", "net.",
            "kernel/../net/x", "user.max_user_namespaces",
        ])
    func refused(key: String) {
        #expect(
            Sample.error { $0.linux?.sysctl = [StringPair(key: key, value: "1")] }?.hasPrefix(
                "`linux.sysctl`: `\(key)` ") == true)
    }

    @Test("a value is used as it is, however it looks")
    func value() throws {
        let value = "1+kernel.core_pattern=|/bin/sh\n"
        let steps = try Sample.plan {
            $0.linux?.sysctl = [StringPair(key: "net.ipv4.ip_forward", value: value)]
        }.container

        #expect(steps.contains(.sysctl(path: "net/ipv4/ip_forward", value: value)))
    }

    @Test("without the namespace, or with the host's, the setting would be the host's")
    func namespace() {
        let pair = [StringPair(key: "net.ipv4.ip_forward", value: "1")]
        let without = Sample.error {
            $0.linux?.sysctl = pair
            $0.linux?.namespaces.removeAll { $0.type == .network }
        }
        let hosts = Sample.error {
            $0.linux?.sysctl = pair
            $0.linux?.namespaces.removeAll { $0.type == .network }
            $0.linux?.namespaces.append(NamespaceSpec(type: .network, path: "/proc/1/ns/net"))
        }

        #expect(without?.contains("needs the `network` namespace") == true)
        #expect(hosts?.contains("would change the host's") == true)
    }
}
