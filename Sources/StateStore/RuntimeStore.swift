// SPDX-License-Identifier: Apache-2.0
// The directory of a runtime: `<root>/<id>/` for each container, `mkdir` as the claim, `flock` on that
// directory as the lock, the record as the truth. No file lists the others, so none can be wrong about them.
//
//   nothing ─[claim]→ a directory ─[begin]→ a record without a pid ─[complete]→ a container ─[remove]→ nothing
//
// Up to `complete` there is no container: whoever finds such a directory unlocked may clear it.
internal import JSON
public import Kernel
internal import OCISpec

/// What went wrong with the store.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A sentence.
    public let description: String
    /// The call that failed, if one did.
    public let cause: SyscallError?
    /// True when there is no such container.
    public let isNotFound: Bool

    init(_ description: String, cause: SyscallError? = nil, isNotFound: Bool = false) {
        self.description = description
        self.cause = cause
        self.isNotFound = isNotFound
    }
}

/// The lock of one container: whoever holds it may change what lies in its directory.
public struct ContainerLock: ~Copyable, Sendable {
    /// The container.
    public let id: String
    /// Its directory, opened.
    public let directory: OwnedFileDescriptor
}

/// All containers of one root directory.
public struct RuntimeStore: Sendable {
    /// The root directory.
    public let root: String

    /// Names a store; nothing is made.
    public init(root: String) { self.root = root }

    /// The directory of a container.
    public func directory(of id: String) -> String { root + "/" + id }

    /// Ids as runc has them: `[A-Za-z0-9_+-][A-Za-z0-9_+.-]*`.
    public static func isValid(id: String) -> Bool {
        let bytes = id.utf8
        guard let first = bytes.first, bytes.count <= 255, first != UInt8(ascii: ".") else { return false }
        return bytes.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
    }

    /// Claims an id: makes its directory and takes its lock. What a killed `create` left under this id is
    /// removed by `reclaim`, which gets the path of its group, if it had one.
    public func claim(
        _ id: String, reclaim: (String?) -> Void
    ) throws(StoreError) -> ContainerLock {
        let path = directory(of: id)
        for _ in 0..<100 {
            if try makeDirectory(path) {
                // Another command may have cleared it as a killed one's, and made its own container there.
                guard let lock = try lockIfThere(id, wait: true),
                    !Files.exists("state.json", at: lock.directory.number)
                else { continue }
                return lock
            }
            guard Files.exists(path) else { continue }
            guard let lock = try lockIfThere(id, wait: false) else {
                guard Files.exists(path) else { continue }
                throw StoreError("the id `\(id)` is in use: another command is working on it")
            }
            let unfinished = try unfinishedRecord(lock)
            guard unfinished.isUnfinished else {
                throw StoreError(
                    "the id `\(id)` is in use; `delete` that container first, or choose another id")
            }
            reclaim(unfinished.cgroup)
            try remove(lock)
        }
        throw StoreError("the id `\(id)` is in use: it is made and deleted again and again")
    }

    /// As `lock`, but what is gone is nil too.
    private func lockIfThere(_ id: String, wait: Bool) throws(StoreError) -> ContainerLock? {
        do throws(StoreError) { return try lock(id, wait: wait) } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    private func makeDirectory(_ path: String) throws(StoreError) -> Bool {
        do throws(SyscallError) {
            do throws(SyscallError) { return try Files.makeDirectory(path) } catch {
                guard error.number == .noEntry else { throw error }
                try Files.makeDirectories(root, permissions: 0o700)
                return try Files.makeDirectory(path)
            }
        } catch {
            throw StoreError("cannot make the state directory `\(path)`: \(error.number.text)", cause: error)
        }
    }

    /// Opens and locks a container's directory; nil when another holds it and `wait` is false, or when it
    /// was deleted while this waited.
    public func lock(_ id: String, wait: Bool) throws(StoreError) -> ContainerLock? {
        do throws(SyscallError) {
            let path = directory(of: id)
            let directory = try OwnedFileDescriptor.open(path, [.directory, .noFollow])
            guard try FileLock.take(directory, wait: wait) else { return nil }
            // Deleted and made anew in the meantime: the lock is on what is gone.
            let mine = try Files.status("", at: directory.number)
            guard let now = try? Files.status(path), now.inode == mine.inode, now.device == mine.device else {
                return nil
            }
            return ContainerLock(id: id, directory: directory)
        } catch {
            if error.number == .noEntry || error.number == .notDirectory { throw Self.notFound(id) }
            throw StoreError("cannot lock the container `\(id)`: \(error.number.text)", cause: error)
        }
    }

    /// The error of every command that is given an unknown id; callers look for `does not exist`.
    public static func notFound(_ id: String) -> StoreError {
        StoreError("the container `\(id)` was not found: container does not exist", isNotFound: true)
    }

    /// The record of a container; no lock is needed. Without a pid it is a container being made: not found.
    public func read(_ id: String) throws(StoreError) -> RuntimeRecord {
        guard Self.isValid(id: id) else { throw Self.notFound(id) }
        guard let record = try record(id), record.pid != 0 else { throw Self.notFound(id) }
        return record
    }

    /// The configuration that a container was made with, as bytes of JSON.
    public func configuration(_ id: String) throws(StoreError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try Files.read(
                directory(of: id) + "/state.json", limit: Self.largestConfiguration + Self.largestRecord)
        } catch { throw unreadable(id, error) }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw Self.notFound(id) }
        return Array(bytes[(end + 1)...])
    }

    /// What a killed command left under a lock: its group, if it came that far. Not unfinished: a container
    /// stands there, or a record that cannot be read.
    public func unfinishedRecord(
        _ lock: borrowing ContainerLock
    ) throws(StoreError) -> (isUnfinished: Bool, cgroup: String?) {
        do throws(StoreError) {
            guard let record = try record(lock.id) else { return (true, nil) }
            return (record.pid == 0, record.cgroup)
        } catch {
            if error.isNotFound { return (true, nil) }
            if error.cause == nil { return (false, nil) }
            throw error
        }
    }

    private static let largestConfiguration = 16 << 20
    private static let largestRecord = 1 << 20

    /// The first line; nil when it has no end: the command that wrote it was killed.
    private func record(_ id: String) throws(StoreError) -> RuntimeRecord? {
        guard let line = try firstLine(id) else { return nil }
        do throws(JSONError) { return try RuntimeRecord.decode(line) } catch {
            throw StoreError(
                "the state file `\(directory(of: id))/state.json` is damaged (\(error)); `delete -f \(id)`"
                    + " removes it")
        }
    }

    private func firstLine(_ id: String) throws(StoreError) -> [UInt8]? {
        do throws(SyscallError) {
            let file = try OwnedFileDescriptor.open(directory(of: id) + "/state.json")
            var line: [UInt8] = []
            while line.count < Self.largestRecord {
                let part = try file.read(upTo: 4096)
                if let end = part.firstIndex(of: UInt8(ascii: "\n")) { return line + part[..<end] }
                if part.isEmpty { return nil }
                line += part
            }
        } catch { throw unreadable(id, error) }
        throw StoreError(
            "the state file `\(directory(of: id))/state.json` is damaged (no line end in 1 MiB);"
                + " `delete -f \(id)` removes it")
    }

    private func unreadable(_ id: String, _ error: SyscallError) -> StoreError {
        if error.number == .noEntry || error.number == .notDirectory { return Self.notFound(id) }
        return StoreError("cannot read the state of `\(id)`: \(error.number.text)", cause: error)
    }

    /// Writes `state.json` before anything else of the container is made, so that a killed command's traces
    /// can be found: the record on the first line.
    public func begin(_ record: RuntimeRecord, holding lock: borrowing ContainerLock) throws(StoreError) {
        let line = record.line
        guard line.count < Self.largestRecord else {
            throw StoreError("the record of `\(lock.id)` is larger than 1 MiB; shorten `annotations`")
        }
        try write([(line + [UInt8(ascii: "\n")], 0)], [.write, .create, .exclusive], lock)
    }

    /// Writes the configuration after the record, then pid and start time over the zeros: from here on it is
    /// a container. One file, since on a disk each costs more than a mount. The pid in place, in one write of
    /// half a hundred bytes: a reader sees all of them or none.
    public func complete(
        _ record: RuntimeRecord, configuration: [UInt8], holding lock: borrowing ContainerLock
    ) throws(StoreError) {
        try write([(configuration, record.line.count + 1), (record.head, 0)], .write, lock)
    }

    private func write(
        _ parts: [(bytes: [UInt8], offset: Int)], _ mode: OpenMode, _ lock: borrowing ContainerLock
    ) throws(StoreError) {
        do throws(SyscallError) {
            let file = try OwnedFileDescriptor.open("state.json", mode, at: lock.directory.number)
            for part in parts { try file.write(part.bytes, at: part.offset) }
        } catch {
            throw StoreError(
                "cannot write `\(directory(of: lock.id))/state.json`: \(error.number.text)", cause: error)
        }
    }

    /// Removes a container's directory and gives the lock up.
    public func remove(_ lock: consuming ContainerLock) throws(StoreError) {
        do throws(SyscallError) {
            // The record last: as long as it is there, another `delete` finds what is left.
            let names = try Files.names(in: lock.directory)
            for name in names where name != "state.json" { try Files.remove(name, at: lock.directory.number) }
            try Files.remove("state.json", at: lock.directory.number)
            try Files.removeDirectory(directory(of: lock.id))
        } catch {
            throw StoreError("cannot remove `\(directory(of: lock.id))`: \(error.number.text)", cause: error)
        }
    }

    /// The ids of all containers, sorted; a store that does not exist has none.
    public func ids() throws(StoreError) -> [String] {
        do throws(SyscallError) {
            let directory = try OwnedFileDescriptor.open(root, .directory)
            return try Files.names(in: directory).filter { Self.isValid(id: $0) }.sorted()
        } catch {
            if error.number == .noEntry { return [] }
            throw StoreError("cannot list `\(root)`: \(error.number.text)", cause: error)
        }
    }
}
