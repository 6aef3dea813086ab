// SPDX-License-Identifier: Apache-2.0
// Limits of block devices, huge pages, RDMA devices and networks, and files by their own names.
internal import OCISpec
internal import Plan

extension LimitPlan {
    mutating func add(_ blockIO: BlockIOSpec) throws(RuntimeError) {
        if (blockIO.leafWeight ?? 0) != 0 { throw onlyV1("blockIO.leafWeight") }
        if let weight = blockIO.weight, weight != 0 {
            add(try weightWrite(weight, device: "", "blockIO.weight"))
        }
        for (index, device) in blockIO.weightDevice.enumerated() {
            let field = "blockIO.weightDevice[\(index)]"
            if (device.leafWeight ?? 0) != 0 { throw onlyV1(field + ".leafWeight") }
            guard let weight = device.weight, weight != 0 else { continue }
            let number = try number(device.major, device.minor, field)
            add(try weightWrite(weight, device: number + " ", field + ".weight"))
        }
        let throttles = [
            ("throttleReadBpsDevice", "rbps", blockIO.throttleReadBpsDevice),
            ("throttleWriteBpsDevice", "wbps", blockIO.throttleWriteBpsDevice),
            ("throttleReadIOPSDevice", "riops", blockIO.throttleReadIOPSDevice),
            ("throttleWriteIOPSDevice", "wiops", blockIO.throttleWriteIOPSDevice),
        ]
        for (name, key, devices) in throttles {
            for (index, device) in devices.enumerated() {
                let field = "blockIO.\(name)[\(index)]"
                let number = try number(device.major, device.minor, field)
                // In v1 a rate of 0 takes the limit away.
                let rate = device.rate == 0 ? "max" : "\(device.rate)"
                add("io.max", "\(number) \(key)=\(rate)", field + ".rate", isLifting: device.rate == 0)
            }
        }
    }

    /// BFQ takes v1's numbers as they are; io.weight has a range of its own.
    private func weightWrite(_ weight: UInt16, device: String, _ field: String) throws(RuntimeError)
        -> LimitWrite
    {
        guard (10...1000).contains(weight) else {
            throw invalid(field, "\(weight)", "is not between 10 and 1000")
        }
        let wide = 1 + (UInt64(weight) - 10) * 9999 / 990
        return LimitWrite(
            choices: [.init("io.bfq.weight", "\(device)\(weight)"), .init("io.weight", "\(device)\(wide)")],
            field: prefix + field, controller: "io")
    }

    private func number(_ major: Int64, _ minor: Int64, _ field: String) throws(RuntimeError) -> String {
        guard (0...0xfff).contains(major), (0...0xfffff).contains(minor) else {
            throw RuntimeError("`\(prefix)\(field)`: \(major):\(minor) is no device number")
        }
        return "\(major):\(minor)"
    }

    mutating func add(_ limit: HugepageLimitSpec, _ index: Int) throws(RuntimeError) {
        let field = "hugepageLimits[\(index)]"
        let digits = limit.pageSize.utf8.prefix { (48...57).contains($0) }
        let unit = String(Substring(limit.pageSize.utf8.dropFirst(digits.count)))
        guard !digits.isEmpty, ["KB", "MB", "GB"].contains(unit) else {
            throw invalid(field + ".pageSize", limit.pageSize, "is no size of a page such as `2MB`")
        }
        add("hugetlb.\(limit.pageSize).max", "\(limit.limit)", field + ".limit")
        // Since 5.7: reservations too, or a program is killed by SIGBUS instead of seeing mmap(2) fail.
        add("hugetlb.\(limit.pageSize).rsvd.max", "\(limit.limit)", field + ".limit", isLifting: true)
    }

    mutating func add(_ rdma: RdmaSpec) throws(RuntimeError) {
        let field = "rdma.\(rdma.device)"
        guard !rdma.device.isEmpty, !rdma.device.utf8.contains(where: { $0 <= 32 }) else {
            throw invalid(field, rdma.device, "is no name of a device")
        }
        var value = rdma.device
        if let handles = rdma.hcaHandles { value += " hca_handle=\(handles)" }
        if let objects = rdma.hcaObjects { value += " hca_object=\(objects)" }
        if value != rdma.device { add("rdma.max", value, field) }
    }

    func check(_ network: NetworkResourcesSpec) throws(RuntimeError) {
        if (network.classID ?? 0) != 0 { throw onlyV1("network.classID") }
        if !network.priorities.isEmpty { throw onlyV1("network.priorities") }
    }

    /// Files of every group that bound it; the others would move, stop or kill the container.
    private static let ownFiles = ["cgroup.max.depth", "cgroup.max.descendants", "cgroup.pressure"]

    mutating func addUnified(_ pair: StringPair) throws(RuntimeError) {
        let key = pair.key
        guard !key.utf8.contains(UInt8(ascii: "/")) else {
            throw RuntimeError(
                "`\(prefix)unified`: `\(key)` has a slash; give the name of a file in the group")
        }
        let parts = key.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count > 1, !parts.contains(where: { $0.isEmpty }) else {
            throw RuntimeError(
                "`\(prefix)unified`: `\(key)` does not begin with a controller, as `memory.high` does")
        }
        if parts[0].elementsEqual("cgroup".utf8), !Self.ownFiles.contains(key) {
            throw RuntimeError(
                "`\(prefix)unified`: `\(key)` is no limit; of `cgroup` there are"
                    + " \(Self.ownFiles.map { "`\($0)`" }.joined(separator: ", "))")
        }
        // A line a write: the kernel reads no further.
        let lines = pair.value.utf8.split(separator: UInt8(ascii: "\n"))
        guard !lines.isEmpty else { throw invalid("unified.\(key)", "", "is empty") }
        for line in lines { add(key, String(Substring(line)), "unified.\(key)") }
    }
}
