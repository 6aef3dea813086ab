// SPDX-License-Identifier: Apache-2.0
// Walls around the program that reads what strangers send: it can write nowhere but into the store, execute
// nothing, and has six capabilities. To be raised before anything else, and before there is a thread.
// See landlock(7), seccomp(2), capabilities(7), mount_setattr(2).
public import BlobStore
internal import CTransfer
internal import Kernel

/// The walls.
public enum Sandbox {
    // CHOWN DAC_OVERRIDE FOWNER FSETID MKNOD SETFCAP: for a layer's owners, modes, devices, capabilities.
    private static let capabilities: UInt64 =
        1 << 0 | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 27 | 1 << 31

    /// What is read besides the store: name resolution, certificates, libraries.
    private static let readable = [
        "/etc", "/usr", "/lib", "/lib32", "/lib64", "/libx32", "/run/systemd/resolve", "/run/resolvconf",
        "/run/NetworkManager", "/dev/null", "/dev/urandom",
    ]

    /// Which walls there are.
    public struct Report: Equatable, Sendable {
        /// Whether Landlock holds; else the mount namespace may.
        public var hasLandlock = false
        /// Whether a mount namespace holds in which only the store can be written.
        public var hasReadOnlyMounts = false
        /// What is weaker here than usual, a sentence each.
        public var notices: [String] = []
    }

    /// Confines this process for good. `alsoReadable` are directories with certificates. The number of the
    /// store's descriptor stays, what it refers to may change: from then on `..` ends at it.
    /// `withoutLandlock` does what is done where the kernel has none.
    public static func confine(
        _ store: borrowing BlobStore, alsoReadable: [String] = [], withoutLandlock: Bool = false
    ) throws(LayerError) -> Report {
        try confine(store.directory.number, alsoReadable, withoutLandlock)
    }

    /// The same for an errand that writes nothing at all.
    static func confineWithoutStore(alsoReadable: [String]) throws(LayerError) -> Report {
        try confine(-1, alsoReadable, false)
    }

    private static func confine(
        _ store: Int32, _ alsoReadable: [String], _ withoutLandlock: Bool
    ) throws(LayerError) -> Report {
        var report = Report()
        try check(sandbox_no_new_privileges(), "give up new privileges")
        try check(sandbox_not_dumpable(), "keep its memory to itself")
        // ABI 1 refuses every rename from one directory to another, and the store needs that.
        let version = withoutLandlock ? 0 : sandbox_landlock_version()
        if version >= 2 {
            try enterLandlock(version, store, readable + alsoReadable)
            report.hasLandlock = true
        } else {
            try makeMountsReadOnly(store, &report)
        }
        var permitted: UInt64 = 0
        try check(sandbox_permitted(&permitted), "read its capabilities")
        try check(sandbox_keep_capabilities(permitted & capabilities), "give up capabilities")
        try SandboxFilter.install()
        return report
    }

    static func check(_ result: Int32, _ what: String) throws(LayerError) {
        guard result >= 0 else { throw LayerError("roost-transfer cannot \(what)", result) }
    }
}

// MARK: Landlock

extension Sandbox {
    private enum Access {
        static let execute: UInt64 = 1 << 0
        static let readFile: UInt64 = 1 << 2
        static let readDirectory: UInt64 = 1 << 3

        /// All that a kernel's version knows. ABI 2: refer, 3: truncate, 5: ioctl of devices.
        static func all(_ version: Int32) -> UInt64 {
            var mask: UInt64 = 1 << 14 - 1
            if version >= 3 { mask |= 1 << 14 }
            if version >= 5 { mask |= 1 << 15 }
            return mask
        }
    }

    private static func enterLandlock(
        _ version: Int32, _ store: Int32, _ readable: [String]
    ) throws(LayerError) {
        let all = Access.all(version)
        // ABI 6: abstract sockets and signals only inside.
        let rules = sandbox_landlock_make(all, version >= 6 ? 3 : 0)
        try check(rules, "make Landlock rules")
        defer { _ = tree_close(rules) }
        if store >= 0 {
            try check(
                sandbox_landlock_allow(rules, store, all & ~Access.execute),
                "allow the store in Landlock rules")
        }
        for path in readable {
            let place = sandbox_open_place(path)
            // What is not there need not be allowed.
            if place < 0 { continue }
            defer { _ = tree_close(place) }
            var status = transfer_status()
            try check(tree_descriptor_status(place, &status), "look at `\(path)`")
            let wanted = Access.readFile | (status.isDirectory ? Access.readDirectory : 0)
            try check(sandbox_landlock_allow(rules, place, wanted), "allow `\(path)` in Landlock rules")
        }
        try check(sandbox_landlock_enter(rules), "enter its Landlock rules")
    }
}

// MARK: A mount namespace

extension Sandbox {
    // Descriptors opened before still lead to the host's mounts, so the store's is replaced by one of a
    // detached copy: that alone can be written, and nothing is above it.
    private static func makeMountsReadOnly(_ store: Int32, _ report: inout Report) throws(LayerError) {
        let copy = store < 0 ? -1 : sandbox_detach(store)
        guard copy >= 0 || store < 0, sandbox_read_only() >= 0 else {
            if copy >= 0 { _ = tree_close(copy) }
            report.notices.append(
                "this kernel has no Landlock and there is no CAP_SYS_ADMIN for a mount namespace: what is"
                    + " unpacked is kept inside the store by how it is opened, and by the user's rights only")
            return
        }
        if store >= 0 { try check(sandbox_replace(copy, store), "use the store") }
        report.hasReadOnlyMounts = true
        report.notices.append(
            "this kernel has no Landlock; a mount namespace where only the store can be written takes its place"
        )
    }
}
