// SPDX-License-Identifier: Apache-2.0
// Compiled filters of system calls, so that the next container with the same profile need not compile it.
// A file is trusted only when it is ours alone and names the whole profile that it was made of: a hash
// alone would not do (docs/decisions/0012). Whatever else is there is passed over, and written anew.
public import Kernel

/// Filters below a runtime's root.
public struct FilterCache: Sendable {
    /// The directory.
    public let directory: String
    /// As many files are kept; then all are dropped.
    public static let most = 64

    /// The cache of a runtime; nothing is made.
    public init(root: String) { directory = root + "/.cache/seccomp" }

    /// The filter of a profile, if it was kept.
    /// - Parameter profile: its JSON, byte by byte as when the filter was kept.
    public func filter(of profile: ArraySlice<UInt8>) -> SeccompFilter? {
        guard let place = trustedDirectory() else { return nil }
        guard
            let file = try? OwnedFileDescriptor.open(
                FilterFile.name(profile), [.noFollow, .nonBlocking], at: place.number),
            let status = try? Files.status("", at: file.number), status.isRegularFile, Self.isOurs(status),
            let bytes = try? file.readAll(limit: FilterFile.largest)
        else { return nil }
        return FilterFile.filter(in: bytes, of: profile)
    }

    /// Keeps a filter. That it cannot be kept is no error: it is compiled again next time.
    public func keep(_ filter: SeccompFilter, of profile: ArraySlice<UInt8>) {
        guard profile.count <= FilterFile.largest / 2 else { return }
        try? Files.makeDirectories(directory, permissions: 0o700)
        guard let place = trustedDirectory() else { return }
        makeRoom(place)
        try? Files.replace(
            FilterFile.name(profile), with: FilterFile.bytes(of: filter, profile), at: place.number,
            permissions: 0o600)
    }

    private func makeRoom(_ place: borrowing OwnedFileDescriptor) {
        guard let names = try? Files.names(in: place), names.count >= Self.most else { return }
        for name in names { try? Files.remove(name, at: place.number) }
    }

    /// The directory, when nobody else can write to it.
    private func trustedDirectory() -> OwnedFileDescriptor? {
        guard let place = try? OwnedFileDescriptor.open(directory, [.directory, .noFollow]),
            let status = try? Files.status("", at: place.number), Self.isOurs(status)
        else { return nil }
        return place
    }

    private static func isOurs(_ status: FileStatus) -> Bool {
        status.uid == ThisProcess.effectiveUser && status.mode & 0o077 == 0
    }
}
