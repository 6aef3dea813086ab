// SPDX-License-Identifier: Apache-2.0
// The directory tree of a layer while it is made. A parent is opened by openat2(RESOLVE_IN_ROOT) below the
// layer's own directory, its last name never followed: what an archive says cannot lead out of it.
internal import CTransfer

/// What unpacking does where the host or the caller gives less.
public struct UnpackOptions: Sendable {
    /// Whether owners are set and devices made; not by an ordinary user.
    public var isPrivileged: Bool
    /// Entries of an archive, at most.
    public var mostEntries: Int
    /// Directories of an archive, at most: what is remembered of them is the only thing that grows.
    public var mostDirectories: Int
    /// Bytes of memory for what is remembered, at most.
    public var mostMemory = 24 << 20
    /// Bytes of the decompressed archive, at most; nil: 200 times the compressed ones and 1 GiB.
    public var mostBytes: Int64?

    /// The usual limits.
    public init(
        isPrivileged: Bool, mostEntries: Int = 10_000_000, mostDirectories: Int = 1_000_000,
        mostBytes: Int64? = nil
    ) {
        self.isPrivileged = isPrivileged
        self.mostEntries = mostEntries
        self.mostDirectories = mostDirectories
        self.mostBytes = mostBytes
    }
}

/// A tree that entries are put into.
struct LayerTree: ~Copyable {
    /// A directory that gets its mode and its time when all is in it.
    struct Pending {
        var path: LayerPath
        var inode: UInt64
        var mode: UInt32
        var seconds: Int64
        var nanoseconds: Int64
    }

    /// A hard link to something that this layer does not have.
    struct LostLink {
        var path: LayerPath
        var target: LayerPath
    }

    let root: Int32
    /// Where what must go is moved to, to be taken apart.
    let scratch: Int32
    let options: UnpackOptions
    private var parentFile: Int32 = -1
    private var parentOf: LayerPath?
    /// Something was removed: the directory that was used last may be gone.
    var isStale = false
    /// Directories that entries told of.
    var pending: [Pending] = []
    /// Inodes of directories that entries told of more than once.
    var repeated: Set<UInt64> = []
    /// Directories that nobody told of, by inode.
    var implied: [UInt64: LayerPath] = [:]
    var lostLinks: [LostLink] = []
    /// Bytes of memory that directories and links take here.
    private var remembered = 0
    /// What was left out, a sentence each.
    var notices: [String] = []
    /// Bytes of regular files.
    var size: Int64 = 0

    /// A tree below an open directory; both descriptors must live longer.
    init(root: Int32, scratch: Int32, options: UnpackOptions) {
        self.root = root
        self.scratch = scratch
        self.options = options
    }

    deinit { if parentFile >= 0 { _ = tree_close(parentFile) } }

    /// The descriptor of a path's directory, made when missing. It is this tree's, valid until the next call.
    mutating func parent(of path: LayerPath) throws(LayerError) -> Int32 {
        if path.isInRoot { return root }
        if !isStale, let known = parentOf, known.parent == path.parent { return parentFile }
        var opened = path.withParent { tree_open_parent(root, $0) }
        // Missing, or a whiteout stands there.
        if opened == -2 || opened == -20 {
            try makeParents(of: path)
            opened = path.withParent { tree_open_parent(root, $0) }
        }
        guard opened >= 0 else { throw LayerError("its directory cannot be opened", opened) }
        if parentFile >= 0 { _ = tree_close(parentFile) }
        parentFile = opened
        parentOf = path
        isStale = false
        return opened
    }

    // From the top down: what is there is opened, what is not is made.
    private mutating func makeParents(of path: LayerPath) throws(LayerError) {
        var missing: [LayerPath] = []
        var place = path.parentPath
        while let upper = place {
            missing.append(upper)
            place = upper.parentPath
        }
        for directory in missing.reversed() {
            let at = directory.withParent { tree_open_parent(root, $0) }
            guard at >= 0 else { throw LayerError("its directory cannot be opened", at) }
            defer { _ = tree_close(at) }
            var made = directory.withLeaf { tree_make_directory(at, $0, 0o755) }
            var wasHidden = false
            if made == -17, isWhiteout(directory, at: at) {
                _ = directory.withLeaf { tree_remove(at, $0, 0) }
                made = directory.withLeaf { tree_make_directory(at, $0, 0o755) }
                wasHidden = true
            }
            if made == -17 { continue }
            guard made >= 0 else { throw LayerError("its directory cannot be made", made) }
            try noteImplied(directory, at: at, isOpaque: wasHidden)
        }
    }

    private mutating func noteImplied(
        _ path: LayerPath, at: Int32, isOpaque: Bool
    ) throws(LayerError) {
        // The umask must not count.
        _ = path.withLeaf { tree_set_mode_at(at, $0, 0o755) }
        if isOpaque { try makeOpaque(path, at: at) }
        var status = transfer_status()
        guard path.withLeaf({ tree_status(at, $0, &status) }) >= 0 else { return }
        implied[status.inode] = path
        try remember(path)
    }

    /// Refuses to remember more than the options allow: directories, or memory for a path.
    mutating func remember(_ path: LayerPath) throws(LayerError) {
        remembered += path.byteCount + 100
        guard remembered <= options.mostMemory else {
            throw LayerError(
                "is more than a layer may have memory for: too many or too long names of directories")
        }
        guard pending.count + implied.count <= options.mostDirectories else {
            throw LayerError("is one directory more than \(options.mostDirectories)")
        }
    }

    /// Whether a whiteout has that name.
    func isWhiteout(_ path: LayerPath, at: Int32) -> Bool {
        var status = transfer_status()
        guard path.withLeaf({ tree_status(at, $0, &status) }) >= 0 else { return false }
        guard !status.isWhiteout else { return true }
        guard status.isFile, status.size == 0 else { return false }
        let file = path.withLeaf { tree_open_file(at, $0) }
        guard file >= 0 else { return false }
        defer { _ = tree_close(file) }
        var value: UInt8 = 0
        return tree_get_attribute(file, "user.overlay.whiteout", &value, 1) == 1
    }

    /// Hides what lower layers have in a directory. See the kernel's overlayfs.rst, "userxattr".
    func makeOpaque(_ path: LayerPath, at: Int32) throws(LayerError) {
        let directory =
            path.isRoot
            ? tree_open_directory(root, ".")
            : path.withLeaf { tree_open_directory(at, $0) }
        guard directory >= 0 else { throw LayerError("cannot be made opaque", directory) }
        defer { _ = tree_close(directory) }
        let result = tree_set_attribute(directory, "user.overlay.opaque", "y", 1)
        guard result >= 0 else { throw LayerError("cannot be made opaque", result) }
    }

    mutating func notice(_ text: String) {
        if notices.count < 20, !notices.contains(text) { notices.append(text) }
    }
}

extension transfer_status {
    var type: UInt32 { mode & 0o170000 }
    var isDirectory: Bool { type == 0o040000 }
    var isFile: Bool { type == 0o100000 }
    var isLink: Bool { type == 0o120000 }
    /// What overlayfs takes for a name that is gone.
    var isWhiteout: Bool { type == 0o020000 && special_device == 0 }
}
