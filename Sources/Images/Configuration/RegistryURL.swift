// SPDX-License-Identifier: Apache-2.0
// The address of a mirror: an element of `registry-mirrors`.

/// `http://` or `https://`, a host, perhaps a port and a path.
public struct RegistryURL: Sendable, Equatable {
    /// Whether TLS is used.
    public let isEncrypted: Bool
    /// Who is asked.
    public let host: RegistryHost
    /// As given, without a slash at the end.
    public let text: String
    /// `HOST[:PORT]` as given, by which certificates and credentials are found.
    public let authority: String

    /// Reads an address; the error says what is wrong with it.
    init(_ text: String) throws(ImageError) {
        func fault(_ reason: String) -> ImageError {
            ImageError("`\(text)` is no mirror's address: \(reason)")
        }
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else {
            throw fault("it must begin with `https://` or `http://`")
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        guard rest.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw fault("it holds blanks or other than ASCII")
        }
        guard !rest.contains(UInt8(ascii: "@")) else {
            throw fault("a user does not belong there; use `roost login`")
        }
        guard !rest.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw fault("it may have neither `?` nor `#`")
        }
        let authority = String(Substring(rest.prefix { $0 != UInt8(ascii: "/") }))
        guard let host = RegistryHost(authority) else { throw fault("`\(authority)` is no HOST[:PORT]") }
        isEncrypted = scheme == "https://"
        self.host = host
        self.authority = authority
        var whole = Array(text.utf8)
        while whole.last == UInt8(ascii: "/") { whole.removeLast() }
        self.text = String(decoding: whole, as: UTF8.self)
    }
}
