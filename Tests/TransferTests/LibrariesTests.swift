// SPDX-License-Identifier: Apache-2.0
// The libraries that this module stands on.
import Testing
import Transfer

@Suite("Libraries")
struct LibrariesTests {
    @Test("each library tells its version")
    func versions() {
        let text = Libraries.versions()

        for name in ["libcurl/", "isa-l ", "zstd "] {
            #expect(text.contains(name), "\(text)")
        }
    }
}
