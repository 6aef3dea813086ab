// SPDX-License-Identifier: Apache-2.0
// A directory of one test, removed with everything in it when the test ends.
import Foundation

/// A fresh, empty directory.
final class TemporaryDirectory {
    /// Its absolute path.
    let path: String

    /// Makes it.
    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("roost-test-" + UUID().uuidString)
            .path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
