// SPDX-License-Identifier: Apache-2.0
// What a group's files say, in the form of runc's `events`: a program written for one reads the other. What
// the group has no file for is left out.
internal import JSON
internal import Kernel

/// Figures of a group, read while they are written.
struct GroupStatistics {
    let group: Cgroup

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writeCPU(to: &writer)
            writeSets(to: &writer)
            writeMemory(to: &writer)
            writePids(to: &writer)
            writeIO(to: &writer)
            writeHugePages(to: &writer)
        }
    }

    // MARK: cpu

    /// Nanoseconds, as runc has them; the file counts microseconds. Every group has it, limits or not.
    private func writeCPU(to writer: inout JSONWriter) {
        let numbers = group.numbers("cpu.stat")
        guard !numbers.isEmpty else { return }
        func value(_ name: String) -> UInt64? { numbers.first { $0.name == name }?.value }
        func nanoseconds(_ name: String) -> UInt64 {
            let (product, overflow) = (value(name) ?? 0).multipliedReportingOverflow(by: 1000)
            return overflow ? .max : product
        }
        writer.key("cpu")
        writer.object { writer in
            writer.key("usage")
            writer.object { writer in
                writer.member("total", nanoseconds("usage_usec"))
                writer.member("kernel", nanoseconds("system_usec"))
                writer.member("user", nanoseconds("user_usec"))
            }
            if let periods = value("nr_periods") {
                writer.key("throttling")
                writer.object { writer in
                    writer.member("periods", periods)
                    writer.member("throttledPeriods", value("nr_throttled") ?? 0)
                    writer.member("throttledTime", nanoseconds("throttled_usec"))
                }
            }
            writePressure("cpu.pressure", to: &writer)
        }
    }

    private func writeSets(to writer: inout JSONWriter) {
        guard let cpus = group.text("cpuset.cpus.effective").flatMap({ NumberList.parse($0) }) else { return }
        let mems = group.text("cpuset.mems.effective").flatMap { NumberList.parse($0) } ?? []
        writer.key("cpuset")
        writer.object { writer in
            for (name, numbers) in [("cpus", cpus), ("mems", mems)] {
                writer.key(name)
                writer.array { writer in for number in numbers { writer.integer(number) } }
            }
        }
    }

    // MARK: memory

    private func writeMemory(to writer: inout JSONWriter) {
        guard let usage = group.number("memory.current") else { return }
        let limit = group.number("memory.max") ?? .max
        let raw = group.numbers("memory.stat")
        let events = group.numbers("memory.events")
        writer.key("memory")
        writer.object { writer in
            writer.member("cache", raw.first { $0.name == "file" }?.value ?? 0)
            writer.key("usage")
            let reached = events.first { $0.name == "max" }?.value ?? 0
            Self.writeEntry(limit, usage, group.number("memory.peak"), reached, to: &writer)
            writeSwap(usage, limit, to: &writer)
            for (key, numbers) in [("raw", raw), ("event_count", events)] {
                writer.key(key)
                writer.object { writer in
                    for number in numbers { writer.member(number.name, number.value) }
                }
            }
            writePressure("memory.pressure", to: &writer)
        }
    }

    /// Memory and swap together, as in cgroup v1.
    private func writeSwap(_ usage: UInt64, _ limit: UInt64, to writer: inout JSONWriter) {
        guard let swap = group.number("memory.swap.current"), let most = group.number("memory.swap.max")
        else { return }
        let (sum, overflow) = most.addingReportingOverflow(limit)
        let failures = group.number("fail", in: "memory.swap.events") ?? 0
        writer.key("swap")
        Self.writeEntry(overflow ? .max : sum, usage + swap, nil, failures, to: &writer)
    }

    private static func writeEntry(
        _ limit: UInt64, _ usage: UInt64, _ peak: UInt64?, _ failures: UInt64, to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("limit", limit)
            writer.member("usage", usage)
            writer.memberIfSet("max", peak)
            writer.member("failcnt", failures)
        }
    }

    // MARK: pids, io, huge pages

    private func writePids(to writer: inout JSONWriter) {
        guard let current = group.number("pids.current") else { return }
        writer.key("pids")
        writer.object { writer in
            writer.member("current", current)
            if let limit = group.number("pids.max"), limit != .max { writer.member("limit", limit) }
        }
    }

    private func writeIO(to writer: inout JSONWriter) {
        guard let text = group.text("io.stat") else { return }
        let devices = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { DeviceLine($0) }
        writer.key("blkio")
        writer.object { writer in
            writeOperations("ioServiceBytesRecursive", of: devices, "bytes", to: &writer)
            writeOperations("ioServicedRecursive", of: devices, "ios", to: &writer)
            writePressure("io.pressure", to: &writer)
        }
    }

    private func writeOperations(
        _ name: String, of devices: [DeviceLine], _ unit: String, to writer: inout JSONWriter
    ) {
        writer.key(name)
        writer.array { writer in
            for device in devices {
                device.write("Read", "r" + unit, to: &writer)
                device.write("Write", "w" + unit, to: &writer)
                device.write("Discard", "d" + unit, to: &writer)
            }
        }
    }

    private func writeHugePages(to writer: inout JSONWriter) {
        guard let directory = try? OwnedFileDescriptor.open(group.path, .directory),
            let names = try? Files.names(in: directory)
        else { return }
        let sizes = names.compactMap { name -> String? in
            let parts = name.split(separator: ".")
            return parts.count == 3 && parts[0] == "hugetlb" && parts[2] == "current"
                ? String(parts[1]) : nil
        }
        guard !sizes.isEmpty else { return }
        writer.key("hugetlb")
        writer.object { writer in
            for size in sizes {
                writer.key(size)
                writer.object { writer in
                    writer.member("usage", group.number("hugetlb.\(size).current") ?? 0)
                    writer.member("failcnt", group.number("max", in: "hugetlb.\(size).events") ?? 0)
                }
            }
        }
    }

    /// Microseconds that tasks waited; the averages are fractions and can be had from two of them.
    private func writePressure(_ file: String, to writer: inout JSONWriter) {
        guard let text = group.text(file) else { return }
        writer.key("psi")
        writer.object { writer in
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let kind = words.first, let last = words.last, last.hasPrefix("total="),
                    let total = UInt64(last.dropFirst(6))
                else { continue }
                writer.key(String(kind))
                writer.object { writer in writer.member("total", total) }
            }
        }
    }
}

/// A line of io.stat: `8:0 rbytes=1 wbytes=2`.
private struct DeviceLine {
    let major: UInt64
    let minor: UInt64
    let values: [(name: String, value: UInt64)]

    init?(_ line: Substring.UTF8View) {
        let words = line.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        let numbers = (words.first ?? "").split(separator: ":").map { UInt64($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        (self.major, self.minor) = (major, minor)
        values = words.dropFirst().compactMap { word in
            let parts = word.split(separator: "=")
            guard parts.count == 2, let value = UInt64(parts[1]) else { return nil }
            return (String(parts[0]), value)
        }
    }

    func write(_ operation: String, _ key: String, to writer: inout JSONWriter) {
        guard let entry = values.first(where: { $0.name == key }) else { return }
        writer.object { writer in
            writer.member("major", major)
            writer.member("minor", minor)
            writer.member("op", operation)
            writer.member("value", entry.value)
        }
    }
}
