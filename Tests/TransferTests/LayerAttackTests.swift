// SPDX-License-Identifier: Apache-2.0
// Tars that nobody means well with: refused in one sentence, or kept inside; nothing is left behind.
import Foundation
import Testing

@testable import Transfer

@Suite("A hostile layer")
struct LayerAttackTests {
    @Test(
        "is refused with one sentence that names the entry",
        arguments: [
            ("../x", "`../x` leads out of the layer"),
            ("a/../../x", "`a/../../x` leads out of the layer"),
            (".wh.", "`.wh.` is a whiteout of nothing"),
            (".wh...", "`.wh...` is a whiteout of nothing"),
            (".wh..", "`.wh..` is a whiteout of nothing"),
            ("a/.wh.b/c", "`a/.wh.b/c` lies in a whiteout"),
        ])
    func names(name: String, sentence: String) throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file(name)

        #expect(try store.refusal(tar.whole) == sentence)
        #expect(store.leftovers == [])
    }

    @Test("an absolute name is one below the root, and `..` stays inside when it can")
    func absolute() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("/etc/x", "1")
        tar.file("a/../b", "2")

        let root = try store.unpack(tar.whole)

        #expect(text(root + "/etc/x") == "1")
        #expect(text(root + "/b") == "2")
    }

    @Test("a link that points out, written through, stays inside", arguments: [false, true])
    func writtenThrough(isAbsolute: Bool) throws {
        let store = try TestStore()
        let outside = store.directory.path + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        var tar = TinyTar()
        tar.link("out", to: isAbsolute ? outside : "../../../../outside")
        tar.link("magic", to: "/proc/self/cwd")
        tar.file("out/x", "escaped")

        let refusal = try store.refusal(tar.whole)

        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
        #expect(refusal?.contains("`out/x` its directory cannot be") == true, "\(refusal ?? "none")")
    }

    @Test("a link as the last name is replaced, not followed")
    func lastName() throws {
        let store = try TestStore()
        let outside = store.directory.path + "/outside"
        try "safe".write(toFile: outside, atomically: false, encoding: .utf8)
        var tar = TinyTar()
        tar.link("out", to: outside)
        tar.file("out", "mine", mode: 0o777)
        tar.link("out2", to: outside)
        tar.directory("out2")

        let root = try store.unpack(tar.whole)

        #expect(text(outside) == "safe")
        #expect(text(root + "/out") == "mine")
        #expect(status(root + "/out2")?.st_mode == 0o040755)
    }

    @Test("a hard link to what lies outside is refused", arguments: ["../../outside", "out/outside"])
    func hardLink(target: String) throws {
        let store = try TestStore()
        try "safe".write(
            toFile: store.directory.path + "/outside", atomically: false, encoding: .utf8)
        var tar = TinyTar()
        tar.link("out", to: store.directory.path)
        tar.link("mine", to: target, hard: true)

        #expect(try store.refusal(tar.whole) != nil)
        #expect(status(store.directory.path + "/outside")?.st_nlink == 1)
    }

    @Test("a hard link to a symbolic link links the link, so a later chmod goes nowhere")
    func hardLinkToLink() throws {
        let store = try TestStore()
        let outside = store.directory.path + "/outside"
        try "safe".write(toFile: outside, atomically: false, encoding: .utf8)
        chmod(outside, 0o600)
        var tar = TinyTar()
        tar.link("out", to: outside)
        tar.link("mine", to: "out", hard: true)
        tar.file("mine/x")

        #expect(try store.refusal(tar.whole) != nil)
        #expect(status(outside)?.st_mode == 0o100600)
    }

    @Test("names that are too long are refused")
    func longNames() throws {
        let store = try TestStore()
        var component = TinyTar()
        component.extended([("path", Array(repeating: 0x61, count: 256))])
        component.file("x")
        var path = TinyTar()
        path.extended([("path", Array(String(repeating: "a/", count: 2049).utf8))])
        path.file("x")
        var huge = TinyTar()
        huge.extended([("path", Array(repeating: 0x61, count: 2 << 20))])
        huge.file("x")

        #expect(
            try store.refusal(component.whole)?.hasSuffix("has a component of 256 bytes in its name") == true)
        #expect(try store.refusal(path.whole)?.hasSuffix("has a name of 4098 bytes") == true)
        #expect(try store.refusal(huge.whole)?.hasPrefix("its tar has an extended header of") == true)
    }

    @Test("a NUL in a PAX name is refused")
    func nul() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.extended([("path", [0x61, 0, 0x62])])
        tar.file("x")

        #expect(try store.refusal(tar.whole) == "its tar has a damaged PAX header")
    }

    @Test("too many entries or directories are refused")
    func counts() throws {
        let store = try TestStore()
        var tar = TinyTar()
        for index in 0..<30 { tar.directory("d\(index)") }
        let privileged = getuid() == 0

        #expect(
            try store.refusal(tar.whole, UnpackOptions(isPrivileged: privileged, mostEntries: 29))
                == "`d29` is one entry more than 29")
        #expect(
            try store.refusal(tar.whole, UnpackOptions(isPrivileged: privileged, mostDirectories: 20))
                == "`d20` is one directory more than 20")
    }

    @Test("a bomb is refused before the disk is full", arguments: ["gzip", "zstd"])
    func bomb(program: String) throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.add(TinyTar.Entry(content: Array(repeating: 0, count: 8 << 20)))
        let packed = try filter([program, "-c"], tar.whole)
        let options = UnpackOptions(isPrivileged: false, mostBytes: 4 << 20)

        let refusal = try store.refusal(packed, options)

        #expect(refusal?.contains("it grows to more than 4194304 bytes when decompressed") == true)
        #expect(store.leftovers == [])
    }

    @Test("a tar that is cut off, or whose sum is wrong, is refused")
    func damaged() throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.file("a", String(repeating: "x", count: 3000))
        var wrong = tar.whole
        wrong[3] ^= 1

        #expect(try store.refusal(Array(tar.bytes.prefix(2000)))?.contains("its tar ends too early") == true)
        #expect(try store.refusal(wrong) == "it is no tar, or its tar is damaged")
        #expect(try store.refusal(Array("no tar at all".utf8)) == "its tar ends too early")
    }

    @Test("a very deep tree is removed again")
    func deep() throws {
        let store = try TestStore()
        var tar = TinyTar()
        let step = Array(repeating: "d", count: 45).joined(separator: "/")
        tar.directory("l0")
        for index in 0..<30 {
            tar.directory("l\(index)/\(step)")
            tar.link("l\(index + 1)", to: "l\(index)/\(step)")
        }
        tar.file("../x")

        #expect(try store.refusal(tar.whole) == "`../x` leads out of the layer")
        #expect(store.leftovers == [])
    }

    @Test("a sparse map that lies is refused", arguments: ["0,4,2,4", "4,4,0,4", "0,99", "0,9", "0,8,x,1"])
    func sparseMap(map: String) throws {
        let store = try TestStore()
        var tar = TinyTar()
        tar.extended([("GNU.sparse.size", Array("20".utf8)), ("GNU.sparse.map", Array(map.utf8))])
        tar.file("x", "12345678")

        #expect(try store.refusal(tar.whole) != nil)
    }

    @Test("devices are made by root only, and never the one that overlayfs takes for a deletion")
    func devices() throws {
        let store = try TestStore()
        var whiteout = TinyTar()
        whiteout.add(TinyTar.Entry(type: UInt8(ascii: "3")))
        var null = TinyTar()
        null.add(TinyTar.Entry(type: UInt8(ascii: "3"), major: 1, minor: 3))
        let unpacker = try store.unpacker(null.whole, ExpectedLayer(), UnpackOptions(isPrivileged: false))
        _ = try unpacker.wait()

        #expect(try store.refusal(whiteout.whole)?.contains("is the device 0:0") == true)
        #expect(unpacker.notices == ["devices are left out, since an ordinary user can make none"])
    }
}
