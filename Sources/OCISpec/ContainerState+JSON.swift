// SPDX-License-Identifier: Apache-2.0
// How the values of ContainerState.swift are read from JSON and written to it.

public import JSON

extension ContainerState: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var ociVersion: String?
        var id: String?
        var status: ContainerStatus?
        var pid: Int32 = 0
        var bundle: String?
        var annotations: [StringPair] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "ociVersion") {
                ociVersion = try reader.value()
            } else if reader.matches(key, "id") {
                id = try reader.value()
            } else if reader.matches(key, "status") {
                status = try reader.value()
            } else if reader.matches(key, "pid") {
                pid = try reader.value()
            } else if reader.matches(key, "bundle") {
                bundle = try reader.value()
            } else if reader.matches(key, "annotations") {
                annotations = try reader.pairs()
            } else {
                try reader.skip()
            }
        }
        return Self(
            ociVersion: try reader.required(ociVersion, "ociVersion"),
            id: try reader.required(id, "id"),
            status: try reader.required(status, "status"),
            pid: pid,
            bundle: try reader.required(bundle, "bundle"),
            annotations: annotations
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("ociVersion", ociVersion)
            writer.member("id", id)
            writer.member("status", status)
            writer.memberIfSet("pid", pid)
            writer.member("bundle", bundle)
            writer.pairs("annotations", annotations)
        }
    }
}

extension ContainerStatus: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "creating") { return .creating }
        if reader.matches(word, "created") { return .created }
        if reader.matches(word, "running") { return .running }
        if reader.matches(word, "paused") { return .paused }
        if reader.matches(word, "stopped") { return .stopped }
        throw reader.unknown("container status", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension ContainerProcessState: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var ociVersion: String?
        var fds: [String]?
        var pid: Int32?
        var metadata: String?
        var state: ContainerState?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "ociVersion") {
                ociVersion = try reader.value()
            } else if reader.matches(key, "fds") {
                fds = try reader.value()
            } else if reader.matches(key, "pid") {
                pid = try reader.value()
            } else if reader.matches(key, "metadata") {
                metadata = try reader.value()
            } else if reader.matches(key, "state") {
                state = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            ociVersion: try reader.required(ociVersion, "ociVersion"),
            fds: try reader.required(fds, "fds"),
            pid: try reader.required(pid, "pid"),
            metadata: metadata,
            state: try reader.required(state, "state")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("ociVersion", ociVersion)
            writer.member("fds", fds)
            writer.member("pid", pid)
            writer.memberIfSet("metadata", metadata)
            writer.member("state", state)
        }
    }
}
