// SPDX-License-Identifier: Apache-2.0
// Where a command asks, and as whom.
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

/// The registries as this user has them configured.
struct RegistryAccess {
    /// What the host and the user have set.
    let settings: Settings
    /// Who the user is where.
    var credentials: CredentialStore
    private let resolver: EndpointResolver

    /// Reads both files; what is odd in them is told once.
    init(_ invocation: Invocation) throws(RuntimeError) {
        (settings, credentials) = try imaging { () throws(ImageError) in
            let path = DockerConfiguration.standardPath(directory: invocation.string("config"))
            return (try SettingsFiles.standard().load(), CredentialStore(try DockerConfiguration(path: path)))
        }
        resolver = EndpointResolver(settings)
        for warning in settings.warnings { Self.warn(warning) }
    }

    /// The places to ask for an image, in order.
    func sources(_ reference: ImageReference) -> [Endpoint] {
        let resolved = resolver.sources(reference, credentials)
        for warning in resolved.warnings { Self.warn(warning) }
        return resolved.endpoints
    }

    /// The registry itself.
    func registry(_ domain: String) -> Endpoint {
        let resolved = resolver.registry(domain, credentials)
        for warning in resolved.warnings { Self.warn(warning) }
        return resolved.endpoints.first ?? resolver.endpoint(domain)
    }

    /// The registry itself, as nobody in particular.
    func place(_ domain: String) -> Endpoint { resolver.endpoint(domain) }

    private static func warn(_ text: String) { writeText("roost: warning: \(text)\n", to: 2) }
}
