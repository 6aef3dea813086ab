// SPDX-License-Identifier: Apache-2.0
// Why a filter cannot be made: the field of the profile that is wrong, and what to do.

/// A profile that cannot become a filter.
public struct SeccompError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The field, such as `syscalls[3].args[0].index`; empty: the profile as a whole.
    public let field: String
    /// What is wrong with it.
    public let reason: String

    /// All of it.
    public init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    /// One sentence, the field below `parent`, such as `linux.seccomp`.
    public func text(below parent: String) -> String {
        let path = field.isEmpty ? parent : parent.isEmpty ? field : parent + "." + field
        return path.isEmpty ? reason : "`\(path)`: \(reason)"
    }

    /// `syscalls[N]` of a text with the index that rule N has where it was written.
    public static func renumber(_ text: String, _ indexes: [Int]) -> String {
        let mark = "syscalls["
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            guard rest.starts(with: mark.utf8) else {
                result.append(byte)
                rest.removeFirst()
                continue
            }
            let digits = rest.dropFirst(mark.utf8.count).prefix { (48...57).contains($0) }
            let number = Int(String(decoding: digits, as: UTF8.self)) ?? -1
            result += mark.utf8
            result += indexes.indices.contains(number) ? Array("\(indexes[number])".utf8) : Array(digits)
            rest = rest.dropFirst(mark.utf8.count + digits.count)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// One sentence.
    public var description: String { text(below: "") }
}
