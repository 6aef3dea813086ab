// SPDX-License-Identifier: Apache-2.0
// Which images a list shows: `--filter`, and the name that is given.
// Source: https://docs.docker.com/reference/cli/docker/image/ls/#filter
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

struct ImageFilter {
    private let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    /// Every filter must let an image through; of several `reference` filters one is enough.
    func select(
        _ records: [ImageRecord], _ store: borrowing ImageStore
    ) throws(RuntimeError) -> [ImageRecord] {
        var selected = records
        var references: [String] = invocation.positionals
        for text in invocation.strings("filter") {
            guard let equals = text.firstIndex(of: "=") else {
                throw RuntimeError("`--filter`: `\(text)` is not `NAME=VALUE`")
            }
            let (name, value) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
            switch name {
            case "reference": references.append(value)
            case "dangling":
                let wanted = value == "true" || value == "1"
                selected = selected.filter { ($0.name == nil) == wanted }
            case "label": selected = try labelled(value, selected, store)
            case "before", "since": selected = try related(name, value, selected, store)
            case "until":
                guard let limit = Self.moment(value) else {
                    throw RuntimeError(
                        "`--filter`: `\(value)` is neither a time nor a duration such as `24h`")
                }
                selected = selected.filter { (ImageTime.seconds($0.created) ?? 0) < limit }
            default:
                throw RuntimeError(
                    "`--filter`: invalid filter `\(name)`; there are `before`, `dangling`, `label`,"
                        + " `reference`, `since` and `until`")
            }
        }
        guard !references.isEmpty else { return selected }
        return selected.filter { record in references.contains { Self.matches(record, $0) } }
    }

    private func labelled(
        _ text: String, _ records: [ImageRecord], _ store: borrowing ImageStore
    ) throws(RuntimeError) -> [ImageRecord] {
        var found: [ImageRecord] = []
        for record in records {
            let labels = try imaging { () throws(ImageError) in
                try store.configuration(of: record).config.labels
            }
            if labels.contains(where: { $0.key == text || "\($0.key)=\($0.value)" == text }) {
                found.append(record)
            }
        }
        return found
    }

    private func related(
        _ name: String, _ text: String, _ records: [ImageRecord], _ store: borrowing ImageStore
    ) throws(RuntimeError) -> [ImageRecord] {
        let other = try imaging { () throws(ImageError) in try store.find(text) }
        let limit = ImageTime.seconds(other.created) ?? 0
        return records.filter { record in
            let made = ImageTime.seconds(record.created) ?? 0
            return name == "before" ? made < limit : made > limit
        }
    }

    /// A time, or a duration before now.
    private static func moment(_ text: String) -> Int64? {
        if let seconds = ImageTime.seconds(text) ?? Int64(text) { return seconds }
        guard let unit = text.last, let count = Int64(text.dropLast()) else { return nil }
        let seconds: [(Character, Int64)] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
        guard let length = seconds.first(where: { $0.0 == unit })?.1 else { return nil }
        return Clock.seconds() - count * length
    }

    /// `repository`, `repository:tag`, with `*` and `?`, as docker matches familiar names.
    private static func matches(_ record: ImageRecord, _ pattern: String) -> Bool {
        guard !record.repository.isEmpty else { return false }
        let repository = record.familiarRepository
        let name = repository + ":" + (record.tag ?? "<none>")
        let candidates = [repository, name, record.repository, record.name ?? ""]
        return candidates.contains { Glob.matches($0, pattern) }
    }
}

/// Patterns of path.Match without classes: `*` and `?` stop at a slash.
enum Glob {
    static func matches(_ text: String, _ pattern: String) -> Bool {
        match(Array(text.utf8)[...], Array(pattern.utf8)[...])
    }

    private static func match(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        let slash = UInt8(ascii: "/")
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            var rest = text
            while true {
                if match(rest, pattern.dropFirst()) { return true }
                guard let next = rest.first, next != slash else { return false }
                rest = rest.dropFirst()
            }
        }
        guard let next = text.first, next == first || (first == UInt8(ascii: "?") && next != slash) else {
            return false
        }
        return match(text.dropFirst(), pattern.dropFirst())
    }
}
