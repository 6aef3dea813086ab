// SPDX-License-Identifier: Apache-2.0
// How the values of HooksSpec.swift are read from JSON and written to it.

public import JSON

extension HooksSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "prestart") {
                value.prestart = try reader.value()
            } else if reader.matches(key, "createRuntime") {
                value.createRuntime = try reader.value()
            } else if reader.matches(key, "createContainer") {
                value.createContainer = try reader.value()
            } else if reader.matches(key, "startContainer") {
                value.startContainer = try reader.value()
            } else if reader.matches(key, "poststart") {
                value.poststart = try reader.value()
            } else if reader.matches(key, "poststop") {
                value.poststop = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("prestart", prestart)
            writer.memberIfSet("createRuntime", createRuntime)
            writer.memberIfSet("createContainer", createContainer)
            writer.memberIfSet("startContainer", startContainer)
            writer.memberIfSet("poststart", poststart)
            writer.memberIfSet("poststop", poststop)
        }
    }
}

extension HookSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var path: String?
        var args: [String] = []
        var env: [String] = []
        var timeout: Int64?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "path") {
                path = try reader.value()
            } else if reader.matches(key, "args") {
                args = try reader.value()
            } else if reader.matches(key, "env") {
                env = try reader.value()
            } else if reader.matches(key, "timeout") {
                timeout = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(path: try reader.required(path, "path"), args: args, env: env, timeout: timeout)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", path)
            writer.memberIfSet("args", args)
            writer.memberIfSet("env", env)
            writer.memberIfSet("timeout", timeout)
        }
    }
}
