// SPDX-License-Identifier: Apache-2.0
// Kept filters: found again whole, or not at all.
import Foundation
import Testing

@testable import Kernel
@testable import StateStore

@Suite("FilterCache") struct FilterCacheTests {
    private static let profile = Array(#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}"#.utf8)[...]
    private static let filter = SeccompFilter(instructions: [1, 2, .max], flags: 10, notifies: true)

    /// A cache with the filter, and the file that it is in.
    private func withCache(_ body: (FilterCache, String) throws -> Void) throws {
        let root = NSTemporaryDirectory() + "filters-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: root) }
        let cache = FilterCache(root: root)
        cache.keep(Self.filter, of: Self.profile)
        try body(cache, cache.directory + "/" + FilterFile.name(Self.profile))
    }

    @Test("what was kept is found, all of it; nothing is found for another profile")
    func found() throws {
        try withCache { cache, _ in
            #expect(cache.filter(of: Self.profile) == Self.filter)
            for index in Self.profile.indices {
                var other = Self.profile
                other[index] ^= 1
                #expect(cache.filter(of: other) == nil)
                #expect(cache.filter(of: Self.profile[..<index]) == nil)
            }
            #expect(cache.filter(of: Self.profile + [0x20]) == nil)
        }
    }

    @Test("two profiles with one hash do not get each other's filter")
    func collision() throws {
        try withCache { cache, file in
            let other = ArraySlice(Self.profile.reversed())
            let name = cache.directory + "/" + FilterFile.name(other)
            try FileManager.default.moveItem(atPath: file, toPath: name)

            #expect(cache.filter(of: other) == nil)
        }
    }

    @Test("a damaged, cut or longer file is passed over, and written anew")
    func damaged() throws {
        try withCache { cache, file in
            let whole = try Data(contentsOf: URL(fileURLWithPath: file))
            for index in whole.indices {
                var bytes = whole
                bytes[index] ^= 0x10
                #expect(FilterFile.filter(in: [UInt8](bytes), of: Self.profile) == nil)
            }
            for count in 0..<whole.count {
                let cut = [UInt8](whole.prefix(count))
                #expect(FilterFile.filter(in: cut, of: Self.profile) == nil)
            }
            try Data("\(whole)more".utf8).write(to: URL(fileURLWithPath: file))
            #expect(cache.filter(of: Self.profile) == nil)

            cache.keep(Self.filter, of: Self.profile)

            #expect(cache.filter(of: Self.profile) == Self.filter)
        }
    }

    @Test("a file or a directory that others may write to is not trusted", arguments: [true, false])
    func trust(isDirectory: Bool) throws {
        try withCache { cache, file in
            try FileManager.default.setAttributes(
                [.posixPermissions: isDirectory ? 0o770 : 0o620],
                ofItemAtPath: isDirectory ? cache.directory : file)

            #expect(cache.filter(of: Self.profile) == nil)
        }
    }

    @Test("a link in the place of a file is not followed")
    func link() throws {
        try withCache { cache, file in
            try FileManager.default.moveItem(atPath: file, toPath: cache.directory + "/elsewhere")
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "elsewhere")

            #expect(cache.filter(of: Self.profile) == nil)
        }
    }

    @Test("no more than so many are kept")
    func bounded() throws {
        try withCache { cache, _ in
            for number in 0...FilterCache.most {
                cache.keep(Self.filter, of: Self.profile + Array("\(number)".utf8))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: cache.directory)

            #expect((1...FilterCache.most).contains(names.count))
        }
    }
}
