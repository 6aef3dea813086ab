// SPDX-License-Identifier: Apache-2.0
// One place that is asked, and what is known of it so far.
internal import TransferProtocol

/// An endpoint in use.
struct RegistryPlace {
    let endpoint: Endpoint
    let trust: HTTPTrust
    /// Where it is now: plain HTTP may have taken the place of TLS.
    var address: HTTPAddress
    /// Whether it ever answered; from then on it does not fall back.
    var isAnswering = false
    /// Whether this mirror failed before.
    var isPassedOver = false

    init(_ endpoint: Endpoint) throws(RegistryError) {
        guard let address = HTTPAddress(endpoint.url), address.path == address.target else {
            throw RegistryError(
                .invalid,
                "`\(HTTPText.shown(endpoint.url, limit: 120))` is no address of a registry;"
                    + " expected `https://HOST[:PORT]`")
        }
        self.endpoint = endpoint
        self.address = address
        trust = try HTTPTrust(
            directory: endpoint.certificates, takesAnyCertificate: endpoint.isInsecure)
    }

    /// The address of `path` below it.
    func address(of path: String) -> HTTPAddress {
        var copy = address
        copy.target = (copy.target == "/" ? "" : copy.target) + path
        return copy
    }

    /// Whether plain HTTP to and around this place is borne.
    var allowsPlain: Bool { endpoint.isInsecure || !address.isSecure }
}
