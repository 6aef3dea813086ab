// SPDX-License-Identifier: Apache-2.0
// One group of cgroup v2, by path and descriptor: made, killed, frozen, removed. See cgroups(7) and
// Documentation/admin-guide/cgroup-v2.rst. Nothing of v1 is ever touched.
internal import CShims

/// Where this host has cgroup v2.
public struct CgroupHierarchy: Equatable, Sendable {
    /// The mount point, such as /sys/fs/cgroup or /sys/fs/cgroup/unified.
    public let mountPoint: String

    /// Finds the first cgroup2 mount in /proc/self/mountinfo that can be written to; nil when there is none.
    /// In a container the mount is often read-only: as good as none.
    public static func find() -> CgroupHierarchy? {
        guard let text = try? Files.read("/proc/self/mountinfo") else { return nil }
        return find(inMountInfo: text)
    }

    static func find(inMountInfo text: [UInt8]) -> CgroupHierarchy? {
        // A pass over the bytes first: the table may be long, and only one line of it is wanted.
        let mark = Array("- cgroup2 ".utf8)
        var start = 0
        for index in text.indices {
            if text[index] == UInt8(ascii: "\n") {
                start = index + 1
            } else if text[index] == mark[0], text[index...].starts(with: mark) {
                let line = text[start...].prefix { $0 != UInt8(ascii: "\n") }
                guard let entry = MountInfo(line: line), entry.type == "cgroup2", !entry.isReadOnly
                else { continue }
                return CgroupHierarchy(mountPoint: entry.mountPoint)
            }
        }
        return nil
    }

    /// The absolute path of a group given from the root of the hierarchy.
    public func path(of group: String) -> String {
        mountPoint + (group.hasPrefix("/") ? group : "/" + group)
    }
}

/// A group, by its absolute path on the host.
public struct Cgroup: Sendable, Equatable {
    /// Where it is.
    public let path: String

    /// Names a group; nothing is made.
    public init(path: String) { self.path = path }

    /// Makes the group and those above it.
    public func make() throws(SyscallError) {
        try Files.makeDirectories(path, permissions: 0o755)
    }

    /// Opens the group for CLONE_INTO_CGROUP.
    public func open() throws(SyscallError) -> OwnedFileDescriptor {
        try OwnedFileDescriptor.open(path, .directory)
    }

    /// Kills every process in it and below; no error when the group is gone. `cgroup.kill` is of 5.14.
    public func kill() throws(SyscallError) {
        do throws(SyscallError) { try Files.writeKernelFile(path + "/cgroup.kill", "1") } catch {
            if error.number != .noEntry && error.number != .noDevice { throw error }
        }
    }

    /// Freezes or thaws, and waits (up to five seconds) until the kernel says that it is done.
    public func freeze(_ frozen: Bool) throws(SyscallError) {
        try Files.writeKernelFile(path + "/cgroup.freeze", frozen ? "1" : "0")
        _ = try waitForEvent("frozen", frozen ? "1" : "0", milliseconds: 5000)
    }

    /// True when every process in it stands still.
    public var isFrozen: Bool { event("frozen") == "1" }
    /// True while a process is in it or below.
    public var isPopulated: Bool { event("populated") == "1" }

    /// The processes in this group itself.
    public func processes() throws(SyscallError) -> [Int32] {
        let text = try Files.read(path + "/cgroup.procs")
        return text.split(separator: UInt8(ascii: "\n")).compactMap {
            Int32(String(decoding: $0, as: UTF8.self))
        }
    }

    /// Removes the group and those below it, once it is empty (waits up to ten seconds for that).
    public func remove() throws(SyscallError) {
        var result = Self.removed(path)
        if result == .busy {
            _ = try? waitForEvent("populated", "0", milliseconds: 10_000)
            try removeGroupsBelow()
            result = Self.removed(path)
        }
        if let result, result != .noEntry { throw SyscallError("rmdir", path, result) }
    }

    private static func removed(_ path: String) -> ErrorNumber? {
        let result = shim_unlink(Files.currentDirectory, path, 1)
        return result < 0 ? ErrorNumber(-result) : nil
    }

    private func removeGroupsBelow() throws(SyscallError) {
        let directory = try OwnedFileDescriptor.open(path, .directory)
        for name in try Files.names(in: directory)
        where !name.contains(".") || Files.exists(path + "/" + name + "/cgroup.procs") {
            let below = Cgroup(path: path + "/" + name)
            if Files.exists(below.path + "/cgroup.procs") { try below.remove() }
        }
    }

    private func event(_ key: String) -> String? {
        guard let text = try? Files.read(path + "/cgroup.events", limit: 4096) else { return nil }
        return Self.value(of: key, in: text)
    }

    static func value(of key: String, in text: [UInt8]) -> String? {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            if words.count == 2, words[0].elementsEqual(key.utf8) {
                return String(decoding: words[1], as: UTF8.self)
            }
        }
        return nil
    }

    /// Waits by poll(2), which the kernel ends at each change of the file; false when the time is up.
    private func waitForEvent(_ key: String, _ value: String, milliseconds: Int32) throws(SyscallError)
        -> Bool
    {
        let deadline = Clock.monotonic() + Int64(milliseconds) * 1_000_000
        let file = try OwnedFileDescriptor.open(path + "/cgroup.events")
        while true {
            if event(key) == value { return true }
            // Re-reading through the polled descriptor is what arms it again.
            _ = try file.read(upTo: 4096)
            let left = Int32(clamping: (deadline - Clock.monotonic()) / 1_000_000)
            if left <= 0 { return false }
            _ = try Waiting.readable(file.number, milliseconds: min(left, 20), events: .priority)
        }
    }
}
