// SPDX-License-Identifier: Apache-2.0
// How the values of Features.swift are read from JSON and written to it.

public import JSON

extension Features: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "ociVersionMin") {
                value.ociVersionMin = try reader.value()
            } else if reader.matches(key, "ociVersionMax") {
                value.ociVersionMax = try reader.value()
            } else if reader.matches(key, "hooks") {
                value.hooks = try reader.value()
            } else if reader.matches(key, "mountOptions") {
                value.mountOptions = try reader.value()
            } else if reader.matches(key, "linux") {
                value.linux = try reader.value()
            } else if reader.matches(key, "annotations") {
                value.annotations = try reader.pairs()
            } else if reader.matches(key, "potentiallyUnsafeConfigAnnotations") {
                value.potentiallyUnsafeConfigAnnotations = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("ociVersionMin", ociVersionMin)
            writer.memberIfSet("ociVersionMax", ociVersionMax)
            writer.memberIfSet("hooks", hooks)
            writer.memberIfSet("mountOptions", mountOptions)
            writer.memberIfSet("linux", linux)
            writer.pairs("annotations", annotations)
            writer.memberIfSet("potentiallyUnsafeConfigAnnotations", potentiallyUnsafeConfigAnnotations)
        }
    }
}

extension LinuxFeatures: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "namespaces") {
                value.namespaces = try reader.value()
            } else if reader.matches(key, "capabilities") {
                value.capabilities = try reader.value()
            } else if reader.matches(key, "cgroup") {
                value.cgroup = try reader.value()
            } else if reader.matches(key, "seccomp") {
                value.seccomp = try reader.value()
            } else if reader.matches(key, "apparmor") {
                value.apparmor = try reader.value()
            } else if reader.matches(key, "selinux") {
                value.selinux = try reader.value()
            } else if reader.matches(key, "intelRdt") {
                value.intelRdt = try reader.value()
            } else if reader.matches(key, "memoryPolicy") {
                value.memoryPolicy = try reader.value()
            } else if reader.matches(key, "mountExtensions") {
                value.mountExtensions = try reader.value()
            } else if reader.matches(key, "netDevices") {
                value.netDevices = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("namespaces", namespaces)
            writer.memberIfSet("capabilities", capabilities)
            writer.memberIfSet("cgroup", cgroup)
            writer.memberIfSet("seccomp", seccomp)
            writer.memberIfSet("apparmor", apparmor)
            writer.memberIfSet("selinux", selinux)
            writer.memberIfSet("intelRdt", intelRdt)
            writer.memberIfSet("memoryPolicy", memoryPolicy)
            writer.memberIfSet("mountExtensions", mountExtensions)
            writer.memberIfSet("netDevices", netDevices)
        }
    }
}

extension EnabledFeature: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "enabled") {
                value.enabled = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("enabled", enabled)
        }
    }
}

extension CgroupFeatures: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "v1") {
                value.v1 = try reader.value()
            } else if reader.matches(key, "v2") {
                value.v2 = try reader.value()
            } else if reader.matches(key, "systemd") {
                value.systemd = try reader.value()
            } else if reader.matches(key, "systemdUser") {
                value.systemdUser = try reader.value()
            } else if reader.matches(key, "rdma") {
                value.rdma = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("v1", v1)
            writer.memberIfSet("v2", v2)
            writer.memberIfSet("systemd", systemd)
            writer.memberIfSet("systemdUser", systemdUser)
            writer.memberIfSet("rdma", rdma)
        }
    }
}

extension SeccompFeatures: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "enabled") {
                value.enabled = try reader.value()
            } else if reader.matches(key, "actions") {
                value.actions = try reader.value()
            } else if reader.matches(key, "operators") {
                value.operators = try reader.value()
            } else if reader.matches(key, "archs") {
                value.archs = try reader.value()
            } else if reader.matches(key, "knownFlags") {
                value.knownFlags = try reader.value()
            } else if reader.matches(key, "supportedFlags") {
                value.supportedFlags = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("enabled", enabled)
            writer.memberIfSet("actions", actions)
            writer.memberIfSet("operators", operators)
            writer.memberIfSet("archs", archs)
            writer.memberIfSet("knownFlags", knownFlags)
            writer.memberIfSet("supportedFlags", supportedFlags)
        }
    }
}

extension IntelRdtFeatures: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "enabled") {
                value.enabled = try reader.value()
            } else if reader.matches(key, "schemata") {
                value.schemata = try reader.value()
            } else if reader.matches(key, "monitoring") {
                value.monitoring = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("enabled", enabled)
            writer.memberIfSet("schemata", schemata)
            writer.memberIfSet("monitoring", monitoring)
        }
    }
}

extension MemoryPolicyFeatures: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "modes") {
                value.modes = try reader.value()
            } else if reader.matches(key, "flags") {
                value.flags = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("modes", modes)
            writer.memberIfSet("flags", flags)
        }
    }
}

extension MountExtensionFeatures: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "idmap") {
                value.idmap = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("idmap", idmap)
        }
    }
}
