// SPDX-License-Identifier: Apache-2.0
// HOME from /etc/passwd: its text is the image's, so anything may stand there.
import Testing

@testable import OCIRuntime

@Suite("HomeDirectory") struct HomeDirectoryTests {
    @Test(
        "the sixth field of the first line with the uid, else /",
        arguments: [
            ("root:x:0:0:root:/root:/bin/sh\n", 0, "/root"), ("a:x:7:0::/a\nb:x:7:0::/b:\n", 7, "/a"),
            ("a:x:7:0:::/bin/sh\n", 7, "/"), ("a:x:7:0:\n", 7, "/"), ("a:x:70:0::/a:", 7, "/"),
            ("a:x: 7:0::/a:", 7, "/"), ("a:x:+:0::/a:", 0, "/"), (":::::", 0, "/"), ("", 0, "/"),
            ("a:x:4294967294:0::/a", 4_294_967_294, "/a"), ("a:x:4294967296:0::/a", 0, "/"),
        ] as [(String, UInt32, String)])
    func directory(passwd: String, uid: UInt32, home: String) {
        #expect(HomeDirectory.directory(of: uid, in: Array(passwd.utf8)) == home)
    }

    @Test("a HOME of the configuration stays, an empty one too", arguments: ["HOME=/h", "HOME="])
    func kept(_ entry: String) {
        #expect(HomeDirectory.completing([entry], uid: 0, root: "/no/such") == [entry])
    }

    @Test("without a root file system HOME is /")
    func noRoot() {
        #expect(HomeDirectory.completing(["A=b"], uid: 0, root: "/no/such") == ["A=b", "HOME=/"])
    }
}
