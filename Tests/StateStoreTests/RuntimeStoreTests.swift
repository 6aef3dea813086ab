// SPDX-License-Identifier: Apache-2.0
// The store of a runtime: ids, claims, locks, records, what killed commands leave.
import JSON
import Kernel
import OCISpec
import Testing

@testable import StateStore

@Suite("RuntimeStore") struct RuntimeStoreTests {
    private let place: TemporaryDirectory
    private let store: RuntimeStore

    init() throws {
        place = try TemporaryDirectory()
        store = RuntimeStore(root: place.path + "/run/roost")
    }

    @Test(
        "ids are those that runc takes",
        arguments: [
            ("a", true), ("0", true), ("Box_1", true), ("a.b", true), ("a..b", true), ("-a", true),
            ("+a", true), ("_", true),
            ("", false), (".", false), ("..", false), (".a", false), ("a/b", false), ("../a", false),
            ("a b", false),
            ("a\n", false), ("a\0", false), ("a:b", false), ("a@b", false), ("é", false), ("a%", false),
            (String(repeating: "x", count: 255), true), (String(repeating: "x", count: 256), false),
        ])
    func ids(id: String, isValid: Bool) {
        #expect(RuntimeStore.isValid(id: id) == isValid)
    }

    @Test("a claim makes the directories with no rights for others, and the id is listed")
    func claim() throws {
        let lock = try store.claim("box") { _ in Issue.record("nothing to reclaim") }

        #expect(lock.id == "box")
        #expect(try store.ids() == ["box"])
        #expect(try Files.status(store.directory(of: "box")).mode & 0o7777 == 0o700)
        #expect(try Files.status(store.root).mode & 0o7777 == 0o700)
    }

    @Test("an id that another command works on, or that has a record, is in use")
    func inUse() throws {
        let lock = try store.claim("box") { _ in }

        let working = failure { () throws(StoreError) in _ = try store.claim("box") { _ in } }
        try write(Self.record, lock)
        close(lock)
        let recorded = failure { () throws(StoreError) in
            _ = try store.claim("box") { _ in Issue.record("reclaimed") }
        }

        #expect(working?.description == "the id `box` is in use: another command is working on it")
        #expect(recorded?.description.contains("the id `box` is in use") == true)
        #expect(try store.read("box") == Self.record)
    }

    @Test("what a killed create left is reclaimed, with its group if it came that far")
    func reclaim() throws {
        var unfinished = Self.record
        (unfinished.pid, unfinished.startTime) = (0, 0)
        var whole = unfinished.line
        whole.append(UInt8(ascii: "\n"))
        let left: [([UInt8]?, String?)] = [
            (nil, nil), ([], nil), (Array(whole.prefix(40)), nil), (whole, Self.record.cgroup),
        ]
        for (bytes, group) in left {
            try leave(bytes)
            var reclaimed: [String?] = []

            let lock = try store.claim("box") { reclaimed.append($0) }

            let names = try Files.names(in: lock.directory)
            #expect(reclaimed == [group])
            #expect(names.isEmpty)
            try store.remove(lock)
        }
    }

    /// A directory as a killed command leaves it.
    private func leave(_ bytes: [UInt8]?) throws {
        let path = store.directory(of: "box")
        try Files.makeDirectories(path)
        let directory = try OwnedFileDescriptor.open(path, .directory)
        if let bytes { try Files.replace("state.json", with: bytes, at: directory.number) }
    }

    private func write(_ record: RuntimeRecord, _ lock: borrowing ContainerLock) throws(StoreError) {
        var first = record
        (first.pid, first.startTime) = (0, 0)
        try store.begin(first, holding: lock)
        try store.complete(record, configuration: Self.configuration, holding: lock)
    }

    private static let configuration = Array("{\n \"ociVersion\": \"1.3.0\"\n}\n".utf8)

    @Test("one lock at a time")
    func lock() throws {
        let first = try store.claim("box") { _ in }

        let second = try store.lock("box", wait: false)?.id
        close(first)
        let third = try store.lock("box", wait: true)?.id

        #expect(second == nil)
        #expect(third == "box")
    }

    @Test("locking what is not there, or is no directory, says that the container does not exist")
    func lockMissing() throws {
        try Files.makeDirectories(store.root)
        let root = try OwnedFileDescriptor.open(store.root, .directory)
        try Files.replace("file", with: [], at: root.number)
        try Files.link(to: "/", "link", at: root.number)

        for id in ["none", "file", "link"] {
            let error = failure { () throws(StoreError) in _ = try store.lock(id, wait: true) }
            #expect(error == RuntimeStore.notFound(id))
        }
    }

    @Test("a record and its configuration come back as they were written")
    func record() throws {
        let lock = try store.claim("box") { _ in }

        try write(Self.record, lock)

        #expect(try store.read("box") == Self.record)
        #expect(try store.configuration("box") == Self.configuration)
        #expect(try RuntimeRecord.decode(Self.record.line) == Self.record)
    }

    @Test("unknown members of a record are skipped")
    func unknownMember() throws {
        let text = #"{"id":"box","later":{"a":[1,2]},"pid":7,"annotations":{}}"#

        let record = try RuntimeRecord.decode(Array(text.utf8))

        #expect(record.id == "box")
        #expect(record.pid == 7)
    }

    @Test(
        "reading what is not there says that the container does not exist",
        arguments: ["none", "../x", "", "."])
    func readMissing(id: String) {
        #expect(failure { () throws(StoreError) in _ = try store.read(id) }?.isNotFound == true)
    }

    @Test("a directory without a record, or a record without a pid, is a container being made: not found")
    func readUnfinished() throws {
        let lock = try store.claim("box") { _ in }

        let before = failure { () throws(StoreError) in _ = try store.read("box") }
        var record = Self.record
        record.pid = 0
        try store.begin(record, holding: lock)
        let after = failure { () throws(StoreError) in _ = try store.read("box") }

        #expect(before?.isNotFound == true)
        #expect(after?.isNotFound == true)
    }

    @Test("a record of more than 1 MiB is refused before anything is written")
    func tooLong() throws {
        let lock = try store.claim("box") { _ in }
        var record = Self.record
        record.annotations = [StringPair(key: "a", value: String(repeating: "x", count: 1 << 20))]

        let error = failure { () throws(StoreError) in
            try store.begin(record, holding: lock)
        }

        #expect(error?.description.contains("`annotations`") == true)
        #expect(!Files.exists(store.directory(of: "box") + "/state.json"))
    }

    @Test(
        "a damaged state file is named, with the way out",
        arguments: ["\n", "{\n", "[]\n{}", "{\"pid\":\"seven\"}\n", "{\"id\":\"box\"} x\n"])
    func damaged(text: String) throws {
        try leave(Array(text.utf8))

        let error = failure { () throws(StoreError) in _ = try store.read("box") }

        #expect(error?.isNotFound == false)
        #expect(
            error?.description.hasPrefix(
                "the state file `\(store.directory(of: "box"))/state.json` is damaged") == true)
        #expect(error?.description.contains("`delete -f box`") == true)
    }

    @Test("removing leaves nothing of a container and nothing of others is touched")
    func remove() throws {
        let kept = try store.claim("kept") { _ in }
        let lock = try store.claim("box") { _ in }
        try write(Self.record, lock)

        try store.remove(lock)

        #expect(try store.ids() == ["kept"])
        #expect(kept.id == "kept")
        let again = try store.claim("box") { _ in Issue.record("nothing to reclaim") }
        #expect(again.id == "box")
    }

    @Test("a store that does not exist has no containers; ids are sorted, other names left out")
    func list() throws {
        #expect(try store.ids().isEmpty)
        try Files.makeDirectories(store.root)
        for name in ["b", "a", ".hidden", "no id"] { try Files.makeDirectories(store.directory(of: name)) }

        #expect(try store.ids() == ["a", "b"])
    }

    static let record = RuntimeRecord(
        id: "box", ociVersion: "1.3.0", pid: 4711, startTime: .max, bootID: "0f", bundle: "/b \"q\"\n",
        rootfs: "/b/rootfs",
        created: "2026-01-02T03:04:05.000000006Z", cgroup: "/sys/fs/cgroup/roost/box", hasHooks: true,
        owner: "0",
        annotations: [StringPair(key: "z.é", value: ""), StringPair(key: "a", value: "\u{1}")])

    private func failure(_ body: () throws(StoreError) -> Void) -> StoreError? {
        do throws(StoreError) {
            try body()
            return nil
        } catch { return error }
    }

    private func close(_ lock: consuming ContainerLock) { _ = consume lock }
}
