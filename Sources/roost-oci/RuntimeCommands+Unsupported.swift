// SPDX-License-Identifier: Apache-2.0
// Commands of the peers which Roost refuses, with all of their flags: callers probe for them with `--help`,
// and who uses one is told why it does not work.
import CommandLine

extension RuntimeCommands {
    static func unsupportedCommands() -> [Command] {
        let notYet = Flag.Status.refused("not yet supported")
        let noCriu = Flag.Status.refused("needs CRIU, which Roost does not use")
        return [
            Command(
                "update", summary: "Change the limits of a container", group: unsupported, status: notYet,
                details: update),
            Command(
                "events", summary: "Print figures of a container", group: unsupported, status: notYet,
                details: events),
            Command(
                "checkpoint", summary: "Save a running container", group: unsupported, status: noCriu,
                details: checkpoint),
            Command(
                "restore", summary: "Restore a saved container", group: unsupported, status: noCriu,
                details: restore),
        ]
    }

    private static func update() -> Command.Details {
        Command.Details(
            arguments: [id],
            flags: [
                Flag(
                    "resources", short: "r", .value("FILE"), help: "Read limits as JSON; - is stdin"),
                Flag("memory", .value("BYTES"), help: "Limit of memory"),
                Flag("memory-reservation", .value("BYTES"), help: "Memory to leave when memory is short"),
                Flag("memory-swap", .value("BYTES"), help: "Limit of memory and swap together"),
                Flag("cpu-period", .value("MICROSECONDS"), help: "Period of the CPU quota"),
                Flag("cpu-quota", .value("MICROSECONDS"), help: "CPU time in a period"),
                Flag("cpu-burst", .value("MICROSECONDS"), help: "CPU time that may be saved up"),
                Flag("cpu-share", .value("WEIGHT"), help: "Share of CPU time against others"),
                Flag("cpuset-cpus", .value("LIST"), help: "CPUs to use"),
                Flag("cpuset-mems", .value("LIST"), help: "Memory nodes to use"),
                Flag("cpu-idle", .value("0|1"), help: "Run only when nothing else wants to"),
                Flag("pids-limit", .value("N"), help: "Limit of processes"),
                Flag("blkio-weight", .value("WEIGHT"), help: "Share of disk time against others"),
            ] + rareUpdateFlags())
    }

    private static func rareUpdateFlags() -> [Flag] {
        [
            Flag("cpu-rt-period", .value("MICROSECONDS"), help: "Period of the realtime quota"),
            Flag("cpu-rt-runtime", .value("MICROSECONDS"), help: "Realtime CPU time in a period"),
            Flag("kernel-memory", .value("BYTES"), help: "Limit of kernel memory"),
            Flag("kernel-memory-tcp", .value("BYTES"), help: "Limit of TCP buffers"),
            Flag("l3-cache-schema", .value("SCHEMA"), help: "Intel RDT cache allocation"),
            Flag("mem-bw-schema", .value("SCHEMA"), help: "Intel RDT memory bandwidth"),
        ]
    }

    private static func events() -> Command.Details {
        Command.Details(
            arguments: [id],
            flags: [
                Flag("interval", .value("DURATION"), help: "Time between figures", default: "5s"),
                Flag("stats", help: "Print once and exit"),
            ])
    }

    private static func criuFlags() -> [Flag] {
        [
            Flag("image-path", .value("DIR"), help: "Where the saved files are"),
            Flag("work-path", .value("DIR"), help: "Where CRIU writes its log"),
            Flag("parent-path", .value("DIR"), help: "An earlier save to build on"),
            Flag("tcp-established", help: "Allow open TCP connections"),
            Flag("tcp-close", help: "Close TCP connections"),
            Flag("ext-unix-sk", help: "Allow connected Unix sockets"),
            Flag("shell-job", help: "Allow a process of the caller's session"),
            Flag("lazy-pages", help: "Move memory when it is first used"),
            Flag("file-locks", help: "Allow file locks"),
            Flag("manage-cgroups-mode", .value("MODE"), help: "How CRIU treats cgroups"),
            Flag("empty-ns", .list("NAMESPACE"), help: "Leave a namespace's contents out"),
            Flag("auto-dedup", help: "Drop pages saved twice"),
            Flag("link-remap", help: "Allow deleted files by linking them again"),
        ]
    }

    private static func checkpoint() -> Command.Details {
        Command.Details(
            arguments: [id],
            flags: criuFlags() + [
                Flag("leave-running", help: "Do not stop the container"),
                Flag("tcp-skip-in-flight", help: "Skip TCP connections not yet open"),
                Flag("status-fd", .value("FD"), help: "Write to this descriptor when ready for lazy pages"),
                Flag("page-server", .value("ADDRESS:PORT"), help: "Send memory to a server"),
                Flag("pre-dump", help: "Save memory only and leave the container running"),
            ])
    }

    private static func restore() -> Command.Details {
        Command.Details(
            arguments: [id],
            flags: criuFlags() + [
                Flag("bundle", short: "b", .value("DIR"), help: "The bundle", default: "."),
                Flag("detach", short: "d", help: "Leave the container running and exit"),
                Flag("pid-file", .value("FILE"), help: "Write the process's number here"),
                Flag("console-socket", .value("SOCKET"), help: "Send the terminal's descriptor here"),
                Flag("no-pivot", help: "Change the root without pivot_root"),
                Flag("no-subreaper", help: "Do not adopt the orphans of the container"),
                Flag("lsm-profile", .value("TYPE:NAME"), help: "Security label of the processes"),
                Flag("lsm-mount-context", .value("CONTEXT"), help: "Security label of the mounts"),
            ])
    }
}
