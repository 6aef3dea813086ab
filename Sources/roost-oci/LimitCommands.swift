// SPDX-License-Identifier: Apache-2.0
// update and events: flags or a JSON object into limits; figures onto standard output.
import CommandLine
import JSON
import Kernel
import OCIRuntime
import OCISpec

/// Carries out a command that changes or shows limits.
struct LimitCommands {
    let invocation: Invocation
    let runtime: Runtime

    init(_ invocation: Invocation, _ runtime: Runtime) {
        self.invocation = invocation
        self.runtime = runtime
    }

    private var id: String { invocation.positionals.first ?? "" }

    // MARK: events

    func events() throws(RuntimeError) {
        let interval: Int64?
        do throws(UsageError) { interval = try invocation.nanoseconds("interval") } catch {
            throw RuntimeError(error.message)
        }
        if interval == 0 { throw RuntimeError("`--interval`: 0 is no time; give one such as `5s`") }
        if invocation.bool("stats") { return Self.output(try runtime.statistics(id)) }
        try runtime.watch(id, intervalNanoseconds: interval ?? 5_000_000_000, emit: Self.output)
    }

    private static func output(_ line: [UInt8]) { try? writeAll(line + [10], to: 1) }

    // MARK: update

    private static let flags: [(field: String, flag: String)] = [
        ("memory.limit", "--memory"), ("memory.reservation", "--memory-reservation"),
        ("memory.swap", "--memory-swap"), ("cpu.period", "--cpu-period"), ("cpu.quota", "--cpu-quota"),
        ("cpu.burst", "--cpu-burst"), ("cpu.shares", "--cpu-share"), ("cpu.cpus", "--cpuset-cpus"),
        ("cpu.mems", "--cpuset-mems"), ("cpu.idle", "--cpu-idle"), ("pids.limit", "--pids-limit"),
        ("blockIO.weight", "--blkio-weight"),
    ]

    func update() throws(RuntimeError) {
        guard let path = invocation.string("resources") else {
            do throws(RuntimeError) { return try runtime.update(id, try resources()) } catch {
                throw error.renaming(Self.flags)
            }
        }
        let others = Self.flags.filter { invocation.has(String($0.flag.dropFirst(2))) }
        if !others.isEmpty {
            // As runc does; there it stands in the help text alone.
            let names = others.map { "`\($0.flag)`" }.joined(separator: ", ")
            runtime.warn("\(names) left out: with `--resources` only what it holds is changed")
        }
        try runtime.update(id, try resources(path))
    }

    private func resources(_ path: String) throws(RuntimeError) -> ResourcesSpec {
        let name = path == "-" ? "standard input" : path
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = path == "-" ? try Self.standardInput() : try Files.read(path, limit: Self.mostBytes)
        } catch {
            throw RuntimeError("cannot read `\(name)`: \(error.number.text)")
        }
        do throws(JSONError) { return try ResourcesSpec.decode(bytes) } catch {
            throw RuntimeError("`\(name)`: \(error)")
        }
    }

    private static let mostBytes = 1 << 20

    private static func standardInput() throws(SyscallError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let part = try readStandardInput()
            if part.isEmpty { return all }
            all += part
            // EFBIG, as for a file.
            if all.count > mostBytes { throw SyscallError("read", "", ErrorNumber(27)) }
        }
    }

    private func resources() throws(RuntimeError) -> ResourcesSpec {
        var resources = ResourcesSpec()
        resources.memory = MemorySpec(
            limit: try size("memory"), reservation: try size("memory-reservation"),
            swap: try size("memory-swap"))
        resources.cpu = CPUSpec(
            shares: try unsigned("cpu-share"), quota: try signed("cpu-quota"),
            burst: try unsigned("cpu-burst"), period: try unsigned("cpu-period"),
            cpus: invocation.string("cpuset-cpus"), mems: invocation.string("cpuset-mems"),
            idle: try signed("cpu-idle"))
        resources.pids = PidsSpec(limit: try signed("pids-limit"))
        if let weight = try unsigned("blkio-weight") {
            guard let small = UInt16(exactly: weight) else {
                throw RuntimeError("`--blkio-weight`: `\(weight)` is not between 10 and 1000")
            }
            resources.blockIO = BlockIOSpec(weight: small)
        }
        return resources
    }

    private func unsigned(_ flag: String) throws(RuntimeError) -> UInt64? {
        do throws(UsageError) { return try invocation.unsigned(flag) } catch {
            throw RuntimeError(error.message)
        }
    }

    private func signed(_ flag: String) throws(RuntimeError) -> Int64? {
        guard let text = invocation.string(flag) else { return nil }
        guard let value = Int64(text) else { throw RuntimeError("`--\(flag)`: `\(text)` is no whole number") }
        return value
    }

    private func size(_ flag: String) throws(RuntimeError) -> Int64? {
        guard let text = invocation.string(flag) else { return nil }
        if text == "-1" { return -1 }
        guard let bytes = Quantity.bytes(text), let value = Int64(exactly: bytes) else {
            throw RuntimeError(
                "`--\(flag)`: `\(text)` is no size such as `512k`, `64m` or `1g`, nor -1 for no limit")
        }
        return value
    }
}
