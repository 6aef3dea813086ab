// SPDX-License-Identifier: Apache-2.0
// Who the user is at a registry, wherever that is kept: a helper of the registry's own, the default helper, or
// config.json itself. Nothing here prints; warnings are handed to the caller and hold no secret.
public import Kernel
public import TransferProtocol

/// The credentials of a user.
public struct CredentialStore: Sendable {
    /// docker's config.json.
    public private(set) var configuration: DockerConfiguration
    private let environment: [String]
    private let milliseconds: Int32

    /// - Parameters:
    ///   - environment: `NAME=value`; what helpers are run with, and where they are looked for.
    ///   - helperMilliseconds: the most time that a helper has.
    public init(
        _ configuration: DockerConfiguration, environment: [String] = ThisProcess.environment(),
        helperMilliseconds: Int32 = 30_000
    ) {
        self.configuration = configuration
        self.environment = environment
        milliseconds = helperMilliseconds
    }

    /// The credential for a registry, and what went wrong on the way.
    public struct Found: Sendable, Equatable {
        /// Nil: the registry is asked by nobody in particular.
        public var credential: Credential?
        /// One sentence for each place that could not be asked.
        public var warnings: [String] = []
    }

    /// Looks in `credHelpers`, then `credsStore`, then `auths`, and takes the first that has something. No failure
    /// ends the search: most images can be pulled by anybody.
    /// - Parameter domain: as in a reference, such as `docker.io` or `localhost:5000`.
    public func credential(for domain: String) -> Found {
        let registry = RegistryKey(domain)
        var found = Found()
        for name in helpers(registry) {
            do throws(ImageError) {
                found.credential = try helper(name).get(registry.text)
                if found.credential != nil { return found }
            } catch { found.warnings.append(error.description) }
        }
        do throws(ImageError) { found.credential = try configuration.credential(for: registry) } catch {
            found.warnings.append(error.description)
        }
        return found
    }

    /// Keeps a credential that the registry has taken: in the helper that there is for it, else in config.json.
    /// - Returns: docker's warning when it now stands unencrypted in a file.
    public mutating func login(_ credential: Credential, to domain: String) throws(ImageError) -> String? {
        guard !credential.username.isEmpty, !credential.username.utf8.contains(UInt8(ascii: ":")) else {
            throw ImageError(
                "`\(credential.username)` is no user's name; it may be neither empty nor have `:`")
        }
        let registry = RegistryKey(domain)
        let name = helpers(registry).first
        if let name { try helper(name).store(credential, for: registry.text) }
        // Beside a helper an empty entry stays, as docker leaves one: tools look there for who is logged in.
        configuration.setCredential(name == nil ? credential : nil, for: registry)
        try configuration.save()
        guard name == nil else { return nil }
        return """
            WARNING! Your credentials are stored unencrypted in '\(configuration.path)'.
            Configure a credential helper to remove this warning. See
            https://docs.docker.com/go/credential-store/
            """
    }

    /// Takes a credential out of every place that may have it.
    /// - Returns: whether there was one, and what went wrong with a helper.
    public mutating func logout(of domain: String) throws(ImageError) -> (
        wasLoggedIn: Bool, warnings: [String]
    ) {
        let registry = RegistryKey(domain)
        var wasLoggedIn = false
        var warnings: [String] = []
        for name in helpers(registry) {
            do throws(ImageError) {
                if try helper(name).erase(registry.text) { wasLoggedIn = true }
            } catch { warnings.append(error.description) }
        }
        if configuration.removeCredential(for: registry) {
            try configuration.save()
            wasLoggedIn = true
        }
        return (wasLoggedIn, warnings)
    }

    /// The helpers to ask, in order. An empty name in `credHelpers` means: none for this registry.
    private func helpers(_ registry: RegistryKey) -> [String] {
        let own = configuration.helper(for: registry)
        if own == "" { return [] }
        let all = [own, configuration.defaultHelper].compactMap { $0 }
        return all.count == 2 && all[0] == all[1] ? [all[0]] : all
    }

    private func helper(_ name: String) -> CredentialHelper {
        CredentialHelper(name: name, environment: environment, milliseconds: milliseconds)
    }
}
