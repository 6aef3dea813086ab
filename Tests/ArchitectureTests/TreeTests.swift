// SPDX-License-Identifier: Apache-2.0
// Holds every file of the checkout against the rules.

import Foundation
import Testing

@Suite("The checkout")
struct TreeTests {
    static let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .standardizedFileURL

    /// Every text file that belongs to the project: hidden folders other than .ci hold none.
    static let files: [File] = {
        var found: [File] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let here = top.appending(path: folder).path
            for name in (try? FileManager.default.contentsOfDirectory(atPath: here)) ?? []
            where name != ".git" {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                let kind = try? FileManager.default.attributesOfItem(atPath: "\(top.path)/\(path)")[.type]
                if kind as? FileAttributeType == .typeDirectory {
                    if !name.hasPrefix(".") || name == ".ci" { folders.append(path) }
                } else if kind as? FileAttributeType == .typeRegular,
                    let text = try? String(contentsOf: top.appending(path: path), encoding: .utf8)
                {
                    found.append(File(path: path, text: text))
                }
            }
        }
        return found
    }()

    /// The text of all tests.
    static let tests = files.filter { $0.isSwift && $0.components.first == "Tests" }.map(\.text).joined()

    private func expectNone(_ rule: (File) -> [String], _ location: SourceLocation = #_sourceLocation) {
        let wrong = Self.files.flatMap(rule).prefix(20)

        #expect(wrong == [], sourceLocation: location)
    }

    @Test("is found: it has sources, tests and C files")
    func isFound() {
        #expect(Self.files.contains { $0.path == "Package.swift" })
        #expect(Self.files.contains { $0.module == "Kernel" })
        #expect(Self.files.contains { $0.path == "CShims/include/CShims.h" })
        #expect(Self.files.contains { $0.path == ".ci/run" })
    }

    @Test("every import falls") func imports() { expectNone(Rules.imports) }

    @Test("tests from outside import no module of the programs")
    func outsideImports() {
        let folders = Set(
            Self.files.filter { $0.components.first == "Tests" && $0.isSwift }.map { $0.components[1] })

        expectNone(Rules.outsideImports)
        #expect(folders.isSuperset(of: Floors.outsideMayImport.keys.map { Substring($0) }))
    }

    @Test("every row of the table has its module")
    func rows() {
        let modules = Set(Self.files.compactMap(\.module))

        #expect(modules == Set(Floors.mayImport.keys))
    }

    @Test("every source file and script names its licence") func licence() { expectNone(Rules.licence) }

    @Test("no file has more than 400 lines") func size() { expectNone(Rules.size) }

    @Test("no file has a name that says nothing") func names() { expectNone(Rules.name) }

    @Test("the programs force nothing") func force() { expectNone(Rules.force) }

    @Test("the public C header is narrow") func publicHeader() { expectNone(Rules.publicHeader) }

    @Test("every test that docs/hardening.md cites is there")
    func citedTests() throws {
        let page = try #require(Self.files.first { $0.path == "docs/hardening.md" })
        let cited = Rules.quotations(page)

        #expect(cited.count > 30)
        #expect(cited.filter { !Self.tests.contains("\"\($0)\"") } == [])
    }

    @Test("no file names a path of a development machine")
    func developmentPaths() { expectNone(Rules.developmentPath) }
}
