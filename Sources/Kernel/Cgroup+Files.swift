// SPDX-License-Identifier: Apache-2.0
// Files of a group beside its life: controllers, numbers, lists. See cgroups(7) and
// Documentation/admin-guide/cgroup-v2.rst.

extension CgroupHierarchy {
    /// The controllers that a hierarchy of cgroup v1 has, from the text of /proc/self/cgroup: no other
    /// hierarchy can have them at the same time.
    static func controllersOfV1(inMembership text: [UInt8]) -> [String] {
        var names: [String] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 3, !fields[0].elementsEqual("0".utf8) else { continue }
            for name in fields[1].split(separator: UInt8(ascii: ",")) {
                // As v2 calls it.
                names.append(name.elementsEqual("blkio".utf8) ? "io" : String(decoding: name, as: UTF8.self))
            }
        }
        return names
    }

    /// The controllers that a hierarchy of cgroup v1 has, by the names of v2.
    public static func controllersOfV1() -> [String] {
        controllersOfV1(inMembership: (try? Files.read("/proc/self/cgroup", limit: 1 << 16)) ?? [])
    }
}

extension Cgroup {
    /// The controllers that this group has, and can pass on.
    public var controllers: [String] { words("cgroup.controllers") }
    /// The controllers that it passes on.
    public var passedControllers: [String] { words("cgroup.subtree_control") }

    /// Passes controllers on to the groups below. Where they are not on, the kernel waits for an RCU grace
    /// period: write what is missing only.
    public func passOn(_ names: [String]) throws(SyscallError) {
        try write("cgroup.subtree_control", "+" + names.joined(separator: " +"))
    }

    /// Writes one value to a file of the group.
    public func write(_ file: String, _ value: String) throws(SyscallError) {
        try Files.writeKernelFile(path + "/" + file, value)
    }

    /// The text of a file without its last line end; nil when it cannot be read.
    public func text(_ file: String) -> String? {
        guard var bytes = try? Files.read(path + "/" + file, limit: 1 << 16) else { return nil }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The one number of a file; `max` is the greatest one.
    public func number(_ file: String) -> UInt64? {
        guard let text = text(file) else { return nil }
        return text == "max" ? UInt64.max : UInt64(text)
    }

    /// The numbers of a file of lines `name number`, in its order.
    public func numbers(_ file: String) -> [(name: String, value: UInt64)] {
        guard let bytes = try? Files.read(path + "/" + file, limit: 1 << 16) else { return [] }
        var all: [(name: String, value: UInt64)] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count == 2, let value = UInt64(String(decoding: words[1], as: UTF8.self)) else {
                continue
            }
            all.append((String(decoding: words[0], as: UTF8.self), value))
        }
        return all
    }

    /// One number of such a file.
    public func number(_ name: String, in file: String) -> UInt64? {
        numbers(file).first { $0.name == name }?.value
    }

    /// Moves every process of this group itself to another; one that ends meanwhile needs none.
    public func moveProcesses(to other: Cgroup) throws(SyscallError) {
        for pid in try processes() where pid > 0 {
            do throws(SyscallError) { try other.write("cgroup.procs", "\(pid)") } catch {
                if error.number != .noProcess { throw error }
            }
        }
    }

    private func words(_ file: String) -> [String] {
        (text(file) ?? "").utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }
}

/// A list of numbers as cpuset(7) writes it: `0-3,7`.
public enum NumberList {
    /// The numbers; nil when the text is no such list, or names more than 8192 numbers.
    public static func parse(_ text: String) -> [UInt64]? {
        var numbers: [UInt64] = []
        for part in text.utf8.split(separator: UInt8(ascii: ",")) {
            let ends = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count), numbers.count <= 8192,
                let first = UInt64(String(Substring(ends[0])))
            else {
                return nil
            }
            guard ends.count == 2 else {
                numbers.append(first)
                continue
            }
            guard let last = UInt64(String(Substring(ends[1]))), last >= first, last - first < 8192 else {
                return nil
            }
            numbers += first...last
        }
        return numbers.count <= 8192 ? numbers : nil
    }
}
