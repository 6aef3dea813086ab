// SPDX-License-Identifier: Apache-2.0
// The names that docker's config.json and credential helpers know a registry by. Docker Hub's is the address of a
// service that is long gone.
internal import JSON
internal import OCISpec

/// A registry as a key.
struct RegistryKey: Sendable {
    /// What is written, and what helpers are asked for.
    let text: String
    private let hosts: [RegistryHost]

    /// The key that docker has for its own registry.
    static var dockerHub: String { "https://index.docker.io/v1/" }

    /// - Parameter domain: the registry of a reference, or what the user gave to `login`: a scheme and a path
    ///   are passed over.
    init(_ domain: String) {
        let host = RegistryHost(key: domain)
        let isHub = domain.isEmpty || host.map { $0.port == nil && Self.hubNames.contains($0.host) } ?? false
        if isHub {
            text = Self.dockerHub
            hosts = Self.hubNames.compactMap { RegistryHost($0) }
        } else {
            var bare = domain[...]
            for scheme in ["https://", "http://"] where bare.hasPrefix(scheme) {
                bare = bare.dropFirst(scheme.utf8.count)
                break
            }
            text = String(bare.prefix { $0 != "/" })
            hosts = host.map { [$0] } ?? []
        }
    }

    private static let hubNames = ["index.docker.io", "docker.io", "registry-1.docker.io"]

    /// The members that mean this registry: the one with the very key first.
    func sorted(_ members: [JSONTree.Member]) -> [JSONTree.Member] {
        members.filter { $0.key == text } + members.filter { $0.key != text && matches($0.key) }
    }

    /// Whether a key means this registry, with or without scheme and path.
    func matches(_ key: String) -> Bool {
        key == text || RegistryHost(key: key).map { hosts.contains($0) } ?? false
    }
}

extension RegistryHost {
    /// The registry that a user means, as references have it: what `login` and `logout` are given may have a scheme
    /// and a path, and nothing is Docker Hub.
    public static func domain(ofServer text: String) throws(ImageError) -> String {
        let key = RegistryKey(text)
        if key.text == RegistryKey.dockerHub { return ImageReference.defaultDomain }
        guard RegistryHost(key.text) != nil else {
            throw ImageError("`\(text)` is no registry; give HOST or HOST:PORT")
        }
        return key.text
    }
}
