// SPDX-License-Identifier: Apache-2.0
// What is wrong with a layer or an archive, or with the place that it is unpacked to.
internal import Kernel

/// An error of unpacking, packing or reading an archive: one sentence.
public struct LayerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence, lower case, without a full stop.
    public let description: String

    /// An error.
    public init(_ description: String) { self.description = description }

    /// A system call that failed, as `-errno`.
    init(_ what: String, _ result: some FixedWidthInteger) {
        description = what + ": " + ErrorNumber(Int32(clamping: -Int64(result))).text
    }
}

/// Bytes of a name as they may be shown: no control characters, not longer than a line.
func shown(_ name: some Collection<UInt8>) -> String {
    let bytes = name.prefix(200).map { $0 < 32 || $0 == 127 ? UInt8(ascii: "?") : $0 }
    return String(decoding: bytes, as: UTF8.self) + (name.count > 200 ? "..." : "")
}
