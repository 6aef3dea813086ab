// SPDX-License-Identifier: Apache-2.0
// A copied tree is the same tree.
import Foundation
import Glibc
import Testing

@testable import Kernel

@Suite("tree copies") struct TreeCopyTests {
    private let place: TemporaryDirectory
    private var source: String { place.path + "/source" }
    private var copy: String { place.path + "/copy" }

    init() throws {
        place = try TemporaryDirectory()
        mkdir(source, 0o755)
        mkdir(copy, 0o755)
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: source + "/" + name, atomically: false, encoding: .utf8)
    }

    private func run() throws {
        let from = try OwnedFileDescriptor.open(source, .directory)
        let to = try OwnedFileDescriptor.open(copy, .directory)
        try TreeCopy.copy(from: from.number, to: to.number)
    }

    private func status(_ path: String) throws -> stat {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SyscallError("lstat", path, ErrorNumber(errno)) }
        return status
    }

    @Test("content, modes, times and links that lead nowhere are as they were, below a closed directory too")
    func tree() throws {
        mkdir(source + "/inner", 0o700)
        try write("inner/file", "content")
        chmod(source + "/inner/file", 0o4751)
        symlink("/nowhere", source + "/inner/link")
        mkfifo(source + "/pipe", 0o640)
        var times = [timespec(tv_sec: 1, tv_nsec: 2), timespec(tv_sec: 1_234_567_890, tv_nsec: 250_000_000)]
        utimensat(AT_FDCWD, source + "/inner", &times, 0)
        chmod(source, 0o711)

        try run()

        #expect(try String(contentsOfFile: copy + "/inner/file", encoding: .utf8) == "content")
        #expect(try status(copy + "/inner/file").st_mode & 0o7777 == 0o4751)
        #expect(try Files.readLink(copy + "/inner/link") == "/nowhere")
        #expect(try status(copy + "/pipe").st_mode == S_IFIFO | 0o640)
        #expect(try status(copy + "/inner").st_mtim.tv_sec == 1_234_567_890)
        #expect(try status(copy + "/inner").st_mtim.tv_nsec == 250_000_000)
        #expect(try status(copy).st_mode & 0o777 == 0o711)
    }

    @Test("names of one file stay names of one file")
    func hardLinks() throws {
        mkdir(source + "/inner", 0o700)
        try write("first", "one")
        link(source + "/first", source + "/inner/second")
        try write("other", "one")

        try run()

        let (first, second) = try (status(copy + "/first"), status(copy + "/inner/second"))
        #expect(first.st_ino == second.st_ino && first.st_nlink == 2)
        #expect(try status(copy + "/other").st_ino != first.st_ino)
    }

    @Test("holes stay holes, also at the end")
    func holes() throws {
        try write("sparse", "")
        let file = open(source + "/sparse", O_WRONLY)
        ftruncate(file, 8 << 20)
        pwrite(file, "A", 1, 1 << 20)
        close(file)

        try run()

        let status = try status(copy + "/sparse")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: copy + "/sparse"))
        #expect(status.st_size == 8 << 20 && status.st_blocks * 512 < 1 << 20)
        #expect(bytes[1 << 20] == 65 && bytes.count(where: { $0 != 0 }) == 1)
    }

    @Test("names are bytes, not text")
    func names() throws {
        let name: [CChar] = [-61, 40, -1, 0]
        close(open(Array((source + "/").utf8CString.dropLast()) + name, O_WRONLY | O_CREAT, 0o600))

        try run()

        #expect(access(Array((copy + "/").utf8CString.dropLast()) + name, F_OK) == 0)
    }

    @Test("what is in the way is an error, not overwritten")
    func occupied() throws {
        try write("file", "new")
        try "old".write(toFile: copy + "/file", atomically: false, encoding: .utf8)

        #expect(throws: SyscallError.self) { try run() }

        #expect(try String(contentsOfFile: copy + "/file", encoding: .utf8) == "old")
    }
}
