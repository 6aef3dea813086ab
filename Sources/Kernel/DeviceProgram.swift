// SPDX-License-Identifier: Apache-2.0
// The device list of a group in the kernel: an eBPF program, attached beside those that others attached
// there. It lives as long as the group; no descriptor, no pin holds it. See bpf(2).
internal import CShims

/// Installs device lists.
public enum DeviceProgram {
    /// How ours are told from those of others on the same group.
    static let name = "roost_devices"
    /// As many as the kernel attaches to one group.
    private static let mostPrograms: UInt32 = 64

    /// Puts `filter` on a group, in place of the one that was put there before, in one step.
    /// - Parameter cgroup: the group's directory. What is attached there by others, and above, stays in force.
    public static func install(_ filter: DeviceFilter, on cgroup: Int32) throws(SyscallError) {
        let program = try load(filter)
        var isInstalled = false
        for id in try programs(of: cgroup) {
            guard let other = try open(id), try hasOurName(other) else { continue }
            if isInstalled {
                try ignoringGone(shim_device_program_detach(cgroup, other.number), "bpf")
            } else {
                isInstalled = try ignoringGone(
                    shim_device_program_attach(cgroup, program.number, other.number), "bpf")
            }
        }
        if !isInstalled { _ = try checked(shim_device_program_attach(cgroup, program.number, -1), "bpf") }
    }

    private static func load(_ filter: DeviceFilter) throws(SyscallError) -> OwnedFileDescriptor {
        let result = filter.instructions.withUnsafeBufferPointer { list -> Int32 in
            guard let base = list.baseAddress else { return -22 }
            return shim_device_program_load(base, UInt32(list.count), name)
        }
        return OwnedFileDescriptor(owning: try checked(result, "bpf"))
    }

    /// The programs that are attached to the group itself.
    private static func programs(of cgroup: Int32) throws(SyscallError) -> [UInt32] {
        var count: Int32 = 0
        let ids = [UInt32](unsafeUninitializedCapacity: Int(mostPrograms)) { buffer, length in
            guard let base = buffer.baseAddress else { return }
            count = shim_device_program_ids(cgroup, base, mostPrograms)
            length = Int(min(max(count, 0), Int32(mostPrograms)))
        }
        _ = try checked(count, "bpf")
        return ids
    }

    /// Nil: it is gone meanwhile.
    private static func open(_ id: UInt32) throws(SyscallError) -> OwnedFileDescriptor? {
        let result = shim_program_open(id)
        if result == -ErrorNumber.noEntry.value { return nil }
        return OwnedFileDescriptor(owning: try checked(result, "bpf"))
    }

    private static func hasOurName(_ program: borrowing OwnedFileDescriptor) throws(SyscallError) -> Bool {
        try checked(shim_program_has_name(program.number, name), "bpf") == 1
    }

    /// False when another process has detached it meanwhile.
    @discardableResult
    private static func ignoringGone(_ result: Int32, _ call: StaticString) throws(SyscallError) -> Bool {
        if result == -ErrorNumber.noEntry.value { return false }
        return try checked(result, call) >= 0
    }
}

extension ErrorNumber {
    /// True when the call is refused whatever its arguments: it lacks privilege, a filter or the kernel
    /// hides it.
    public var isRefusal: Bool {
        self == .notPermitted || self == .permissionDenied || self == .notImplemented
    }
}
