// SPDX-License-Identifier: Apache-2.0
// The program of operations that C carries out in the child (CShims/launch.c): built here into one flat
// array and one string arena. Nothing is allocated after `launch`. LaunchProgram+Operations.swift has
// one method for each operation.
internal import CShims

/// The number of a descriptor slot of a program.
public struct Slot: Equatable, Sendable {
    let index: Int32
    /// No descriptor.
    public static let none = Slot(index: -1)
}

/// Operations, strings and descriptor slots of one launch.
public struct LaunchProgram: ~Copyable {
    var operations: [shim_op] = []
    var arena: [UInt8] = []
    var slots: [Int32] = []
    private var lists: [(at: UInt32, items: [UInt32])] = []

    /// True when `launch` had to do without clone3(2): the child moved into its group itself.
    public private(set) var isBornByClone = false

    /// An empty program with room for a usual container.
    public init() {
        operations.reserveCapacity(160)
        arena.reserveCapacity(16384)
        slots.reserveCapacity(64)
    }

    /// The number of operations so far: the index of the next one.
    public var count: Int { operations.count }

    /// A new slot that holds `descriptor`, or nothing yet.
    public mutating func slot(holding descriptor: Int32 = -1) -> Slot {
        slots.append(descriptor)
        return Slot(index: Int32(slots.count - 1))
    }

    mutating func string(_ text: String) -> UInt32 {
        let offset = UInt32(arena.count)
        arena.append(contentsOf: text.utf8)
        arena.append(0)
        return offset
    }

    /// Room for `texts` and a null pointer; filled in by `launch`, when the arena no longer moves.
    mutating func list(_ texts: [String]) -> UInt32 {
        let items = texts.map { string($0) }
        align()
        let offset = UInt32(arena.count)
        arena.append(contentsOf: repeatElement(0, count: (items.count + 1) * 8))
        lists.append((offset, items))
        return offset
    }

    mutating func numbers(_ values: [UInt32]) -> UInt32 {
        align()
        let offset = UInt32(arena.count)
        for value in values {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                arena.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        return offset
    }

    mutating func words(_ values: [UInt64]) -> UInt32 {
        align()
        let offset = UInt32(arena.count)
        values.withUnsafeBytes { arena.append(contentsOf: $0) }
        return offset
    }

    private mutating func align() {
        while arena.count % 8 != 0 { arena.append(0) }
    }

    mutating func append(
        _ code: shim_op_code, slot: Slot = .none, slot2: Slot = .none, a: UInt32 = 0, x: UInt64 = 0,
        y: UInt64 = 0, z: UInt64 = 0, s1: UInt32 = UInt32.max, s2: UInt32 = UInt32.max,
        list1: UInt32 = UInt32.max, list2: UInt32 = UInt32.max
    ) {
        operations.append(
            shim_op(
                code: code.rawValue, slot: slot.index, slot2: slot2.index, a: a, x: x, y: y, z: z, s1: s1,
                s2: s2, list1: list1, list2: list2))
    }

    /// Makes the child by clone3(2) and returns while it works.
    /// - Parameters:
    ///   - flags: the namespaces that the child is born into.
    ///   - cgroup: the cgroup that it is born into, or nil for the caller's.
    public mutating func launch(
        flags: NamespaceFlags, cgroup: Int32?, page: borrowing LaunchPage
    ) throws(SyscallError) -> ProcessHandle {
        var child = shim_child()
        var result: Int32 = 0
        let lists = self.lists
        let pagePointer = page.pointer
        arena.withUnsafeMutableBytes { arenaBytes in
            guard let base = arenaBytes.baseAddress else { return }
            for list in lists {
                let array = (base + Int(list.at)).assumingMemoryBound(to: UInt.self)
                for (index, item) in list.items.enumerated() {
                    array[index] = UInt(bitPattern: base + Int(item))
                }
            }
            operations.withUnsafeBufferPointer { list in
                slots.withUnsafeMutableBufferPointer { slots in
                    guard let first = list.baseAddress, let slot = slots.baseAddress else { return }
                    var program = shim_program(
                        operations: first, count: UInt32(list.count),
                        arena: UnsafePointer(base.assumingMemoryBound(to: CChar.self)), slots: slot,
                        page: pagePointer)
                    result = shim_launch(&program, flags.rawValue, cgroup ?? -1, &child)
                }
            }
        }
        isBornByClone = child.by_clone != 0
        _ = try checked(result, isBornByClone ? "clone" : "clone3")
        return ProcessHandle(pid: child.pid, owning: OwnedFileDescriptor(owning: child.pidfd))
    }
}

/// Namespaces as flags. See namespaces(7).
public struct NamespaceFlags: OptionSet, Sendable {
    /// The CLONE_NEW flags.
    public let rawValue: UInt64
    /// Wraps flags.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// Mounts.
    public static let mount = NamespaceFlags(rawValue: 0x0002_0000)
    /// The root of the cgroup tree as seen from inside.
    public static let cgroup = NamespaceFlags(rawValue: 0x0200_0000)
    /// Host name and domain name.
    public static let uts = NamespaceFlags(rawValue: 0x0400_0000)
    /// System V objects and POSIX message queues.
    public static let ipc = NamespaceFlags(rawValue: 0x0800_0000)
    /// Users.
    public static let user = NamespaceFlags(rawValue: 0x1000_0000)
    /// Process ids.
    public static let pid = NamespaceFlags(rawValue: 0x2000_0000)
    /// Links, addresses, routes, ports.
    public static let network = NamespaceFlags(rawValue: 0x4000_0000)
}
