// SPDX-License-Identifier: Apache-2.0
// One line of /proc/PID/mountinfo. See proc_pid_mountinfo(5).

/// A mount as the kernel lists it.
public struct MountInfo: Equatable, Sendable {
    /// The directory inside the file system that is mounted.
    public let root: String
    /// Where it is mounted, octal escapes undone.
    public let mountPoint: String
    /// True when nothing can be written through this mount.
    public let isReadOnly: Bool
    /// Optional fields, such as `shared:1 master:2`.
    public let optional: [String]
    /// The file system's type.
    public let type: String

    /// Parses a line; nil when it is none.
    public init?(line: some Collection<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count > 8, let dash = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }),
            dash + 1 < fields.count
        else { return nil }
        root = Self.unescaped(fields[3])
        mountPoint = Self.unescaped(fields[4])
        isReadOnly = fields[5].split(separator: UInt8(ascii: ",")).contains { $0.elementsEqual("ro".utf8) }
        optional = fields[6..<dash].map { String(decoding: $0, as: UTF8.self) }
        type = String(decoding: fields[dash + 1], as: UTF8.self)
    }

    /// The mount that holds `path` (absolute and clean): the one with the longest mount point above it.
    public static func holding(_ path: String, in text: [UInt8]) -> MountInfo? {
        var best: MountInfo?
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let entry = MountInfo(line: line) else { continue }
            let point = entry.mountPoint
            guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
            if point.utf8.count >= (best?.mountPoint.utf8.count ?? 0) { best = entry }
        }
        return best
    }

    private static func unescaped(_ field: some Collection<UInt8>) -> String {
        let bytes = Array(field)
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), index + 3 < bytes.count {
                let value = bytes[(index + 1)...(index + 3)].reduce(0) { $0 * 8 + Int($1) - 48 }
                out.append(UInt8(truncatingIfNeeded: value))
                index += 4
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
