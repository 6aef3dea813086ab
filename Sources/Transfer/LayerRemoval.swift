// SPDX-License-Identifier: Apache-2.0
// Removes whatever an archive made, however deep. Directories inside are first moved to a scratch directory
// and taken apart there: no recursion, two descriptors, no path but single names.
internal import CTransfer

enum LayerRemoval {
    /// Removes what has a path's last name in `at`. `scratch` is a directory of the same file system for
    /// names that begin with `gone-`.
    static func remove(_ path: LayerPath, at: Int32, scratch: Int32) throws(LayerError) {
        try path.withLeaf { name -> Result<Void, LayerError> in
            do throws(LayerError) { return .success(try remove(name, at: at, scratch: scratch)) } catch {
                return .failure(error)
            }
        }.get()
    }

    /// The same by name.
    static func remove(_ name: UnsafePointer<CChar>, at: Int32, scratch: Int32) throws(LayerError) {
        if gone(name, at: at) { return }
        var parts = Parts(scratch: scratch)
        try parts.take(name, at: at)
        try parts.takeApart()
    }

    // Files and empty directories go at once.
    fileprivate static func gone(_ name: UnsafePointer<CChar>, at: Int32) -> Bool {
        let result = tree_remove(at, name, 0)
        if result >= 0 || result == -2 { return true }
        return result == -21 && tree_remove(at, name, 1) >= 0
    }
}

/// Directories that were moved into the scratch directory: `gone-0`, `gone-1` ...
private struct Parts {
    let scratch: Int32
    private var made = 0
    private var done = 0
    private let prefix = "gone-" + String(UInt64.random(in: .min ... .max), radix: 16) + "-"

    init(scratch: Int32) { self.scratch = scratch }

    private func name(_ index: Int) -> String { prefix + String(index) }

    mutating func take(_ name: UnsafePointer<CChar>, at: Int32) throws(LayerError) {
        var result = tree_rename(at, name, scratch, self.name(made))
        if result == -13 {
            // An ordinary user must own and may write what is moved.
            _ = tree_set_mode_at(at, name, 0o700)
            result = tree_rename(at, name, scratch, self.name(made))
        }
        guard result >= 0 else { throw LayerError("a directory cannot be removed", result) }
        made += 1
    }

    mutating func takeApart() throws(LayerError) {
        while done < made {
            let name = self.name(done)
            var directory = tree_open_directory(scratch, name)
            if directory == -13 {
                _ = tree_set_mode_at(scratch, name, 0o700)
                directory = tree_open_directory(scratch, name)
            }
            guard directory >= 0 else { throw LayerError("a directory cannot be removed", directory) }
            defer { _ = tree_close(directory) }
            // Names that go while they are listed may hide others from the list.
            while tree_remove(scratch, name, 1) < 0 {
                _ = tree_set_mode(directory, 0o700)
                guard tree_rewind(directory) >= 0, try empty(directory) else {
                    throw LayerError("a directory cannot be emptied")
                }
            }
            done += 1
        }
    }

    // False when there is nothing that could go.
    private mutating func empty(_ directory: Int32) throws(LayerError) -> Bool {
        var isChanged = false
        let reader = LayerNames(directory)
        while let names = try reader.next() {
            for name in names {
                let outcome = withCString(name) { name -> Result<Void, LayerError> in
                    if LayerRemoval.gone(name, at: directory) { return .success(()) }
                    do throws(LayerError) { return .success(try take(name, at: directory)) } catch {
                        return .failure(error)
                    }
                }
                try outcome.get()
                isChanged = true
            }
        }
        return isChanged
    }
}

/// The names in a directory, as bytes, some at a time. See getdents(2).
struct LayerNames: ~Copyable {
    private static let size = 32 << 10
    private let directory: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LayerNames.size, alignment: 16)

    init(_ directory: Int32) { self.directory = directory }

    deinit { buffer.deallocate() }

    /// The next names, without `.` and `..`; nil at the end.
    func next() throws(LayerError) -> [[UInt8]]? {
        guard let base = buffer.baseAddress else { return nil }
        let got = tree_names(directory, base, buffer.count)
        guard got >= 0 else { throw LayerError("a directory cannot be listed", got) }
        guard got > 0 else { return nil }
        var names: [[UInt8]] = []
        var offset = 0
        while offset + 19 < Int(got) {
            let length = Int(buffer[offset + 16]) | Int(buffer[offset + 17]) << 8
            guard length > 19 else { break }
            let name = buffer[(offset + 19)..<min(offset + length, Int(got))].prefix { $0 != 0 }
            if !name.elementsEqual([0x2e]), !name.elementsEqual([0x2e, 0x2e]) { names.append(Array(name)) }
            offset += length
        }
        return names
    }

    /// All names, sorted by bytes.
    static func all(in directory: Int32) throws(LayerError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        let reader = LayerNames(directory)
        while let some = try reader.next() { names += some }
        names.sort { $0.lexicographicallyPrecedes($1) }
        return names
    }
}
