// SPDX-License-Identifier: Apache-2.0
// An overlay as a detached mount: nobody sees it on the host, and it goes with its descriptor.
// Source: https://docs.kernel.org/filesystems/overlayfs.html
internal import CShims

/// The parts of an overlay. Paths are absolute.
public struct OverlayMount: Sendable, Equatable {
    /// The directories that are only read, the topmost first; at most 500.
    public var lower: [String]
    /// Where changes go; empty: the overlay is read-only.
    public var upper: String
    /// The overlay's own directory beside `upper`, on the same file system.
    public var work: String
    /// Nothing is ever synced: for what is thrown away anyway. It cannot be mounted a second time.
    public var isVolatile: Bool

    /// An overlay.
    public init(lower: [String], upper: String = "", work: String = "", isVolatile: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.work = work
        self.isVolatile = isVolatile
    }

    /// Makes the mount. `scratch` is an empty directory that may be used for links.
    ///
    /// Whiteouts and opaque directories are marked in `user.overlay.`, so that layers which were unpacked
    /// with and without privilege are the same. See fsopen(2), fsconfig(2).
    /// - Throws: `EINVAL` where the file system of `upper` cannot be one of an overlay.
    public func mount(scratch: String) throws(SyscallError) -> OwnedFileDescriptor {
        do throws(SyscallError) { return try mountNew() } catch {
            // A key that kernels before 6.7 do not know (those before 6.5 say so in the end only), or a path
            // of more than 255 bytes.
            guard error.number == .invalid else { throw error }
        }
        return try mountOld(scratch)
    }

    private func mountNew() throws(SyscallError) -> OwnedFileDescriptor {
        let context = OwnedFileDescriptor(owning: try checked(shim_fsopen("overlay"), "fsopen", "overlay"))
        for path in lower { try Self.set(context, "lowerdir+", path) }
        try Self.set(context, "source", "overlay")
        if !upper.isEmpty {
            try Self.set(context, "upperdir", upper)
            try Self.set(context, "workdir", work)
        }
        try Self.set(context, "userxattr", nil)
        if isVolatile { try Self.set(context, "volatile", nil) }
        let create: UInt32 = 6
        _ = try checked(shim_fsconfig(context.number, create, nil, nil), "fsconfig", "overlay")
        return OwnedFileDescriptor(
            owning: try checked(shim_fsmount(context.number, 0), "fsmount", "overlay"))
    }

    private static func set(
        _ context: borrowing OwnedFileDescriptor, _ key: String, _ value: String?
    ) throws(SyscallError) {
        let command: UInt32 = value == nil ? 0 : 1
        _ = try checked(shim_fsconfig(context.number, command, key, value), "fsconfig", key)
    }

    /// A page holds all options: each layer has a short name in `scratch`.
    private func mountOld(_ scratch: String) throws(SyscallError) -> OwnedFileDescriptor {
        let directory = try OwnedFileDescriptor.open(scratch, .directory)
        let parts = lower + (upper.isEmpty ? [] : [upper, work])
        defer { for index in parts.indices { try? Files.remove("\(index)", at: directory.number) } }
        for (index, path) in parts.enumerated() {
            try Files.link(to: path, "\(index)", at: directory.number)
        }
        var options = "lowerdir=" + lower.indices.map { "\($0)" }.joined(separator: ":")
        if !upper.isEmpty { options += ",upperdir=\(lower.count),workdir=\(lower.count + 1)" }
        options += ",userxattr" + (isVolatile ? ",volatile" : "")
        let tree = shim_old_overlay(directory.number, scratch, options)
        return OwnedFileDescriptor(owning: try checked(tree, "mount", "overlay"))
    }

    /// The options as mount(8) takes them.
    public var options: String {
        var parts = ["lowerdir=" + lower.joined(separator: ":")]
        if !upper.isEmpty { parts += ["upperdir=" + upper, "workdir=" + work] }
        parts.append("userxattr")
        if isVolatile { parts.append("volatile") }
        return parts.joined(separator: ",")
    }
}
