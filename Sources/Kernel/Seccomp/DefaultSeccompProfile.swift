// SPDX-License-Identifier: Apache-2.0
// docker's default profile for a set of capabilities: what a container gets that names no profile.
public import OCISpec

/// docker's default profile.
public enum DefaultSeccompProfile {
    /// docker's 14 capabilities; for these the filter is built into the program.
    public static let usualCapabilities = CapabilitySet(rawValue: 0xa804_25fb)

    /// The profile of a container whose bounding set is `capabilities`.
    public static func spec(_ capabilities: CapabilitySet) -> SeccompSpec {
        spec(capabilities, on: SeccompArchitecture.native ?? .x86_64)
    }

    static func spec(_ capabilities: CapabilitySet, on machine: SeccompArchitecture) -> SeccompSpec {
        typealias Table = DefaultSeccompTable
        var spec = SeccompSpec(defaultAction: .errno, defaultErrnoRet: 1)
        spec.architectures = [machine] + Table.companions(machine)
        spec.syscalls = [allow(Table.always), allow(Table.tracing)]
        for family in Table.families { spec.syscalls.append(allow("socket", [family])) }
        for domain in Table.personalities { spec.syscalls.append(allow("personality", [(.equal, domain)])) }
        let extra = Table.extra(machine)
        if extra.utf8CodeUnitCount > 0 { spec.syscalls.append(allow(extra)) }
        for entry in Table.byCapability where capabilities.rawValue >> entry.capability & 1 == 1 {
            spec.syscalls.append(allow(entry.names))
        }
        if !capabilities.contains(.systemAdministration) {
            // Without the capability no new namespaces; clone3 keeps its flags in memory, where a filter cannot
            // look, so that programs are told to use clone.
            var clone = allow("clone", [(.maskedEqual, Table.namespaceFlags)])
            if machine == .s390 || machine == .s390x { clone.args[0].index = 1 }
            spec.syscalls.append(clone)
            spec.syscalls.append(SeccompSyscallSpec(names: ["clone3"], action: .errno, errnoRet: 38))
        }
        return spec
    }

    private static func allow(
        _ names: StaticString, _ conditions: [(op: SeccompOperator, value: UInt64)] = []
    ) -> SeccompSyscallSpec {
        SeccompSyscallSpec(
            names: words(names), action: .allow,
            args: conditions.map { SeccompArgumentSpec(index: 0, value: $0.value, op: $0.op) })
    }

    private static func words(_ text: StaticString) -> [String] {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }
}
