// SPDX-License-Identifier: Apache-2.0
// Where and as whom a registry is asked. roost decides both; roost-transfer only follows.

/// What a registry is told about who asks.
public struct Credential: Sendable, Equatable {
    /// The user; empty with an identity token.
    public var username: String
    /// The password; empty with an identity token.
    public var password: String
    /// An OAuth2 refresh token, in place of both; empty when there is none.
    public var identityToken: String
    /// A token that the registry takes as it is, in place of all; empty when there is none.
    public var registryToken = ""

    /// A credential.
    public init(username: String = "", password: String = "", identityToken: String = "") {
        self.username = username
        self.password = password
        self.identityToken = identityToken
    }
}

/// One place that serves a registry's images: a mirror, or the registry itself.
public struct Endpoint: Sendable, Equatable {
    /// `https://host[:port][/path]` or `http://…`, without a slash at the end.
    public var url: String
    /// Whether this stands in for the registry that the reference names.
    public var isMirror: Bool
    /// Whether a certificate that cannot be verified is taken, and plain HTTP tried when TLS fails.
    public var isInsecure: Bool
    /// Directory of `*.crt`, `*.cert` and `*.key`, as in /etc/docker/certs.d; empty when there is none.
    public var certificates: String
    /// Who asks; nil: nobody in particular.
    public var credential: Credential?

    /// A place.
    public init(
        url: String, isMirror: Bool = false, isInsecure: Bool = false, certificates: String = "",
        credential: Credential? = nil
    ) {
        self.url = url
        self.isMirror = isMirror
        self.isInsecure = isInsecure
        self.certificates = certificates
        self.credential = credential
    }
}
