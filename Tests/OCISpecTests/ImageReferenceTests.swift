// SPDX-License-Identifier: Apache-2.0
// Names of images: what docker takes, how it prints them, what it refuses.

import OCISpec
import Testing

@Suite("ImageReference")
struct ImageReferenceTests {
    static let hex = String(repeating: "0a", count: 32)
    static let digest = "sha256:" + hex

    private func error(_ text: String) -> String? {
        do throws(ReferenceError) {
            _ = try ImageReference(text)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        "a name is made whole, and printed as docker does",
        arguments: [
            ("ubuntu", "docker.io/library/ubuntu:latest", "ubuntu:latest"),
            ("ubuntu:24.04", "docker.io/library/ubuntu:24.04", "ubuntu:24.04"),
            ("library/ubuntu", "docker.io/library/ubuntu:latest", "ubuntu:latest"),
            ("docker.io/ubuntu", "docker.io/library/ubuntu:latest", "ubuntu:latest"),
            ("index.docker.io/ubuntu", "docker.io/library/ubuntu:latest", "ubuntu:latest"),
            ("index.docker.io/a/b", "docker.io/a/b:latest", "a/b:latest"),
            ("a/b", "docker.io/a/b:latest", "a/b:latest"),
            ("a/b/c:d", "docker.io/a/b/c:d", "a/b/c:d"),
            ("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
            ("ghcr.io/a/b:1", "ghcr.io/a/b:1", "ghcr.io/a/b:1"),
            ("localhost/a", "localhost/a:latest", "localhost/a:latest"),
            ("localhost:5000/a", "localhost:5000/a:latest", "localhost:5000/a:latest"),
            ("host:5000/a:b", "host:5000/a:b", "host:5000/a:b"),
            ("Host/a", "Host/a:latest", "Host/a:latest"),
            ("a.b-c.D/x", "a.b-c.D/x:latest", "a.b-c.D/x:latest"),
            ("[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000/a:latest"),
            ("[2001:DB8::1]/a", "[2001:DB8::1]/a:latest", "[2001:DB8::1]/a:latest"),
            ("127.0.0.1/a", "127.0.0.1/a:latest", "127.0.0.1/a:latest"),
            ("docker.io/localhost/a", "docker.io/localhost/a:latest", "docker.io/localhost/a:latest"),
            ("docker.io/a.b/c", "docker.io/a.b/c:latest", "docker.io/a.b/c:latest"),
            (
                "docker.io/library/\(hex)", "docker.io/library/\(hex):latest",
                "docker.io/library/\(hex):latest"
            ),
            ("a_b__c---d.e0", "docker.io/library/a_b__c---d.e0:latest", "a_b__c---d.e0:latest"),
            ("a:_B.c-", "docker.io/library/a:_B.c-", "a:_B.c-"),
            ("a@\(digest)", "docker.io/library/a@\(digest)", "a@\(digest)"),
            ("a:b@\(digest)", "docker.io/library/a:b@\(digest)", "a:b@\(digest)"),
            ("h:1/a:b@\(digest)", "h:1/a:b@\(digest)", "h:1/a:b@\(digest)"),
            ("\(hex):a", "docker.io/library/\(hex):a", "docker.io/library/\(hex):a"),
            ("\(hex)a", "docker.io/library/\(hex)a:latest", "\(hex)a:latest"),
        ])
    func parses(text: String, full: String, familiar: String) throws {
        let reference = try ImageReference(text)

        #expect(reference.full == full)
        #expect(reference.familiar == familiar && reference.description == familiar)
        #expect(try ImageReference(full) == reference && ImageReference(familiar) == reference)
    }

    @Test("a name's parts")
    func parts() throws {
        let ubuntu = try ImageReference("ubuntu")
        let pinned = try ImageReference("localhost:5000/a/b:c@\(Self.digest)")

        #expect(ubuntu.domain == "docker.io" && ubuntu.path == "library/ubuntu" && ubuntu.tag == "latest")
        #expect(ubuntu.registryHost == "registry-1.docker.io" && ubuntu.target == "latest")
        #expect(ubuntu.name == "docker.io/library/ubuntu" && ubuntu.familiarName == "ubuntu")
        #expect(pinned.registryHost == "localhost:5000" && pinned.path == "a/b" && pinned.tag == "c")
        #expect(pinned.digest == ContentDigest(Self.digest) && pinned.target == Self.digest)
        #expect(try ImageReference("a", defaultTag: nil).full == "docker.io/library/a")
    }

    @Test("another tag, or a digest, for the same repository")
    func changes() throws {
        let reference = try ImageReference("h:1/a:b@\(Self.digest)")
        let digest = Populated.digest(9)

        #expect(try reference.tagged("c").full == "h:1/a:c")
        #expect(reference.pinned(digest).full == "h:1/a@\(digest.text)")
        for tag in ["", "a/b", "c@\(Self.digest)", "-a", "a:b"] {
            #expect(throws: ReferenceError.self) { try reference.tagged(tag) }
        }
    }

    @Test(
        "what is no name is refused with its place",
        arguments: [
            ("", "it is empty; give a name such as `ubuntu:24.04`"),
            (hex, "64 hexadecimal digits are an image's id, not a name"),
            ("Ubuntu", "the repository's name must be in small letters; try `ubuntu`"),
            ("ghcr.io/A/b:X", "the repository's name must be in small letters; try `ghcr.io/a/b:X`"),
            ("a/B@\(digest)", "the repository's name must be in small letters; try `a/b@\(digest)`"),
            ("A b", "the repository's name must be in small letters"),
            ("a:", "no tag comes after `:`"), ("a:-b", "`-` at 3 cannot stand there in the tag"),
            ("a:b c", "byte 32 at 4 cannot stand there in the tag"),
            ("a@", "after `@` comes `sha256:` and 64 hexadecimal digits"),
            ("a@sha256:../../x", "after `@` comes `sha256:` and 64 hexadecimal digits"),
            ("a@\(digest)@\(digest)", "after `@` comes `sha256:` and 64 hexadecimal digits"),
            ("-a", "`-` at 1 cannot stand there in the repository's name"),
            ("a-", "the repository's name may not end in `-`"),
            ("a/", "the repository's name may not end in `/`"), ("a.b/", "it names no repository"),
            ("a//b", "`/` at 3 cannot stand there in the repository's name"),
            ("/a", "`/` at 1 cannot stand there in the repository's name"),
            ("a..b", "`.` at 3 cannot stand there in the repository's name"),
            ("a___b", "`_` at 4 cannot stand there in the repository's name"),
            ("a._b", "`_` at 3 cannot stand there in the repository's name"),
            ("é", "byte 195 at 1 cannot stand there in the repository's name"),
            ("a\u{0}", "byte 0 at 2 cannot stand there in the repository's name"),
            ("https://a/b", "no port comes after the registry's `:`"),
            ("a.b:x/c", "`x` at 5 cannot stand there in the registry's port"),
            ("a.b:65536/c", "the registry's port `65536` is not from 1 to 65535"),
            ("a.b:0/c", "the registry's port `0` is not from 1 to 65535"),
            ("a..b/c", "`.` at 2 cannot stand there in the registry's name"),
            ("a.-b/c", "`-` at 3 cannot stand there in the registry's name"),
            ("a.b./c", "`.` at 4 cannot stand there in the registry's name"),
            ("a_b.c/d", "`_` at 2 cannot stand there in the registry's name"),
            (":5/c", "`:` at 1 cannot stand there in the registry's name"),
            ("[::1/c", "the registry's address has no end; write `[address]:port`"),
            ("[:g]/c", "`g` at 3 cannot stand there in the registry's address"),
            ("[::1]x:5/c", "`x` at 6 cannot stand there in the registry's name"),
        ])
    func refuses(text: String, reason: String) {
        #expect(error(text) == reason)
    }

    @Test("the message begins as docker's does, and holds nothing that a terminal obeys")
    func message() {
        let long = String(repeating: "é", count: 90)

        #expect {
            try ImageReference("A\u{1b}[2J")
        } throws: {
            "\($0)" == "invalid reference format: `A?[2J`: the repository's name must be in small letters"
        }
        #expect { try ImageReference(long) } throws: { "\($0)".contains("`\(long.prefix(80))…`") }
    }

    @Test("a tag may hold 128 characters, registry and repository 255, not one more")
    func lengths() {
        let tag = String(repeating: "t", count: 128)
        let path = String(repeating: "p", count: 255 - "docker.io/library/".utf8.count)

        #expect(error("a:\(tag)") == nil && error("a:\(tag)t") == "the tag has 129 bytes, more than 128")
        #expect(error("\(path):\(tag)@\(Self.digest)") == nil)
        #expect(error("\(path)p") == "registry and repository have 256 bytes, more than 255")
        #expect(error(String(repeating: "a", count: 2000)) == "it has 2000 bytes, more than 1024")
    }

    @Test(
        "a mutated name never traps, and what is read of it is read again the same",
        arguments: 1...4 as ClosedRange<UInt64>)
    func mutants(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        let texts = [
            "ubuntu", "ghcr.io/a/b:1.0", "localhost:5000/a-b/c__d:E@\(Self.digest)", "[::1]:5000/a",
            "Host/a.b",
        ].map { Array($0.utf8) }
        var read = 0
        for _ in 0..<FuzzTests.count / 20 {
            let mutant = FuzzTests().mutate(texts.randomElement(using: &random) ?? [], &random)
            guard let reference = try? ImageReference(String(decoding: mutant, as: UTF8.self)) else {
                continue
            }
            read += 1
            if (try? ImageReference(reference.full)) != reference
                || (try? ImageReference(reference.familiar)) != reference
            {
                Issue.record("read otherwise: \(reference.full)")
            }
        }

        #expect(read > FuzzTests.count / 500)
    }
}
