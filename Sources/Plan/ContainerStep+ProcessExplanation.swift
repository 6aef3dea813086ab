// SPDX-License-Identifier: Apache-2.0
// The words of the steps that make a process small: limits, users, capabilities, and the program itself.
internal import Kernel
internal import OCISpec

extension ContainerStep {
    var credentials: Explanation {
        switch self {
        case .rlimit(let name, _, let soft, let hard):
            Explanation(
                "\(name) \(Self.limit(soft)), at most \(Self.limit(hard))",
                call: "setrlimit(\(name), {\(Self.limit(soft)), \(Self.limit(hard))})",
                why: "asked for by the configuration; before privileges go, which raising needs",
                source: "getrlimit(2)")
        case .bounding(let set):
            Explanation(
                "\(set.rawValue.nonzeroBitCount) capabilities in the bounding set",
                call: "prctl(PR_CAPBSET_DROP, each other)",
                why: "what is not here no program can ever gain, set-user-ID or not; before CAP_SETPCAP goes",
                source: "capabilities(7)")
        case .identity(let uid, let gid, let groups):
            Explanation(
                "user \(uid), group \(gid)",
                call: "setgroups(\(groups.count)); setresgid(\(gid)); setresuid(\(uid))",
                why: "groups first: without privileges they could no longer be changed",
                source: "setresuid(2), setgroups(2)")
        case .capabilities(let effective, _, _):
            Explanation(
                "\(effective.rawValue.nonzeroBitCount) capabilities",
                call: "capset(0x\(String(effective.rawValue, radix: 16)))",
                why: "root in a container is root with most of its powers missing", source: "capabilities(7)")
        case .ambient(let set):
            Explanation(
                "\(set.rawValue.nonzeroBitCount) ambient capabilities",
                call: "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0x\(String(set.rawValue, radix: 16)))",
                why: "these survive execve for a user who is not root", source: "capabilities(7)")
        case .umask(let mask):
            Explanation(
                "umask 0\(String(mask, radix: 8))", call: "umask(0\(String(mask, radix: 8)))",
                why: "devices were made without one", source: "umask(2)")
        case .personality(_, let name):
            Explanation(
                "execution domain \(name)", call: "personality(\(name))",
                why: "asked for by the configuration",
                source: "personality(2)")
        default:
            Explanation(
                "no new privileges", call: "prctl(PR_SET_NO_NEW_PRIVS, 1)",
                why: "set-user-ID programs and file capabilities no longer raise anything",
                source: "PR_SET_NO_NEW_PRIVS(2const)")
        }
    }

    private static func limit(_ value: UInt64) -> String { value == UInt64.max ? "unlimited" : "\(value)" }

    var process: Explanation {
        switch self {
        case .console(let rows, let columns, _, _):
            Explanation(
                "a terminal of \(rows) rows, \(columns) columns",
                call: "open(\"/dev/pts/ptmx\"); ioctl(TIOCGPTPEER); sendmsg(SCM_RIGHTS); ioctl(TIOCSCTTY)",
                why: "from its own devpts; the master goes to the caller, by descriptor, never by name",
                source: "pts(4), ioctl_tty(2)")
        case .hook(let kind, let hook, let index):
            Explanation(
                "hook \(kind.rawValue)[\(index)] `\(hook.path)`", call: "execve(\"\(hook.path)\")",
                why: "the configuration asks for it at this point",
                source: "runtime-spec config.md#posix-platform-hooks")
        case .gate(_, let purpose):
            Explanation(
                "wait for the runtime", call: "read(gate)", why: purpose,
                source: "runtime-spec runtime.md#lifecycle")
        case .makeWorkingDirectory(let path):
            Explanation(
                "make `\(path)` if it is missing", call: "openat2(root, \"\(path)\"); mkdirat",
                why: "the root file system is about to become read-only", source: "mkdir(2)")
        case .workingDirectory(let path, _):
            Explanation(
                "working directory `\(path)`", call: "openat2(\"\(path)\", RESOLVE_IN_ROOT); fchdir; getcwd",
                why:
                    "proven to be inside the root: a leaked descriptor of the host would not be"
                    + " (CVE-2024-21626)",
                source: "openat2(2)")
        case .findProgram(let file, _):
            Explanation(
                "find `\(file)`", call: "stat(...); faccessat(X_OK)",
                why: "now, so that `create` fails and not `start`", source: "execvp(3)")
        case .waitForStart:
            Explanation(
                "wait for `start`", call: "poll(fifo)",
                why: "created, but not running: the caller decides when",
                source: "runtime-spec runtime.md#start")
        case .closeDescriptors(let first):
            Explanation(
                "close the descriptors from \(first)", call: "close_range(\(first), ~0, 0)",
                why:
                    "none of the host's leaks in; not at the exec, which looks up the program first"
                    + " (CVE-2024-21626)",
                source: "close_range(2)")
        case .seccomp(let filter, let keeps):
            Explanation(
                "a filter of system calls: \(filter.instructions.count) instructions",
                call: "seccomp(SECCOMP_SET_MODE_FILTER, \(filter.flagNames), program)",
                why: keeps
                    ? "what a program may ask of the kernel; by CAP_SYS_ADMIN, which execve takes away; the"
                        + " last step: a call of the runtime's that came later might be forbidden"
                    : "what a program may ask of the kernel; the last step: a call of the runtime's that came"
                        + " later might be forbidden",
                source: "seccomp(2), runtime-spec config-linux.md#seccomp")
        case .execute(let arguments, _):
            Explanation(
                "become `\(arguments.first ?? "")`", call: "execve(\"\(arguments.joined(separator: " "))\")",
                why: "from here on the container is just this process", source: "execve(2)")
        default: Explanation("", call: "", why: "", source: "")
        }
    }
}
