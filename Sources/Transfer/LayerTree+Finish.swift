// SPDX-License-Identifier: Apache-2.0
// What can only be done when the layers below are there, and what comes last: hard links to their files,
// directories that this layer only implied, modes and times of directories.
internal import CTransfer

extension LayerTree {
    /// Ends the tree. `lower` are the directories of the layers below, the nearest first.
    mutating func finish(lower: [Int32]) throws(LayerError) {
        for link in lostLinks {
            do throws(LayerError) { try addLost(link, lower) } catch {
                throw error.about("`\(shown(link.path.whole))`")
            }
        }
        lostLinks = []
        try adoptAll(lower)
        try finishDirectories()
    }

    // Children come after their directories, so from the end: a directory that is closed for its owner
    // must not be in the way.
    private mutating func finishDirectories() throws(LayerError) {
        var seen: Set<UInt64> = []
        for record in pending.reversed() {
            if seen.contains(record.inode) { continue }
            let directory = openOwn(record.path)
            // Replaced by something else later in the archive.
            guard directory >= 0 else { continue }
            defer { _ = tree_close(directory) }
            var status = transfer_status()
            guard tree_descriptor_status(directory, &status) >= 0, status.inode == record.inode else {
                continue
            }
            if repeated.contains(record.inode) { seen.insert(record.inode) }
            let result = tree_set_mode(directory, record.mode)
            if result < 0 {
                throw LayerError("`\(shown(record.path.whole))` cannot be given its mode", result)
            }
            _ = tree_set_time(directory, record.seconds, record.nanoseconds)
        }
    }

    private func openOwn(_ path: LayerPath) -> Int32 {
        if path.isRoot { return tree_open_directory(root, ".") }
        let at = path.withParent { tree_open_parent(root, $0) }
        guard at >= 0 else { return at }
        defer { _ = tree_close(at) }
        return path.withLeaf { tree_open_directory(at, $0) }
    }

    // MARK: Implied directories

    // From the top down. What the layers below do not have has nothing in it there: a tree a thousand deep is
    // not looked through once for each of its directories.
    private mutating func adoptAll(_ lower: [Int32]) throws(LayerError) {
        var alone: Set<LayerPath> = []
        for path in implied.values.sorted(by: { $0.byteCount < $1.byteCount }) {
            if let upper = path.parentPath, alone.contains(upper) {
                alone.insert(path)
            } else if try !adopt(path, lower) {
                alone.insert(path)
            }
        }
    }

    /// Gives a directory that only a longer path told of what the nearest lower layer's has; false when there is
    /// none.
    private mutating func adopt(_ path: LayerPath, _ lower: [Int32]) throws(LayerError) -> Bool {
        let own = openOwn(path)
        guard own >= 0 else { return false }
        defer { _ = tree_close(own) }
        let view = LayerView(lower: lower)
        guard !view.isCut(path, in: root), let found = view.find(path) else { return false }
        defer { _ = tree_close(found.at) }
        guard found.status.isDirectory else { return false }
        let directory = found.path.withLeaf { tree_open_directory(found.at, $0) }
        guard directory >= 0 else { return true }
        defer { _ = tree_close(directory) }
        if options.isPrivileged {
            try check(tree_set_owner(own, found.status.uid, found.status.gid), "cannot be given its owner")
        }
        try setAttributes(own, try LayerAttributes.all(of: directory))
        try check(tree_set_mode(own, found.status.mode & 0o7777), "cannot be given its mode")
        try check(
            tree_set_time(own, found.status.seconds, found.status.nanoseconds), "cannot be given its time")
        return true
    }

    // MARK: Hard links to files of lower layers

    /// Copies the target up, as overlayfs does when it is linked to, and links to the copy.
    private mutating func addLost(_ link: LostLink, _ lower: [Int32]) throws(LayerError) {
        let from = try parent(of: link.target)
        var status = transfer_status()
        if link.target.withLeaf({ tree_status(from, $0, &status) }) < 0 {
            try copyUp(link.target, lower)
        }
        let place = link.target.withParent { tree_open_parent(root, $0) }
        guard place >= 0 else { throw LayerError("is a hard link to nothing", place) }
        defer { _ = tree_close(place) }
        guard link.target.withLeaf({ tree_status(place, $0, &status) }) >= 0, !status.isDirectory,
            !status.isWhiteout
        else { throw LayerError("is a hard link to `\(shown(link.target.whole))`, which is no file") }
        let at = try parent(of: link.path)
        _ = try make(link.path) { name in
            link.target.withLeaf { tree_make_hard_link(place, $0, at, name) }
        }
    }

    private mutating func copyUp(_ path: LayerPath, _ lower: [Int32]) throws(LayerError) {
        let view = LayerView(lower: lower)
        guard !view.isCut(path, in: root), let found = view.find(path) else {
            throw LayerError("is a hard link to `\(shown(path.whole))`, which no layer has")
        }
        defer { _ = tree_close(found.at) }
        guard found.status.isFile else {
            throw LayerError("is a hard link to `\(shown(path.whole))`, which is no regular file below")
        }
        let source = found.path.withLeaf { tree_open_file(found.at, $0) }
        guard source >= 0 else { throw LayerError("is a hard link to a file that cannot be read", source) }
        defer { _ = tree_close(source) }
        let at = try parent(of: path)
        let copy = try make(path) { tree_create(at, $0) }
        defer { _ = tree_close(copy) }
        try Self.copy(source, to: copy)
        if options.isPrivileged {
            try check(tree_set_owner(copy, found.status.uid, found.status.gid), "cannot be given its owner")
        }
        try check(tree_set_mode(copy, found.status.mode & 0o7777), "cannot be given its mode")
        try setAttributes(copy, try LayerAttributes.all(of: source))
        try check(
            tree_set_time(copy, found.status.seconds, found.status.nanoseconds), "cannot be given its time")
        size &+= Int64(found.status.size)
    }

    private static func copy(_ source: Int32, to copy: Int32) throws(LayerError) {
        while true {
            let put = tree_copy(source, copy, 1 << 30)
            // EXDEV, EINVAL, ENOSYS: not between these file systems.
            if put == -18 || put == -22 || put == -38 || put == -95 { break }
            guard put >= 0 else { throw LayerError("cannot be copied up", put) }
            if put == 0 { return }
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress else { return }
        while true {
            let got = tree_read(source, base, buffer.count)
            guard got >= 0 else { throw LayerError("cannot be copied up", got) }
            if got == 0 { return }
            var done = 0
            while done < got {
                let put = tree_write(copy, base + done, Int(got) - done)
                guard put > 0 else { throw LayerError("cannot be copied up", put) }
                done += Int(put)
            }
        }
    }
}

/// Lower layers as overlayfs lays them over one another, looked into name by name.
struct LayerView {
    let lower: [Int32]

    /// What was found: the open directory that holds it (the caller closes that), its place, its status.
    struct Found {
        let at: Int32
        let path: LayerPath
        let status: transfer_status
    }

    /// The nearest layer's file at a path; nil when no layer has one or one hides it.
    func find(_ path: LayerPath) -> Found? {
        for layer in lower {
            switch look(path, in: layer) {
            case .found(let found): return found.status.isWhiteout ? close(found) : found
            case .hidden: return nil
            case .nothing: continue
            }
        }
        return nil
    }

    /// Whether a layer lets nothing through from below at a path: a directory above it is opaque.
    func isCut(_ path: LayerPath, in layer: Int32) -> Bool {
        switch look(path, in: layer) {
        case .found(let found):
            _ = tree_close(found.at)
            return false
        case .hidden: return true
        case .nothing: return false
        }
    }

    private enum Sight {
        case found(Found)
        case hidden
        case nothing
    }

    private func close(_ found: Found) -> Found? {
        _ = tree_close(found.at)
        return nil
    }

    // Directory by directory, never through a symbolic link: overlayfs merges directories only.
    private func look(_ path: LayerPath, in layer: Int32) -> Sight {
        var at = tree_open_directory(layer, ".")
        guard at >= 0 else { return .hidden }
        var isOpaque = Self.isOpaque(at)
        for part in path.components.dropLast() {
            let next = withCString(part) { tree_open_directory(at, $0) }
            _ = tree_close(at)
            guard next >= 0 else { return next == -2 && !isOpaque ? .nothing : .hidden }
            at = next
            isOpaque = isOpaque || Self.isOpaque(at)
        }
        var status = transfer_status()
        let result = path.withLeaf { tree_status(at, $0, &status) }
        if result >= 0 {
            return .found(Found(at: at, path: path, status: status))
        }
        _ = tree_close(at)
        return isOpaque || result != -2 ? .hidden : .nothing
    }

    private static func isOpaque(_ directory: Int32) -> Bool {
        var value: UInt8 = 0
        return tree_get_attribute(directory, "user.overlay.opaque", &value, 1) == 1
            && value == UInt8(ascii: "y")
    }
}

/// Extended attributes of an open file.
enum LayerAttributes {
    /// Those that travel in layers, sorted by key.
    static func all(of file: Int32) throws(LayerError) -> [ExtendedAttribute] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        guard let base = buffer.baseAddress else { return [] }
        let length = tree_list_attributes(file, base.assumingMemoryBound(to: CChar.self), buffer.count)
        // ENOTSUP: the file system has none.
        if length == -95 { return [] }
        guard length >= 0 else { throw LayerError("attributes cannot be listed", length) }
        let keys = buffer[..<Int(length)].split(separator: 0).map { Array($0) }
        var found: [ExtendedAttribute] = []
        for key in keys where LayerTree.isKept(key) {
            let size = withCString(key) { tree_get_attribute(file, $0, base, buffer.count) }
            guard size >= 0 else { throw LayerError("an attribute cannot be read", size) }
            found.append(ExtendedAttribute(key: key, value: Array(buffer[..<Int(size)])))
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
