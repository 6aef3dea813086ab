// SPDX-License-Identifier: Apache-2.0
// How the values of ImageConfig.swift are read from JSON and written to it.

public import JSON

extension ImageConfig: JSONValue {
    /// See `JSONValue`. A configuration without `rootfs` is of no image.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self(platform: Platform(architecture: "", os: ""))
        var diffIDs: [ContentDigest]?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "created") {
                value.created = try reader.value()
            } else if reader.matches(key, "author") {
                value.author = try reader.value()
            } else if reader.matches(key, "architecture") {
                value.platform.architecture = try reader.value()
            } else if reader.matches(key, "variant") {
                value.platform.variant = try reader.value()
            } else if reader.matches(key, "os") {
                value.platform.os = try reader.value()
            } else if reader.matches(key, "os.version") {
                value.platform.osVersion = try reader.value()
            } else if reader.matches(key, "os.features") {
                value.platform.osFeatures = try reader.value()
            } else if reader.matches(key, "config") {
                value.config = try reader.value()
            } else if reader.matches(key, "rootfs") {
                diffIDs = try Self.readRoot(from: &reader)
            } else if reader.matches(key, "history") {
                value.history = try reader.list(atMost: Self.mostHistory)
            } else {
                try reader.skip()
            }
        }
        value.diffIDs = try reader.required(diffIDs, "rootfs")
        return value
    }

    private static func readRoot(from reader: inout JSONReader) throws(JSONError) -> [ContentDigest] {
        var diffIDs: [ContentDigest] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "type") {
                let type = try reader.word()
                guard reader.matches(type, "layers") else { throw reader.unknown("type of root", type) }
            } else if reader.matches(key, "diff_ids") {
                diffIDs = try reader.list(atMost: ImageManifest.mostLayers)
            } else {
                try reader.skip()
            }
        }
        return diffIDs
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("created", created)
            writer.memberIfSet("author", author)
            writer.member("architecture", platform.architecture)
            writer.memberIfSet("variant", platform.variant)
            writer.member("os", platform.os)
            writer.memberIfSet("os.version", platform.osVersion)
            writer.memberIfSet("os.features", platform.osFeatures)
            writer.member("config", config)
            writer.key("rootfs")
            writer.object { writer in
                writer.member("type", "layers")
                writer.member("diff_ids", diffIDs)
            }
            writer.memberIfSet("history", history)
        }
    }
}

extension ImageHistory: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "created") {
                value.created = try reader.value()
            } else if reader.matches(key, "created_by") {
                value.createdBy = try reader.value()
            } else if reader.matches(key, "author") {
                value.author = try reader.value()
            } else if reader.matches(key, "comment") {
                value.comment = try reader.value()
            } else if reader.matches(key, "empty_layer") {
                value.emptyLayer = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("created", created)
            writer.memberIfSet("created_by", createdBy)
            writer.memberIfSet("author", author)
            writer.memberIfSet("comment", comment)
            writer.memberIfSet("empty_layer", emptyLayer)
        }
    }
}
