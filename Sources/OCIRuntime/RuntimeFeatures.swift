// SPDX-License-Identifier: Apache-2.0
// What `features` prints: only what is honoured. See runtime-spec features.md.
internal import Kernel
public import OCISpec

/// The runtime's features.
public enum RuntimeFeatures {
    /// All of them.
    public static var value: Features {
        var features = Features(ociVersionMin: "1.0.0", ociVersionMax: "1.3.0")
        features.hooks = [
            "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
        ]
        features.mountOptions = MountOptions.names
        var linux = LinuxFeatures()
        linux.namespaces = ["cgroup", "ipc", "mount", "network", "pid", "uts"]
        linux.capabilities = CapabilitySet.knownNames
        linux.cgroup = CgroupFeatures(v1: false, v2: true, systemd: false, systemdUser: false, rdma: true)
        linux.seccomp = SeccompFeatures(
            enabled: true, actions: SeccompAction.allCases.map { $0.rawValue },
            operators: SeccompOperator.allCases.map { $0.rawValue },
            archs: SeccompSupport.architectures.map { $0.rawValue },
            knownFlags: SeccompFlag.allCases.map { $0.rawValue },
            supportedFlags: SeccompSupport.flags.map { $0.rawValue })
        linux.apparmor = EnabledFeature(enabled: false)
        linux.selinux = EnabledFeature(enabled: false)
        linux.intelRdt = IntelRdtFeatures(enabled: false)
        linux.mountExtensions = MountExtensionFeatures(idmap: EnabledFeature(enabled: false))
        linux.netDevices = EnabledFeature(enabled: false)
        features.linux = linux
        return features
    }
}
