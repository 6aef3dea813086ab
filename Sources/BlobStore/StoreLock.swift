// SPDX-License-Identifier: Apache-2.0
// The two locks of a store. Both are held for moments, never while something is fetched or unpacked.
public import Kernel

/// A lock of the store, held while the value lives.
public struct StoreLock: ~Copyable {
    /// What is locked.
    public enum Subject: String, Sendable {
        /// Reading, changing and writing `index.json`.
        case index
        /// Exclusive: what is unused is looked for and removed. Shared: something is about to be used.
        case sweep
    }

    private let file: OwnedFileDescriptor

    /// Takes the lock, and waits for it.
    public init(
        _ store: borrowing BlobStore, _ subject: Subject, shared: Bool = false
    ) throws(SyscallError) {
        let file = try OwnedFileDescriptor.open(
            "locks/" + subject.rawValue, [.readWrite, .create], at: store.directory.number)
        _ = try FileLock.take(file, shared: shared, wait: true)
        self.file = file
    }
}
