// SPDX-License-Identifier: Apache-2.0
// The words of every container step. They stand beside the steps, not in a document, so that they cannot
// drift from what is done.
internal import Kernel
internal import OCISpec

extension ContainerStep {
    /// What it does, how, why, and where that is written.
    public var explanation: Explanation {
        switch self {
        case .session, .joinNamespace, .joinContainer, .newCgroupNamespace, .keyring, .oomScore, .loopback:
            birth
        case .propagation, .root, .overlayRoot, .mount, .rootAttributes, .pivot, .changeRoot: rootSteps
        case .device, .deviceLinks, .readOnlyPath, .maskedPath, .sysctl, .hostname, .domainname: inside
        case .rlimit, .bounding, .identity, .capabilities, .ambient, .noNewPrivileges, .umask, .personality:
            credentials
        default: process
        }
    }

    private var birth: Explanation {
        switch self {
        case .joinNamespace(let type, let path, _):
            Explanation(
                "join the \(type.rawValue) namespace `\(path)`",
                call: "setns(open(\"\(path)\"), \(type.flag.names.joined()))",
                why: "the configuration gives a path: the container shares this namespace with others",
                source: "setns(2)")
        case .joinContainer:
            Explanation(
                "join the container's namespaces", call: "setns(pidfd, CLONE_NEWNS | CLONE_NEWNET | ...)",
                why: "one call for all of them; the pid namespace was joined by being born into it",
                source: "setns(2)")
        case .newCgroupNamespace:
            Explanation(
                "a cgroup namespace", call: "unshare(CLONE_NEWCGROUP)",
                why: "its own group becomes the root of what it sees; after the clone, or the parent's would",
                source: "cgroup_namespaces(7)")
        case .keyring:
            Explanation(
                "a session keyring of its own", call: "keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)",
                why: "the keys of the host's session stay with the host", source: "session-keyring(7)")
        case .oomScore(let score):
            Explanation(
                "OOM score \(score)", call: "write(\"/proc/self/oom_score_adj\", \"\(score)\")",
                why: "how eagerly the kernel kills it when memory runs out; before the host's /proc is gone",
                source: "proc_pid_oom_score_adj(5)")
        case .loopback:
            Explanation(
                "bring up `lo`", call: "ioctl(SIOCSIFFLAGS, {\"lo\", IFF_UP})",
                why: "a new network namespace has a loopback link, but it is down", source: "netdevice(7)")
        default:
            Explanation(
                "a session of its own",
                call: "rt_sigaction(1..64, SIG_DFL); setsid(); prctl(PR_SET_DUMPABLE, 0)",
                why: "no terminal, no ignored signal of the caller survives; nobody looks into its memory",
                source: "setsid(2)")
        }
    }

    private var rootSteps: Explanation {
        switch self {
        case .propagation(let path, let flags, let name):
            Explanation(
                "mount events: \(name)",
                call: "mount(NULL, \"\(path)\", NULL, MS_\(name.uppercased())"
                    + "\(flags & 1 << 14 == 0 ? "" : " | MS_REC"), NULL)",
                why: "what is mounted in the container must not appear on the host",
                source: "mount_namespaces(7)")
        case .root(let path):
            Explanation(
                "make `\(path)` a mount",
                call: "open_tree(\"\(path)\", OPEN_TREE_CLONE | AT_RECURSIVE); move_mount",
                why: "pivot_root needs a mount, and its attributes can then differ from the host's",
                source: "runtime-spec config.md#root, open_tree(2)")
        case .overlayRoot(let path, let overlay):
            Explanation(
                "an overlay of \(overlay.lower.count) layer\(overlay.lower.count == 1 ? "" : "s")",
                call:
                    "fsopen(\"overlay\"); fsconfig(lowerdir+ \"\(overlay.lower.joined(separator: "\", \""))\";"
                    + " upperdir \"\(overlay.upper)\"; workdir \"\(overlay.work)\"; userxattr"
                    + "\(overlay.isVolatile ? "; volatile" : "")); fsmount; move_mount(\"\(path)\")",
                why:
                    "containers share the layers of an image; what this one changes is in a directory of its own",
                source: "https://docs.kernel.org/filesystems/overlayfs.html")
        case .mount(let mount): Self.explain(mount)
        case .rootAttributes(_, let name):
            Explanation(
                "root file system: \(name)", call: "mount_setattr(root, \(name))",
                why: "after the mounts, which may need to make their directories in it",
                source: "mount_setattr(2)")
        case .changeRoot:
            Explanation(
                "the root becomes / without pivot_root",
                call:
                    "umount2(\"/proc\", MNT_DETACH); umount2(\"/sys\", MNT_DETACH);"
                    + " mount(\".\", \"/\", MS_MOVE); chroot(\".\")",
                why:
                    "asked for by --no-pivot: the host runs from its first root, which cannot be"
                    + " pivoted away",
                source: "chroot(2)")
        default:
            Explanation(
                "the root becomes /",
                call: "fchdir(root); pivot_root(\".\", \".\"); umount2(\".\", MNT_DETACH)",
                why: "unlike chroot, the host's file system is no longer mounted in this namespace",
                source: "pivot_root(2)")
        }
    }

    private static func explain(_ mount: PlannedMount) -> Explanation {
        let place = mount.destination
        switch mount.origin {
        case .tree(let path, let isRecursive):
            return Explanation(
                "bind `\(path)` at `\(place)`",
                call:
                    "open_tree(\"\(path)\", OPEN_TREE_CLONE\(isRecursive ? " | AT_RECURSIVE" : ""));"
                    + " move_mount(\"\(place)\")",
                why: "a tree of the host, seen at a second place; the target is opened inside the root only",
                source: "open_tree(2), openat2(2)")
        case .fileSystem(let type, let options):
            let text = options.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }
            return Explanation(
                "mount \(type) at `\(place)`",
                call:
                    "fsopen(\"\(type)\"); fsconfig(\(text.joined(separator: ","))); fsmount;"
                    + " move_mount(\"\(place)\")",
                why: reason(for: type), source: "runtime-spec config.md#mounts, fsopen(2)")
        case .existing:
            return Explanation(
                "change the mount at `\(place)`", call: "mount_setattr(\"\(place)\")",
                why: "the option `remount`", source: "mount_setattr(2)")
        }
    }

    private static func reason(for type: String) -> String {
        switch type {
        case "proc": "processes of the new pid namespace, not the host's"
        case "tmpfs": "an empty directory in memory that goes with the container"
        case "devpts": "terminals of its own"
        case "sysfs": "the links of its own network namespace"
        case "mqueue": "message queues of its own ipc namespace"
        case "cgroup2": "its own group, as the cgroup namespace shows it"
        default: "asked for by the configuration"
        }
    }

    private var inside: Explanation {
        switch self {
        case .device(let device):
            Explanation(
                "device `\(device.path)`",
                call:
                    "mknodat(\"\(device.path)\", 0\(String(device.mode, radix: 8)),"
                    + " \(device.device >> 8 & 0xfff):\(device.device & 0xff))",
                why: "programs expect it; only listed devices exist",
                source: "runtime-spec config-linux.md#default-devices, mknod(2)")
        case .deviceLinks:
            Explanation(
                "links in /dev",
                call: "symlinkat(\"/proc/self/fd\", \"/dev/fd\"), stdin, stdout, stderr, ptmx",
                why: "shells and programs use these names",
                source: "runtime-spec runtime-linux.md#dev-symbolic-links")
        case .readOnlyPath(let path):
            Explanation(
                "`\(path)` read-only",
                call: "open_tree(\"\(path)\", OPEN_TREE_CLONE); mount_setattr(MOUNT_ATTR_RDONLY); move_mount",
                why: "it would change the whole host", source: "runtime-spec config-linux.md#readonly-paths")
        case .maskedPath(let path):
            Explanation(
                "hide `\(path)`",
                call: "open_tree(/dev/null, read-only, or an empty tmpfs); move_mount(\"\(path)\")",
                why: "it tells of the host what no container needs",
                source: "runtime-spec config-linux.md#masked-paths")
        case .sysctl(let path, let value):
            Explanation(
                "sysctl \(path) = \(value)",
                call: "openat2(procfs, \"sys/\(path)\", RESOLVE_NO_XDEV); write(\"\(value)\")",
                why:
                    "a setting of its own namespaces, written through a procfs that no other mount can cover",
                source: "runtime-spec config-linux.md#sysctl")
        case .domainname(let name):
            Explanation(
                "domain name `\(name)`", call: "setdomainname(\"\(name)\")",
                why: "its uts namespace has its own",
                source: "uts_namespaces(7)")
        case .hostname(let name):
            Explanation(
                "host name `\(name)`", call: "sethostname(\"\(name)\")", why: "its uts namespace has its own",
                source: "uts_namespaces(7)")
        default: Explanation("", call: "", why: "", source: "")
        }
    }
}
