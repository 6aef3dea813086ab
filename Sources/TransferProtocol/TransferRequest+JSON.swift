// SPDX-License-Identifier: Apache-2.0
// How the values of TransferRequest.swift are read from JSON and written to it.
public import JSON
internal import OCISpec

extension SavedImage: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var names: [String] = []
        var manifest: ContentDigest?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "names") {
                names = try reader.value()
            } else if reader.matches(key, "manifest") {
                manifest = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return SavedImage(names: names, manifest: try reader.required(manifest, "manifest"))
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("names", names)
            writer.member("manifest", manifest)
        }
    }
}

extension TransferRequest.Operation: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.string()
        guard let operation = Self(rawValue: word) else {
            throw JSONError("`\(word.prefix(40))` is no operation")
        }
        return operation
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) { writer.string(rawValue) }
}

extension TransferRequest: JSONValue {
    /// See `JSONValue`. An unknown key is an error: the two programs are of one version.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var operation: Operation?
        var value = TransferRequest(.pull)
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "operation") {
                operation = try reader.value()
            } else if !(try value.readSource(key, &reader)), !(try value.readArchive(key, &reader)) {
                throw JSONError("`\(try reader.text(of: key))` is no part of a request")
            }
        }
        value.operation = try reader.required(operation, "operation")
        return value
    }

    private mutating func readSource(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) -> Bool {
        if reader.matches(key, "reference") {
            reference = try reader.value()
        } else if reader.matches(key, "repository") {
            repository = try reader.value()
        } else if reader.matches(key, "tag") {
            tag = try reader.value()
        } else if reader.matches(key, "digest") {
            digest = try reader.value()
        } else if reader.matches(key, "endpoints") {
            endpoints = try reader.value()
        } else if reader.matches(key, "platform") {
            platform = try reader.value()
        } else if reader.matches(key, "allTags") {
            allTags = try reader.value()
        } else if reader.matches(key, "keepsPacked") {
            keepsPacked = try reader.value()
        } else if reader.matches(key, "siblings") {
            siblings = try reader.value()
        } else if reader.matches(key, "concurrency") {
            concurrency = try reader.value()
        } else {
            return false
        }
        return true
    }

    private mutating func readArchive(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) -> Bool {
        if reader.matches(key, "images") {
            images = try reader.value()
        } else if reader.matches(key, "format") {
            format = try reader.value()
        } else if reader.matches(key, "compression") {
            compression = try reader.value()
        } else if reader.matches(key, "path") {
            path = try reader.value()
        } else if reader.matches(key, "isUpper") {
            isUpper = try reader.value()
        } else if reader.matches(key, "configuration") {
            configuration = try reader.value()
        } else if reader.matches(key, "words") {
            words = try reader.value()
        } else if reader.matches(key, "limit") {
            limit = try reader.value()
        } else {
            return false
        }
        return true
    }

    /// See `JSONValue`. What is empty is left out.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("operation", operation)
            writer.text("reference", reference)
            writer.text("repository", repository)
            writer.text("tag", tag)
            writer.memberIfSet("digest", digest)
            writer.memberIfSet("endpoints", endpoints)
            writer.text("platform", platform)
            writer.memberIfSet("allTags", allTags)
            writer.memberIfSet("keepsPacked", keepsPacked)
            writer.memberIfSet("siblings", siblings)
            writer.memberIfSet("images", images)
            writer.text("format", format)
            writer.text("compression", compression)
            writer.text("path", path)
            writer.memberIfSet("isUpper", isUpper)
            writer.text("configuration", configuration)
            writer.text("words", words)
            writer.memberIfSet("limit", limit)
            writer.member("concurrency", concurrency)
        }
    }
}

extension JSONWriter {
    /// Writes a key and a text, unless that is empty.
    mutating func text(_ name: String, _ text: String) {
        if !text.isEmpty { member(name, text) }
    }
}
