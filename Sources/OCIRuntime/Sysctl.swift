// SPDX-License-Identifier: Apache-2.0
// Kernel settings that belong to a namespace; all others are the host's and refused. Key and value are
// used as they are: nothing in them is split (CVE-2022-0811).
internal import OCISpec

enum Sysctl {
    private static let ipc = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]

    /// The path below /proc/sys. As sysctl(8) has it: with dots as separators a slash stands for a dot.
    static func path(_ key: String) -> String {
        guard let first = key.first(where: { $0 == "." || $0 == "/" }), first == "." else { return key }
        return String(key.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }

    static func check(_ pairs: [StringPair], _ namespaces: [NamespaceSpec]) throws(RuntimeError) {
        for pair in pairs {
            let path = path(pair.key)
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count > 1, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
                throw RuntimeError("`linux.sysctl`: `\(pair.key)` is no name of a kernel setting")
            }
            guard let type = namespace(of: path) else {
                throw RuntimeError(
                    "`linux.sysctl`: `\(pair.key)` belongs to the whole host, not to a container")
            }
            guard let own = namespaces.first(where: { $0.type == type }) else {
                throw RuntimeError(
                    "`linux.sysctl`: `\(pair.key)` needs the `\(type.rawValue)` namespace in"
                        + " `linux.namespaces`"
                )
            }
            if own.path == "/proc/1/ns/\(type == .network ? "net" : type.rawValue)" {
                throw RuntimeError(
                    "`linux.sysctl`: `\(pair.key)` would change the host's `\(type.rawValue)` namespace")
            }
        }
    }

    private static func namespace(of path: String) -> NamespaceType? {
        if path.hasPrefix("net/") { return .network }
        if path.hasPrefix("fs/mqueue/") || ipc.contains(where: { Self.path($0) == path }) { return .ipc }
        if path == "kernel/domainname" || path == "kernel/hostname" { return .uts }
        return nil
    }
}
