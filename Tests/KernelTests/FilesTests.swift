// SPDX-License-Identifier: Apache-2.0
// Files of the host, and paths that must stay inside a root.
import Testing

@testable import Kernel

@Suite("Files") struct FilesTests {
    private let place: TemporaryDirectory

    init() throws { place = try TemporaryDirectory() }

    @Test("a replaced file has the new content whole and leaves no temporary file")
    func replace() throws {
        let directory = try OwnedFileDescriptor.open(place.path, .directory)

        try Files.replace("state", with: Array("a longer first text".utf8), at: directory.number)
        try Files.replace("state", with: Array("short".utf8), at: directory.number, permissions: 0o600)

        let content = try Files.read(place.path + "/state")
        let names = try Files.names(in: directory)
        #expect(content == Array("short".utf8))
        #expect(names == ["state"])
        #expect(try Files.status(place.path + "/state").mode & 0o7777 == 0o600)
    }

    @Test("what an interrupted replacement left does not show in the next one")
    func staleTemporary() throws {
        let directory = try OwnedFileDescriptor.open(place.path, .directory)
        let stale = try OwnedFileDescriptor.open(place.path + "/state.tmp", [.write, .create])
        try stale.write("left over by somebody who was killed".utf8)

        try Files.replace("state", with: [65], at: directory.number)

        #expect(try Files.read(place.path + "/state") == [65])
        #expect(!Files.exists(place.path + "/state.tmp"))
    }

    @Test("names lists every entry of a large directory once, without the dots")
    func names() throws {
        let directory = try OwnedFileDescriptor.open(place.path, .directory)
        let wanted = (0..<1500).map { "a-rather-long-name-for-an-entry-\($0)" }
        for name in wanted { try Files.link(to: "x", name, at: directory.number) }

        let names = try Files.names(in: directory)

        #expect(names.sorted() == wanted.sorted())
    }

    @Test("a link keeps any text, and is not followed when its target is read")
    func link() throws {
        let directory = try OwnedFileDescriptor.open(place.path, .directory)

        try Files.link(to: "/sys/fs/cgroup/a b\n", "cgroup", at: directory.number)

        #expect(try Files.readLink("cgroup", at: directory.number) == "/sys/fs/cgroup/a b\n")
        #expect(throws: SyscallError("symlink", "cgroup", .exists)) {
            try Files.link(to: "y", "cgroup", at: directory.number)
        }
        #expect(throws: SyscallError("readlink", "none", .noEntry)) {
            try Files.readLink("none", at: directory.number)
        }
    }

    @Test("directories are made with those above them; a second time says that it was there")
    func directories() throws {
        try Files.makeDirectories(place.path + "/a/b/c")

        #expect(try Files.status(place.path + "/a/b/c").isDirectory)
        #expect(try Files.makeDirectory(place.path + "/a/b") == false)
        #expect(try Files.makeDirectory(place.path + "/a/d"))
    }

    @Test("removing what is gone is no error, removing what is not empty is")
    func remove() throws {
        try Files.makeDirectories(place.path + "/a/b")

        try Files.remove(place.path + "/none")
        try Files.removeDirectory(place.path + "/none")

        #expect(throws: SyscallError("rmdir", place.path + "/a", .notEmpty)) {
            try Files.removeDirectory(place.path + "/a")
        }
    }

    @Test("a file longer than the limit is an error, one as long as it is not")
    func limit() throws {
        let directory = try OwnedFileDescriptor.open(place.path, .directory)
        try Files.replace("ten", with: [UInt8](repeating: 1, count: 10), at: directory.number)

        #expect(try Files.read(place.path + "/ten", limit: 10).count == 10)
        #expect(throws: SyscallError.self) { try Files.read(place.path + "/ten", limit: 9) }
    }
}

@Suite("openInRoot") struct OpenInRootTests {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
        try Files.makeDirectories(place.path + "/root/etc")
        let outside = try OwnedFileDescriptor.open(place.path, .directory)
        try Files.replace("secret", with: Array("outside".utf8), at: outside.number)
        let root = try OwnedFileDescriptor.open(place.path + "/root", .directory)
        try Files.replace("secret", with: Array("inside".utf8), at: root.number)
        try Files.link(to: "../secret", "up", at: root.number)
        try Files.link(to: "../../../../../../secret", "far", at: root.number)
        try Files.link(to: "/secret", "absolute", at: root.number)
        try Files.link(to: "/", "top", at: root.number)
        try Files.link(to: "..", "etc/parent", at: root.number)
        try Files.link(to: place.path + "/secret", "host", at: root.number)
        try Files.link(to: "loop", "loop", at: root.number)
    }

    @Test(
        "links and dots lead back into the root",
        arguments: [
            "secret", "/secret", "../secret", "up", "far", "absolute", "top/secret", "top/../secret",
            "etc/parent/parent/secret", "etc/../../../secret",
        ])
    func inside(path: String) throws {
        let root = try OwnedFileDescriptor.open(place.path + "/root", .directory)

        if path == "etc/parent/parent/secret" {
            #expect(throws: SyscallError("openat2", path, .noEntry)) { _ = try open(path, root.number) }
        } else {
            #expect(try open(path, root.number) == "inside")
        }
    }

    @Test("a link with a path of the host is looked up inside and missing there")
    func hostPath() throws {
        let root = try OwnedFileDescriptor.open(place.path + "/root", .directory)

        #expect(throws: SyscallError("openat2", "host", .noEntry)) { _ = try open("host", root.number) }
        #expect(throws: SyscallError("openat2", "loop", .loop)) { _ = try open("loop", root.number) }
    }

    @Test("magic links are refused")
    func magic() throws {
        let procfs = try OwnedFileDescriptor.open("/proc", .directory)

        #expect(throws: SyscallError("openat2", "self/root", .loop)) {
            _ = try open("self/root", procfs.number)
        }
    }

    private func open(_ path: String, _ root: Int32) throws -> String {
        let file = try OwnedFileDescriptor.openInRoot(path, root: root)
        return String(decoding: try file.readAll(limit: 100), as: UTF8.self)
    }
}
