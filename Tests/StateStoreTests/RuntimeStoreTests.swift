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
        try store.write(Self.record, holding: lock)
        close(lock)
        let recorded = failure { () throws(StoreError) in
            _ = try store.claim("box") { _ in Issue.record("reclaimed") }
        }

        #expect(working?.description == "the id `box` is in use: another command is working on it")
        #expect(recorded?.description.contains("the id `box` is in use") == true)
        #expect(try store.read("box") == Self.record)
    }

    @Test(
        "what a killed create left is reclaimed, with its group",
        arguments: [nil, "/sys/fs/cgroup/roost/box"] as [String?])
    func reclaim(group: String?) throws {
        let path = store.directory(of: "box")
        try Files.makeDirectories(path)
        let directory = try OwnedFileDescriptor.open(path, .directory)
        try Files.replace("config.json", with: [1], at: directory.number)
        if let group { try Files.link(to: group, "cgroup", at: directory.number) }
        var reclaimed: [String?] = []

        let lock = try store.claim("box") { reclaimed.append($0) }

        let names = try Files.names(in: lock.directory)
        #expect(reclaimed == [group])
        #expect(names.isEmpty)
    }

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

    @Test("a record comes back as it was written")
    func record() throws {
        let lock = try store.claim("box") { _ in }

        try store.write(Self.record, holding: lock)

        #expect(try store.read("box") == Self.record)
        #expect(try RuntimeRecord.decode(Self.record.encode()) == Self.record)
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

    @Test("a directory without a record is a container being made: not found")
    func readUnfinished() throws {
        let lock = try store.claim("box") { _ in }

        let error = failure { () throws(StoreError) in _ = try store.read("box") }

        #expect(error?.isNotFound == true)
        #expect(lock.id == "box")
    }

    @Test(
        "a damaged state file is named, with the way out",
        arguments: ["", "{", "[]", #"{"pid":"seven"}"#, #"{"id":"box"} x"#])
    func damaged(text: String) throws {
        let lock = try store.claim("box") { _ in }
        try store.write("state.json", Array(text.utf8), holding: lock)

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
        try store.write(Self.record, holding: lock)
        try store.write("config.json", [1], holding: lock)

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
