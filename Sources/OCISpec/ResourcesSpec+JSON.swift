// SPDX-License-Identifier: Apache-2.0
// How the values of ResourcesSpec.swift are read from JSON and written to it.

public import JSON

extension ResourcesSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "devices") {
                value.devices = try reader.value()
            } else if reader.matches(key, "memory") {
                value.memory = try reader.value()
            } else if reader.matches(key, "cpu") {
                value.cpu = try reader.value()
            } else if reader.matches(key, "pids") {
                value.pids = try reader.value()
            } else if reader.matches(key, "blockIO") {
                value.blockIO = try reader.value()
            } else if reader.matches(key, "hugepageLimits") {
                value.hugepageLimits = try reader.value()
            } else if reader.matches(key, "network") {
                value.network = try reader.value()
            } else if reader.matches(key, "rdma") {
                value.rdma = try reader.dictionary { (name, reader) throws(JSONError) in
                    try .read(device: name, from: &reader)
                }
            } else if reader.matches(key, "unified") {
                value.unified = try reader.pairs()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("devices", devices)
            writer.memberIfSet("memory", memory)
            writer.memberIfSet("cpu", cpu)
            writer.memberIfSet("pids", pids)
            writer.memberIfSet("blockIO", blockIO)
            writer.memberIfSet("hugepageLimits", hugepageLimits)
            writer.memberIfSet("network", network)
            writer.dictionary("rdma", rdma) { ($0.device, $0.write) }
            writer.pairs("unified", unified)
        }
    }
}

extension DeviceCgroupSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var allow: Bool?
        var type: DeviceRuleType?
        var major: Int64?
        var minor: Int64?
        var access: String?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "allow") {
                allow = try reader.value()
            } else if reader.matches(key, "type") {
                type = try reader.value()
            } else if reader.matches(key, "major") {
                major = try reader.value()
            } else if reader.matches(key, "minor") {
                minor = try reader.value()
            } else if reader.matches(key, "access") {
                access = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            allow: try reader.required(allow, "allow"),
            type: type,
            major: major,
            minor: minor,
            access: access
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("allow", allow)
            writer.memberIfSet("type", type)
            writer.memberIfSet("major", major)
            writer.memberIfSet("minor", minor)
            writer.memberIfSet("access", access)
        }
    }
}

extension DeviceRuleType: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "a") { return .all }
        if reader.matches(word, "c") { return .character }
        if reader.matches(word, "b") { return .block }
        throw reader.unknown("device type", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension MemorySpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "limit") {
                value.limit = try reader.value()
            } else if reader.matches(key, "reservation") {
                value.reservation = try reader.value()
            } else if reader.matches(key, "swap") {
                value.swap = try reader.value()
            } else if reader.matches(key, "kernel") {
                value.kernel = try reader.value()
            } else if reader.matches(key, "kernelTCP") {
                value.kernelTCP = try reader.value()
            } else if reader.matches(key, "swappiness") {
                value.swappiness = try reader.value()
            } else if reader.matches(key, "disableOOMKiller") {
                value.disableOOMKiller = try reader.value()
            } else if reader.matches(key, "useHierarchy") {
                value.useHierarchy = try reader.value()
            } else if reader.matches(key, "checkBeforeUpdate") {
                value.checkBeforeUpdate = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("limit", limit)
            writer.memberIfSet("reservation", reservation)
            writer.memberIfSet("swap", swap)
            writer.memberIfSet("kernel", kernel)
            writer.memberIfSet("kernelTCP", kernelTCP)
            writer.memberIfSet("swappiness", swappiness)
            writer.memberIfSet("disableOOMKiller", disableOOMKiller)
            writer.memberIfSet("useHierarchy", useHierarchy)
            writer.memberIfSet("checkBeforeUpdate", checkBeforeUpdate)
        }
    }
}

extension CPUSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "shares") {
                value.shares = try reader.value()
            } else if reader.matches(key, "quota") {
                value.quota = try reader.value()
            } else if reader.matches(key, "burst") {
                value.burst = try reader.value()
            } else if reader.matches(key, "period") {
                value.period = try reader.value()
            } else if reader.matches(key, "realtimeRuntime") {
                value.realtimeRuntime = try reader.value()
            } else if reader.matches(key, "realtimePeriod") {
                value.realtimePeriod = try reader.value()
            } else if reader.matches(key, "cpus") {
                value.cpus = try reader.value()
            } else if reader.matches(key, "mems") {
                value.mems = try reader.value()
            } else if reader.matches(key, "idle") {
                value.idle = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("shares", shares)
            writer.memberIfSet("quota", quota)
            writer.memberIfSet("burst", burst)
            writer.memberIfSet("period", period)
            writer.memberIfSet("realtimeRuntime", realtimeRuntime)
            writer.memberIfSet("realtimePeriod", realtimePeriod)
            writer.memberIfSet("cpus", cpus)
            writer.memberIfSet("mems", mems)
            writer.memberIfSet("idle", idle)
        }
    }
}

extension PidsSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "limit") {
                value.limit = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("limit", limit)
        }
    }
}

extension HugepageLimitSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var pageSize: String?
        var limit: UInt64?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "pageSize") {
                pageSize = try reader.value()
            } else if reader.matches(key, "limit") {
                limit = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            pageSize: try reader.required(pageSize, "pageSize"),
            limit: try reader.required(limit, "limit")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("pageSize", pageSize)
            writer.member("limit", limit)
        }
    }
}

extension NetworkResourcesSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "classID") {
                value.classID = try reader.value()
            } else if reader.matches(key, "priorities") {
                value.priorities = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("classID", classID)
            writer.memberIfSet("priorities", priorities)
        }
    }
}

extension InterfacePrioritySpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var name: String?
        var priority: UInt32?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "name") {
                name = try reader.value()
            } else if reader.matches(key, "priority") {
                priority = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            name: try reader.required(name, "name"),
            priority: try reader.required(priority, "priority")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("priority", priority)
        }
    }
}

extension RdmaSpec {
    /// Reads the value of the key that names it.
    static func read(device: String, from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self(device: device)
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "hcaHandles") {
                value.hcaHandles = try reader.value()
            } else if reader.matches(key, "hcaObjects") {
                value.hcaObjects = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// Writes the value of the key that names it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("hcaHandles", hcaHandles)
            writer.memberIfSet("hcaObjects", hcaObjects)
        }
    }
}
