// SPDX-License-Identifier: Apache-2.0
// Rows of the commands that change limits and show what is used.
import CommandLine

extension RuntimeCommands {
    static func limitCommands() -> [Command] {
        [
            Command("update", summary: "Change the limits of a container", group: lifecycle, details: update),
            Command("events", summary: "Print figures of a container", group: inspection, details: events),
        ]
    }

    private static func update() -> Command.Details {
        Command.Details(
            description: """
                Change limits of a container while it runs; what is not named stays as it is. \
                With --resources the other flags are left out.
                """,
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
                Flag(
                    "cpu-idle", .value("0|1"), help: "Run only when nothing else wants to",
                    choices: ["0", "1"]),
                Flag("pids-limit", .value("N"), help: "Limit of processes"),
                Flag("blkio-weight", .value("WEIGHT"), help: "Share of disk time against others"),
            ] + rareUpdateFlags(),
            examples: [
                Example("roost-oci update --memory 256m --pids-limit 100 box1", "Bound memory and processes")
            ])
    }

    private static func rareUpdateFlags() -> [Flag] {
        [
            Flag(
                "cpu-rt-period", .value("MICROSECONDS"), help: "Period of the realtime quota",
                status: .refused("it exists in cgroup v1 only")),
            Flag(
                "cpu-rt-runtime", .value("MICROSECONDS"), help: "Realtime CPU time in a period",
                status: .refused("it exists in cgroup v1 only")),
            Flag(
                "kernel-memory", .value("BYTES"), help: "Limit of kernel memory",
                status: .ignored("cgroup v2 counts it in `--memory`")),
            Flag(
                "kernel-memory-tcp", .value("BYTES"), help: "Limit of TCP buffers",
                status: .ignored("cgroup v2 counts it in `--memory`")),
            Flag(
                "l3-cache-schema", .value("SCHEMA"), help: "Intel RDT cache allocation",
                status: .refused("Intel RDT is not supported")),
            Flag(
                "mem-bw-schema", .value("SCHEMA"), help: "Intel RDT memory bandwidth",
                status: .refused("Intel RDT is not supported")),
        ]
    }

    private static func events() -> Command.Details {
        Command.Details(
            description: """
                Print figures of a container as JSON, one object a line: `stats` at each interval, `oom` when \
                the kernel kills a process of it for want of memory. Ends with the container. A kill that ends \
                a container of `run` in the foreground may be missed, since its group goes at once: `run` itself \
                tells of it.
                """,
            arguments: [id],
            flags: [
                Flag("interval", .value("DURATION"), help: "Time between figures", default: "5s"),
                Flag("stats", help: "Print the figures once and exit"),
            ],
            examples: [Example("roost-oci events --stats box1", "See what a container uses")])
    }
}
