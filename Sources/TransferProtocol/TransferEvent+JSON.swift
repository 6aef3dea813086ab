// SPDX-License-Identifier: Apache-2.0
// How the values of TransferEvent.swift are read from JSON and written to it: an object with `event`.
public import JSON
internal import OCISpec

extension TransferEvent: JSONValue {
    // All members of all events: a line has those of one.
    fileprivate struct Parts {
        var event = ""
        var text = ""
        var id = ""
        var status = ""
        var current: Int64 = 0
        var total: Int64 = 0
        var names: [String] = []
        var manifest: ContentDigest?
        var mediaType = ""
        var repositoryDigest: ContentDigest?
        var repositorySize: Int64 = 0
        var stars: Int64 = 0
        var isOfficial = false
    }

    /// See `JSONValue`. An unknown event is an error: the two programs are of one version.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var parts = Parts()
        try reader.object { (key, reader) throws(JSONError) in
            if try parts.readText(key, &reader) { return }
            if try parts.readNumber(key, &reader) { return }
            throw JSONError("`\(try reader.text(of: key))` is no part of an event")
        }
        guard let event = try parts.made() else {
            throw JSONError("`\(parts.event.prefix(40))` is no event, or a part of it is missing")
        }
        return event
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .progress(let progress):
                writer.member("event", "progress")
                writer.member("id", progress.id)
                writer.member("status", progress.status.rawValue)
                writer.memberIfSet("current", progress.current)
                writer.memberIfSet("total", progress.total)
            case .notice(let text):
                writer.member("event", "notice")
                writer.member("text", text)
            case .image(let image): image.writeMembers(&writer)
            case .found(let found):
                writer.member("event", "found")
                writer.member("id", found.name)
                writer.member("text", found.description)
                writer.member("stars", found.stars)
                writer.member("isOfficial", found.isOfficial)
            case .authenticated(let token):
                writer.member("event", "authenticated")
                writer.member("text", token)
            case .done: writer.member("event", "done")
            case .failed(let failure):
                writer.member("event", "failed")
                writer.member("status", failure.kind.rawValue)
                writer.member("text", failure.message)
            }
        }
    }
}

extension TransferEvent.Parts {
    fileprivate mutating func readText(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) -> Bool {
        if reader.matches(key, "event") {
            event = try reader.value()
        } else if reader.matches(key, "text") {
            text = try reader.value()
        } else if reader.matches(key, "id") {
            id = try reader.value()
        } else if reader.matches(key, "status") {
            status = try reader.value()
        } else if reader.matches(key, "names") {
            names = try reader.value()
        } else if reader.matches(key, "mediaType") {
            mediaType = try reader.value()
        } else {
            return false
        }
        return true
    }

    fileprivate mutating func readNumber(
        _ key: JSONKey, _ reader: inout JSONReader
    ) throws(JSONError) -> Bool {
        if reader.matches(key, "current") {
            current = try reader.value()
        } else if reader.matches(key, "total") {
            total = try reader.value()
        } else if reader.matches(key, "manifest") {
            manifest = try reader.value()
        } else if reader.matches(key, "repositoryDigest") {
            repositoryDigest = try reader.value()
        } else if reader.matches(key, "repositorySize") {
            repositorySize = try reader.value()
        } else if reader.matches(key, "stars") {
            stars = try reader.value()
        } else if reader.matches(key, "isOfficial") {
            isOfficial = try reader.value()
        } else {
            return false
        }
        return true
    }

    fileprivate func made() throws(JSONError) -> TransferEvent? {
        switch event {
        case "progress":
            guard let status = TransferProgress.Status(rawValue: status) else { return nil }
            return .progress(TransferProgress(id: id, status: status, current: current, total: total))
        case "notice": return .notice(text)
        case "image":
            guard let manifest, let repositoryDigest else { return nil }
            return .image(
                TransferredImage(
                    names: names, manifest: manifest, manifestSize: total, mediaType: mediaType,
                    repositoryDigest: repositoryDigest, repositorySize: repositorySize))
        case "found":
            return .found(FoundImage(name: id, description: text, stars: stars, isOfficial: isOfficial))
        case "authenticated": return .authenticated(identityToken: text)
        case "done": return .done
        case "failed":
            return TransferFailure.Kind(rawValue: status).map { .failed(TransferFailure($0, text)) }
        default: return nil
        }
    }
}

extension TransferredImage {
    fileprivate func writeMembers(_ writer: inout JSONWriter) {
        writer.member("event", "image")
        writer.memberIfSet("names", names)
        writer.member("manifest", manifest)
        writer.member("total", manifestSize)
        writer.member("mediaType", mediaType)
        writer.member("repositoryDigest", repositoryDigest)
        writer.member("repositorySize", repositorySize)
    }
}
