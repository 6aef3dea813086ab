// SPDX-License-Identifier: Apache-2.0
// events: figures of a container, and its kills for want of memory, as JSON values, one a line, in runc's
// form. Waits by poll(2) for the group's events, the end of the container, and the next figures.
internal import JSON
internal import Kernel
internal import StateStore

extension Runtime {
    /// The figures of a container as one line, without its end.
    public func statistics(_ id: String) throws(RuntimeError) -> [UInt8] {
        let record = try watched(id)
        return Self.line(id, Cgroup(path: record.cgroup))
    }

    /// Emits a line for each kill and, at each interval, the figures; returns when the container ends.
    public func watch(
        _ id: String, intervalNanoseconds: Int64, emit: ([UInt8]) -> Void
    ) throws(RuntimeError) {
        let record = try watched(id)
        guard let process = process(of: record) else { return }
        let group = Cgroup(path: record.cgroup)
        var events = EventFile("memory.events", in: group)
        var seen = LimitDiagnosis.kills(group)
        var next = Clock.monotonic() + intervalNanoseconds
        while true {
            let left = max(0, next - Clock.monotonic())
            var entries = [
                PollEntry(process.descriptor, .readable), PollEntry(events.descriptor, .priority),
            ]
            // Rounded up: a wait that ends too early would ask the clock in a circle.
            let milliseconds = Int32(clamping: (left + 999_999) / 1_000_000)
            try explaining("wait for `\(id)`") { () throws(SyscallError) in
                _ = try Waiting.poll(&entries, milliseconds: milliseconds)
            }
            if !entries[1].came.isEmpty { events.arm() }
            let kills = LimitDiagnosis.kills(group)
            while seen < kills {
                emit(Self.killLine(id))
                seen += 1
            }
            if !entries[0].came.isEmpty { return }
            guard Clock.monotonic() >= next else { continue }
            emit(Self.line(id, group))
            next += intervalNanoseconds
        }
    }

    private func watched(_ id: String) throws(RuntimeError) -> RuntimeRecord {
        let summary = try state(id)
        guard summary.status != "stopped" else {
            throw RuntimeError("cannot watch `\(id)`: container not running")
        }
        guard !summary.record.cgroup.isEmpty else {
            throw RuntimeError("cannot watch `\(id)`: it was made without a control group")
        }
        return summary.record
    }

    private static func killLine(_ id: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "oom")
            writer.member("id", id)
        }
        return writer.bytes
    }

    private static func line(_ id: String, _ group: Cgroup) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "stats")
            writer.member("id", id)
            writer.key("data")
            GroupStatistics(group: group).write(to: &writer)
        }
        return writer.bytes
    }
}
