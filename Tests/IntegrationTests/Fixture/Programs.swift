// SPDX-License-Identifier: Apache-2.0
// Where the programs under test are, and what this host allows.
import Foundation
import Glibc

enum Programs {
    /// The checkout.
    static let package: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()
    /// The directory of the release programs.
    static let directory = environment("ROOST_PROGRAMS") ?? package + "/.build/release"
    static let runtime = directory + "/roost-oci"

    static func environment(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else { return nil }
        return value
    }

    static func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
}

/// Containers are made with privilege here.
let isRoot = geteuid() == 0

/// What a test cannot go on from.
struct FixtureError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
