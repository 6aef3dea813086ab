// SPDX-License-Identifier: Apache-2.0
// How the values of ProcessSpec.swift are read from JSON and written to it.

public import JSON

extension ProcessSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        var cwd: String?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "terminal") {
                value.terminal = try reader.value()
            } else if reader.matches(key, "consoleSize") {
                value.consoleSize = try reader.value()
            } else if reader.matches(key, "user") {
                value.user = try reader.value()
            } else if reader.matches(key, "args") {
                value.args = try reader.value()
            } else if reader.matches(key, "commandLine") {
                value.commandLine = try reader.value()
            } else if reader.matches(key, "env") {
                value.env = try reader.value()
            } else if reader.matches(key, "cwd") {
                cwd = try reader.value()
            } else if reader.matches(key, "capabilities") {
                value.capabilities = try reader.value()
            } else if reader.matches(key, "rlimits") {
                value.rlimits = try reader.value()
            } else if reader.matches(key, "noNewPrivileges") {
                value.noNewPrivileges = try reader.value()
            } else if reader.matches(key, "apparmorProfile") {
                value.apparmorProfile = try reader.value()
            } else if reader.matches(key, "oomScoreAdj") {
                value.oomScoreAdj = try reader.value()
            } else if reader.matches(key, "scheduler") {
                value.scheduler = try reader.value()
            } else if reader.matches(key, "selinuxLabel") {
                value.selinuxLabel = try reader.value()
            } else if reader.matches(key, "ioPriority") {
                value.ioPriority = try reader.value()
            } else if reader.matches(key, "execCPUAffinity") {
                value.execCPUAffinity = try reader.value()
            } else {
                try reader.skip()
            }
        }
        value.cwd = try reader.required(cwd, "cwd")
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("terminal", terminal)
            writer.memberIfSet("consoleSize", consoleSize)
            writer.member("user", user)
            writer.memberIfSet("args", args)
            writer.memberIfSet("commandLine", commandLine)
            writer.memberIfSet("env", env)
            writer.member("cwd", cwd)
            writer.memberIfSet("capabilities", capabilities)
            writer.memberIfSet("rlimits", rlimits)
            writer.memberIfSet("noNewPrivileges", noNewPrivileges)
            writer.memberIfSet("apparmorProfile", apparmorProfile)
            writer.memberIfSet("oomScoreAdj", oomScoreAdj)
            writer.memberIfSet("scheduler", scheduler)
            writer.memberIfSet("selinuxLabel", selinuxLabel)
            writer.memberIfSet("ioPriority", ioPriority)
            writer.memberIfSet("execCPUAffinity", execCPUAffinity)
        }
    }
}

extension ConsoleSizeSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var height: UInt32?
        var width: UInt32?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "height") {
                height = try reader.value()
            } else if reader.matches(key, "width") {
                width = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(height: try reader.required(height, "height"), width: try reader.required(width, "width"))
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("height", height)
            writer.member("width", width)
        }
    }
}

extension UserSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "uid") {
                value.uid = try reader.value()
            } else if reader.matches(key, "gid") {
                value.gid = try reader.value()
            } else if reader.matches(key, "umask") {
                value.umask = try reader.value()
            } else if reader.matches(key, "additionalGids") {
                value.additionalGids = try reader.value()
            } else if reader.matches(key, "username") {
                value.username = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("uid", uid)
            writer.member("gid", gid)
            writer.memberIfSet("umask", umask)
            writer.memberIfSet("additionalGids", additionalGids)
            writer.memberIfSet("username", username)
        }
    }
}

extension RlimitSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var type: String?
        var hard: UInt64?
        var soft: UInt64?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "type") {
                type = try reader.value()
            } else if reader.matches(key, "hard") {
                hard = try reader.value()
            } else if reader.matches(key, "soft") {
                soft = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            type: try reader.required(type, "type"),
            hard: try reader.required(hard, "hard"),
            soft: try reader.required(soft, "soft")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", type)
            writer.member("hard", hard)
            writer.member("soft", soft)
        }
    }
}

extension CapabilitiesSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "bounding") {
                value.bounding = try reader.value()
            } else if reader.matches(key, "effective") {
                value.effective = try reader.value()
            } else if reader.matches(key, "inheritable") {
                value.inheritable = try reader.value()
            } else if reader.matches(key, "permitted") {
                value.permitted = try reader.value()
            } else if reader.matches(key, "ambient") {
                value.ambient = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("bounding", bounding)
            writer.memberIfSet("effective", effective)
            writer.memberIfSet("inheritable", inheritable)
            writer.memberIfSet("permitted", permitted)
            writer.memberIfSet("ambient", ambient)
        }
    }
}
