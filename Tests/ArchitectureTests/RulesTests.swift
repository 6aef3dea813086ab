// SPDX-License-Identifier: Apache-2.0
// Shows each rule a good and a bad sample: a rule that never fails guards nothing.

import Testing

@Suite("The rules of the house")
struct RulesTests {
    private func file(_ path: String, _ text: String) -> File { File(path: path, text: text) }

    @Test(
        "an import is found whatever stands before it",
        arguments: [
            ("import Kernel", ["Kernel"]),
            ("public import JSON // why", ["JSON"]),
            ("@preconcurrency internal import Glibc", ["Glibc"]),
            ("import struct Foundation.Data", ["Foundation"]),
            ("    import Plan.Steps", ["Plan"]),
            ("// import Kernel", []),
            ("let important = 1\nimported()", []),
        ])
    func findsImports(text: String, modules: [String]) {
        #expect(Rules.importedModules(text) == modules)
    }

    @Test(
        "an import that rises, or goes around Kernel, is refused",
        arguments: [
            ("JSON", "OCISpec"), ("OCISpec", "Kernel"), ("Plan", "OCIRuntime"), ("Plan", "StateStore"),
            ("CommandLine", "Kernel"), ("OCIRuntime", "CommandLine"), ("StateStore", "Glibc"),
            ("OCIRuntime", "CShims"), ("Plan", "CCap"), ("roost", "CShims"), ("roost", "Foundation"),
            ("Kernel", "Foundation"), ("roost-oci", "FoundationEssentials"), ("roost", "Glibc"),
        ])
    func refusesRisingImports(module: String, imported: String) {
        let found = Rules.imports(file("Sources/\(module)/A.swift", "internal import \(imported)\n"))

        #expect(found == ["Sources/\(module)/A.swift: `\(module)` may not import `\(imported)`"])
    }

    @Test("an import that falls is allowed")
    func allowsFallingImports() {
        #expect(Rules.imports(file("Sources/Plan/A.swift", "public import Kernel\nimport JSON")) == [])
        #expect(Rules.imports(file("Sources/Kernel/Net/A.swift", "import Glibc\nimport CCap")) == [])
    }

    @Test(
        "a test from outside imports no module of the programs",
        arguments: [
            ("Support/A.swift", "Testing", 1), ("IntegrationTests/A.swift", "JSON", 1),
            ("ConformanceTests/Fixture/A.swift", "OCIRuntime", 1),
            ("ConformanceTests/A.swift", "TestSupport", 0), ("PlanTests/A.swift", "Plan", 0),
        ])
    func keepsOutside(path: String, imported: String, count: Int) {
        #expect(Rules.outsideImports(file("Tests/\(path)", "import \(imported)\n")).count == count)
    }

    @Test("a module without a row is refused")
    func refusesUnknownModule() {
        #expect(Rules.imports(file("Sources/Extra/A.swift", "")).count == 1)
    }

    @Test("a source file without the SPDX line is refused")
    func wantsLicence() {
        let line = "SPDX-License-Identifier: Apache-2.0"

        #expect(Rules.licence(file("Sources/JSON/A.swift", "// nothing\n")).count == 1)
        #expect(Rules.licence(file("CShims/a.c", "\n\n\n// \(line)\n")).count == 1)
        #expect(Rules.licence(file(".ci/run", "#!/bin/bash\nset -e\n")).count == 1)
        #expect(Rules.licence(file(".ci/run", "#!/bin/bash\n# \(line)\n")) == [])
        #expect(Rules.licence(file("docs/a.md", "# A\n")) == [])
    }

    @Test("a file may have 400 lines, not 401")
    func limitsSize() {
        let line = "let a = 1\n"

        #expect(Rules.size(file("Sources/JSON/A.swift", String(repeating: line, count: 400))) == [])
        #expect(Rules.size(file("Sources/JSON/A.swift", String(repeating: line, count: 401))).count == 1)
    }

    @Test("a name that says nothing is refused", arguments: ["Utils.swift", "helpers/A.swift", "misc.c"])
    func refusesNames(path: String) {
        #expect(Rules.name(file("Sources/JSON/\(path)", "")).count == 1)
        #expect(Rules.name(file("Sources/CommandLine/Flag.swift", "")) == [])
    }

    @Test(
        "a forced act is refused in the programs, not in comments",
        arguments: [("let a = try! b()", 1), ("b as! C", 1), ("fatalError()", 1), ("/// never `try!`", 0)])
    func refusesForce(text: String, count: Int) {
        #expect(Rules.force(file("Sources/JSON/A.swift", text)).count == count)
        #expect(Rules.force(file("Tests/JSONTests/A.swift", text)) == [])
    }

    @Test("the public C header neither asks for GNU names nor includes a wide header")
    func keepsHeaderNarrow() {
        let path = "CShims/include/CShims.h"

        #expect(Rules.publicHeader(file(path, "#define _GNU_SOURCE\n")).count == 1)
        #expect(Rules.publicHeader(file(path, "#include <sched.h>\n")).count == 1)
        #expect(Rules.publicHeader(file(path, "#include <stdint.h>\n#include \"mount.h\"\n")) == [])
        #expect(Rules.publicHeader(file("CShims/raw.c", "#define _GNU_SOURCE\n")) == [])
    }

    @Test(
        "a path of a development machine is refused",
        arguments: [
            ("see /" + "work/a", 1), ("`../" + "shared/b`", 1), ("/" + "Users/me", 1), ("upper/work/c", 0),
        ])
    func refusesDevelopmentPaths(text: String, count: Int) {
        #expect(Rules.developmentPath(file("docs/a.md", text)).count == count)
    }
}
