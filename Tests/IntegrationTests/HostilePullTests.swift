// SPDX-License-Identifier: Apache-2.0
// Pulls from a registry that lies: each lie is refused in one sentence, and the store is as it was. The lies
// are those of Tests/Images/README.md.
import Foundation
import Glibc
import TestSupport
import Testing

/// Pulls of images and what can go wrong with them.
@Suite("pulls", .enabled(if: isRoot), .timeLimit(.minutes(20)))
struct PullTests {}

/// A lie, and what the sentence about it must say besides the image's name.
struct Lie: CustomTestStringConvertible, Sendable {
    let name: String
    let words: [String]
    var testDescription: String { name }

    init(_ name: String, _ words: String...) { self.init(name, words) }

    init(_ name: String, _ words: [String]) {
        self.name = name
        self.words = words
    }

    /// Megabytes that a pull may need, whatever it is told.
    static let mostMegabytes = 60

    /// Pulls it into a store that has an image, and expects that nothing comes of it.
    func expectRefused() throws {
        let (box, before) = try PullBox.withImage()
        let blobs = box.names("blobs/sha256")
        let image = try "\(PullBox.hostile.get().address)/lies/\(name)/\(box.id):latest"

        let (outcome, megabytes) = try box.measured("pull", image)

        #expect(outcome.status == 1 && !outcome.hasTimedOut, "\(outcome)")
        let lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 2 && lines[1].isEmpty, "one sentence: \(outcome.errors)")
        #expect(!outcome.errors.dropLast().utf8.contains { $0 < 32 }, "\(outcome.errors)")
        for word in ["roost: ", "`\(image)`"] + words { #expect(outcome.errors.contains(word), "\(outcome)") }
        #expect(try box.images() == [before])
        #expect(box.temporaries.isEmpty, "\(box.temporaries)")
        #expect(try box.escaped().isEmpty)
        #expect(try box.damage().isEmpty)
        #expect(box.names("blobs/sha256").filter(blobs.contains) == blobs)
        #expect(try box.isReadable(before))
        #expect(megabytes <= Self.mostMegabytes, "\(megabytes) MB")
    }

    /// Pulls it, and expects that it comes in whole. Returns the box for more questions.
    @discardableResult func expectPulled() throws -> PullBox {
        let box = try PullBox()
        let image = try "\(PullBox.hostile.get().address)/lies/\(name)/\(box.id):latest"

        let (outcome, megabytes) = try box.measured("pull", image)

        #expect(outcome.status == 0 && !outcome.hasTimedOut, "\(outcome)")
        #expect(try box.images() == [image])
        #expect(box.temporaries.isEmpty && box.partials.isEmpty, "\(box.temporaries) \(box.partials)")
        #expect(try box.escaped().isEmpty)
        #expect(try box.damage().isEmpty)
        #expect(try box.isReadable(image))
        #expect(megabytes <= Self.mostMegabytes, "\(megabytes) MB")
        return box
    }
}

extension PullTests {
    @Suite("from a registry that lies") struct HostilePullTests {
        private static let noDigest = "is not `sha256:` with 64 hexadecimal digits"

        static let manifests = [
            Lie("digest-manifest", "the content has the digest `sha256:"),
            Lie("digest-header", "the registry says `sha256:2222"),
            Lie("digest-header-odd", "the registry says `sha256:../../x`"),
            Lie("digest-config", "the content has the digest `sha256:"),
            Lie("diff-count", "the manifest has 2 layers, the configuration 1"),
            Lie("endless-manifest", "more than 4194304 bytes"),
            Lie("gigabyte-manifest", "more than 4194304 bytes"),
            Lie("endless-config", "more than the 296 bytes"), Lie("gigabyte-config", "the manifest says 296"),
            Lie("config-size", "has 1099511627776 bytes"),
            Lie("size-config-longer", "has 396 bytes; the manifest says 296"),
            Lie("descriptor-negative", "layers[1].size"), Lie("descriptor-text", "layers[1].size"),
            Lie("type-header", "the registry says `text/html`"),
            Lie("type-header-index", "the registry says `application/vnd.oci.image.index.v1+json`"),
            Lie("type-body", "the manifest `application/vnd.oci.image.index.v1+json`"),
            Lie("type-layer", "is a `application/x-unknown`"),
            Lie("type-foreign", "rootfs.foreign.diff.tar.gzip"),
            Lie("type-config", "its configuration is `application/x-unknown`"),
            Lie("artifact", "its configuration is `application/vnd.oci.empty.v1+json`"),
            Lie("schema1", "schema 1"), Lie("schema3", "schemaVersion"), Lie("html", "cannot be read"),
            Lie("empty", "cannot be read"), Lie("empty-object", "missing `schemaVersion`"),
            Lie("cut-json", "layers[1].digest"), Lie("deep-json", "expected an object"),
            Lie("no-layers", "the manifest has 0 layers"), Lie("null-layers", "the manifest has 0 layers"),
            Lie("config-garbage", "the configuration `sha256:"), Lie("status", "cannot be read"),
            Lie("no-content", "cannot be read"), Lie("platform", "no matching manifest", "linux/s390x"),
            Lie("index-empty", "no matching manifest"), Lie("index-nested", "more than 3 indexes"),
            Lie("index-missing", "not found"), Lie("bomb-layers", "more than 500 elements"),
        ]

        @Test("a manifest or a configuration that lies is refused", arguments: manifests)
        func manifest(_ lie: Lie) throws { try lie.expectRefused() }

        @Test(
            "a digest that is none is refused before it is used for anything",
            arguments: ["layer", "config", "index", "diff"],
            [
                "path", "path-long", "path-absolute", "short", "upper", "empty", "no-colon", "unknown",
                "sha512",
                "newline",
            ])
        func digest(_ place: String, _ kind: String) throws {
            try Lie("odd-\(place)-\(kind)", Self.noDigest).expectRefused()
        }

        static let blobs = [
            // What a damaged layer shows first is a matter of time.
            Lie("digest", "the layer `921832529be7`: "),
            Lie("diff-id", "the layer `921832529be7`: its tar has the digest"),
            Lie("size-longer", "the manifest says "), Lie("size-shorter", "the manifest says "),
            Lie("size-chunked-longer", "sends more than the "), Lie("length-longer", "the manifest says "),
            Lie("endless-layer", "sends more than the "),
            Lie("descriptor-longer", "the manifest says 262485"),
            Lie("descriptor-shorter", "the manifest says 262285"),
            Lie("descriptor-size", "the manifest says 4611686018427387904"),
            Lie("once-wrong-range", "other bytes than those asked for"),
            Lie("once-lying-range", "the layer `921832529be7`"),
            Lie("once-changed", "the layer `921832529be7`"),
            Lie("missing", "not found", "manifest unknown"), Lie("missing-layer", "not found"),
            Lie("missing-config", "not found"), Lie("denied", "denies access: requested access is denied"),
            Lie("message", "answers 400: red"), Lie("header-endless", "a head of more than 65536 bytes"),
        ]

        @Test("a blob that is not what the manifest says is refused", arguments: blobs)
        func blob(_ lie: Lie) throws { try lie.expectRefused() }

        static let logins = [
            Lie("login-basic", "denies access"), Lie("login-loop", "denies access"),
            Lie("login-loop-basic", "denies access"), Lie("login-none", "denies access"),
            Lie("login-unknown", "denies access"), Lie("login-denied", "no such account"),
            Lie("login-file", "names no token server"), Lie("login-garbage", "names no token server"),
            Lie("login-nobody", "could not connect to `http://127.0.0.1:1`"),
            Lie("login-empty-token", "answers without a token"),
            Lie("login-no-json", "answers without a token"),
            Lie("login-newline-token", "answers without a token"),
            Lie("login-large-token", "more than 1048576 bytes"),
            Lie("endless-token", "more than 1048576 bytes"),
            Lie("redirect-loop", "redirects more than 10 times"),
            Lie("redirect-none", "redirects more than 10 times"),
            Lie("redirect-file", "redirects to nowhere"), Lie("redirect-ftp", "redirects to nowhere"),
            Lie("redirect-account", "redirects to nowhere"),
        ]

        @Test("a login or a redirect that leads nowhere ends", arguments: logins)
        func login(_ lie: Lie) throws { try lie.expectRefused() }

        @Test(
            "a registry that never answers well is given up after five tries",
            arguments: [
                Lie("busy-always", "too many requests"), Lie("fails-always", "answers 500: something broke"),
                Lie("cut-manifest", "broke"), Lie("cut-config", "broke"),
                Lie("cut-layer-1000", "cut off after"),
                Lie("cut-token", "broke"), Lie("busy-long", "asks to wait for 86400 seconds"),
            ])
        func passing(_ lie: Lie) throws { try lie.expectRefused() }

        @Test(
            "a registry that falls silent is given up",
            .enabled(if: Programs.environment("ROOST_SOAK") == "1"),
            arguments: [Lie("silent-manifest", "timed out"), Lie("silent-layer-1000", "timed out")])
        func silent(_ lie: Lie) throws { try lie.expectRefused() }
    }
}
