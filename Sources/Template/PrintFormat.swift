// SPDX-License-Identifier: Apache-2.0
// `printf` as Go does it: what does not fit is told inside of the text, such as `%!d(string=a)`.
// Source: https://pkg.go.dev/fmt
import JSON

/// One verb with its flags.
struct PrintVerb {
    var letter: Unicode.Scalar = "v"
    var isLeft = false
    var isSigned = false
    var isSharp = false
    var isSpaced = false
    var hasZeros = false
    var width: Int?
    var precision: Int?
}

enum PrintFormat {
    private static var widest: Int { 10_000 }

    static func format(_ format: String, _ arguments: ArraySlice<JSONTree>) throws(FunctionFault) -> String {
        let scalars = Array(format.unicodeScalars)
        var text = ""
        var next = arguments.startIndex
        var index = 0
        while index < scalars.count {
            guard scalars[index] == "%" else {
                text.unicodeScalars.append(scalars[index])
                index += 1
                continue
            }
            index += 1
            guard let verb = try verb(scalars, &index) else {
                text += "%!(NOVERB)"
                break
            }
            if verb.letter == "%" {
                text += "%"
            } else if next < arguments.endIndex {
                text += PrintedValue.text(arguments[next], verb)
                next += 1
            } else {
                text += "%!\(String(Character(verb.letter)))(MISSING)"
            }
            guard text.utf8.count <= 1 << 20 else { throw FunctionFault(text: "the result is too long") }
        }
        guard next < arguments.endIndex else { return text }
        let extra = arguments[next...].map {
            $0 == .null ? "<nil>" : PrintedValue.typeName($0) + "=" + ValueText.plain($0)
        }
        return text + "%!(EXTRA " + extra.joined(separator: ", ") + ")"
    }

    /// Reads flags, width, precision and letter; nil when the text ends before the letter.
    private static func verb(_ scalars: [Unicode.Scalar], _ index: inout Int) throws(FunctionFault)
        -> PrintVerb?
    {
        var verb = PrintVerb()
        while index < scalars.count, takeFlag(scalars[index], &verb) { index += 1 }
        verb.width = try number(scalars, &index)
        if index < scalars.count, scalars[index] == "." {
            index += 1
            verb.precision = try number(scalars, &index) ?? 0
        }
        guard index < scalars.count else { return nil }
        verb.letter = scalars[index]
        index += 1
        return verb
    }

    private static func takeFlag(_ scalar: Unicode.Scalar, _ verb: inout PrintVerb) -> Bool {
        switch scalar {
        case "-":
            verb.isLeft = true
            verb.hasZeros = false
        case "+": verb.isSigned = true
        case "#": verb.isSharp = true
        case " ": verb.isSpaced = true
        case "0": verb.hasZeros = !verb.isLeft
        default: return false
        }
        return true
    }

    private static func number(_ scalars: [Unicode.Scalar], _ index: inout Int) throws(FunctionFault) -> Int?
    {
        var value: Int?
        while index < scalars.count, ("0"..."9").contains(scalars[index]) {
            value = (value ?? 0) * 10 + Int(scalars[index].value - 48)
            guard value ?? 0 <= widest else { throw FunctionFault(text: "a width of more than \(widest)") }
            index += 1
        }
        return value
    }
}
