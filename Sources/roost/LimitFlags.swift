// SPDX-License-Identifier: Apache-2.0
// docker's flags for limits as `linux.resources`, and back: an error of the runtime about a field is told
// about the flag that it came from.
import CommandLine
import Kernel
import OCIRuntime
import OCISpec

/// The limits of one `run`.
struct LimitFlags {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    private static let plain: [(field: String, flag: String)] = [
        ("memory.limit", "--memory"), ("memory.reservation", "--memory-reservation"),
        ("memory.swap", "--memory-swap"), ("cpu.shares", "--cpu-shares"), ("cpu.period", "--cpu-period"),
        ("cpu.cpus", "--cpuset-cpus"), ("cpu.mems", "--cpuset-mems"), ("pids.limit", "--pids-limit"),
        ("blockIO.weight", "--blkio-weight"),
    ]

    private static let lists: [(field: String, flag: String)] = [
        ("blockIO.throttleReadBpsDevice", "device-read-bps"),
        ("blockIO.throttleWriteBpsDevice", "device-write-bps"),
        ("blockIO.throttleReadIOPSDevice", "device-read-iops"),
        ("blockIO.throttleWriteIOPSDevice", "device-write-iops"),
    ]

    /// Names of fields, with and without what stands before them, and the flags that they come from.
    var names: [(field: String, flag: String)] {
        var names = Self.plain + [("cpu.quota", invocation.has("cpus") ? "--cpus" : "--cpu-quota")]
        for list in Self.lists {
            for index in invocation.strings(list.flag).indices {
                names.append(("\(list.field)[\(index)].rate", "--\(list.flag)"))
            }
        }
        for index in invocation.strings("blkio-weight-device").indices {
            names.append(("blockIO.weightDevice[\(index)].weight", "--blkio-weight-device"))
        }
        return names + names.map { ("linux.resources." + $0.field, $0.flag) }
    }

    /// The limits; nil when none is asked for.
    func resources() throws(RuntimeError) -> ResourcesSpec? {
        var resources = ResourcesSpec()
        resources.memory = try memory()
        resources.cpu = try cpu()
        // docker's 0 is no limit either.
        if let limit = try signed("pids-limit") { resources.pids = PidsSpec(limit: limit > 0 ? limit : -1) }
        resources.blockIO = try blockIO()
        return resources == ResourcesSpec() ? nil : resources
    }

    private func memory() throws(RuntimeError) -> MemorySpec? {
        let limit = try size("memory") ?? 0
        let reservation = try size("memory-reservation") ?? 0
        var swap = try swapSize()
        if swap > 0, limit == 0 {
            throw RuntimeError(
                "`--memory-swap` counts memory and swap together; it needs `--memory` beside it")
        }
        if swap > 0, swap < limit {
            throw RuntimeError(
                "`--memory-swap` counts memory and swap together: it can be no less than `--memory`")
        }
        if limit > 0, reservation > limit {
            throw RuntimeError("`--memory-reservation` can be no more than `--memory`")
        }
        // As docker has it: as much swap as memory.
        if swap == 0, limit > 0 { swap = limit.multipliedReportingOverflow(by: 2).overflow ? -1 : limit * 2 }
        guard limit != 0 || reservation != 0 || swap != 0 else { return nil }
        return MemorySpec(
            limit: limit == 0 ? nil : limit, reservation: reservation == 0 ? nil : reservation,
            swap: swap == 0 ? nil : swap)
    }

    private func swapSize() throws(RuntimeError) -> Int64 {
        if invocation.string("memory-swap") == "-1" { return -1 }
        return try size("memory-swap") ?? 0
    }

    private func cpu() throws(RuntimeError) -> CPUSpec? {
        var cpu = CPUSpec(
            shares: try unsigned("cpu-shares"), quota: try signed("cpu-quota"),
            period: try unsigned("cpu-period"), cpus: invocation.string("cpuset-cpus"),
            mems: invocation.string("cpuset-mems"))
        if let text = invocation.string("cpus") {
            for flag in ["cpu-period", "cpu-quota"] where invocation.has(flag) {
                throw RuntimeError("`--cpus` sets what `--\(flag)` sets; leave one of them out")
            }
            (cpu.quota, cpu.period) = (try quota(text), 100_000)
        }
        return cpu == CPUSpec() ? nil : cpu
    }

    /// Processors in billionths are nanoseconds in a second.
    private func quota(_ text: String) throws(RuntimeError) -> Int64 {
        let isDecimal = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        guard isDecimal, let billionths = Quantity.nanoseconds(text + "s"), billionths >= 10_000_000 else {
            throw RuntimeError("`--cpus`: `\(text)` is no number of processors from 0.01, such as `1.5`")
        }
        // As docker has it: more than there are is a mistake, not a limit.
        if let online = try? Files.read("/sys/devices/system/cpu/online", limit: 4096),
            let list = NumberList.parse(String(decoding: online.dropLast(), as: UTF8.self)),
            billionths > Int64(list.count) * 1_000_000_000
        {
            throw RuntimeError("`--cpus`: `\(text)` is more than this host has; give 0.01 to \(list.count)")
        }
        return billionths / 10_000
    }

    private func blockIO() throws(RuntimeError) -> BlockIOSpec? {
        var blockIO = BlockIOSpec()
        if let weight = try unsigned("blkio-weight"), weight != 0 {
            blockIO.weight = try small(weight, "blkio-weight")
        }
        for text in invocation.strings("blkio-weight-device") {
            let (device, value) = try pair(text, "blkio-weight-device")
            guard let weight = Quantity.unsigned(value) else { throw malformed(text, "blkio-weight-device") }
            blockIO.weightDevice.append(
                WeightDeviceSpec(
                    major: device.major, minor: device.minor, weight: try small(weight, "blkio-weight-device")
                ))
        }
        blockIO.throttleReadBpsDevice = try throttles("device-read-bps", Quantity.bytes)
        blockIO.throttleWriteBpsDevice = try throttles("device-write-bps", Quantity.bytes)
        blockIO.throttleReadIOPSDevice = try throttles("device-read-iops", Quantity.unsigned)
        blockIO.throttleWriteIOPSDevice = try throttles("device-write-iops", Quantity.unsigned)
        return blockIO == BlockIOSpec() ? nil : blockIO
    }

    private func small(_ weight: UInt64, _ flag: String) throws(RuntimeError) -> UInt16 {
        if let small = UInt16(exactly: weight) { return small }
        throw RuntimeError("`--\(flag)`: `\(weight)` is not between 10 and 1000")
    }

    private func throttles(
        _ flag: String, _ read: (String) -> UInt64?
    ) throws(RuntimeError) -> [ThrottleDeviceSpec] {
        var list: [ThrottleDeviceSpec] = []
        for text in invocation.strings(flag) {
            let (device, value) = try pair(text, flag)
            guard let rate = read(value) else { throw malformed(text, flag) }
            list.append(ThrottleDeviceSpec(major: device.major, minor: device.minor, rate: rate))
        }
        return list
    }

    private func pair(_ text: String, _ flag: String) throws(RuntimeError) -> (DeviceNumber, String) {
        guard let colon = text.lastIndex(of: ":"), text.hasPrefix("/") else { throw malformed(text, flag) }
        let path = String(text[..<colon])
        guard let status = try? Files.status(path), status.isBlockDevice else {
            throw RuntimeError("`--\(flag)`: `\(path)` is no block device; lsblk(8) lists them")
        }
        return (status.deviceNumber, String(text[text.index(after: colon)...]))
    }

    private func malformed(_ text: String, _ flag: String) -> RuntimeError {
        let form = flag.hasSuffix("bps") ? "/dev/sda:1mb" : "/dev/sda:100"
        return RuntimeError("`--\(flag)`: `\(text)` is not a device and a number, such as `\(form)`")
    }

    // MARK: numbers

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
        guard let bytes = Quantity.bytes(text), let value = Int64(exactly: bytes) else {
            throw RuntimeError("`--\(flag)`: `\(text)` is no size such as `512k`, `64m` or `1g`")
        }
        return value
    }
}
