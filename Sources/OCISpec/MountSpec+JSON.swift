// SPDX-License-Identifier: Apache-2.0
// How the values of MountSpec.swift are read from JSON and written to it.

public import JSON

extension MountSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var destination: String?
        var type: String?
        var source: String?
        var options: [String] = []
        var uidMappings: [IDMappingSpec] = []
        var gidMappings: [IDMappingSpec] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "destination") {
                destination = try reader.value()
            } else if reader.matches(key, "type") {
                type = try reader.value()
            } else if reader.matches(key, "source") {
                source = try reader.value()
            } else if reader.matches(key, "options") {
                options = try reader.value()
            } else if reader.matches(key, "uidMappings") {
                uidMappings = try reader.value()
            } else if reader.matches(key, "gidMappings") {
                gidMappings = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            destination: try reader.required(destination, "destination"),
            type: type,
            source: source,
            options: options,
            uidMappings: uidMappings,
            gidMappings: gidMappings
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("destination", destination)
            writer.memberIfSet("type", type)
            writer.memberIfSet("source", source)
            writer.memberIfSet("options", options)
            writer.memberIfSet("uidMappings", uidMappings)
            writer.memberIfSet("gidMappings", gidMappings)
        }
    }
}

extension IDMappingSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var containerID: UInt32?
        var hostID: UInt32?
        var size: UInt32?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "containerID") {
                containerID = try reader.value()
            } else if reader.matches(key, "hostID") {
                hostID = try reader.value()
            } else if reader.matches(key, "size") {
                size = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            containerID: try reader.required(containerID, "containerID"),
            hostID: try reader.required(hostID, "hostID"),
            size: try reader.required(size, "size")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("containerID", containerID)
            writer.member("hostID", hostID)
            writer.member("size", size)
        }
    }
}
