// SPDX-License-Identifier: Apache-2.0
// Values in a shell script: whatever is in them stays data.

/// A word of bash that stands for exactly `text`.
func quoted(_ text: String) -> String {
    if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
        return "'" + replacingQuotes(text) + "'"
    }
    // One line, so that no value can end a comment or look like a command.
    var result = "$'"
    for scalar in text.unicodeScalars {
        switch scalar {
        case "'", "\\":
            result += "\\"
            result.unicodeScalars.append(scalar)
        case _ where scalar.value < 0x20 || scalar.value == 0x7f:
            let digits = String(scalar.value, radix: 8)
            result += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "'"
}

/// The words of a command.
func quoted(_ words: [String]) -> String { words.map { quoted($0) }.joined(separator: " ") }

private func replacingQuotes(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result
}

private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "@"), UInt8(ascii: "+"),
        UInt8(ascii: "%"), UInt8(ascii: "="):
        true
    default: false
    }
}
