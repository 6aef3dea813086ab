// SPDX-License-Identifier: Apache-2.0
// Layers as images have them: what is in the tar is what is in the directory.
import Foundation
import Testing

@testable import Transfer

@Suite("A layer")
struct LayerTests {
    @Test("brings files, directories, links with their modes and times")
    func plain() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.directory("./etc/", mode: 0o500, time: 1_500_000_001)
        tar.file("etc/motd", "hello", mode: 0o4751)
        tar.link("etc/link", to: "../motd")
        tar.link("hard", to: "/etc/motd", hard: true)
        tar.add(TinyTar.Entry(name: Array("pipe".utf8), type: UInt8(ascii: "6"), mode: 0o622))

        let root = try store.unpack(tar.whole)

        #expect(text(root + "/etc/motd") == "hello")
        #expect(status(root + "/etc/motd")?.st_mode == 0o104751)
        #expect(status(root + "/etc/motd")?.st_mtim.tv_sec == 1_600_000_000)
        #expect(status(root + "/etc")?.st_mode == 0o040500)
        #expect(status(root + "/etc")?.st_mtim.tv_sec == 1_500_000_001)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: root + "/etc/link") == "../motd")
        #expect(status(root + "/hard")?.st_ino == status(root + "/etc/motd")?.st_ino)
        #expect(status(root + "/pipe")?.st_mode == 0o010622)
        #expect(store.leftovers == [])
    }

    @Test("keeps names byte by byte, whatever they mean in any encoding")
    func rawNames() throws {
        let store = try TestStore()
        var tar = TinyTar()
        let decomposed = Array("e\u{301}".utf8)
        tar.extended([("path", decomposed)])
        tar.file("x", "1")
        tar.add(TinyTar.Entry(name: [0xff, 0xfe], content: [0x32]))

        let root = try store.unpack(tar.whole)
        let handle = try #require(opendir(root))
        var names: Set<[UInt8]> = []
        while let entry = readdir(handle) {
            names.insert(
                withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
        }
        closedir(handle)

        #expect(names == [decomposed, [0xff, 0xfe], [0x2e], [0x2e, 0x2e]])
    }

    @Test("marks deleted names and opaque directories as overlayfs wants them")
    func whiteouts() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.directory("a")
        tar.file("a/.wh..wh..opq", "")
        tar.file("a/.wh.gone", "")
        tar.file(".wh..wh.plnk", "")
        tar.file(".wh..wh.aufs/x", "")

        let root = try store.unpack(tar.whole)

        #expect(attribute(root + "/a", "user.overlay.opaque") == [UInt8(ascii: "y")])
        #expect(status(root + "/a/gone")?.st_mode == 0o020000)
        #expect(status(root + "/a/gone")?.st_rdev == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["a"])
    }

    @Test("a whiteout hides nothing of its own layer, and a directory in its place is opaque")
    func whiteoutAndNewName() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("kept", "1")
        tar.file(".wh.kept", "")
        tar.file(".wh.implied", "")
        tar.file("implied/x", "2")
        tar.file(".wh.told", "")
        tar.directory("told")

        let root = try store.unpack(tar.whole)

        #expect(text(root + "/kept") == "1")
        #expect(attribute(root + "/implied", "user.overlay.opaque") == [UInt8(ascii: "y")])
        #expect(attribute(root + "/told", "user.overlay.opaque") == [UInt8(ascii: "y")])
    }

    @Test("keeps user.* attributes and drops those that mean something to the host")
    func attributes() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.extended(
            ["user.one", "user.overlay.opaque", "trusted.overlay.opaque", "security.selinux"]
                .map { ("SCHILY.xattr." + $0, [1, 0, 2]) })
        tar.directory("a")

        let root = try store.unpack(tar.whole)

        #expect(attribute(root + "/a", "user.one") == [1, 0, 2])
        #expect(attribute(root + "/a", "user.overlay.opaque") == nil)
        #expect(attribute(root + "/a", "trusted.overlay.opaque") == nil)
        #expect(attribute(root + "/a", "security.selinux") != [1, 0, 2])
    }

    @Test("a later entry takes the place of an earlier one, whatever both are")
    func replaced() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("a/b/c/d", "old")
        tar.file("a/b/e", "old")
        tar.file("a", "new")
        tar.file("f", "old")
        tar.file("f/../g", "beside")
        tar.link("f", to: "g")
        tar.file("a2/x", "1")
        tar.link("a2", to: ".")
        tar.file("a2/x", "2")

        let root = try store.unpack(tar.whole)

        #expect(text(root + "/a") == "new")
        #expect(text(root + "/f") == "beside")
        #expect(text(root + "/x") == "2")
        #expect(store.leftovers == [])
    }

    @Test("an implied directory takes what the nearest lower layer's has")
    func implied() throws {
        let store = try TestStore()
        var lowest = TinyTar()
        lowest.directory("d", mode: 0o711, time: 1_400_000_000)
        lowest.directory("hidden", mode: 0o711)
        lowest.directory("deep", mode: 0o700)
        lowest.directory("deep/er", mode: 0o711)
        var middle = TinyTar()
        middle.file(".wh.hidden", "")
        middle.file("deep/.wh..wh..opq", "")
        var top = TinyTar()
        for name in ["d", "hidden", "deep/er", "new"] { top.file(name + "/file") }

        let lower = try store.unpack(lowest.whole)
        let between = try store.unpack(middle.whole, lower: [lower])
        let root = try store.unpack(top.whole, lower: [between, lower])

        #expect(status(root + "/d")?.st_mode == 0o040711)
        #expect(status(root + "/d")?.st_mtim.tv_sec == 1_400_000_000)
        #expect(status(root + "/hidden")?.st_mode == 0o040755)
        #expect(status(root + "/deep/er")?.st_mode == 0o040755)
        #expect(status(root + "/new")?.st_mode == 0o040755)
        #expect(status(between + "/deep")?.st_mode == 0o040700)
    }

    @Test("a hard link to a lower layer's file is copied up")
    func lostLink() throws {
        let store = try TestStore()
        var first = TinyTar()
        first.directory("bin", mode: 0o711)
        first.file("bin/tool", "code", mode: 0o4755)
        var second = TinyTar()
        second.link("one", to: "bin/tool", hard: true)
        second.link("two", to: "bin/tool", hard: true)

        let lower = try store.unpack(first.whole)
        let root = try store.unpack(second.whole, lower: [lower])

        #expect(text(root + "/one") == "code")
        #expect(status(root + "/one")?.st_mode == 0o104755)
        #expect(status(root + "/one")?.st_mtim.tv_sec == 1_600_000_000)
        #expect(status(root + "/two")?.st_ino == status(root + "/one")?.st_ino)
        #expect(status(root + "/bin/tool")?.st_ino == status(root + "/one")?.st_ino)
        #expect(status(root + "/bin")?.st_mode == 0o040711)
        #expect(status(lower + "/bin/tool")?.st_nlink == 1)
    }

    @Test("a link of a lower layer is not followed when a hard link's target is looked for")
    func lostLinkThroughLink() throws {
        let store = try TestStore()
        let outside = store.directory.path + "/outside"
        try "secret".write(toFile: outside, atomically: false, encoding: .utf8)
        var first = TinyTar()
        first.link("d", to: store.directory.path)
        first.link("leaf", to: outside)
        var second = TinyTar()
        second.link("one", to: "d/outside", hard: true)
        var third = TinyTar()
        third.link("two", to: "leaf", hard: true)

        let lower = try store.unpack(first.whole)

        #expect(throws: LayerError.self) { try store.unpack(second.whole, lower: [lower]) }
        #expect(throws: LayerError.self) { try store.unpack(third.whole, lower: [lower]) }
    }

    @Test(
        "sparse files of GNU tar keep their holes",
        arguments: [
            "gnu", "posix --sparse-version=0.0",
            "posix --sparse-version=0.1", "posix --sparse-version=1.0",
        ])
    func sparse(format: String) throws {
        let store = try TestStore()
        let path = store.directory.path + "/holes"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        for index in 0..<40 {
            try file.seek(toOffset: UInt64(index) * 300_000 + 8192)
            try file.write(contentsOf: Data("piece \(index)".utf8))
        }
        try file.truncate(atOffset: 20_000_000)
        let tar = try filter(
            ["tar", "-C", store.directory.path, "-S"]
                + "--format=\(format)".split(separator: " ").map(String.init)
                + ["-c", "holes"], [])

        let root = try store.unpack(tar)

        #expect(FileManager.default.contentsEqual(atPath: root + "/holes", andPath: path))
        let blocks = try #require(status(root + "/holes")?.st_blocks)
        #expect(blocks * 512 < 2_000_000)
    }

    @Test("PAX gives long names, large numbers and parts of seconds")
    func pax() throws {
        let store = try TestStore()
        let long = (0..<20).map { "\($0)" + String(repeating: "n", count: 190) }.joined(separator: "/")
        var tar = TinyTar()
        tar.extended([("path", Array(long.utf8)), ("mtime", Array("-1.25".utf8)), ("comment", [0xff])])
        tar.file("short", "1")
        tar.extended([("path", Array("ignored".utf8))], type: UInt8(ascii: "g"))
        tar.file("second", "2")

        let root = try store.unpack(tar.whole)
        let found = try #require(
            FileManager.default.enumerator(atPath: root)?.allObjects.last { "\($0)".hasSuffix("n") })

        #expect("\(found)".utf8.count == long.utf8.count)
        #expect(text(root + "/second") == "2")
    }
}
