// SPDX-License-Identifier: Apache-2.0
// What roost-transfer tells holds words of registries and archives: nothing in it may move a terminal's cursor
// or fill its screen.

extension TransferEvent {
    /// The event as it may be shown: control characters are `?`, and a sentence ends somewhere.
    public var clean: TransferEvent {
        switch self {
        case .notice(let text): return .notice(Self.clean(text))
        case .failed(let failure): return .failed(TransferFailure(failure.kind, Self.clean(failure.message)))
        case .progress(var progress):
            progress.id = Self.clean(progress.id)
            return .progress(progress)
        case .image, .found, .authenticated, .done: return self
        }
    }

    /// Most bytes of a sentence.
    private static let longest = 2000

    private static func clean(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(longest) {
            // U+0080 to U+009F are control characters too: C2 80 to C2 9F.
            let isSecond = (0x80...0x9f).contains(byte) && bytes.last == 0xc2
            if isSecond { bytes.removeLast() }
            bytes.append(byte < 0x20 || byte == 0x7f || isSecond ? UInt8(ascii: "?") : byte)
        }
        return String(decoding: bytes, as: UTF8.self) + (text.utf8.count > longest ? "..." : "")
    }
}
