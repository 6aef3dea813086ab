// SPDX-License-Identifier: Apache-2.0
// What the runtime remembers of a container: the first line of its state file.
public import JSON
public import OCISpec

/// The content of `state.json`.
public struct RuntimeRecord: Equatable, Sendable {
    /// The container's id.
    public var id: String
    /// The version of the specification that its configuration names.
    public var ociVersion: String
    /// The first process, in the host's pid namespace.
    public var pid: Int32
    /// When that process began, in clock ticks after boot: a pid alone may be a stranger's.
    public var startTime: UInt64
    /// The boot that both belong to.
    public var bootID: String
    /// The bundle's absolute path.
    public var bundle: String
    /// The root file system's absolute path.
    public var rootfs: String
    /// When it was created, RFC 3339.
    public var created: String
    /// The group's absolute path; empty: none.
    public var cgroup: String
    /// True: hooks must be looked for at `start` and `delete`.
    public var hasHooks: Bool
    /// Which filter `exec` loads: empty, `profile` (the configuration's), `default` (the built-in one).
    public var filter: String
    /// The user who created it.
    public var owner: String
    /// The configuration's annotations.
    public var annotations: [StringPair]

    /// All of it.
    public init(
        id: String, ociVersion: String, pid: Int32 = 0, startTime: UInt64 = 0, bootID: String = "",
        bundle: String, rootfs: String, created: String = "", cgroup: String = "", hasHooks: Bool = false,
        filter: String = "", owner: String = "", annotations: [StringPair] = []
    ) {
        self.id = id
        self.ociVersion = ociVersion
        self.pid = pid
        self.startTime = startTime
        self.bootID = bootID
        self.bundle = bundle
        self.rootfs = rootfs
        self.created = created
        self.cgroup = cgroup
        self.hasHooks = hasHooks
        self.filter = filter
        self.owner = owner
        self.annotations = annotations
    }
}

extension RuntimeRecord {
    /// The object as the store has it: pid and start time first and always as wide, so that they can be
    /// written again in place.
    var line: [UInt8] {
        var bytes = head
        bytes += encode().dropFirst()
        return bytes
    }

    /// The part of `line` that is written again.
    var head: [UInt8] {
        func padded(_ value: UInt64, _ width: Int) -> String {
            let digits = "\(value)"
            return String(repeating: " ", count: max(0, width - digits.utf8.count)) + digits
        }
        return Array(
            "{\"pid\":\(padded(UInt64(max(0, pid)), 10)),\"startTime\":\(padded(startTime, 20)),".utf8)
    }
}

extension RuntimeRecord: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> RuntimeRecord {
        var record = RuntimeRecord(id: "", ociVersion: "", bundle: "", rootfs: "")
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "id") {
                record.id = try reader.value()
            } else if reader.matches(key, "ociVersion") {
                record.ociVersion = try reader.value()
            } else if reader.matches(key, "pid") {
                record.pid = try reader.value()
            } else if reader.matches(key, "startTime") {
                record.startTime = try reader.value()
            } else if reader.matches(key, "bootID") {
                record.bootID = try reader.value()
            } else {
                try record.readRest(key, &reader)
            }
        }
        return record
    }

    private mutating func readRest(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) {
        if reader.matches(key, "bundle") {
            bundle = try reader.value()
        } else if reader.matches(key, "rootfs") {
            rootfs = try reader.value()
        } else if reader.matches(key, "created") {
            created = try reader.value()
        } else if reader.matches(key, "cgroup") {
            cgroup = try reader.value()
        } else if reader.matches(key, "hasHooks") {
            hasHooks = try reader.value()
        } else if reader.matches(key, "filter") {
            filter = try reader.value()
        } else if reader.matches(key, "owner") {
            owner = try reader.value()
        } else if reader.matches(key, "annotations") {
            var pairs: [StringPair] = []
            try reader.object { (name, reader) throws(JSONError) in
                pairs.append(StringPair(key: try reader.text(of: name), value: try reader.value()))
            }
            annotations = pairs
        } else {
            try reader.skip()
        }
    }

    /// See `JSONValue`. Without pid and start time, which stand before in a line of the store.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("ociVersion", ociVersion)
            writer.member("bootID", bootID)
            writer.member("bundle", bundle)
            writer.member("rootfs", rootfs)
            writer.member("created", created)
            writer.member("cgroup", cgroup)
            writer.member("hasHooks", hasHooks)
            writer.memberIfSet("filter", filter.isEmpty ? nil : filter)
            writer.member("owner", owner)
            writer.key("annotations")
            writer.object { writer in
                for pair in annotations { writer.member(pair.key, pair.value) }
            }
        }
    }
}
