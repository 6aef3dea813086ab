// SPDX-License-Identifier: Apache-2.0
// `USER` of an image and `--user`, looked up in the image's own files. These are not trusted: regular files
// only, opened inside the root, read up to a bound.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties, passwd(5), group(5)
internal import Kernel

/// Who the program runs as.
public struct ImageUser: Sendable, Equatable {
    /// The user.
    public var uid: UInt32
    /// The group.
    public var gid: UInt32
    /// Supplementary groups; only those of a user that is named without a group.
    public var groups: [UInt32]

    /// `USER[:GROUP]`, each a name or a number; empty is root. A number needs no entry.
    /// - Parameter roots: descriptors of directories that are searched for the files one after the other:
    ///   the root file system, or the layers that it would be made of, the topmost first.
    public init(_ text: String, roots: [Int32]) throws(ImageError) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let user = String(Substring(parts.first ?? "".utf8[...]))
        let group = parts.count > 1 ? String(Substring(parts[1])) : ""
        let entry = try Self.user(user.isEmpty ? "0" : user, roots)
        uid = entry.uid
        gid = entry.gid
        groups = []
        if !group.isEmpty {
            gid = try Self.group(group, roots)
        } else if let name = entry.name {
            groups = try Self.memberships(name, roots).filter { $0 != entry.gid }
        }
    }

    private static func user(
        _ text: String, _ roots: [Int32]
    ) throws(ImageError) -> (name: String?, uid: UInt32, gid: UInt32) {
        let number = number(text)
        for fields in try lines("etc/passwd", roots) where fields.count > 3 {
            guard let uid = Self.number(fields[2]), let gid = Self.number(fields[3]) else { continue }
            if fields[0] == text || uid == number { return (fields[0], uid, gid) }
        }
        guard let number else {
            throw ImageError(
                "unable to find user \(text): no matching entries in passwd file of the image; give a number")
        }
        return (nil, number, 0)
    }

    private static func group(_ text: String, _ roots: [Int32]) throws(ImageError) -> UInt32 {
        if let number = number(text) { return number }
        for fields in try lines("etc/group", roots) where fields.count > 2 && fields[0] == text {
            if let gid = number(fields[2]) { return gid }
        }
        throw ImageError(
            "unable to find group \(text): no matching entries in group file of the image; give a number")
    }

    private static func memberships(_ name: String, _ roots: [Int32]) throws(ImageError) -> [UInt32] {
        var groups: [UInt32] = []
        for fields in try lines("etc/group", roots) where fields.count > 3 {
            guard fields[3].split(separator: ",").contains(where: { $0 == name }) else { continue }
            if let gid = number(fields[2]), !groups.contains(gid), groups.count < 1024 { groups.append(gid) }
        }
        return groups
    }

    /// 4294967295 stands for no user.
    private static func number(_ text: String) -> UInt32? {
        guard let first = text.utf8.first, first != UInt8(ascii: "+") else { return nil }
        return UInt32(text).flatMap { $0 == .max ? nil : $0 }
    }

    private static let longestFile = 4 << 20

    /// The fields of each line; no lines where there is no such file.
    private static func lines(_ path: String, _ roots: [Int32]) throws(ImageError) -> [[String]] {
        var bytes: [UInt8] = []
        for root in roots {
            do throws(SyscallError) {
                bytes = try OwnedFileDescriptor.openFileInRoot(path, root: root).readAll(limit: longestFile)
                break
            } catch {
                if error.number == .noEntry || error.number == .notDirectory { continue }
                let what = error.number == .invalid ? "it is no regular file" : error.number.text
                throw ImageError("cannot read `/\(path)` of the image: \(what)")
            }
        }
        return bytes.split(separator: UInt8(ascii: "\n")).map { line in
            line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).prefix(8)
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
