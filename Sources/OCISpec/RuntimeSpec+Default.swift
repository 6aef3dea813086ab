// SPDX-License-Identifier: Apache-2.0
// The config.json that the `spec` command writes: what other runtimes write there, so that tutorials hold.

extension RuntimeSpec {
    /// A config.json to start from: `sh` on a terminal, on a read-only root at `rootfs`.
    ///
    /// With `rootless`, the host's user and group that become 0 inside, it needs no privilege: a user
    /// namespace in place of a network namespace, /sys bound from the host, no cgroup settings.
    public static func defaultSpec(
        hostname: String = "roost", rootless: (uid: UInt32, gid: UInt32)? = nil
    ) -> RuntimeSpec {
        var spec = RuntimeSpec(
            process: defaultProcess, root: RootSpec(path: "rootfs", readonly: true), hostname: hostname,
            mounts: defaultMounts, linux: defaultLinux)
        if let rootless { spec.makeRootless(uid: rootless.uid, gid: rootless.gid) }
        return spec
    }

    private static var defaultProcess: ProcessSpec {
        let capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
        return ProcessSpec(
            terminal: true, args: ["sh"],
            env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            cwd: "/",
            capabilities: CapabilitiesSpec(
                bounding: capabilities, effective: capabilities, permitted: capabilities),
            rlimits: [RlimitSpec(type: "RLIMIT_NOFILE", hard: 1024, soft: 1024)], noNewPrivileges: true)
    }

    private static var defaultMounts: [MountSpec] {
        func mount(
            _ destination: String, _ type: String, _ source: String, _ options: String...
        ) -> MountSpec {
            MountSpec(destination: destination, type: type, source: source, options: options)
        }
        return [
            mount("/proc", "proc", "proc"),
            mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            mount(
                "/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666",
                "mode=0620", "gid=5"),
            mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
        ]
    }

    private static var defaultLinux: LinuxSpec {
        let types: [NamespaceType] = [.pid, .network, .ipc, .uts, .mount, .cgroup]
        return LinuxSpec(
            resources: ResourcesSpec(devices: [DeviceCgroupSpec(allow: false, access: "rwm")]),
            namespaces: types.map { NamespaceSpec(type: $0) },
            maskedPaths: [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"])
    }

    private mutating func makeRootless(uid: UInt32, gid: UInt32) {
        linux?.namespaces.removeAll { $0.type == .network }
        linux?.namespaces.append(NamespaceSpec(type: .user))
        linux?.uidMappings = [IDMappingSpec(containerID: 0, hostID: uid, size: 1)]
        linux?.gidMappings = [IDMappingSpec(containerID: 0, hostID: gid, size: 1)]
        linux?.resources = nil
        for index in mounts.indices {
            if mounts[index].destination == "/sys" {
                mounts[index].type = "none"
                mounts[index].source = "/sys"
                mounts[index].options.insert("rbind", at: 0)
            }
            // The one mapped group cannot own files as another.
            mounts[index].options.removeAll { $0.hasPrefix("gid=") || $0.hasPrefix("uid=") }
        }
    }
}
