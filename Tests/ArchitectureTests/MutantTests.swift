// SPDX-License-Identifier: Apache-2.0
// The mutants of Tests/mutants, cheaply: each patch applies to the tree as it is and names tests that exist;
// docs/hardening.md says `yes` where one of them has it red. Tests/mutants/run builds and tries them.

import Foundation
import Testing

/// One patch of Tests/mutants.
private struct Mutant {
    let path: String
    let what: [String]
    let red: [String]

    init(_ file: File) {
        path = file.path
        what = Self.values("What: ", file)
        red = Self.values("Red: ", file)
    }

    private static func values(_ key: String, _ file: File) -> [String] {
        file.lines.prefix { !$0.hasPrefix("--- ") }.filter { $0.hasPrefix(key) }
            .map { String($0.dropFirst(key.count)) }
    }
}

@Suite("The mutants")
struct MutantTests {
    private static let mutants = TreeTests.files.filter {
        $0.path.hasPrefix("Tests/mutants/") && $0.has(extension: "patch")
    }.map(Mutant.init)

    @Test("each applies to the tree")
    func apply() throws {
        for mutant in Self.mutants {
            let patch = Process()
            let output = Pipe()
            patch.executableURL = URL(filePath: "/usr/bin/env")
            patch.arguments = [
                "patch", "--dry-run", "-p1", "-s", "-f", "-d", TreeTests.top.path, "-i",
                TreeTests.top.appending(path: mutant.path).path,
            ]
            patch.standardOutput = output
            try patch.run()
            let said = output.fileHandleForReading.readDataToEndOfFile()
            patch.waitUntilExit()

            #expect(
                patch.terminationStatus == 0, "\(mutant.path): \(String(decoding: said, as: UTF8.self))")
        }
    }

    @Test("each says what it takes out, and names tests that exist")
    func names() {
        let tests = TreeTests.tests

        #expect(Self.mutants.count > 30)
        for mutant in Self.mutants {
            #expect(mutant.what.count == 1 && !mutant.red.isEmpty, "\(mutant.path)")
            #expect(mutant.red.filter { !tests.contains("\"\($0)\"") } == [], "\(mutant.path)")
        }
    }

    @Test("docs/hardening.md calls those tests red that a mutant makes red")
    func page() throws {
        let page = try #require(TreeTests.files.first { $0.path == "docs/hardening.md" })
        let seen = Set(Self.mutants.flatMap(\.red))
        let claimed = page.lines.filter { $0.hasSuffix("| yes |") }
            .flatMap { Rules.quotations(File(path: page.path, text: String($0))) }

        #expect(seen.symmetricDifference(claimed) == [])
    }
}
