public import BlobStore
// SPDX-License-Identifier: Apache-2.0
// The directories under layers/ that have no final name: made locked, removed by whom they belong to, and by
// a sweep when nobody holds the lock any more. The lock is on the directory itself: it needs no file inside
// that would have to go before the final name is given.
internal import CTransfer
internal import Kernel

enum LayerDirectory {
    static let suffix = ".tmp"

    /// Makes and locks `layers/<random>.tmp` with `fs` in it. The caller closes the descriptor.
    static func make(_ store: borrowing BlobStore) throws(LayerError) -> (name: String, number: Int32) {
        do throws(SyscallError) {
            let name = RandomName.make() + suffix
            let path = "layers/" + name
            // Not locked yet, it would look like a killed owner's to a sweep.
            let gate = try StoreLock(store, .sweep, shared: true)
            _ = try Files.makeDirectory(path, at: store.directory.number)
            let directory = try OwnedFileDescriptor.open(
                path, [.directory, .noFollow], at: store.directory.number)
            _ = try FileLock.take(directory, wait: true)
            _ = consume gate
            _ = try Files.makeDirectory("fs", permissions: 0o755, at: directory.number)
            let result = tree_set_mode_at(directory.number, "fs", 0o755)
            guard result >= 0 else { throw SyscallError("chmod", path, ErrorNumber(-result)) }
            return (name, directory.release())
        } catch { throw LayerError("cannot make a directory for the layer", error) }
    }

    /// Removes one with all in it, as far as that goes: a sweep takes the rest.
    static func remove(_ name: String, store: Int32) {
        guard let layers = try? OwnedFileDescriptor.open("layers", .directory, at: store) else { return }
        try? LayerRemoval.remove(name, at: layers.number, scratch: layers.number)
    }
}

/// Removes what processes that were killed left behind.
public enum LayerSweep {
    /// Removes directories under layers/ that have no final name and that nobody has locked. Returns their
    /// number. Whoever calls it need not hold a lock.
    public static func run(_ store: borrowing BlobStore) throws(LayerError) -> Int {
        do throws(SyscallError) {
            let layers = try OwnedFileDescriptor.open("layers", .directory, at: store.directory.number)
            var count = 0
            for name in try Files.names(in: layers)
            where name.hasSuffix(LayerDirectory.suffix) || name.hasPrefix("gone-") {
                guard
                    let directory = try? OwnedFileDescriptor.open(
                        name, [.directory, .noFollow], at: layers.number),
                    try FileLock.take(directory, wait: false)
                else { continue }
                try? LayerRemoval.remove(name, at: layers.number, scratch: layers.number)
                count += 1
            }
            return count
        } catch { throw LayerError("cannot sweep the layers: \(error.number.text)") }
    }
}
