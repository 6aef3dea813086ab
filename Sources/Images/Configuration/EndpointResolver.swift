// SPDX-License-Identifier: Apache-2.0
// Where a registry is asked and as whom: mirrors for Docker Hub, then the registry itself. A credential goes only
// to the host that it was stored for, never from Docker Hub's to a mirror.
public import Kernel
public import OCISpec
public import TransferProtocol

/// Makes endpoints of the registry that a reference names.
public struct EndpointResolver: Sendable {
    /// What the administrator and the user set.
    public let settings: Settings
    /// Directories that may have one named `HOST[:PORT]` with certificates; the first that has it counts.
    public let certificateDirectories: [String]

    /// A resolver.
    public init(
        _ settings: Settings,
        certificateDirectories: [String] = EndpointResolver.standardCertificateDirectories()
    ) {
        self.settings = settings
        self.certificateDirectories = certificateDirectories
    }

    /// The user's own directory, then the host's, ours before docker's.
    /// - Parameter environment: the value of a variable; nil when it is not set.
    public static func standardCertificateDirectories(
        _ environment: (String) -> String? = { ThisProcess.environment($0) }
    ) -> [String] {
        let host = ["/etc/roost/certs.d", "/etc/docker/certs.d"]
        if let base = environment("XDG_CONFIG_HOME"), base.hasPrefix("/") {
            return [base + "/roost/certs.d"] + host
        }
        guard let home = environment("HOME"), home.hasPrefix("/") else { return host }
        return [home + "/.config/roost/certs.d"] + host
    }

    /// Places to ask, and what went wrong while credentials were looked for.
    public struct Resolved: Sendable, Equatable {
        /// In the order in which they are asked.
        public var endpoints: [Endpoint] = []
        /// One sentence each.
        public var warnings: [String] = []
    }

    /// Where to pull from: for Docker Hub the mirrors, then the registry.
    public func sources(_ reference: ImageReference, _ credentials: CredentialStore) -> Resolved {
        var resolved = Resolved()
        if reference.domain == ImageReference.defaultDomain {
            for mirror in settings.mirrors {
                let found = credentials.credential(for: mirror.authority)
                resolved.endpoints.append(
                    Endpoint(
                        url: mirror.text, isMirror: true, isInsecure: settings.isInsecure(mirror.host),
                        certificates: certificates(mirror.authority), credential: found.credential))
                resolved.warnings += found.warnings
            }
        }
        let registry = self.registry(reference.domain, credentials)
        return Resolved(
            endpoints: resolved.endpoints + registry.endpoints,
            warnings: resolved.warnings + registry.warnings)
    }

    /// The registry itself, for `push`, `login` and `search`: one place.
    /// - Parameter domain: as in a reference, such as `docker.io` or `localhost:5000`.
    public func registry(_ domain: String, _ credentials: CredentialStore) -> Resolved {
        let found = credentials.credential(for: domain)
        var endpoint = self.endpoint(domain)
        endpoint.credential = found.credential
        return Resolved(endpoints: [endpoint], warnings: found.warnings)
    }

    /// The registry itself, as nobody in particular; `login` puts in who wants to be known.
    public func endpoint(_ domain: String) -> Endpoint {
        // Docker Hub has a certificate that all know: no setting takes that away.
        guard domain != ImageReference.defaultDomain else {
            return Endpoint(url: "https://registry-1.docker.io", certificates: certificates(domain))
        }
        return Endpoint(
            url: "https://" + domain,
            isInsecure: RegistryHost(domain).map { settings.isInsecure($0) } ?? false,
            certificates: certificates(domain))
    }

    private func certificates(_ host: String) -> String {
        for directory in certificateDirectories {
            let place = directory + "/" + host
            if let status = try? Files.status(place), status.isDirectory { return place }
        }
        return ""
    }
}
