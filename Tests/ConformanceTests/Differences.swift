// SPDX-License-Identifier: Apache-2.0
// Where the runtimes differ, and why that is right or none of roost's doing. A row excuses these values of
// these facts and nothing else; whatever is not here must be the same. Versions are those of Debian 12.

extension Differences {
    static let table: [Difference] = [
        // The program.
        Difference(
            ["status.SigIgn", "plain: status.SigIgn", "flags: status.SigIgn", "file: status.SigIgn"], [.runc],
            ours: "0000000000000004", theirs: "0000000080000004",
            "signals that the caller ignores stay ignored; roost-oci gives the program the defaults"),
        Difference(
            ["status.SigIgn", "plain: status.SigIgn", "flags: status.SigIgn", "file: status.SigIgn"], [.crun],
            ours: "0000000000000004", theirs: "0000000180000004", "as above"),
        Difference(
            ["device./dev/core"], [.crun], ours: nil, theirs: "/proc/kcore symbolic link|777|0:0|0:0",
            "a link that the specification does not know, to a file that is masked"),
        Difference(
            ["exit without PATH"], [.runc, .crun], ours: "0", theirs: "not 0",
            "roost-oci looks in /bin and /usr/bin then, as execvp(3) does"),
        Difference(
            ["cgroup"], [.runc, .crun], ours: "0::/roost/ID", theirs: "0::/ID",
            "without `cgroupsPath` each runtime has its own place"),
        Difference(
            ["HOME of 4321"], [.crun], ours: "/", theirs: "",
            "as runc: a user without a line in /etc/passwd has /"),
        // Mounts, devices, masks.
        Difference(
            ["mount./tmp/m14.options"], [.crun], ours: "relatime,rw", theirs: "relatime,ro",
            "the last of two options counts; crun 1.8 sets but never clears"),
        Difference(
            ["mount./tmp/m15.options"], [.crun], ours: "relatime,rw", theirs: "noexec,relatime,rw", "as above"
        ),
        Difference(
            ["mount./sys.super"], [.runc], ours: "rw", theirs: "ro",
            "`ro` belongs to the mount; runc makes the file system itself read-only as well"),
        Difference(
            ["mount./hidden.options", "mount./proc/acpi.options"], [.runc, .crun],
            ours: "nodev,noexec,nosuid,relatime,ro", theirs: "relatime,ro",
            "an empty directory needs no set-user-ID, device or program"),
        Difference(
            ["mount./secret.options", "mount./proc/keys.options"], [.runc], ours: "relatime,ro",
            theirs: "nosuid,rw", "runc binds the container's /dev/null, which an image can replace"),
        Difference(
            ["masked file"], [.runc], ours: "mode kept", theirs: "mode changed",
            "the same: it is the container's own device"),
        Difference(
            ["nosymfollow"], [.crun], ours: "nosymfollow,relatime,rw", theirs: "error",
            "crun 1.8 does not know it"),
        Difference(
            ["tmpfs over 711"], [.runc], ours: "1777", theirs: "711",
            "without `mode=` roost-oci and crun take what tmpfs(5) does, runc copies the mode of what is covered"
        ),
        Difference(["made"], [.crun], ours: "755 755", theirs: "1755 755", "crun 1.8 sets the sticky bit"),
        Difference(
            [
                "mount./.propagation", "mount./dev.propagation", "mount./dev/mqueue.propagation",
                "mount./dev/pts.propagation", "mount./dev/shm.propagation", "mount./proc.propagation",
                "mount./sys.propagation",
            ], [.runc], ours: "shared", theirs: "private",
            "runc 1.1 makes a root that shall be shared private"),
        Difference(
            ["mount./tmp/m8.propagation", "mount./tmp/m11.propagation", "mount./tmp/m11/sub.propagation"],
            [.crun], ours: "shared", theirs: "private", "crun 1.8 takes propagation of a bind mount back"),
        Difference(
            ["mount./tmp/m13.propagation", "mount./tmp/m16.propagation", "mount./tmp/m16/sub.propagation"],
            [.crun], ours: "unbindable", theirs: "private", "as above"),
        Difference(
            ["mount./tmp/m15.options"], [.crun], ours: "relatime,rw", theirs: "relatime,ro", "as above"),
        // Names.
        Difference(
            ["names"], [.runc], ours: "other domain", theirs: "other (none)",
            "runc 1.1 is older than `domainname`"),
        // Terminals.
        Difference(
            ["/dev/console"], [.crun], ours: "rw,nosuid,noexec,relatime", theirs: "rw,relatime",
            "as runc: a terminal runs nothing"),
        Difference(
            ["socket only"], [.crun], ours: "error", theirs: "success",
            "a socket that nothing will ever be sent to is a mistake"),
        // Hooks.
        Difference(
            ["after create"], [.runc], ours: "prestart createRuntime createContainer",
            theirs: "prestart createRuntime createContainer poststart", "runc 1.1 runs poststart before start"
        ),
        Difference(["poststart.status"], [.runc], ours: "running", theirs: "created", "as above"),
        Difference(
            ["createContainer.pid", "startContainer.pid"], [.runc], ours: "the container's", theirs: "1",
            "the specification's pid is the one that the host sees"),
        Difference(
            ["createContainer.pid", "startContainer.pid"], [.crun], ours: "the container's", theirs: "0",
            "as above"),
        Difference(
            ["prestart.status", "createRuntime.status", "createContainer.status"], [.crun], ours: "creating",
            theirs: "created", "the specification wants `creating` here"),
        Difference(
            ["startContainer.status"], [.crun], ours: "created", theirs: "starting",
            "not a status of the specification"),
        Difference(
            ["startContainer.bundle"], [.crun], ours: "DIR/bundle", theirs: "/", "the bundle is where it is"),
        Difference(
            [
                "prestart.root", "createRuntime.root", "createContainer.root", "startContainer.root",
                "poststart.root", "poststop.root",
            ], [.crun], ours: nil, theirs: "rootfs", "no member of the state"),
        Difference(["poststop.pid"], [.crun], ours: nil, theirs: "0", "a stopped container has no pid"),
        Difference(
            ["startContainer fails: start"], [.runc, .crun], ours: "error", theirs: "success",
            "start of roost-oci waits for the hook, as the specification says; peers return before"),
        Difference(
            ["poststart fails: create"], [.runc], ours: "success", theirs: "error",
            "runc 1.1 runs poststart before start"),
        Difference(
            ["poststart fails: start", "poststart fails: ends"], [.runc], ours: anything, theirs: nil,
            "as above: nothing is left to start"),
        Difference(["poststart fails: status"], [.runc], ours: nil, theirs: "none", "as above"),
        Difference(
            ["poststart fails: start"], [.crun], ours: "error", theirs: "success",
            "since 1.3 a failed poststart hook is an error"),
        Difference(["poststart fails: ends"], [.crun], ours: "yes", theirs: "no", "as above"),
        // State and list.
        Difference(
            ["created.owner", "running.owner", "paused.owner", "resumed.owner", "stopped.owner"], [.runc],
            ours: "0", theirs: "", "runc fills it in `list` only"),
        Difference(
            ["list.owner"], [.runc, .crun], ours: "0", theirs: "root",
            "a static program does not look names up: the uid"),
        Difference(
            ["created.owner", "running.owner", "paused.owner", "resumed.owner", "stopped.owner"], [.crun],
            ours: "0", theirs: "root", "as above"),
        Difference(
            ["created.rootfs", "running.rootfs", "paused.rootfs", "resumed.rootfs", "stopped.rootfs"],
            [.crun], ours: "DIR/bundle/rootfs", theirs: "rootfs", "as runc: an absolute path"),
        Difference(
            [
                "created.systemd-scope", "running.systemd-scope", "paused.systemd-scope",
                "resumed.systemd-scope", "stopped.systemd-scope",
            ], [.crun], ours: nil, theirs: "", "a member of crun only"),
        Difference(
            ["list.ociVersion"], [.crun], ours: "a version", theirs: "none",
            "as runc: elements of the list are states"),
        Difference(["list.rootfs"], [.crun], ours: "DIR/bundle/rootfs", theirs: nil, "as above"),
        // What is refused when.
        Difference(
            [
                "state", "start", "kill KILL", "delete", "pause", "resume", "ps --format", "exec true",
                "stopped.again",
            ], [.crun], ours: "not found", theirs: "error",
            "crun names the missing state file; containerd looks for `does not exist`"),
        Difference(
            ["paused.pause"], [.runc], ours: "error", theirs: "not running",
            "a paused container is there; the text must not say that it has ended"),
        Difference(
            ["paused.pause", "running.resume", "created.resume"], [.crun], ours: "error", theirs: "success",
            "as runc: nothing was paused or resumed"),
        Difference(["running.signal 0"], [.runc, .crun], ours: "error", theirs: "success", "no signal"),
        Difference(
            ["running.unknown signal"], [.crun], ours: "error", theirs: "success",
            "crun 1.8 sends what it reads as 0"),
        Difference(
            ["stopped.exec", "stopped.resume", "stopped.start"], [.runc, .crun], ours: "not running",
            theirs: "error", "a class that containerd knows says more"),
        Difference(["stopped.pause"], [.crun], ours: "not running", theirs: "error", "as above, and as runc"),
        Difference(["stopped.ps"], [.runc], ours: "not running", theirs: "success", "an empty list"),
        Difference(["stopped.ps"], [.crun], ours: "not running", theirs: "error", "another text"),
        Difference(
            ["delete of a created one"], [.runc, .crun], ours: "error, created", theirs: "success, none",
            "an error of the specification, without --force"),
        // Bad input.
        Difference(
            [
                "a relative working directory", "a uid of a wrong type", "a namespace twice",
                "an unknown device type", "an unknown propagation",
            ], [.crun], ours: "error", theirs: "success", "crun 1.8 does not look"),
        Difference(
            ["no arguments"], [.crun], ours: "error", theirs: "not found",
            "crun looks for a program without a name"),
        Difference(
            ["a version of the future", "no version"], [.runc], ours: "error", theirs: "success",
            "runc does not look"),
        Difference(
            ["a limit twice"], [.runc, .crun], ours: "error", theirs: "success",
            "an error of the specification"),
        Difference(
            ["config.json missing"], [.runc, .crun], ours: "not found", theirs: "error",
            "roost-oci says the kernel's words"),
        Difference(
            ["config.json two documents"], [.runc], ours: "error", theirs: "success", "runc reads the first"),
        Difference(
            ["id `a b`", "id `ä`"], [.crun], ours: "error", theirs: "success",
            "ids name directories and groups; runc refuses as well"),
        Difference(["id `.a`"], [.runc], ours: "error", theirs: "success", "a hidden directory"),
        Difference(["line ``"], [.crun], ours: "success", theirs: "error", "help is no error"),
        // exec.
        Difference(
            ["plain: *"], [.crun], ours: anything, theirs: anything,
            "crun 1.8 takes nothing but the namespaces from the container without --process"),
        Difference(
            ["flags: group", "flags: session", "file: group", "file: session"], [.crun], ours: "its own",
            theirs: "0", "crun makes no session without a terminal"),
        Difference(
            ["flags: limit.*"], [.crun], ours: anything, theirs: anything, "as for `plain`: no limits"),
        Difference(
            ["flags: status.CapBnd"], [.crun], ours: "0000000020000420", theirs: "0000000000000020",
            "crun replaces the sets, roost-oci and runc add to them"),
        Difference(
            ["flags: environ"], [.crun], ours: "A=1 FROM=flag HOME=/ PATH=/bin",
            theirs: "A=1 FROM=flag PATH=/bin", "as for `HOME of 4321`"),
        Difference(
            ["flags: status.Groups"], [.runc], ours: "", theirs: "5",
            "--user of runc keeps the groups of another user"),
        Difference(
            ["file: limit.Max open files"], [.runc], ours: "50 60", theirs: "60 60",
            "runc built with Go 1.19 raises the soft limit"),
        Difference(
            ["file: oom_score_adj"], [.runc, .crun], ours: "700", theirs: "0", "peers ignore it in exec"),
    ]
}
