// SPDX-License-Identifier: Apache-2.0
// The runtimes that run the same bundles, and how each has to be called on this host.
import Foundation
import TestSupport

enum Runtime: String, CaseIterable {
    case roost
    case runc
    case crun

    /// The program with what must stand before it.
    func command() throws -> [String] {
        switch self {
        case .roost: [Programs.runtime]
        case .runc: [try Self.installed("runc")]
        case .crun: try CgroupView.prefix.get() + [try Self.installed("crun")]
        }
    }

    private static func installed(_ name: String) throws -> String {
        let path = Programs.environment("PATH") ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        let found = folders.map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else {
            throw FixtureError("`\(name)` is not installed; run `make deps-peers`")
        }
        return found
    }
}
