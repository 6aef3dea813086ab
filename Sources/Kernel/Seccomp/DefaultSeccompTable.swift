// SPDX-License-Identifier: Apache-2.0
// docker's default profile as a table of names. A call that is on no list fails with EPERM; one younger than
// the lists with ENOSYS.
// Source: https://github.com/moby/profiles/blob/cd3bed8061c7/seccomp/default.json (June 2026).
internal import OCISpec

/// The lists of docker's default profile.
enum DefaultSeccompTable {
    /// What every container may do.
    static let always: StaticString = """
        accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32 \
        clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 \
        clock_nanosleep clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3 \
        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait \
        epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 \
        fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl \
        fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64 fstatat64 \
        fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait \
        futex_waitv futex_wake futimesat getcpu getcwd getdents getdents64 getegid getegid32 geteuid \
        geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp getpid getppid \
        getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit get_robust_list \
        getrusage getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getuid32 getxattr \
        getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy \
        io_getevents io_pgetevents io_pgetevents_time64 ioprio_get ioprio_set io_setup io_submit ipc kill \
        landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link \
        linkat listen listmount listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat \
        lstat64 madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod \
        mknodat mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open mq_timedreceive \
        mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv \
        msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat _newselect open openat \
        openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll \
        ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pselect6_time64 \
        pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg \
        recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat rename renameat renameat2 \
        restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo \
        rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo \
        sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min \
        sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity \
        sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop \
        semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto setfsgid setfsgid32 \
        setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid setpriority setregid \
        setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit set_robust_list \
        setsid setsockopt set_thread_area set_tid_address setuid setuid32 setxattr setxattrat shmat shmctl \
        shmdt shmget shutdown sigaltstack signalfd signalfd4 sigprocmask sigreturn socketcall socketpair \
        splice stat stat64 statfs statfs64 statmount statx symlink symlinkat sync sync_file_range syncfs \
        sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 \
        timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime \
        timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat uretprobe \
        utime utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write writev
        """

    /// `includes.minKernel` 4.8: all kernels that Roost runs on.
    static let tracing: StaticString = "process_vm_readv process_vm_writev ptrace"

    /// Address families of `socket`: all but AF_ALG (38), the kernel's ciphers, and AF_VSOCK (40), which leads
    /// to the hypervisor.
    static let families: [(op: SeccompOperator, value: UInt64)] = [
        (.lessThan, 38), (.equal, 39), (.greaterThan, 40),
    ]

    /// Execution domains: Linux, PER_LINUX32, both with UNAME26, and a question for the present one.
    static let personalities: [UInt64] = [0, 0x8, 0x20000, 0x20008, 0xffff_ffff]

    /// CLONE_NEW flags that `clone` may not have without CAP_SYS_ADMIN.
    static let namespaceFlags: UInt64 = 0x7e02_0000

    /// What one machine has and others lack.
    static func extra(_ machine: SeccompArchitecture) -> StaticString {
        switch machine {
        case .x86_64, .x32: "arch_prctl modify_ldt"
        case .x86: "modify_ldt"
        case .aarch64, .arm:
            "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls"
        case .riscv64: "riscv_flush_icache"
        case .ppc64le: "sync_file_range2 swapcontext"
        case .s390, .s390x: "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr"
        default: ""
        }
    }

    /// The tables that programs of a machine can use beside its own.
    static func companions(_ machine: SeccompArchitecture) -> [SeccompArchitecture] {
        switch machine {
        case .x86_64: [.x86, .x32]
        case .aarch64: [.arm]
        case .mips64: [.mips, .mips64n32]
        case .mips64n32: [.mips, .mips64]
        case .mipsel64: [.mipsel, .mipsel64n32]
        case .mipsel64n32: [.mipsel, .mipsel64]
        case .s390x: [.s390]
        default: []
        }
    }

    /// Calls that come with a capability, by its number.
    static let byCapability: [(capability: UInt64, names: StaticString)] = [
        (2, "open_by_handle_at"),  // CAP_DAC_READ_SEARCH
        (
            21,  // CAP_SYS_ADMIN
            """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie \
            lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount \
            open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog \
            umount umount2 unshare
            """
        ),
        (22, "reboot"),  // CAP_SYS_BOOT
        (18, "chroot"),  // CAP_SYS_CHROOT
        (16, "delete_module init_module finit_module"),  // CAP_SYS_MODULE
        (20, "acct"),  // CAP_SYS_PACCT
        (
            19,  // CAP_SYS_PTRACE
            """
            kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace
            """
        ),
        (17, "iopl ioperm"),  // CAP_SYS_RAWIO
        (25, "settimeofday stime clock_settime clock_settime64"),  // CAP_SYS_TIME
        (26, "vhangup"),  // CAP_SYS_TTY_CONFIG
        (23, "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),  // CAP_SYS_NICE
        (34, "syslog"),  // CAP_SYSLOG
        (39, "bpf"),  // CAP_BPF
        (38, "perf_event_open"),  // CAP_PERFMON
    ]
}
