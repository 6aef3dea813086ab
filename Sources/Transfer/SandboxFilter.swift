// SPDX-License-Identifier: Apache-2.0
// The system calls of roost-transfer: threads, files, connections. What is not listed does not exist for it;
// execve is the end of it. See seccomp(2).
internal import CTransfer
internal import Kernel
internal import OCISpec

enum SandboxFilter {
    private static let files = [
        "access", "close", "close_range", "copy_file_range", "dup", "dup3", "faccessat", "faccessat2",
        "fallocate", "fadvise64", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchownat", "fcntl",
        "fdatasync", "fgetxattr", "flistxattr", "flock", "fsetxattr", "fstat", "fstatfs", "fsync",
        "ftruncate", "getcwd", "getdents64", "linkat", "lseek", "lstat", "mkdirat", "mknodat", "newfstatat",
        "open", "openat", "openat2", "pipe2", "pread64", "pwrite64", "read", "readlink", "readlinkat",
        "readv", "renameat", "renameat2", "sendfile", "stat", "statfs", "statx", "symlinkat", "syncfs",
        "umask", "unlinkat", "utimensat", "write", "writev",
    ]
    private static let process = [
        "brk", "clock_getres", "clock_gettime", "clock_nanosleep", "exit", "exit_group", "futex", "getegid",
        "geteuid", "getgid", "getpid", "getrandom", "gettid", "gettimeofday", "getuid", "madvise",
        "membarrier", "mmap", "mprotect", "mremap", "munmap", "nanosleep", "restart_syscall", "rseq",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_getaffinity", "sched_yield",
        "set_robust_list", "sigaltstack", "sysinfo", "time", "uname",
    ]
    private static let connections = [
        "connect", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "getpeername",
        "getsockname", "getsockopt", "poll", "ppoll", "pselect6", "recvfrom", "recvmmsg", "recvmsg",
        "select", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown",
    ]

    private static func only(_ name: String, _ index: UInt32, _ value: UInt64) -> SeccompSyscallSpec {
        SeccompSyscallSpec(
            names: [name], action: .allow,
            args: [SeccompArgumentSpec(index: index, value: value, op: .equal)])
    }

    /// The rules. Unknown calls are ENOSYS, so that libraries fall back: clone3, whose flags no filter can
    /// see, to clone.
    static func spec() -> SeccompSpec {
        let own = UInt64(sandbox_process())
        let thread: UInt64 = 0x10000
        var rules = [
            SeccompSyscallSpec(names: files + process + connections, action: .allow),
            SeccompSyscallSpec(names: ["execve", "execveat"], action: .killProcess),
            SeccompSyscallSpec(
                names: ["clone"], action: .allow,
                args: [SeccompArgumentSpec(index: 0, value: thread, valueTwo: thread, op: .maskedEqual)]),
            // abort(3) and pthread_kill(3), at itself only.
            only("tgkill", 0, own),
            only("prlimit64", 0, 0),
            // Pairs for curl's own use. A unix socket could connect to any daemon of the host.
            only("socketpair", 0, 1),
            only("socket", 0, 2),
            only("socket", 0, 10),
        ]
        // FIONBIO, FIONREAD, TCGETS.
        for request: UInt64 in [0x5421, 0x541b, 0x5401] { rules.append(only("ioctl", 1, request)) }
        return SeccompSpec(defaultAction: .errno, defaultErrnoRet: 38, syscalls: rules)
    }

    static func install() throws(LayerError) {
        let filter: SeccompFilter
        do throws(SeccompError) { filter = try SeccompCompiler.compile(spec()) } catch {
            throw LayerError("roost-transfer cannot make its filter of system calls: \(error.description)")
        }
        let result = filter.instructions.withUnsafeBufferPointer { list -> Int32 in
            guard let base = list.baseAddress else { return -22 }
            return sandbox_filter(base, UInt32(list.count))
        }
        try Sandbox.check(result, "load its filter of system calls")
    }
}
