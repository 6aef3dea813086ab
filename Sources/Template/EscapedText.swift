// SPDX-License-Identifier: Apache-2.0
// Text made safe inside of HTML, JavaScript and addresses, as Go's html, js and urlquery do.

enum EscapedText {
    static func html(_ text: String) -> String {
        escaped(text) { byte in
            switch byte {
            case UInt8(ascii: "\""): "&#34;"
            case UInt8(ascii: "'"): "&#39;"
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case 0: "\u{fffd}"
            default: nil
            }
        }
    }

    static func script(_ text: String) -> String {
        escaped(text) { byte in
            switch byte {
            case UInt8(ascii: "\\"): "\\\\"
            case UInt8(ascii: "'"): "\\'"
            case UInt8(ascii: "\""): "\\\""
            case UInt8(ascii: "<"): "\\u003C"
            case UInt8(ascii: ">"): "\\u003E"
            case UInt8(ascii: "&"): "\\u0026"
            case UInt8(ascii: "="): "\\u003D"
            case 0..<0x20: "\\u00" + hex(byte)
            default: nil
            }
        }
    }

    static func query(_ text: String) -> String {
        escaped(text) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): nil
            case UInt8(ascii: "0")...UInt8(ascii: "9"): nil
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"): nil
            case 0x20: "+"
            default: "%" + hex(byte)
            }
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func escaped(_ text: String, _ escape: (UInt8) -> String?) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if let escaped = escape(byte) {
                bytes.append(contentsOf: escaped.utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
