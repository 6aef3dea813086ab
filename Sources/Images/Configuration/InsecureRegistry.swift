// SPDX-License-Identifier: Apache-2.0
// Registries whose certificate need not be right, and that may speak plain HTTP: `insecure-registries`.

/// One element of `insecure-registries`.
public enum InsecureRegistry: Sendable, Equatable {
    /// This host, with this port or none.
    case host(RegistryHost)
    /// Every registry that is named by an address of this network.
    case network(NetworkPrefix)

    /// Reads `HOST[:PORT]` or a network in CIDR notation; a scheme before it is passed over, as dockerd does.
    init(_ text: String) throws(ImageError) {
        var name = text
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            name = String(text.dropFirst(scheme.utf8.count))
        }
        if let network = NetworkPrefix(name) {
            self = .network(network)
        } else if let host = RegistryHost(name) {
            self = .host(host)
        } else {
            throw ImageError(
                "`\(text)` is neither HOST, HOST:PORT nor a network such as `10.0.0.0/8`")
        }
    }

    /// Whether it means this registry.
    public func matches(_ registry: RegistryHost) -> Bool {
        switch self {
        case .host(let host): host == registry
        case .network(let network): registry.address.map { network.contains($0) } ?? false
        }
    }
}
