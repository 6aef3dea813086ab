// SPDX-License-Identifier: Apache-2.0
// Layers that try to get out of their root, to fill memory or disk, or that are damaged; and what looks odd in
// a registry and is right, which must come in.
import Foundation
import Glibc
import TestSupport
import Testing

extension PullTests {
    @Suite("layers of a registry that lies") struct HostileLayerTests {
        /// Where archives of attacks would write, with a file that they would remove.
        private static let outside: Void = {
            try? FileManager.default.createDirectory(
                atPath: "/tmp/roost-escape", withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: "/tmp/roost-escape/kept", contents: Data("kept".utf8))
        }()

        init() { Self.outside }

        private func expectKept() {
            #expect(text(of: "/tmp/roost-escape/kept") == "kept")
        }

        static let archives = [
            Lie("tar-dotdot", "leads out of the layer"), Lie("tar-dotdot-inside", "leads out of the layer"),
            Lie("tar-dotdot-directory", "leads out of the layer"), Lie("tar-nul", "damaged PAX header"),
            Lie("tar-empty-name", "stands for the root"), Lie("tar-root-link", "stands for the root"),
            Lie("tar-root-file", "stands for the root"), Lie("tar-component", "a component of 256 bytes"),
            Lie("tar-symlink", "its directory cannot be opened"), Lie("tar-symlink-up", "cannot be opened"),
            Lie("tar-symlink-chain", "cannot be opened"), Lie("tar-symlink-loop", "symbolic links"),
            Lie("tar-directory-to-link-inside", "cannot be opened"),
            Lie("tar-hardlink", "leads out of the layer"),
            Lie("tar-hardlink-through", "cannot be opened"), Lie("tar-hardlink-self", "to itself"),
            Lie("tar-hardlink-missing", "which no layer has"),
            Lie("tar-hardlink-directory", "which is no file"),
            Lie("tar-hardlink-lower", "which no layer has"), Lie("tar-file-parent", "not a directory"),
            Lie("tar-whiteout-slash", "lies in a whiteout"), Lie("tar-whiteout-empty", "whiteout of nothing"),
            Lie("tar-whiteout-dot", "whiteout of nothing"), Lie("tar-whiteout-dotdot", "whiteout of nothing"),
            Lie("tar-whiteout-directory", "lies in a whiteout"),
            Lie("tar-whiteout-up", "leads out of the layer"),
            Lie("tar-whiteout-device", "stands for a deleted file"),
            Lie("tar-large-xattr", "extended header of"),
            Lie("tar-capability-garbage", "security.capability"), Lie("tar-owner", "no file can have"),
            Lie("tar-owner-negative", "damaged PAX header"), Lie("tar-time", "damaged PAX header"),
            Lie("tar-truncated", "ends too early"), Lie("tar-truncated-header", "ends too early"),
            Lie("tar-one-zero-block", "wrong sum"), Lie("tar-checksum", "its tar is damaged"),
            Lie("tar-garbage", "it is no tar"), Lie("tar-negative", "a wrong number"),
            Lie("tar-pax-size", "damaged PAX header"), Lie("tar-pax-broken", "damaged PAX header"),
            Lie("tar-type", "a type that is not supported"),
            Lie("name-pax", "extended header of 1048590 bytes"),
            Lie("name-gnu", "extended header of 1048577 bytes"), Lie("bomb-size", "a wrong number"),
            Lie("bomb-holes", "damaged PAX header"), Lie("bomb-pax", "extended header of 1073741824 bytes"),
            Lie("gzip-trailing", "damaged"), Lie("gzip-crc", "damaged"),
            Lie("gzip-truncated", "end too early"),
            Lie("gzip-garbage", "damaged"), Lie("gzip-none", "it is no tar"),
            Lie("gzip-empty", "its tar has the digest"),
            Lie("zstd-truncated", "end too early"), Lie("zstd-window", "more than 32 MiB of memory"),
        ]

        @Test(
            "CVE-2014-9356, CVE-2014-6407: an archive that leads out of its root, or is none, is refused",
            arguments: archives)
        func archive(_ lie: Lie) throws {
            try Lie(lie.name, lie.words + ["the layer `"]).expectRefused()
            expectKept()
        }

        @Test(
            "a bomb of gzip or zstd is refused, and takes neither memory nor time",
            arguments: [Lie("bomb-gzip", "grows to more than"), Lie("bomb-zstd", "grows to more than")])
        func bomb(_ lie: Lie) throws { try lie.expectRefused() }

        @Test(
            "ten million entries are refused or come in, in bounded memory",
            .enabled(if: Programs.environment("ROOST_SOAK") == "1"))
        func entries() throws { try Lie("entries").expectRefused() }

        static let odd = [
            Lie("none"), Lie("docker-list"), Lie("type-none"), Lie("platform-config"), Lie("size-chunked"),
            Lie("gzip-members"), Lie("layers-none"), Lie("layers-twice"), Lie("zstd-frames"),
            Lie("gzip-is-zstd"), Lie("login-token"),
            Lie("login-access-token"), Lie("login-other"), Lie("large-64"), Lie("deep"),
            Lie("entries-distinct-20000"), Lie("tar-absolute"), Lie("tar-control"), Lie("tar-not-utf8"),
            Lie("tar-root-mode"), Lie("tar-symlink-file"), Lie("tar-symlink-lower"), Lie("tar-symlink-mode"),
            Lie("tar-hardlink-write"), Lie("tar-directory-to-link"), Lie("tar-link-opaque"),
            Lie("tar-link-whiteout"), Lie("tar-over-directory"), Lie("tar-whiteout-own"),
            Lie("tar-whiteout-metadata"), Lie("tar-trusted-xattrs"), Lie("tar-user-xattrs"),
            Lie("tar-security-xattrs"), Lie("tar-devices"), Lie("tar-setuid"), Lie("tar-mode"),
            Lie("tar-no-end"),
            Lie("tar-after-end"), Lie("tar-trailing-garbage"), Lie("tar-empty"),
        ]

        @Test("what is odd and right comes in, and writes nothing outside", arguments: odd)
        func comesIn(_ lie: Lie) throws {
            try lie.expectPulled()
            expectKept()
        }

        @Test("attributes that overlayfs would act on do not come in", arguments: ["trusted", "user"])
        func attributes(_ prefix: String) throws {
            let box = try Lie("tar-\(prefix)-xattrs").expectPulled()
            let list =
                "import os, sys\nfor place, _, names in os.walk(sys.argv[1]):\n"
                + "  for name in [''] + names: print(name, os.listxattr(os.path.join(place, name), follow_symlinks=False))"
            let found = try box.tool("python3", "-c", list, box.root + "/layers")

            #expect(!found.output.contains("overlay"), "\(found.output)")
            if prefix == "user" { #expect(found.output.contains("user.good"), "\(found.output)") }
        }
    }
}
