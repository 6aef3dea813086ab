// SPDX-License-Identifier: Apache-2.0
// What is wrong with a layer or an archive, or with the place that it is unpacked to.
internal import Kernel

/// An error of unpacking, packing or reading an archive: one sentence.
public struct LayerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence, lower case, without a full stop.
    public let description: String

    /// Whether this host is short of something, such as room: nothing is known of the content then.
    public let isOfHost: Bool

    /// An error.
    public init(_ description: String) {
        self.description = description
        isOfHost = false
    }

    /// A system call that failed, as `-errno`.
    init(_ what: String, _ result: some FixedWidthInteger) {
        let number = ErrorNumber(Int32(clamping: -Int64(result)))
        description = what + ": " + number.text
        isOfHost = Self.shortages.contains(number.value)
    }

    /// A call of the store's that failed.
    init(_ what: String, _ error: SyscallError) { self.init(what, -error.number.value) }

    /// The same, told of one entry.
    func about(_ subject: String) -> LayerError { LayerError(subject + " " + description, isOfHost) }

    private init(_ description: String, _ isOfHost: Bool) {
        self.description = description
        self.isOfHost = isOfHost
    }

    /// EIO, ENOMEM, ENFILE, EMFILE, ENOSPC, EROFS, EDQUOT.
    private static let shortages: [Int32] = [5, 12, 23, 24, 28, 30, 122]
}

/// Bytes of a name as they may be shown: no control characters, not longer than a line.
func shown(_ name: some Collection<UInt8>) -> String {
    let bytes = name.prefix(200).map { $0 < 32 || $0 == 127 ? UInt8(ascii: "?") : $0 }
    return String(decoding: bytes, as: UTF8.self) + (name.count > 200 ? "..." : "")
}
