// SPDX-License-Identifier: Apache-2.0
// `WWW-Authenticate`: what a registry wants to know, taken apart.
// Source: RFC 9110 section 11; https://distribution.github.io/distribution/spec/auth/token/

/// One way of saying who asks.
struct AuthChallenge: Equatable, Sendable {
    /// `basic`, `bearer`: in small letters.
    var scheme: String
    /// Names in small letters, first come first.
    var parameters: [Parameter] = []

    /// A name and its value.
    struct Parameter: Equatable, Sendable {
        var name: String
        var value: String
    }

    /// The value of a parameter; empty when it is absent.
    func value(_ name: String) -> String {
        parameters.first { HTTPText.same($0.name, name) }?.value ?? ""
    }

    /// The challenges of all `WWW-Authenticate` fields, in their order. What cannot be read ends its field.
    static func parse(_ values: [String]) -> [AuthChallenge] {
        var found: [AuthChallenge] = []
        for value in values {
            var scanner = HTTPScanner(value)
            field(&scanner, &found)
        }
        return found
    }

    // A comma parts both challenges and parameters: a token with `=` behind it goes on, one without begins.
    private static func field(_ scanner: inout HTTPScanner, _ found: inout [AuthChallenge]) {
        var isOpen = false
        while true {
            _ = scanner.take { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            let word = scanner.token()
            if word.isEmpty { return }
            let end = scanner.at
            scanner.skipSpace()
            if isOpen, scanner.take(UInt8(ascii: "=")) {
                guard let value = parameterValue(&scanner) else { return }
                found[found.count - 1].parameters.append(Parameter(name: HTTPText.lower(word), value: value))
            } else {
                found.append(AuthChallenge(scheme: HTTPText.lower(word)))
                isOpen = true
                // `Basic` alone, or with parameters, or (RFC 9110) with one word that is no parameter.
                if scanner.at > end { skipWord(&scanner) }
            }
        }
    }

    private static func parameterValue(_ scanner: inout HTTPScanner) -> String? {
        scanner.skipSpace()
        return scanner.next == UInt8(ascii: "\"") ? scanner.quoted() : scanner.token()
    }

    /// Passes over a word of 68 letters: it has no value behind its `=` signs.
    private static func skipWord(_ scanner: inout HTTPScanner) {
        var ahead = scanner
        let word = ahead.take { HTTPText.isTokenByte($0) || $0 == UInt8(ascii: "/") }
        guard !word.isEmpty else { return }
        _ = ahead.take { $0 == UInt8(ascii: "=") }
        ahead.skipSpace()
        let ends = ahead.isAtEnd || ahead.next == UInt8(ascii: ",")
        if ends { scanner = ahead }
    }
}
