// SPDX-License-Identifier: Apache-2.0
// How the values of RuntimeSpec.swift are read from JSON and written to it.

public import JSON

extension RuntimeSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        var ociVersion: String?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "ociVersion") {
                ociVersion = try reader.value()
            } else if reader.matches(key, "process") {
                value.process = try reader.value()
            } else if reader.matches(key, "root") {
                value.root = try reader.value()
            } else if reader.matches(key, "hostname") {
                value.hostname = try reader.value()
            } else if reader.matches(key, "domainname") {
                value.domainname = try reader.value()
            } else if reader.matches(key, "mounts") {
                value.mounts = try reader.value()
            } else if reader.matches(key, "hooks") {
                value.hooks = try reader.value()
            } else if reader.matches(key, "annotations") {
                value.annotations = try reader.pairs()
            } else if reader.matches(key, "linux") {
                value.linux = try reader.value()
            } else {
                for name in ["solaris", "windows", "vm", "zos", "freebsd"]
                where try reader.text(of: key) == name {
                    value.otherPlatforms.append(name)
                }
                try reader.skip()
            }
        }
        value.ociVersion = try reader.required(ociVersion, "ociVersion")
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("ociVersion", ociVersion)
            writer.memberIfSet("process", process)
            writer.memberIfSet("root", root)
            writer.memberIfSet("hostname", hostname)
            writer.memberIfSet("domainname", domainname)
            writer.memberIfSet("mounts", mounts)
            writer.memberIfSet("hooks", hooks)
            writer.pairs("annotations", annotations)
            writer.memberIfSet("linux", linux)
        }
    }
}

extension RootSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var path: String?
        var readonly: Bool = false
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "path") {
                path = try reader.value()
            } else if reader.matches(key, "readonly") {
                readonly = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(path: try reader.required(path, "path"), readonly: readonly)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", path)
            writer.memberIfSet("readonly", readonly)
        }
    }
}
