// SPDX-License-Identifier: Apache-2.0
// How the values of LinuxSpec.swift are read from JSON and written to it.

public import JSON

extension LinuxSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "uidMappings") {
                value.uidMappings = try reader.value()
            } else if reader.matches(key, "gidMappings") {
                value.gidMappings = try reader.value()
            } else if reader.matches(key, "sysctl") {
                value.sysctl = try reader.pairs()
            } else if reader.matches(key, "resources") {
                value.resources = try reader.value()
            } else if reader.matches(key, "cgroupsPath") {
                value.cgroupsPath = try reader.value()
            } else if reader.matches(key, "namespaces") {
                value.namespaces = try reader.value()
            } else if reader.matches(key, "devices") {
                value.devices = try reader.value()
            } else if reader.matches(key, "netDevices") {
                value.netDevices = try reader.dictionary { (name, reader) throws(JSONError) in
                    try .read(hostName: name, from: &reader)
                }
            } else if reader.matches(key, "seccomp") {
                // By far the largest part of most configurations, and the same in many of them.
                if !reader.leaves() { value.seccomp = try reader.value() }
            } else if reader.matches(key, "rootfsPropagation") {
                value.rootfsPropagation = try reader.value()
            } else if reader.matches(key, "maskedPaths") {
                value.maskedPaths = try reader.value()
            } else if reader.matches(key, "readonlyPaths") {
                value.readonlyPaths = try reader.value()
            } else if reader.matches(key, "mountLabel") {
                value.mountLabel = try reader.value()
            } else if reader.matches(key, "intelRdt") {
                value.intelRdt = try reader.value()
            } else if reader.matches(key, "memoryPolicy") {
                value.memoryPolicy = try reader.value()
            } else if reader.matches(key, "personality") {
                value.personality = try reader.value()
            } else if reader.matches(key, "timeOffsets") {
                value.timeOffsets = try reader.dictionary { (name, reader) throws(JSONError) in
                    guard let clock = ClockName(rawValue: name) else { throw JSONError("unknown clock") }
                    return try .read(clock: clock, from: &reader)
                }
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("uidMappings", uidMappings)
            writer.memberIfSet("gidMappings", gidMappings)
            writer.pairs("sysctl", sysctl)
            writer.memberIfSet("resources", resources)
            writer.memberIfSet("cgroupsPath", cgroupsPath)
            writer.memberIfSet("namespaces", namespaces)
            writer.memberIfSet("devices", devices)
            writer.dictionary("netDevices", netDevices) { ($0.hostName, $0.write) }
            writer.memberIfSet("seccomp", seccomp)
            writer.memberIfSet("rootfsPropagation", rootfsPropagation)
            writer.memberIfSet("maskedPaths", maskedPaths)
            writer.memberIfSet("readonlyPaths", readonlyPaths)
            writer.memberIfSet("mountLabel", mountLabel)
            writer.memberIfSet("intelRdt", intelRdt)
            writer.memberIfSet("memoryPolicy", memoryPolicy)
            writer.memberIfSet("personality", personality)
            writer.dictionary("timeOffsets", timeOffsets) { ($0.clock.rawValue, $0.write) }
        }
    }
}

extension NamespaceSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var type: NamespaceType?
        var path: String?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "type") {
                type = try reader.value()
            } else if reader.matches(key, "path") {
                path = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(type: try reader.required(type, "type"), path: path)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", type)
            writer.memberIfSet("path", path)
        }
    }
}

extension NamespaceType: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "pid") { return .pid }
        if reader.matches(word, "network") { return .network }
        if reader.matches(word, "mount") { return .mount }
        if reader.matches(word, "ipc") { return .ipc }
        if reader.matches(word, "uts") { return .uts }
        if reader.matches(word, "user") { return .user }
        if reader.matches(word, "cgroup") { return .cgroup }
        if reader.matches(word, "time") { return .time }
        throw reader.unknown("namespace type", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
