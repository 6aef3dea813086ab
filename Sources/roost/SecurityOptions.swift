// SPDX-License-Identifier: Apache-2.0
// `--security-opt` of `run`: no_new_privs, and which filter of system calls.
import CommandLine
import JSON
import Kernel
import OCIRuntime
import OCISpec

/// What the options say, the last of each kind.
struct SecurityOptions {
    private(set) var noNewPrivileges = false
    /// docker's default profile.
    private(set) var usesDefaultFilter = true
    private var file: String?

    init(_ invocation: Invocation) throws(RuntimeError) {
        for text in invocation.strings("security-opt") { try add(text) }
    }

    private mutating func add(_ text: String) throws(RuntimeError) {
        // docker takes a colon too.
        guard let end = text.utf8.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") })
        else {
            guard text == "no-new-privileges" else { throw unknown(text) }
            noNewPrivileges = true
            return
        }
        let value = String(text[text.index(after: end)...])
        switch text[..<end] {
        case "no-new-privileges":
            guard value == "true" || value == "false" else { throw unknown(text) }
            noNewPrivileges = value == "true"
        case "seccomp":
            guard !value.isEmpty else { throw unknown(text) }
            usesDefaultFilter = value == "builtin"
            file = value == "builtin" || value == "unconfined" ? nil : value
        default: throw unknown(text)
        }
    }

    private func unknown(_ text: String) -> RuntimeError {
        RuntimeError(
            "`--security-opt`: `\(text)` is not supported; use `no-new-privileges`, `seccomp=unconfined` or"
                + " `seccomp=FILE`")
    }

    /// An error about the filter, told of the file that it came from and the rules as they stand there.
    func explaining(_ error: RuntimeError, _ invocation: Invocation) -> RuntimeError {
        guard let file, error.description.hasPrefix("`linux.seccomp"),
            let names = try? Configuration(invocation, rootfs: "").capabilityNames(),
            let profile = try? ProfileFile.read(file)
        else { return error }
        let host = ProfileFile.host(names)
        do throws(SeccompError) { _ = try SeccompCompiler.compile(profile.resolved(for: host)) } catch {
            return RuntimeError(
                "`\(file)`: \(SeccompError.renumber(error.description, profile.indexes(for: host)))")
        }
        return error
    }

    /// The profile of a file, for a process with these capabilities; nil: the default one, or none.
    func profile(_ process: ProcessSpec?) throws(RuntimeError) -> SeccompSpec? {
        guard let file else { return nil }
        return try ProfileFile.read(file).resolved(
            for: ProfileFile.host(process?.capabilities?.bounding ?? []))
    }
}

/// Profiles in files.
enum ProfileFile {
    static func read(_ path: String) throws(RuntimeError) -> SeccompProfile {
        try decode(try bytes(path), path)
    }

    static func bytes(_ path: String) throws(RuntimeError) -> [UInt8] {
        do throws(SyscallError) { return try Files.read(path, limit: 16 << 20) } catch {
            throw RuntimeError("cannot read the profile `\(path)`: \(error.number.text)")
        }
    }

    static func decode(_ bytes: [UInt8], _ path: String) throws(RuntimeError) -> SeccompProfile {
        do throws(JSONError) { return try SeccompProfile.decode(bytes) } catch {
            throw RuntimeError("`\(path)`: \(error)")
        }
    }

    static func host(_ capabilities: [String]) -> SeccompHost {
        let release = (try? Files.read("/proc/sys/kernel/osrelease", limit: 256)) ?? []
        return SeccompHost(
            architecture: SeccompArchitecture.native ?? .x86_64, capabilities: capabilities,
            kernel: SeccompHost.version(String(decoding: release, as: UTF8.self)) ?? (5, 10))
    }
}
