// SPDX-License-Identifier: Apache-2.0
// One file of settings: what it has replaces what was set before, key by key.
internal import JSON
internal import OCISpec

extension Settings {
    /// Most bytes of a file of settings.
    static let longestFile = 1 << 20

    /// Takes a file's keys over. A file without content sets nothing.
    /// - Parameters:
    ///   - file: its path, for messages.
    ///   - isForeign: whether it is dockerd's: where that keeps its own data is not for us.
    mutating func read(_ bytes: [UInt8], file: String, isForeign: Bool = false) throws(ImageError) {
        guard !bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) else { return }
        var next = self
        do throws(JSONError) {
            try JSONReader.read(bytes.span, limit: Self.longestFile) { (reader) throws(JSONError) in
                try reader.object { (key, reader) throws(JSONError) in
                    let name = try reader.text(of: key)
                    if isForeign, name == "data-root" { return try reader.skip() }
                    if try next.readRegistries(name, &reader) { return }
                    if try next.readContainers(name, &reader) { return }
                    if !SettingsKeys.all.contains(name) { next.warn(name, file) }
                    try reader.skip()
                }
            }
        } catch { throw ImageError("cannot read the settings in `\(file)`: \(error)") }
        self = next
    }

    private mutating func warn(_ key: String, _ file: String) {
        let shown = key.utf8.count > 64 ? String(key.prefix(64)) + "…" : key
        let meant = SettingsKeys.nearest(key).map { "; did you mean `\($0)`?" } ?? ""
        warnings.append("`\(file)`: `\(shown)` is no key of daemon.json\(meant)")
    }

    /// Keys about registries and the store; false for any other.
    private mutating func readRegistries(_ key: String, _ reader: inout JSONReader) throws(JSONError) -> Bool
    {
        switch key {
        case "registry-mirrors":
            mirrors = try Self.list(&reader) { (text) throws(ImageError) in try RegistryURL(text) }
        case "insecure-registries":
            insecureRegistries = try Self.list(&reader) { (text) throws(ImageError) in
                try InsecureRegistry(text)
            }
        case "max-concurrent-downloads": concurrentDownloads = try Self.count(&reader, standard: 3)
        case "max-concurrent-uploads": concurrentUploads = try Self.count(&reader, standard: 5)
        case "max-download-attempts": downloadAttempts = try Self.count(&reader, standard: 5)
        case "data-root":
            let path = try reader.string()
            guard path.isEmpty || path.hasPrefix("/") else {
                throw JSONError("`\(path)` is no absolute path; begin it with `/`")
            }
            dataRoot = path.isEmpty ? nil : path
        default: return false
        }
        return true
    }

    /// Keys about containers; false for any other.
    private mutating func readContainers(_ key: String, _ reader: inout JSONReader) throws(JSONError) -> Bool
    {
        switch key {
        case "dns": nameServers = try reader.value()
        case "dns-search": searchDomains = try reader.value()
        case "dns-opts": resolverOptions = try reader.value()
        case "default-ulimits":
            defaultLimits = try reader.dictionary { (name, reader) throws(JSONError) in
                try DefaultLimit.read(name, &reader)
            }
        case "log-driver":
            let driver = try reader.string()
            logDriver = driver.isEmpty ? nil : driver
        case "log-opts":
            logOptions = try reader.dictionary { (name, reader) throws(JSONError) in
                StringPair(key: name, value: try reader.string())
            }
        default: return false
        }
        return true
    }

    private static func list<Element>(
        _ reader: inout JSONReader, _ element: (String) throws(ImageError) -> Element
    ) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        try reader.array { (reader) throws(JSONError) in
            let text = try reader.string()
            do throws(ImageError) { elements.append(try element(text)) } catch {
                throw JSONError(error.description)
            }
        }
        return elements
    }

    /// A number that is not negative; 0 stands for the default, as dockerd has it.
    private static func count(_ reader: inout JSONReader, standard: Int32) throws(JSONError) -> Int32 {
        let value: Int32 = try reader.value()
        guard value >= 0 else {
            throw JSONError("`\(value)` is negative; give 1 or more, or 0 for the default")
        }
        return value == 0 ? standard : value
    }
}

extension DefaultLimit {
    /// `{"Name": …, "Hard": …, "Soft": …}`; dockerd takes small letters too. The key names what has no name.
    fileprivate static func read(_ key: String, _ reader: inout JSONReader) throws(JSONError) -> Self {
        var name = key
        var soft: Int64?
        var hard: Int64?
        try reader.object { (member, reader) throws(JSONError) in
            if reader.matches(member, "Name") || reader.matches(member, "name") {
                name = try reader.value()
            } else if reader.matches(member, "Soft") || reader.matches(member, "soft") {
                soft = try reader.value()
            } else if reader.matches(member, "Hard") || reader.matches(member, "hard") {
                hard = try reader.value()
            } else {
                throw JSONError("a limit has `Name`, `Soft` and `Hard` only")
            }
        }
        let limit = DefaultLimit(
            name: name, soft: try reader.required(soft, "Soft"), hard: try reader.required(hard, "Hard"))
        guard limit.soft >= -1, limit.hard >= -1 else {
            throw JSONError("a limit is 0 or more, or -1 for none")
        }
        guard limit.hard == -1 || limit.soft != -1 && limit.soft <= limit.hard else {
            throw JSONError("`Soft` is more than `Hard`")
        }
        return limit
    }
}
