// SPDX-License-Identifier: Apache-2.0
// `roost explain filter`: what a filter of system calls does, and which rule says so. Nothing is loaded.
import CommandLine
import JSON
import Kernel
import OCIRuntime
import OCISpec

extension Commands {
    static func explainFilter() -> Command.Details {
        Command.Details(
            description: """
                Say what a filter of system calls does: all of it in short, or what happens to SYSCALL and \
                which rule says so. With ARGs, whether the conditions of the rules hold; negative ones stand after `--`.

                PROFILE is a configuration (config.json), a bundle, a profile in docker's form, or `default`.
                """,
            arguments: [
                Argument("PROFILE", help: "A file, a bundle, or `default`"),
                Argument("SYSCALL", help: "A name or number", minimum: 0),
                Argument(
                    "ARG", help: "Its arguments, decimal or 0x; negative ones after --", minimum: 0,
                    maximum: 6),
            ],
            flags: [
                Flag("cap-add", .list("CAPABILITY"), help: "Add a capability, on which rules may depend"),
                Flag("cap-drop", .list("CAPABILITY"), help: "Drop a capability"),
            ],
            examples: [
                Example("roost explain filter default", "Sum up docker's default profile"),
                Example("roost explain filter default clone 0x10000000", "Why does `unshare --user` fail?"),
                Example("roost explain filter ./bundle mount", "What does this container's filter say?"),
            ])
    }
}

/// One `roost explain filter`.
struct ExplainFilterCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let words = invocation.positionals
        let report: SeccompReport
        let (spec, indexes) = try profile(words[0])
        do throws(SeccompError) { report = try SeccompReport(spec) } catch {
            throw RuntimeError(SeccompError.renumber(error.text(below: ""), indexes))
        }
        guard words.count > 1 else {
            writeText(report.summary, to: 1)
            return 0
        }
        var arguments: [UInt64] = []
        for word in words.dropFirst(2) { arguments.append(try number(word)) }
        if let first = words[1].utf8.first, first < 58, SeccompReport.callNumber(words[1]) == nil {
            throw RuntimeError(
                "`\(words[1])` is no system call; give a name, or a number, decimal or with `0x`")
        }
        let account = report.call(words[1], arguments.isEmpty ? nil : arguments)
        writeText(SeccompError.renumber(account, indexes), to: 1)
        return 0
    }

    private func number(_ text: String) throws(RuntimeError) -> UInt64 {
        let isHexadecimal = text.hasPrefix("0x")
        let value = isHexadecimal ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        if let value { return value }
        if let negative = Int64(text) { return UInt64(bitPattern: negative) }
        throw RuntimeError("`\(text)` is no argument; give a number, decimal or with `0x`")
    }

    /// The rules, and the index of each where it is written, if that is another.
    private func profile(_ name: String) throws(RuntimeError) -> (SeccompSpec, [Int]) {
        let names = try Configuration(invocation, rootfs: "").capabilityNames()
        if name == "default" {
            let set = names.reduce(CapabilitySet()) { $0.union(CapabilitySet(name: $1) ?? []) }
            return (DefaultSeccompProfile.spec(set), [])
        }
        let isBundle = (try? Files.status(name))?.isDirectory == true
        let path = isBundle ? name + "/config.json" : name
        let bytes = try ProfileFile.bytes(path)
        if let spec = try? RuntimeSpec.decode(bytes) {
            guard let seccomp = spec.linux?.seccomp else {
                throw RuntimeError("`\(path)` has no `linux.seccomp`: its container runs without a filter")
            }
            return (seccomp, [])
        }
        if isBundle {
            do throws(JSONError) { _ = try RuntimeSpec.decode(bytes) } catch {
                throw RuntimeError("`\(path)`: \(error)")
            }
        }
        let profile = try ProfileFile.decode(bytes, path)
        let host = ProfileFile.host(names)
        return (profile.resolved(for: host), profile.indexes(for: host))
    }
}
