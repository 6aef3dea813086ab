// SPDX-License-Identifier: Apache-2.0
// Copies a directory with all that is in it and all that belongs to that: owners, modes, times, extended
// attributes, hard links, holes, devices. Blocks are shared where the file system can do it. Names are bytes,
// and no link is followed. See copy_file_range(2).
internal import CShims

/// Copies of directory trees.
public struct TreeCopy {
    private struct File: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// Files with several names, by the path of the first in the copy.
    private var linked: [File: [CChar]] = [:]
    private let destination: Int32
    /// Whether what is there already is a lower layer.
    private let merges: Bool

    private init(_ destination: Int32, merges: Bool = false) {
        self.destination = destination
        self.merges = merges
    }

    /// Lays a layer, as an overlay takes it, over what lower layers have brought into a directory: its
    /// whiteouts and opaque directories take away, in both of the kernel's forms, its files replace.
    public static func merge(layer source: Int32, into destination: Int32) throws(SyscallError) {
        var copy = TreeCopy(destination, merges: true)
        let here: [CChar] = [46, 0]
        try copy.copyContent(source, destination, [])
        _ = try checked(shim_copy_metadata(source, here, destination), "copy", ".")
    }

    /// Copies what is in one directory into another, which is empty, and makes that look like the first.
    /// Mounts in the source are copied as directories. Needs CAP_CHOWN, CAP_MKNOD and CAP_DAC_OVERRIDE.
    public static func copy(from source: Int32, to destination: Int32) throws(SyscallError) {
        var copy = TreeCopy(destination)
        let here: [CChar] = [46, 0]
        try copy.copyContent(source, destination, [])
        _ = try checked(shim_copy_metadata(source, here, destination), "copy", ".")
    }

    private func status(_ name: [CChar], _ directory: Int32) throws(SyscallError) -> shim_stat {
        var status = shim_stat()
        _ = try checked(shim_stat_at(directory, name, 0, &status), "stat", Self.text(name))
        return status
    }

    private mutating func copyContent(
        _ from: Int32, _ to: Int32, _ path: [CChar]
    ) throws(SyscallError) {
        let listing = try OwnedFileDescriptor.open(".", .directory, at: from)
        for name in try Self.names(listing) {
            let status = try status(name, from)
            let whole = path.isEmpty ? name : path.dropLast() + [47] + name
            let isDirectory = status.mode & 0o170000 == 0o040000
            if merges, try makesRoom(for: status, name, from, to) {
                // A directory that stays, or a name that is gone.
                guard isDirectory else { continue }
                let inner = try Self.open(name, from)
                let copy = try Self.open(name, to)
                try copyContent(inner.number, copy.number, whole)
                _ = try checked(shim_copy_metadata(from, name, to), "copy", Self.text(whole))
                continue
            }
            if !isDirectory, status.links > 1, try isLinked(status, to, name, whole) { continue }
            _ = try checked(shim_copy_node(from, name, to), "copy", Self.text(whole))
            if isDirectory {
                let inner = try Self.open(name, from)
                let copy = try Self.open(name, to)
                try copyContent(inner.number, copy.number, whole)
            }
            _ = try checked(shim_copy_metadata(from, name, to), "copy", Self.text(whole))
        }
    }

    /// Takes away what a layer's entry hides. True when nothing has to be made in its place.
    private func makesRoom(
        for status: shim_stat, _ name: [CChar], _ from: Int32, _ to: Int32
    ) throws(SyscallError) -> Bool {
        let type = status.mode & 0o170000
        var value: UInt8 = 0
        let isMark =
            type == 0o020000 && status.special_device == 0
            || type == 0o100000 && status.size == 0
                && shim_attribute(from, name, "user.overlay.whiteout", &value, 1) == 1
        if type == 0o040000 {
            let isOpaque =
                shim_attribute(from, name, "user.overlay.opaque", &value, 1) == 1
                && value == UInt8(ascii: "y")
            var below = shim_stat()
            if !isOpaque, shim_stat_at(to, name, 0, &below) == 0, below.mode & 0o170000 == 0o040000 {
                return true
            }
        }
        try Files.removeTree(Self.text(name), at: to)
        return isMark
    }

    /// A further name of a file that is there already; the first one is noted.
    private mutating func isLinked(
        _ status: shim_stat, _ to: Int32, _ name: [CChar], _ path: [CChar]
    ) throws(SyscallError) -> Bool {
        let file = File(device: status.device, inode: status.inode)
        guard let first = linked[file] else {
            linked[file] = path
            return false
        }
        _ = try checked(shim_link(destination, first, to, name), "link", Self.text(path))
        return true
    }

    private static func open(_ name: [CChar], _ directory: Int32) throws(SyscallError) -> OwnedFileDescriptor
    {
        let mode = OpenMode([.directory, .noFollow]).rawValue
        return OwnedFileDescriptor(
            owning: try checked(shim_open(directory, name, mode, 0), "open", text(name)))
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a directory, each ended by a zero; see getdents(2).
    private static func names(_ directory: borrowing OwnedFileDescriptor) throws(SyscallError) -> [[CChar]] {
        var names: [[CChar]] = []
        while true {
            var got: Int64 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 32768) { buffer, count in
                guard let base = buffer.baseAddress else { return }
                got = shim_getdents(directory.number, base, 32768)
                count = Int(max(got, 0))
            }
            _ = try checked(got, "getdents64")
            if bytes.isEmpty { return names }
            var offset = 0
            while offset + 19 < bytes.count {
                let length = Int(bytes[offset + 16]) | Int(bytes[offset + 17]) << 8
                let name = bytes[(offset + 19)..<min(offset + length, bytes.count)].prefix { $0 != 0 }
                if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) {
                    names.append(name.map { CChar(bitPattern: $0) } + [0])
                }
                guard length > 0 else { break }
                offset += length
            }
        }
    }
}
