// SPDX-License-Identifier: Apache-2.0
// Namespaces of the configuration as flags of clone3(2), unshare(2) and setns(2).
public import Kernel
public import OCISpec

extension NamespaceType {
    /// The CLONE_NEW flag. See namespaces(7).
    public var flag: NamespaceFlags {
        switch self {
        case .pid: .pid
        case .network: .network
        case .mount: .mount
        case .ipc: .ipc
        case .uts: .uts
        case .user: .user
        case .cgroup: .cgroup
        case .time: NamespaceFlags(rawValue: 0x80)
        }
    }
}
