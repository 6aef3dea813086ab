// SPDX-License-Identifier: Apache-2.0
// Puts entries into the tree: one function a kind of file.
internal import CTransfer

extension LayerTree {
    private static let whiteoutPrefix = Array(".wh.".utf8)
    private static let opaqueName = Array(".wh..wh..opq".utf8)
    private static let reservedPrefix = Array(".wh..wh.".utf8)

    /// Makes what an entry says. The content is taken from the reader.
    mutating func add(_ entry: TarEntry, _ reader: inout TarReader) throws(LayerError) {
        let path = try LayerPath(entry.path)
        if path.isRoot { return try addRoot(entry) }
        if path.leaf.starts(with: Self.whiteoutPrefix) { return try addWhiteout(path) }
        for part in path.components where part.starts(with: Self.whiteoutPrefix) {
            // aufs keeps its own things in such directories.
            if part.starts(with: Self.reservedPrefix) { return }
            throw LayerError("lies in a whiteout")
        }
        guard isUsable(entry.uid), isUsable(entry.gid) else {
            throw LayerError("has an owner that no file can have: \(entry.uid):\(entry.gid)")
        }
        switch entry.kind {
        case .file: try addFile(path, entry, &reader)
        case .directory: try addDirectory(path, entry)
        case .symbolicLink: try addLink(path, entry)
        case .hardLink: try addHardLink(path, entry)
        case .fifo, .characterDevice, .blockDevice: try addNode(path, entry)
        }
    }

    private func isUsable(_ owner: Int64) -> Bool { owner >= 0 && owner < 0xffff_ffff }

    // MARK: Kinds

    private mutating func addRoot(_ entry: TarEntry) throws(LayerError) {
        guard entry.kind == .directory else { throw LayerError("stands for the root and is no directory") }
        let path = try LayerPath([])
        try finishDirectory(path, entry, root, isNew: pending.allSatisfy { !$0.path.isRoot })
    }

    private mutating func addFile(
        _ path: LayerPath, _ entry: TarEntry, _ reader: inout TarReader
    ) throws(LayerError) {
        let at = try parent(of: path)
        let file = try make(path) { tree_create(at, $0) }
        defer { _ = tree_close(file) }
        try writeContent(file, entry, &reader)
        if options.isPrivileged {
            try check(tree_set_owner(file, UInt32(entry.uid), UInt32(entry.gid)), "cannot be given its owner")
        }
        try check(tree_set_mode(file, allowed(entry.mode)), "cannot be given its mode")
        try setAttributes(file, entry.attributes)
        try check(tree_set_time(file, entry.seconds, entry.nanoseconds), "cannot be given its time")
        size &+= entry.size
    }

    private mutating func addDirectory(_ path: LayerPath, _ entry: TarEntry) throws(LayerError) {
        let at = try parent(of: path)
        var status = transfer_status()
        var isNew = true
        var wasHidden = false
        if path.withLeaf({ tree_status(at, $0, &status) }) >= 0 {
            isNew = !status.isDirectory
            wasHidden = status.isWhiteout
        }
        if isNew { _ = try make(path) { tree_make_directory(at, $0, 0o700) } }
        if wasHidden { try makeOpaque(path, at: at) }
        let directory = path.withLeaf { tree_open_directory(at, $0) }
        guard directory >= 0 else { throw LayerError("cannot be opened", directory) }
        defer { _ = tree_close(directory) }
        try finishDirectory(path, entry, directory, isNew: isNew)
    }

    private mutating func finishDirectory(
        _ path: LayerPath, _ entry: TarEntry, _ directory: Int32, isNew: Bool
    ) throws(LayerError) {
        var status = transfer_status()
        try check(tree_descriptor_status(directory, &status), "cannot be looked at")
        if options.isPrivileged {
            guard isUsable(entry.uid), isUsable(entry.gid) else {
                throw LayerError("has an owner that no file can have: \(entry.uid):\(entry.gid)")
            }
            try check(
                tree_set_owner(directory, UInt32(entry.uid), UInt32(entry.gid)), "cannot be given its owner")
        }
        try setAttributes(directory, entry.attributes)
        if implied.removeValue(forKey: status.inode) == nil, !isNew { repeated.insert(status.inode) }
        pending.append(
            Pending(
                path: path, inode: status.inode, mode: allowed(entry.mode), seconds: entry.seconds,
                nanoseconds: entry.nanoseconds))
        try remember(path)
    }

    private mutating func addLink(_ path: LayerPath, _ entry: TarEntry) throws(LayerError) {
        guard !entry.linkPath.isEmpty, entry.linkPath.count <= LayerPath.longest, !entry.linkPath.contains(0)
        else { throw LayerError("is a symbolic link without a usable target") }
        let at = try parent(of: path)
        _ = try make(path) { name in withCString(entry.linkPath) { tree_make_link(at, name, $0) } }
        try finishNode(path, entry, at: at, hasMode: false)
    }

    private mutating func addHardLink(_ path: LayerPath, _ entry: TarEntry) throws(LayerError) {
        let target = try LayerPath(entry.linkPath)
        if target.isRoot || target == path { throw LayerError("is a hard link to a directory or to itself") }
        let from = target.withParent { tree_open_parent(root, $0) }
        defer { if from >= 0 { _ = tree_close(from) } }
        var status = transfer_status()
        let isThere = from >= 0 && target.withLeaf { tree_status(from, $0, &status) } >= 0
        guard isThere else {
            guard lostLinks.count < options.mostDirectories else {
                throw LayerError("is one of too many hard links to files of other layers")
            }
            lostLinks.append(LostLink(path: path, target: target))
            try remember(path)
            return try remember(target)
        }
        guard !status.isDirectory, !status.isWhiteout else {
            throw LayerError("is a hard link to `\(shown(target.whole))`, which is no file")
        }
        let at = try parent(of: path)
        _ = try make(path) { name in target.withLeaf { tree_make_hard_link(from, $0, at, name) } }
    }

    private mutating func addNode(_ path: LayerPath, _ entry: TarEntry) throws(LayerError) {
        let types: UInt32 =
            switch entry.kind {
            case .fifo: 0o010000
            case .blockDevice: 0o060000
            default: 0o020000
            }
        if entry.kind == .characterDevice, entry.major == 0, entry.minor == 0 {
            throw LayerError("is the device 0:0, which stands for a deleted file")
        }
        if entry.kind != .fifo, !options.isPrivileged {
            return notice("devices are left out, since an ordinary user can make none")
        }
        let at = try parent(of: path)
        let mode = types | allowed(entry.mode)
        _ = try make(path) { tree_make_node(at, $0, mode, entry.major, entry.minor) }
        try finishNode(path, entry, at: at, hasMode: true)
    }

    private mutating func addWhiteout(_ path: LayerPath) throws(LayerError) {
        let at = try parent(of: path)
        if path.leaf.elementsEqual(Self.opaqueName) {
            // `at` is the directory itself; it may be a place only, so it is opened again.
            let directory = tree_open_directory(at, ".")
            guard directory >= 0 else { throw LayerError("cannot be opened", directory) }
            defer { _ = tree_close(directory) }
            return try check(
                tree_set_attribute(directory, "user.overlay.opaque", "y", 1), "cannot be made opaque")
        }
        if path.leaf.starts(with: Self.reservedPrefix) { return }
        let name = path.leaf.dropFirst(Self.whiteoutPrefix.count)
        guard !name.isEmpty, !name.elementsEqual([0x2e]), !name.elementsEqual([0x2e, 0x2e]) else {
            throw LayerError("is a whiteout of nothing")
        }
        let hidden = path.beside(name)
        var status = transfer_status()
        if hidden.withLeaf({ tree_status(at, $0, &status) }) >= 0 {
            // What the same layer brings stays; a whiteout hides lower layers only.
            return status.isDirectory ? try makeOpaque(hidden, at: at) : ()
        }
        var made = hidden.withLeaf { tree_make_node(at, $0, 0o020000, 0, 0) }
        // A store on overlayfs: that takes no marks of its own kind for files.
        if made == -1 { made = markByAttribute(hidden, at: at) }
        try check(made, "cannot be marked as deleted")
    }

    /// The other form of a whiteout: an empty file with an attribute, in a directory that tells of it. See the
    /// kernel's overlayfs.rst, "Nesting overlayfs mounts".
    private func markByAttribute(_ path: LayerPath, at: Int32) -> Int32 {
        let file = path.withLeaf { tree_create(at, $0) }
        guard file >= 0 else { return file }
        defer { _ = tree_close(file) }
        let directory = tree_open_directory(at, ".")
        guard directory >= 0 else { return directory }
        defer { _ = tree_close(directory) }
        var told: UInt8 = 0
        if tree_get_attribute(directory, "user.overlay.opaque", &told, 1) != 1 {
            let result = tree_set_attribute(directory, "user.overlay.opaque", "x", 1)
            if result < 0 { return result }
        }
        return tree_set_attribute(file, "user.overlay.whiteout", "y", 1)
    }
}

// MARK: Properties

extension LayerTree {
    /// Rootless, a set-user-ID bit would be for the wrong user, but the owner is the container's root then.
    private func allowed(_ mode: UInt32) -> UInt32 { mode & 0o7777 }

    func check(_ result: some FixedWidthInteger, _ what: String) throws(LayerError) {
        guard result >= 0 else { throw LayerError(what, result) }
    }

    /// Makes something; what has the name already makes room.
    mutating func make(
        _ path: LayerPath, _ body: (UnsafePointer<CChar>) -> Int32
    ) throws(LayerError) -> Int32 {
        var result = path.withLeaf(body)
        if result == -17 {
            let at = try parent(of: path)
            try LayerRemoval.remove(path, at: at, scratch: scratch)
            isStale = true
            result = path.withLeaf(body)
        }
        guard result >= 0 else { throw LayerError("cannot be made", result) }
        return result
    }

    private func finishNode(
        _ path: LayerPath, _ entry: TarEntry, at: Int32, hasMode: Bool
    ) throws(LayerError) {
        if options.isPrivileged {
            let result = path.withLeaf {
                tree_set_owner_at(at, $0, UInt32(entry.uid), UInt32(entry.gid))
            }
            try check(result, "cannot be given its owner")
        }
        if hasMode {
            try check(
                path.withLeaf { tree_set_mode_at(at, $0, allowed(entry.mode)) }, "cannot be given its mode")
        }
        let result = path.withLeaf { tree_set_time_at(at, $0, entry.seconds, entry.nanoseconds) }
        try check(result, "cannot be given its time")
    }

    /// Keeps `user.*` and the capabilities of a program; what overlayfs or a host's own modules would take
    /// for theirs is dropped.
    mutating func setAttributes(
        _ file: Int32, _ attributes: [ExtendedAttribute]
    ) throws(LayerError) {
        for attribute in attributes where Self.isKept(attribute.key) {
            let result = withCString(attribute.key) { key in
                attribute.value.withUnsafeBytes { value -> Int32 in
                    guard let base = value.baseAddress else { return 0 }
                    return tree_set_attribute(file, key, base, value.count)
                }
            }
            // EPERM, ENOTSUP: not for this user, not on this file system.
            if result == -1 || result == -95 {
                notice("the attribute `\(shown(attribute.key))` is left out: it cannot be set here")
                continue
            }
            try check(result, "cannot be given its attribute `\(shown(attribute.key))`")
        }
    }

    static func isKept(_ key: [UInt8]) -> Bool {
        if key.elementsEqual("security.capability".utf8) { return true }
        return key.starts(with: "user.".utf8) && !key.starts(with: "user.overlay.".utf8)
            && key.count <= LayerPath.longestName
    }

    private func writeContent(
        _ file: Int32, _ entry: TarEntry, _ reader: inout TarReader
    ) throws(LayerError) {
        guard let pieces = entry.pieces else { return try write(entry.size, to: file, &reader) }
        var place: Int64 = 0
        for piece in pieces where piece.count > 0 {
            try check(tree_skip(file, piece.offset - place), "cannot be written")
            try write(piece.count, to: file, &reader)
            place = piece.offset + piece.count
        }
        try check(tree_set_size(file, entry.size), "cannot be given its size")
    }

    private func write(_ count: Int64, to file: Int32, _ reader: inout TarReader) throws(LayerError) {
        var left = count
        while left > 0 {
            let part = try reader.content(upTo: left)
            guard let base = part.baseAddress, part.count > 0 else {
                throw LayerError("ends too early")
            }
            var done = 0
            while done < part.count {
                let put = tree_write(file, base + done, part.count - done)
                guard put > 0 else { throw LayerError("cannot be written", put) }
                done += Int(put)
            }
            left -= Int64(part.count)
        }
    }
}
