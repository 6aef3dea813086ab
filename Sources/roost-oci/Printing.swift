// SPDX-License-Identifier: Apache-2.0
// Commands that only print: state, list, ps, spec, features. Results go to standard output.
import CommandLine
import JSON
import Kernel
import OCIRuntime
import OCISpec
import StateStore

/// Carries out a command that prints.
struct Printing {
    let invocation: Invocation
    let runtime: Runtime

    init(_ invocation: Invocation, _ runtime: Runtime) {
        self.invocation = invocation
        self.runtime = runtime
    }

    func run() throws(RuntimeError) {
        let id = invocation.positionals.first ?? ""
        switch invocation.commandPath.first ?? "" {
        case "state":
            let summary = try runtime.state(id)
            output(Self.json(.spaces(2)) { Self.write(summary, to: &$0) })
        case "list": try list()
        case "ps": try processes(id)
        case "spec": try spec()
        case "features": output(RuntimeFeatures.value.encode(.spaces(2)))
        case let name: throw RuntimeError("`\(name)` is not supported yet")
        }
    }

    private func output(_ bytes: [UInt8]) { try? writeAll(bytes + [10], to: 1) }

    private static func json(_ layout: JSONWriter.Layout, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(layout)
        body(&writer)
        return writer.bytes
    }

    /// runc's shape: the specification's members, then `rootfs`, `created` and `owner`.
    private static func write(_ summary: ContainerSummary, to writer: inout JSONWriter) {
        let record = summary.record
        writer.object { writer in
            writer.member("ociVersion", record.ociVersion)
            writer.member("id", record.id)
            writer.member("pid", summary.pid)
            writer.member("status", summary.status)
            writer.member("bundle", record.bundle)
            writer.member("rootfs", record.rootfs)
            writer.member("created", record.created)
            if !record.annotations.isEmpty {
                writer.key("annotations")
                writer.object { writer in
                    for pair in record.annotations { writer.member(pair.key, pair.value) }
                }
            }
            writer.member("owner", record.owner)
        }
    }

    private func list() throws(RuntimeError) {
        let all = try runtime.list()
        if invocation.bool("quiet") {
            for summary in all { output(Array(summary.record.id.utf8)) }
        } else if invocation.string("format") == "json" {
            output(
                Self.json(.compact) { writer in
                    writer.array { writer in for summary in all { Self.write(summary, to: &writer) } }
                })
        } else {
            let rows = all.map {
                [$0.record.id, "\($0.pid)", $0.status, $0.record.bundle, $0.record.created, $0.record.owner]
            }
            output(Self.table([["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]] + rows))
        }
    }

    private static func table(_ rows: [[String]]) -> [UInt8] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.indices.map { column in
                column == row.count - 1
                    ? row[column]
                    : row[column] + String(repeating: " ", count: widths[column] - row[column].count + 3)
            }.joined()
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    private func processes(_ id: String) throws(RuntimeError) {
        if invocation.positionals.count > 1 {
            throw RuntimeError(
                "`\(invocation.positionals[1])`: options of ps(1) are not supported yet; give the numbers of"
                    + " `ps --format json` to ps(1)"
            )
        }
        let pids = try runtime.processes(id)
        if invocation.string("format") == "json" {
            output(
                Self.json(.compact) { writer in
                    writer.array { writer in for pid in pids { writer.integer(pid) } }
                })
            return
        }
        let rows = pids.map { pid -> [String] in
            let name = (try? Files.read("/proc/\(pid)/cmdline", limit: 65536)) ?? []
            let words = name.map { $0 == 0 ? 32 : $0 }
            return ["\(pid)", String(decoding: words, as: UTF8.self)]
        }
        output(Self.table([["PID", "CMD"]] + rows))
    }

    private func spec() throws(RuntimeError) {
        let path = (invocation.string("bundle") ?? ".") + "/config.json"
        let spec = RuntimeSpec.defaultSpec(
            hostname: "roost",
            rootless: invocation.bool("rootless")
                ? (ThisProcess.effectiveUser, ThisProcess.effectiveUser) : nil)
        do throws(SyscallError) {
            let file = try OwnedFileDescriptor.open(path, [.write, .create, .exclusive], permissions: 0o644)
            try file.write(spec.encode(.tabs) + [10])
        } catch {
            let hint = error.number == .exists ? "it is there already; remove it first" : error.number.text
            throw RuntimeError("cannot write `\(path)`: \(hint)")
        }
    }
}
