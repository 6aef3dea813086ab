// SPDX-License-Identifier: Apache-2.0
// A store of one test, and layers unpacked into it.
import BlobStore
import Digest
import Foundation
import Kernel
import OCISpec

@testable import Transfer

/// A store in a temporary directory.
final class TestStore {
    let directory: TemporaryDirectory
    let store: BlobStore

    init() throws {
        let directory = try TemporaryDirectory()
        let store = try BlobStore.open(directory.path + "/store")
        self.directory = directory
        self.store = store
    }

    var path: String { directory.path + "/store" }

    /// A complete blob with these bytes.
    func blob(_ bytes: [UInt8]) throws -> GrowingFile {
        let path = directory.path + "/blob-" + RandomName.make()
        try Data(bytes).write(to: URL(filePath: path))
        return GrowingFile(
            owning: try OwnedFileDescriptor.open(path, .readWrite), count: Int64(bytes.count),
            isComplete: true)
    }

    /// An unpacker that has run; `wait` tells the outcome.
    func unpacker(
        _ bytes: [UInt8], _ expected: ExpectedLayer = ExpectedLayer(),
        _ options: UnpackOptions = UnpackOptions(isPrivileged: getuid() == 0)
    ) throws -> LayerUnpacker {
        let unpacker = try LayerUnpacker(store, try blob(bytes), expected, options)
        try unpacker.start()
        return unpacker
    }

    /// Unpacks a tar and returns the directory with its files.
    func unpack(
        _ bytes: [UInt8], lower: [String] = [], _ expected: ExpectedLayer = ExpectedLayer(),
        _ options: UnpackOptions = UnpackOptions(isPrivileged: getuid() == 0)
    ) throws -> String {
        let unpacker = try unpacker(bytes, expected, options)
        _ = try unpacker.wait()
        let chain = ContentDigest(hash: SHA256.hash(Array(UUID().uuidString.utf8)))
        let open = lower.map { Foundation.open($0, O_RDONLY | O_DIRECTORY) }
        defer { for number in open { close(number) } }
        try unpacker.finish(as: chain, lower: open)
        return path + "/" + BlobStore.layerFiles(chain)
    }

    /// The sentence that unpacking fails with; nil when it does not fail.
    func refusal(
        _ bytes: [UInt8], _ options: UnpackOptions = UnpackOptions(isPrivileged: getuid() == 0)
    ) throws -> String? {
        do {
            _ = try unpack(bytes, ExpectedLayer(), options)
            return nil
        } catch { return "\(error)" }
    }

    /// Names under layers/ that are not final.
    var leftovers: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/layers")) ?? [])
            .filter { $0.count != 64 }
    }
}

func status(_ path: String) -> stat? {
    var found = stat()
    return lstat(path, &found) == 0 ? found : nil
}

func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

func attribute(_ path: String, _ key: String) -> [UInt8]? {
    // Glibc's module leaves <sys/xattr.h> out.
    typealias Call =
        @convention(c) (
            UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer, Int
        ) -> Int
    guard let symbol = dlsym(nil, "lgetxattr") else { return nil }
    var value = [UInt8](repeating: 0, count: 1024)
    let size = unsafeBitCast(symbol, to: Call.self)(path, key, &value, value.count)
    return size >= 0 ? Array(value.prefix(size)) : nil
}

/// Runs bytes through a program of the host.
func filter(_ program: [String], _ input: [UInt8]) throws -> [UInt8] {
    let process = Process()
    let directory = try TemporaryDirectory()
    let path = directory.path + "/input"
    try Data(input).write(to: URL(filePath: path))
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = program
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: path))
    let output = Foundation.Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(bytes)
}
