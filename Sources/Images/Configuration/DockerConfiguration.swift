// SPDX-License-Identifier: Apache-2.0
// docker's config.json of the user: who they are at which registry. All of the file is kept as a tree, so that
// what Roost does not know survives a change.
// Source: https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
internal import JSON
public import Kernel
internal import TransferProtocol

/// The file, as it was read and then changed. Nothing is written before `save`.
public struct DockerConfiguration: Sendable {
    /// The file's path; empty when there is no place for one.
    public let path: String
    /// An object.
    var tree: JSONTree = .object([])

    /// Most bytes of the file.
    static var longestFile: Int { 4 << 20 }

    /// `--config DIR`, else `$DOCKER_CONFIG`, else `~/.docker`: the file there. Empty without any of them.
    public static func standardPath(
        directory: String? = nil, _ environment: (String) -> String? = { ThisProcess.environment($0) }
    ) -> String {
        for place in [directory, environment("DOCKER_CONFIG")] {
            if let place, !place.isEmpty { return place + "/config.json" }
        }
        guard let home = environment("HOME"), !home.isEmpty else { return "" }
        return home + "/.docker/config.json"
    }

    /// Reads the file; one that is missing or empty says nothing.
    public init(path: String) throws(ImageError) {
        try self.init(path: path, path.isEmpty ? [] : Self.content(path))
    }

    private static func content(_ path: String) throws(ImageError) -> [UInt8] {
        do throws(SyscallError) { return try Files.read(path, limit: longestFile) } catch {
            if error.number == .noEntry || error.number == .notDirectory { return [] }
            throw ImageError("cannot read `\(path)`: \(error.number.text)")
        }
    }

    init(path: String, _ content: [UInt8]) throws(ImageError) {
        self.path = path
        guard !content.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) else { return }
        do throws(JSONError) {
            _ = try Form.decode(content.span, limit: Self.longestFile)
            tree = try JSONTree.decode(content.span, limit: Self.longestFile)
        } catch { throw ImageError("cannot read `\(path)`: \(error)") }
    }

    /// `credsStore`: the helper for registries without one of their own; nil when there is none.
    var defaultHelper: String? {
        guard case .string(let name) = tree["credsStore"], !name.isEmpty else { return nil }
        return name
    }

    /// `credHelpers`: the helper of one registry; nil when there is none, empty when there must be none.
    func helper(for registry: RegistryKey) -> String? {
        guard case .object(let helpers) = tree["credHelpers"] else { return nil }
        for member in registry.sorted(helpers) {
            if case .string(let name) = member.value { return name }
        }
        return nil
    }

    /// `auths`: what stands there in clear about a registry; nil when that is nothing.
    func credential(for registry: RegistryKey) throws(ImageError) -> Credential? {
        guard case .object(let entries) = tree["auths"] else { return nil }
        for entry in registry.sorted(entries) {
            if let credential = try credential(entry) { return credential }
        }
        return nil
    }

    private func credential(_ entry: JSONTree.Member) throws(ImageError) -> Credential? {
        func text(_ key: String) -> String {
            guard case .string(let text) = entry.value[key] else { return "" }
            return text
        }
        var credential = Credential(identityToken: text("identitytoken"))
        credential.registryToken = text("registrytoken")
        let encoded = text("auth")
        if encoded.isEmpty {
            credential.username = text("username")
            credential.password = text("password")
        } else if let (user, password) = Self.decode(encoded) {
            credential.username = user
            credential.password = password
        } else {
            throw ImageError(
                "`\(path)`: `auth` of `\(entry.key)` is not USER:PASSWORD in base64; log in again")
        }
        return credential == Credential() ? nil : credential
    }

    /// Old versions of docker padded passwords with NUL.
    private static func decode(_ text: String) -> (String, String)? {
        guard var bytes = Base64.decode(text) else { return nil }
        while bytes.last == 0 { bytes.removeLast() }
        let whole = String(decoding: bytes, as: UTF8.self)
        guard !bytes.contains(0), whole.utf8.elementsEqual(bytes),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0
        else { return nil }
        return (
            String(decoding: bytes[..<colon], as: UTF8.self),
            String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        )
    }
}

/// The parts of the file that Roost looks at, read only to see that they have the right types.
private struct Form: JSONValue {
    static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "auths") {
                try reader.object { (_, reader) throws(JSONError) in try entry(&reader) }
            } else if reader.matches(key, "credHelpers") {
                try reader.object { (_, reader) throws(JSONError) in _ = try reader.string() }
            } else if reader.matches(key, "credsStore") {
                _ = try reader.string()
            } else {
                try reader.skip()
            }
        }
        return Form()
    }

    private static func entry(_ reader: inout JSONReader) throws(JSONError) {
        try reader.object { (key, reader) throws(JSONError) in
            let isText =
                reader.matches(key, "auth") || reader.matches(key, "username")
                || reader.matches(key, "password")
                || reader.matches(key, "identitytoken") || reader.matches(key, "registrytoken")
            if isText { _ = try reader.string() } else { try reader.skip() }
        }
    }

    func write(to writer: inout JSONWriter) { writer.null() }
}
