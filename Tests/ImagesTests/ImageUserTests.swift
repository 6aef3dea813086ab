// SPDX-License-Identifier: Apache-2.0
// Users of an image, by docker's rules.
import Foundation
import Images
import Kernel
import Testing

@Suite("ImageUser")
struct ImageUserTests {
    let directory: TemporaryDirectory
    let root: Int32

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: directory.path + "/etc", withIntermediateDirectories: true)
        root = try OwnedFileDescriptor.open(directory.path, .directory).release()
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: directory.path + "/etc/" + name, atomically: false, encoding: .utf8)
    }

    static let passwd =
        "root:x:0:0::/root:/bin/sh\nanna:x:1000:50::/home/anna:/bin/sh\nbroken\n7:x:70:71:::\n"
    static let group = "root:x:0:\nstaff:x:50:anna\naudio:x:29:bob,anna\nvideo:x:44:bob\n"

    @Test(
        "names and numbers are found in the image's files",
        arguments: [
            ("", 0, 0, []), ("root", 0, 0, []), ("anna", 1000, 50, [29]), ("1000", 1000, 50, [29]),
            ("anna:video", 1000, 44, []), ("anna:7", 1000, 7, []), ("4000", 4000, 0, []),
            ("4000:audio", 4000, 29, []), ("7", 70, 71, []), (":audio", 0, 29, []),
        ] as [(String, UInt32, UInt32, [UInt32])])
    func found(text: String, uid: UInt32, gid: UInt32, groups: [UInt32]) throws {
        try write("passwd", Self.passwd)
        try write("group", Self.group)

        let user = try ImageUser(text, roots: [root])

        #expect(user.uid == uid && user.gid == gid && user.groups == groups, "\(user)")
    }

    @Test(
        "an unknown name is an error in docker's words", arguments: ["bob", "anna:none", "4294967295", "+1"])
    func unknown(text: String) throws {
        try write("passwd", Self.passwd)
        try write("group", Self.group)

        let error = #expect(throws: ImageError.self) { _ = try ImageUser(text, roots: [root]) }
        #expect(error?.description.contains("no matching entries") == true)
    }

    @Test("numbers need no files")
    func noFiles() throws {
        let user = try ImageUser("5:6", roots: [root])

        #expect(user.uid == 5 && user.gid == 6)
    }

    @Test("a FIFO, a link to a device and a huge file are refused at once (CVE-2026-47262, CVE-2024-9676)")
    func hostile() throws {
        #expect(mkfifo(directory.path + "/etc/passwd", 0o644) == 0)
        #expect(throws: ImageError.self) { _ = try ImageUser("anna", roots: [root]) }

        unlink(directory.path + "/etc/passwd")
        symlink("/dev/zero", directory.path + "/etc/passwd")
        mkdir(directory.path + "/dev", 0o755)
        let fifo = #expect(throws: ImageError.self) { _ = try ImageUser("anna", roots: [root]) }
        #expect(fifo?.description.contains("anna") == true)

        unlink(directory.path + "/etc/passwd")
        try write("passwd", "")
        truncate(directory.path + "/etc/passwd", 1 << 30)
        #expect(throws: ImageError.self) { _ = try ImageUser("anna", roots: [root]) }
    }
}
