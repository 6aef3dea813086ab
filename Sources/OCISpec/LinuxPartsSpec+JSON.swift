// SPDX-License-Identifier: Apache-2.0
// How the values of LinuxPartsSpec.swift are read from JSON and written to it.

public import JSON

extension DeviceSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var path: String?
        var type: DeviceType?
        var major: Int64?
        var minor: Int64?
        var fileMode: UInt32?
        var uid: UInt32?
        var gid: UInt32?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "path") {
                path = try reader.value()
            } else if reader.matches(key, "type") {
                type = try reader.value()
            } else if reader.matches(key, "major") {
                major = try reader.value()
            } else if reader.matches(key, "minor") {
                minor = try reader.value()
            } else if reader.matches(key, "fileMode") {
                fileMode = try reader.value()
            } else if reader.matches(key, "uid") {
                uid = try reader.value()
            } else if reader.matches(key, "gid") {
                gid = try reader.value()
            } else {
                try reader.skip()
            }
        }
        let known = try reader.required(type, "type")
        // Only a FIFO has no number.
        if known != .fifo {
            major = try reader.required(major, "major")
            minor = try reader.required(minor, "minor")
        }
        return Self(
            path: try reader.required(path, "path"),
            type: known,
            major: major ?? 0,
            minor: minor ?? 0,
            fileMode: fileMode,
            uid: uid,
            gid: gid
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", path)
            writer.member("type", type)
            if type == .fifo {
                writer.memberIfSet("major", major)
                writer.memberIfSet("minor", minor)
            } else {
                writer.member("major", major)
                writer.member("minor", minor)
            }
            writer.memberIfSet("fileMode", fileMode)
            writer.memberIfSet("uid", uid)
            writer.memberIfSet("gid", gid)
        }
    }
}

extension DeviceType: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "c") { return .character }
        if reader.matches(word, "b") { return .block }
        if reader.matches(word, "u") { return .unbuffered }
        if reader.matches(word, "p") { return .fifo }
        throw reader.unknown("device type", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension NetDeviceSpec {
    /// Reads the value of the key that names it.
    static func read(hostName: String, from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self(hostName: hostName)
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "name") {
                value.name = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// Writes the value of the key that names it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("name", name)
        }
    }
}

extension TimeOffsetSpec {
    /// Reads the value of the key that names it.
    static func read(clock: ClockName, from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self(clock: clock)
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "secs") {
                value.secs = try reader.value()
            } else if reader.matches(key, "nanosecs") {
                value.nanosecs = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// Writes the value of the key that names it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("secs", secs)
            writer.memberIfSet("nanosecs", nanosecs)
        }
    }
}

extension ClockName: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "monotonic") { return .monotonic }
        if reader.matches(word, "boottime") { return .boottime }
        throw reader.unknown("clock", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension IntelRdtSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "closID") {
                value.closID = try reader.value()
            } else if reader.matches(key, "schemata") {
                value.schemata = try reader.value()
            } else if reader.matches(key, "l3CacheSchema") {
                value.l3CacheSchema = try reader.value()
            } else if reader.matches(key, "memBwSchema") {
                value.memBwSchema = try reader.value()
            } else if reader.matches(key, "enableMonitoring") {
                value.enableMonitoring = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("closID", closID)
            writer.memberIfSet("schemata", schemata)
            writer.memberIfSet("l3CacheSchema", l3CacheSchema)
            writer.memberIfSet("memBwSchema", memBwSchema)
            writer.memberIfSet("enableMonitoring", enableMonitoring)
        }
    }
}

extension MemoryPolicySpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var mode: MemoryPolicyMode?
        var nodes: String?
        var flags: [MemoryPolicyFlag] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "mode") {
                mode = try reader.value()
            } else if reader.matches(key, "nodes") {
                nodes = try reader.value()
            } else if reader.matches(key, "flags") {
                flags = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(mode: try reader.required(mode, "mode"), nodes: nodes, flags: flags)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("mode", mode)
            writer.memberIfSet("nodes", nodes)
            writer.memberIfSet("flags", flags)
        }
    }
}

extension MemoryPolicyMode: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "MPOL_DEFAULT") { return .normal }
        if reader.matches(word, "MPOL_BIND") { return .bind }
        if reader.matches(word, "MPOL_INTERLEAVE") { return .interleave }
        if reader.matches(word, "MPOL_WEIGHTED_INTERLEAVE") { return .weightedInterleave }
        if reader.matches(word, "MPOL_PREFERRED") { return .preferred }
        if reader.matches(word, "MPOL_PREFERRED_MANY") { return .preferredMany }
        if reader.matches(word, "MPOL_LOCAL") { return .local }
        throw reader.unknown("memory policy mode", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension MemoryPolicyFlag: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "MPOL_F_NUMA_BALANCING") { return .numaBalancing }
        if reader.matches(word, "MPOL_F_RELATIVE_NODES") { return .relativeNodes }
        if reader.matches(word, "MPOL_F_STATIC_NODES") { return .staticNodes }
        throw reader.unknown("memory policy flag", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension PersonalitySpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var domain: PersonalityDomain?
        var flags: [String] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "domain") {
                domain = try reader.value()
            } else if reader.matches(key, "flags") {
                flags = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(domain: try reader.required(domain, "domain"), flags: flags)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("domain", domain)
            writer.memberIfSet("flags", flags)
        }
    }
}

extension PersonalityDomain: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "LINUX") { return .linux }
        if reader.matches(word, "LINUX32") { return .linux32 }
        throw reader.unknown("personality domain", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
