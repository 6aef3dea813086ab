// SPDX-License-Identifier: Apache-2.0
// Who is told what about who asks: registries and token servers on 127.0.0.1. `localhost` is the other host.
import OCISpec
import Testing
import TransferProtocol

@testable import Transfer

@Suite("Tokens for a registry on loopback")
struct LoopbackTokenTests {
    private let user = Credential(username: "ann", password: "secret-password")

    /// A registry that wants a token from `realm`.
    private static func registry(_ realm: @escaping @Sendable (LoopbackServer.Request) -> String)
        -> LoopbackServer
    {
        LoopbackServer { request in
            if request.fields["authorization"] == "Bearer good-token" { return manifestReply }
            let scope = #"scope="repository:library/x:pull""#
            let value = #"Bearer realm="\#(realm(request))",service="reg",\#(scope)"#
            return Reply(
                status: 401, fields: [("WWW-Authenticate", "Negotiate"), ("Www-Authenticate", value)])
        }
    }

    @Test("a token is had from the server that the registry names, and used for all that follows")
    func token() throws {
        let server = LoopbackServer { _ in Reply(body: Array(#"{"access_token":"good-token"}"#.utf8)) }
        let realm = server.url + "/token?x=y"
        let registry = Self.registry { _ in realm }
        let client = try client(registry, credential: user)

        _ = try client.manifest(.tag("latest"))
        _ = try client.manifest(.tag("latest"))

        #expect(
            server.lines == [
                "GET /token?x=y&service=reg&scope=repository%3Alibrary%2Fx%3Apull&account=ann"
            ])
        #expect(
            server.requests[0].fields["authorization"] == "Basic " + HTTPText.base64("ann:secret-password"))
        #expect(
            registry.requests.map { $0.fields["authorization"] } == [
                nil, "Bearer good-token", "Bearer good-token",
            ])
    }

    @Test("nobody in particular asks the token server without a word about who")
    func anonymous() throws {
        let server = LoopbackServer { _ in Reply(body: Array(#"{"token":"good-token"}"#.utf8)) }
        let realm = server.url + "/token"
        let registry = Self.registry { _ in realm }

        _ = try client(registry).manifest(.tag("latest"))

        #expect(server.requests[0].fields["authorization"] == nil)
        #expect(!server.lines[0].contains("account"))
    }

    @Test("an identity token is sent in a form, never in an address")
    func identity() throws {
        let server = LoopbackServer { _ in Reply(body: Array(#"{"access_token":"good-token"}"#.utf8)) }
        let realm = server.url + "/token"
        let registry = Self.registry { _ in realm }

        _ = try client(registry, credential: Credential(identityToken: "refresh/me")).manifest(.tag("latest"))

        let body = String(decoding: server.requests[0].body, as: UTF8.self)
        #expect(server.lines == ["POST /token"])
        #expect(
            body == "grant_type=refresh_token&service=reg&client_id=roost"
                + "&scope=repository%3Alibrary%2Fx%3Apull&refresh_token=refresh%2Fme")
    }

    @Test("a token for the registry itself is shown to it, and to nobody else")
    func registryToken() throws {
        let server = LoopbackServer { _ in Reply(status: 500) }
        let realm = server.url + "/token"
        let registry = Self.registry { _ in realm }
        var credential = Credential()
        credential.registryToken = "good-token"

        _ = try client(registry, credential: credential).manifest(.tag("latest"))

        #expect(server.lines == [])
        credential.registryToken = "good-token\r\nX: y"
        let error = failure { () throws(RegistryError) in
            _ = try client(registry, credential: credential).manifest(.tag("latest"))
        }
        #expect(error != nil && registry.requests.allSatisfy { $0.fields["x"] == nil })
    }

    @Test("a 401 after a new token is an error, not a loop, and tells no secret")
    func loop() throws {
        let server = LoopbackServer { _ in Reply(body: Array(#"{"token":"bad-token"}"#.utf8)) }
        let realm = server.url + "/token"
        let registry = LoopbackServer { request in
            let said = request.fields["authorization"] ?? ""
            let body = #"{"errors":[{"code":"UNAUTHORIZED","message":"no: \#(said) secret-password"}]}"#
            return Reply(
                status: 401, fields: [("WWW-Authenticate", #"Bearer realm="\#(realm)",service="reg""#)],
                body: Array(body.utf8))
        }

        let error = failure { () throws(RegistryError) in
            _ = try client(registry, credential: user).manifest(.tag("latest"))
        }

        #expect(error?.reason == .denied)
        #expect(error?.description.contains("no: Bearer *** ***") == true, "\(error?.description ?? "")")
        #expect(registry.requests.count == 2)
        #expect(server.requests.count == 1)
    }

    @Test("a 401 behind a redirect of the registry to itself is an error too, not a loop")
    func redirectedLoop() throws {
        let server = LoopbackServer { _ in Reply(body: Array(#"{"token":"bad-token"}"#.utf8)) }
        let realm = server.url + "/token"
        let registry = LoopbackServer { request in
            request.target == "/second"
                ? Reply(status: 401, fields: [("WWW-Authenticate", #"Bearer realm="\#(realm)""#)])
                : Reply(status: 302, fields: [("Location", "/second")])
        }

        let error = failure { () throws(RegistryError) in _ = try client(registry).manifest(.tag("latest")) }

        #expect(error?.reason == .denied)
        #expect(registry.requests.count == 4)
    }

    @Test("a token that is no longer taken is had anew")
    func expired() throws {
        let server = LoopbackServer { _ in Reply(body: Array(#"{"token":"good-token"}"#.utf8)) }
        let realm = server.url + "/token"
        let registry = Self.registry { _ in realm }
        let client = try client(registry)
        client.tokens.keep("Bearer old-token", 0, "repository:library/x:pull")

        _ = try client.manifest(.tag("latest"))

        #expect(registry.requests.count == 2)
    }

    @Test(
        "a token server that says no, or nothing, is an error",
        arguments: [
            (401, "{}", "denies access"), (200, "{}", "without a token"), (200, "<", "without a token"),
        ])
    func refusals(status: Int, body: String, message: String) throws {
        let server = LoopbackServer { _ in Reply(status: status, body: Array(body.utf8)) }
        let realm = server.url + "/token"
        let registry = Self.registry { _ in realm }

        let error = failure { () throws(RegistryError) in
            _ = try client(registry, credential: user).manifest(.tag("latest"))
        }

        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(server.requests.count == 1)
    }

    @Test(
        "no token server is asked without TLS by a registry with it, nor at an address that is none",
        arguments: ["http://127.0.0.1:1/token", "file:///etc/passwd", "https://u:p@h/", ""])
    func realms(realm: String) throws {
        let client = try client([Endpoint(url: "https://127.0.0.1:1", credential: user)])
        let challenge = AuthChallenge(scheme: "bearer", parameters: [.init(name: "realm", value: realm)])
        let call = client.call("GET", "x", about: "x")

        #expect(failure { () throws(RegistryError) in _ = try client.tokenRequest(challenge, call) } != nil)
    }

    @Test("a registry that wants Basic gets it when asked, and an error when there is nobody to name")
    func basic() throws {
        let registry = LoopbackServer { request in
            request.fields["authorization"] == "Basic YW5uOnNlY3JldC1wYXNzd29yZA=="
                ? manifestReply : Reply(status: 401, fields: [("WWW-Authenticate", "Basic realm=x")])
        }

        _ = try client(registry, credential: user).manifest(.tag("latest"))
        let unknown = failure { () throws(RegistryError) in _ = try client(registry).manifest(.tag("latest"))
        }
        let wrong = failure { () throws(RegistryError) in
            _ = try client(registry, credential: Credential(username: "ann", password: "x")).manifest(
                .tag("latest"))
        }

        #expect(unknown?.description.contains("roost login") == true)
        #expect(wrong?.description.contains("the credential is refused") == true)
        #expect(registry.requests.count == 5)
    }

    @Test("Authorization goes to the registry alone: a redirect to another host takes none along")
    func redirect() throws {
        let store = LoopbackServer { _ in Reply(body: blob) }
        let place = "http://localhost:\(store.port)/store?X-Signature=signed"
        let registry = LoopbackServer { request in
            if request.fields["authorization"] == nil {
                return Reply(status: 401, fields: [("WWW-Authenticate", "Basic realm=x")])
            }
            return request.target.hasSuffix("/second")
                ? Reply(status: 302, fields: [("Location", place)])
                : Reply(status: 307, fields: [("Location", "/second")])
        }
        let received = Received()

        try client(registry, credential: user).fetch([received.download(blob)])

        #expect(received.bytes == blob)
        #expect(registry.requests.map { $0.fields["authorization"] != nil } == [false, true, true])
        #expect(store.requests.map { $0.fields["authorization"] } == [nil])
    }

    @Test("a host that the registry redirects to is not told who asks, even when it wants to know")
    func redirectAsks() throws {
        let store = LoopbackServer { _ in Reply(status: 401, fields: [("WWW-Authenticate", "Basic realm=x")])
        }
        let place = "http://localhost:\(store.port)/store?X-Signature=signed"
        let registry = LoopbackServer { _ in Reply(status: 302, fields: [("Location", place)]) }

        let error = failure { () throws(RegistryError) in
            try client(registry, credential: user).fetch([Received().download(blob)])
        }

        #expect(error?.reason == .denied)
        #expect(error?.description.contains("signed") == false)
        #expect(store.requests.map { $0.fields["authorization"] } == [nil])
    }

    @Test("login answers the token for later, and says that it wants one")
    func login() throws {
        let server = LoopbackServer { _ in
            Reply(body: Array(#"{"token":"good-token","refresh_token":"for-later"}"#.utf8))
        }
        let realm = server.url + "/token"
        let registry = Self.registry { _ in realm }

        #expect(try client(registry, credential: user).login() == "for-later")
        #expect(server.lines[0].hasSuffix("&account=ann&client_id=roost&offline_token=true"))
        #expect(registry.lines == ["GET /v2/", "GET /v2/"])
    }
}
