// SPDX-License-Identifier: Apache-2.0
// The rules of the house as functions over text: each returns what is wrong with one file, as sentences.
// They read no disk, so that a bad sample can be shown to each of them.

struct File: Sendable {
    /// Relative to the top of the checkout, with `/`.
    var path: String
    var text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var components: [Substring] { path.split(separator: "/") }
    var name: Substring { components.last ?? "" }

    func has(extension suffix: String) -> Bool { path.hasSuffix("." + suffix) }
    var isSwift: Bool { has(extension: "swift") }
    var isC: Bool { has(extension: "c") || has(extension: "h") }
    var isScript: Bool { text.hasPrefix("#!") }
    /// The module that a file under Sources/ belongs to.
    var module: String? {
        components.count > 2 && components[0] == "Sources" ? String(components[1]) : nil
    }
}

enum Rules {
    static func importedModules(_ text: String) -> [String] {
        let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        return text.split(separator: "\n").compactMap { line in
            var words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }[...]
            while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) {
                words.removeFirst()
            }
            guard words.popFirst() == "import", var name = words.popFirst() else { return nil }
            if kinds.contains(name), let next = words.popFirst() { name = next }
            return name.split(separator: ".").first.map(String.init)
        }
    }

    static func imports(_ file: File) -> [String] {
        guard let module = file.module, file.isSwift else { return [] }
        guard let allowed = Floors.mayImport[module] else {
            return ["\(file.path): `\(module)` is on no floor; give it a row in Floors.swift"]
        }
        return importedModules(file.text).filter { !allowed.contains($0) }
            .map { "\(file.path): `\(module)` may not import `\($0)`" }
    }

    static func outsideImports(_ file: File) -> [String] {
        guard file.isSwift, file.components.count > 2, file.components[0] == "Tests",
            let allowed = Floors.outsideMayImport[String(file.components[1])]
        else { return [] }
        return importedModules(file.text).filter { !allowed.contains($0) }
            .map { "\(file.path): tests from outside may not import `\($0)`" }
    }

    static func licence(_ file: File) -> [String] {
        guard file.isSwift || file.isC || file.isScript || file.path == "Makefile" else { return [] }
        let found = file.lines.prefix(3).contains { $0.contains("SPDX-License-Identifier: Apache-2.0") }
        return found ? [] : ["\(file.path): no SPDX line among the first three"]
    }

    static func size(_ file: File) -> [String] {
        guard file.isSwift || file.isC || file.isScript else { return [] }
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        return count <= Floors.maximumLines
            ? [] : ["\(file.path): \(count) lines, more than \(Floors.maximumLines)"]
    }

    static func name(_ file: File) -> [String] {
        file.components.compactMap { component in
            let stem = component.split(separator: ".").first.map { $0.lowercased() } ?? ""
            return Floors.refusedNames.contains(stem)
                ? "\(file.path): `\(component)` says nothing; name what it holds" : nil
        }
    }

    static func force(_ file: File) -> [String] {
        guard file.module != nil, file.isSwift else { return [] }
        return file.lines.enumerated().flatMap { index, line -> [String] in
            guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { return [] }
            return ["try!", " as!", "fatalError("].filter { line.contains($0) }
                .map { "\(file.path):\(index + 1): `\($0)`" }
        }
    }

    static func publicHeader(_ file: File) -> [String] {
        guard file.path.hasPrefix("CShims/include/") else { return [] }
        let wide = file.lines.compactMap { line -> String? in
            let parts = line.split { $0 == " " || $0 == "<" || $0 == ">" }
            guard line.hasPrefix("#include <"), parts.count > 1 else { return nil }
            let header = String(parts[1])
            return Floors.publicHeadersMayInclude.contains(header)
                ? nil : "\(file.path): includes <\(header)>; only a .c file may"
        }
        return wide
            + (file.text.contains("_GNU_SOURCE") ? ["\(file.path): `_GNU_SOURCE` belongs into .c files"] : [])
    }

    /// What stands between double quotes in the rows of a page's tables.
    static func quotations(_ file: File) -> [String] {
        file.lines.filter { $0.hasPrefix("|") }.flatMap { line in
            line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    /// A path that exists only where somebody develops, or a folder beside the checkout.
    static func developmentPath(_ file: File) -> [String] {
        let places = ["/" + "work/", "/" + "Users/", "../" + "shared"]
        let ends: Set<Character> = [" ", "\"", "'", "`", "(", ":", "=", "<", "\t"]
        return file.lines.enumerated().flatMap { index, line in
            places.filter { place in
                line.ranges(of: place).contains { range in
                    range.lowerBound == line.startIndex
                        || ends.contains(line[line.index(before: range.lowerBound)])
                }
            }
            .map { "\(file.path):\(index + 1): names `\($0)`" }
        }
    }
}
