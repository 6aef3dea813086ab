// SPDX-License-Identifier: Apache-2.0
// Changes of docker's config.json by login and logout. The file is replaced whole and only its owner may read it;
// where it is a symbolic link, what the link leads to is replaced.
internal import BlobStore
internal import JSON
internal import Kernel
internal import TransferProtocol

extension DockerConfiguration {
    /// Puts a registry's credential into `auths`; nil leaves an entry that only says that a helper has it. What
    /// else the entry holds is kept; other spellings of the same registry go, as they would be stale.
    mutating func setCredential(_ credential: Credential?, for registry: RegistryKey) {
        var entry: [JSONTree.Member] = []
        if case .object(let members) = tree["auths"]?[registry.text] {
            entry = members.filter { !Self.secrets.contains($0.key) }
        }
        if let credential {
            // An identity token stands for the password, which then need not be kept.
            let password = credential.identityToken.isEmpty ? credential.password : ""
            let user = credential.username + ":" + password
            if user != ":" { entry.append(.init("auth", .string(Base64.encode(Array(user.utf8))))) }
            if !credential.identityToken.isEmpty {
                entry.append(.init("identitytoken", .string(credential.identityToken)))
            }
        }
        var entries: [JSONTree.Member] = []
        if case .object(let members) = tree["auths"] { entries = members }
        let place = entries.firstIndex { $0.key == registry.text }
        if let place {
            entries[place].value = .object(entry)
        } else {
            entries.append(.init(registry.text, .object(entry)))
        }
        set("auths", .object(entries.filter { $0.key == registry.text || !registry.matches($0.key) }))
    }

    /// Takes a registry out of `auths`; false when it is not there.
    mutating func removeCredential(for registry: RegistryKey) -> Bool {
        guard case .object(let entries) = tree["auths"] else { return false }
        let left = entries.filter { !registry.matches($0.key) }
        guard left.count < entries.count else { return false }
        set("auths", .object(left))
        return true
    }

    private static let secrets = ["auth", "username", "password", "identitytoken", "registrytoken"]

    private mutating func set(_ key: String, _ value: JSONTree) {
        guard case .object(var members) = tree else { return }
        if let place = members.firstIndex(where: { $0.key == key }) {
            members[place].value = value
        } else {
            members.append(.init(key, value))
        }
        tree = .object(members)
    }

    /// Writes the file, and makes its directory.
    func save() throws(ImageError) {
        guard !path.isEmpty else {
            throw ImageError("there is no place for credentials; set `HOME` or `DOCKER_CONFIG`")
        }
        do throws(SyscallError) {
            let target = try Self.target(path)
            let slash = target.lastIndex(of: "/")
            let place = slash.map { target.startIndex == $0 ? "/" : String(target[..<$0]) } ?? "."
            let name = slash.map { String(target[target.index(after: $0)...]) } ?? target
            try Files.makeDirectories(place)
            let directory = try OwnedFileDescriptor.open(place, [.read, .directory])
            try replace(name, in: directory)
        } catch { throw ImageError("cannot write `\(path)`: \(error)") }
    }

    private func replace(_ name: String, in directory: borrowing OwnedFileDescriptor) throws(SyscallError) {
        let temporary = name + "." + RandomName.make() + ".tmp"
        do throws(SyscallError) {
            let file = try OwnedFileDescriptor.open(
                temporary, [.write, .create, .exclusive, .noFollow], permissions: 0o600, at: directory.number)
            // Written by root for somebody else, it stays theirs.
            if let before = try? Files.status(name, at: directory.number),
                before.uid != ThisProcess.effectiveUser
            {
                try file.give(to: before.uid)
            }
            try file.write(tree.encode(.tabs) + [UInt8(ascii: "\n")])
            try file.sync()
            try Files.rename(temporary, to: name, at: directory.number)
        } catch {
            try? Files.remove(temporary, at: directory.number)
            throw error
        }
        try directory.sync()
    }

    /// The end of a chain of symbolic links, which need not exist.
    private static func target(_ path: String) throws(SyscallError) -> String {
        var path = path
        for _ in 0..<40 {
            let link: String
            do throws(SyscallError) { link = try Files.readLink(path) } catch {
                // No link (EINVAL), or nothing there yet.
                guard error.number == .invalid || error.number == .noEntry || error.number == .notDirectory
                else {
                    throw error
                }
                return path
            }
            if link.hasPrefix("/") {
                path = link
            } else {
                path = (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "") + link
            }
        }
        throw SyscallError("readlink", path, .loop)
    }
}
