// SPDX-License-Identifier: Apache-2.0
// HOME for a program whose environment has none: callers leave it to the runtime, which alone sees the
// container's /etc/passwd. See passwd(5).
internal import Kernel

enum HomeDirectory {
    /// The environment, with HOME. The root file system is trusted with no more than the text of a variable.
    static func completing(
        _ environment: [String], uid: UInt32, root: String, descriptor: Int32? = nil
    ) -> [String] {
        guard !environment.contains(where: { $0.hasPrefix("HOME=") }) else { return environment }
        let users = descriptor.map { passwd(inRoot: $0) } ?? passwd(root)
        return environment + ["HOME=" + directory(of: uid, in: users)]
    }

    /// The sixth field of the user's line; `/` when there is none.
    static func directory(of uid: UInt32, in passwd: [UInt8]) -> String {
        for line in passwd.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count > 5, UInt32(String(decoding: fields[2], as: UTF8.self)) == uid else {
                continue
            }
            return fields[5].isEmpty ? "/" : String(decoding: fields[5], as: UTF8.self)
        }
        return "/"
    }

    /// Opened inside the root, a regular file only: a FIFO or a device of the image must not be opened.
    private static func passwd(_ root: String) -> [UInt8] {
        guard let directory = try? OwnedFileDescriptor.open(root, [.path, .directory]) else { return [] }
        return passwd(inRoot: directory.number)
    }

    private static func passwd(inRoot root: Int32) -> [UInt8] {
        guard let opened = try? OwnedFileDescriptor.openFileInRoot("etc/passwd", root: root) else {
            return []
        }
        return (try? opened.readAll(limit: 1 << 20)) ?? []
    }
}
