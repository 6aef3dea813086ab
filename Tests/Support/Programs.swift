// SPDX-License-Identifier: Apache-2.0
// Where the programs under test are, and what this host allows.
import Foundation
import Glibc

package enum Programs {
    /// The checkout.
    package static let package: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()
    /// The directory of the release programs.
    package static let directory = environment("ROOST_PROGRAMS") ?? package + "/.build/release"
    package static let runtime = directory + "/roost-oci"

    package static func environment(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else { return nil }
        return value
    }

    package static func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
}

/// Containers are made with privilege here.
package let isRoot = geteuid() == 0

/// What a test cannot go on from.
package struct FixtureError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
