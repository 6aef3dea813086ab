// SPDX-License-Identifier: Apache-2.0
// What a registry says when it says no.
// Source: distribution-spec spec.md#error-codes
internal import JSON
internal import TransferProtocol

/// The first error of an answer.
struct RegistryMessage: Equatable {
    var code = ""
    var message = ""

    /// Reads `{"errors":[{"code":…,"message":…}]}`; what is not that says nothing.
    init(_ bytes: [UInt8]) {
        var first: (code: String, message: String)?
        do throws(JSONError) {
            try JSONReader.read(bytes.span) { (reader) throws(JSONError) in
                try reader.object { (key, reader) throws(JSONError) in
                    guard reader.matches(key, "errors"), reader.kind() == .array else {
                        return try reader.skip()
                    }
                    try reader.array { (reader) throws(JSONError) in
                        let one = try Self.one(&reader)
                        if first == nil { first = one }
                    }
                }
            }
        } catch { return }
        code = first?.code ?? ""
        message = first?.message ?? ""
    }

    private static func one(_ reader: inout JSONReader) throws(JSONError) -> (String, String) {
        var code = ""
        var message = ""
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "code"), reader.kind() == .string {
                code = try reader.string()
            } else if reader.matches(key, "message"), reader.kind() == .string {
                message = try reader.string()
            } else {
                try reader.skip()
            }
        }
        return (code, message)
    }

    /// The words for people: the message, or the code in small letters.
    var text: String {
        if !message.isEmpty { return message }
        return HTTPText.lower(
            String(decoding: code.utf8.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 }, as: UTF8.self))
    }
}

extension RegistryClient {
    /// The error that an answer is.
    func refusal(_ answer: HTTPAnswer, _ call: RegistryCall) -> RegistryError {
        let status = answer.head.status
        let words = cleaned(RegistryMessage(answer.body).text)
        let why = words.isEmpty ? "" : ": " + words
        let who = "`\(answer.address.origin)`"
        switch status {
        case 401:
            let known = places[call.place].endpoint.credential != nil
            let advice = known ? "the credential is refused" : "`roost login` may help"
            return RegistryError(
                .denied, "\(call.subject): \(who) denies access\(why); \(advice)", status: status)
        case 403: return RegistryError(.denied, "\(call.subject): \(who) denies access\(why)", status: status)
        case 404:
            return RegistryError(.notFound, "\(call.subject): not found at \(who)\(why)", status: status)
        case 429:
            return RegistryError(
                .refused, "\(call.subject): \(who) has had too many requests\(why)", status: status)
        default:
            return RegistryError(.refused, "\(call.subject): \(who) answers \(status)\(why)", status: status)
        }
    }
}
