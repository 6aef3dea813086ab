// SPDX-License-Identifier: Apache-2.0
// The program of one `run`: the flags, then the image, then docker's defaults.
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

/// What an image says where the flags say nothing.
struct ImageContext {
    let defaults: ImageDefaults
    /// The user, looked up in the image's own files.
    let user: ImageUser
    /// The container's short id.
    let hostname: String
}

extension Configuration {
    var hostname: String { invocation.string("hostname") ?? image?.hostname ?? "roost" }

    func workingDirectory() throws(RuntimeError) -> String {
        let chosen = invocation.string("workdir") ?? image?.defaults.workingDir ?? ""
        if chosen.isEmpty { return "/" }
        // docker takes a relative one from the root.
        if chosen.hasPrefix("/") || image == nil { return chosen }
        return "/" + chosen
    }

    /// The words of the command, without IMAGE.
    func arguments() throws(RuntimeError) -> [String] {
        guard let image else { return invocation.positionals }
        let given = Array(invocation.positionals.dropFirst())
        var entrypoint = image.defaults.entrypoint ?? []
        var command = given.isEmpty ? image.defaults.cmd ?? [] : given
        if let own = invocation.string("entrypoint") {
            entrypoint = own.isEmpty ? [] : [own]
            // The image's arguments belong to the image's program.
            command = given
        }
        guard !(entrypoint + command).isEmpty else {
            throw RuntimeError("no command specified: the image has none, give one after its name")
        }
        return entrypoint + command
    }

    func environment() -> [String] {
        var entries = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=\(hostname)",
        ]
        if invocation.bool("tty") { entries.append("TERM=xterm") }
        for entry in image?.defaults.env ?? [] { Self.set(entry, &entries) }
        for text in invocation.strings("env") {
            if text.contains("=") {
                Self.set(text, &entries)
            } else if let value = ThisProcess.environment(text) {
                Self.set("\(text)=\(value)", &entries)
            } else {
                entries.removeAll { Self.name($0) == text }
            }
        }
        // Where there is an image, the runtime finds it in the image's files.
        if image == nil, !entries.contains(where: { $0.hasPrefix("HOME=") }) {
            entries.append("HOME=/root")
        }
        return entries
    }

    private static func set(_ entry: String, _ entries: inout [String]) {
        let name = name(entry)
        if let index = entries.firstIndex(where: { self.name($0) == name }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    private static func name(_ entry: String) -> String {
        String(entry.prefix { $0 != "=" })
    }

    func user() throws(RuntimeError) -> UserSpec {
        if let user = image?.user {
            return UserSpec(uid: user.uid, gid: user.gid, additionalGids: [user.gid] + user.groups)
        }
        guard let text = invocation.string("user") else { return UserSpec() }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        func number(_ text: String) throws(RuntimeError) -> UInt32 {
            guard let value = UInt32(text), value != UInt32.max else {
                throw RuntimeError(
                    "`--user`: `\(text)` is no number from 0 to 4294967294; names need an image")
            }
            return value
        }
        guard parts.count <= 2 else { throw RuntimeError("`--user`: `\(text)` is not `UID[:GID]`") }
        return UserSpec(uid: try number(parts[0]), gid: parts.count == 2 ? try number(parts[1]) : 0)
    }
}
