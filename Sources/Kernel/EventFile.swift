// SPDX-License-Identifier: Apache-2.0
// A file of a group that tells of its changes by poll(2), such as memory.events. See cgroups(7).

/// A file of a group, watched.
public struct EventFile: ~Copyable {
    private let path: String
    private var file: OwnedFileDescriptor?

    /// Watches `name` in a group; a file that is missing never changes.
    public init(_ name: String, in group: Cgroup) {
        path = group.path + "/" + name
        arm()
    }

    /// For poll(2), with `.priority`; -1 when there is no file.
    public var descriptor: Int32 {
        switch file {
        case .some(let file): file.number
        case .none: -1
        }
    }

    /// Watches for the next change. A descriptor that was polled is armed by reading it from its beginning.
    public mutating func arm() {
        guard let opened = try? OwnedFileDescriptor.open(path) else {
            file = nil
            return
        }
        _ = try? opened.read(upTo: 4096)
        file = consume opened
    }
}
