// SPDX-License-Identifier: Apache-2.0
// Rows of `run` that bound what the container uses.
import CommandLine

extension Commands {
    static func limitFlags() -> [Flag] { memoryFlags() + processorFlags() + deviceFlags() }

    private static let onlyV1 = Flag.Status.refused("it exists in cgroup v1 only")

    private static func memoryFlags() -> [Flag] {
        [
            Flag("memory", short: "m", .value("BYTES"), help: "Limit of memory"),
            Flag("memory-reservation", .value("BYTES"), help: "Memory to leave when memory is short"),
            Flag("memory-swap", .value("BYTES"), help: "Limit of memory and swap together; -1: none"),
            Flag(
                "memory-swappiness", .value("0-100"), help: "How soon memory is swapped out", status: onlyV1),
            Flag("kernel-memory", .value("BYTES"), help: "Limit of kernel memory", status: onlyV1),
            Flag("oom-kill-disable", help: "Stop processes instead of killing them", status: onlyV1),
            Flag("pids-limit", .value("N"), help: "Limit of processes and threads; -1: none"),
        ]
    }

    private static func processorFlags() -> [Flag] {
        [
            Flag("cpus", .value("NUMBER"), help: "Processors' worth of time, such as 1.5"),
            Flag("cpu-shares", short: "c", .value("WEIGHT"), help: "Share of CPU time against others"),
            Flag("cpu-period", .value("MICROSECONDS"), help: "Period of the CPU quota"),
            Flag("cpu-quota", .value("MICROSECONDS"), help: "CPU time in a period"),
            Flag("cpuset-cpus", .value("LIST"), help: "CPUs to use, such as 0-3,7"),
            Flag("cpuset-mems", .value("LIST"), help: "Memory nodes to use"),
            Flag(
                "cpu-rt-period", .value("MICROSECONDS"), help: "Period of the realtime quota",
                status: onlyV1),
            Flag(
                "cpu-rt-runtime", .value("MICROSECONDS"), help: "Realtime CPU time in a period",
                status: onlyV1),
        ]
    }

    private static func deviceFlags() -> [Flag] {
        [
            Flag("blkio-weight", .value("WEIGHT"), help: "Share of disk time against others, 10 to 1000"),
            Flag(
                "blkio-weight-device", .list("DEVICE:WEIGHT"), help: "The same on one device"),
            Flag("device-read-bps", .list("DEVICE:BYTES"), help: "Limit of bytes read in a second"),
            Flag("device-write-bps", .list("DEVICE:BYTES"), help: "Limit of bytes written in a second"),
            Flag("device-read-iops", .list("DEVICE:N"), help: "Limit of reads in a second"),
            Flag("device-write-iops", .list("DEVICE:N"), help: "Limit of writes in a second"),
        ]
    }
}
