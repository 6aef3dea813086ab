// SPDX-License-Identifier: Apache-2.0
// What went wrong with an image.
internal import BlobStore

/// An error of this module: one sentence.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the caller may do something about.
    public enum Kind: Sendable {
        /// The store has no such image.
        case notFound
        /// The image is used, or has several names.
        case conflict
        /// Anything else.
        case other
    }

    /// Which kind.
    public let kind: Kind
    /// One sentence, without a full stop.
    public let description: String

    /// An error.
    public init(_ description: String, _ kind: Kind = .other) {
        self.description = description
        self.kind = kind
    }

    /// docker's words, since scripts look for them.
    static func noSuchImage(_ name: String) -> ImageError {
        ImageError("No such image: \(name); pull it with `roost pull \(name)`", .notFound)
    }
}

func storing<Value: ~Copyable>(_ body: () throws(BlobError) -> Value) throws(ImageError) -> Value {
    do throws(BlobError) { return try body() } catch { throw ImageError(error.description) }
}
