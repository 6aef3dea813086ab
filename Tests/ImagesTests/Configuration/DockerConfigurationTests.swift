// SPDX-License-Identifier: Apache-2.0
// docker's config.json: what is found in it, and what a change leaves as it was.
import Foundation
import JSON
import Kernel
import Testing
import TransferProtocol

@testable import Images

@Suite("DockerConfiguration")
struct DockerConfigurationTests {
    let place: TemporaryDirectory
    var path: String { place.path + "/d/config.json" }

    init() throws { place = try TemporaryDirectory() }

    private func read(_ text: String) throws -> DockerConfiguration {
        try DockerConfiguration(path: "/c.json", Array(text.utf8))
    }

    private func mode(_ path: String) throws -> UInt32 { try Files.status(path).mode & 0o7777 }

    @Test(
        "the file is where docker has it",
        arguments: [
            (nil, ["HOME": "/h"], "/h/.docker/config.json"),
            (nil, ["HOME": "/h", "DOCKER_CONFIG": "/d"], "/d/config.json"),
            ("/x", ["HOME": "/h", "DOCKER_CONFIG": "/d"], "/x/config.json"),
            (nil, ["HOME": "/h", "DOCKER_CONFIG": ""], "/h/.docker/config.json"), (nil, [:], ""),
        ] as [(String?, [String: String], String)])
    func standard(directory: String?, environment: [String: String], path: String) {
        #expect(DockerConfiguration.standardPath(directory: directory) { environment[$0] } == path)
    }

    @Test(
        "a registry's entry is found by the keys that docker knows",
        arguments: [
            ("r.example", "r.example", true), ("https://r.example", "r.example", true),
            ("http://r.example/v1/", "r.example", true), ("r.example/a/b", "r.example", true),
            ("R.example", "r.example", true), ("r.example:5000", "r.example", false),
            ("r.example", "r.example:5000", false), ("https://r.example:5000/v2/", "r.example:5000", true),
            ("r.example.evil", "r.example", false), ("https://u@r.example", "r.example", false),
            ("https://index.docker.io/v1/", "docker.io", true), ("docker.io", "docker.io", true),
            ("index.docker.io", "docker.io", true),
            ("https://index.docker.io/v1/", "index.docker.io.evil", false),
            ("[::1]:5000", "[::1]:5000", true), ("https://docker.io:444", "docker.io", false),
        ])
    func keys(key: String, domain: String, isFound: Bool) throws {
        let configuration = try read(#"{"auths": {"\#(key)": {"auth": "dTpwOnc="}}}"#)

        let credential = try configuration.credential(for: RegistryKey(domain))

        #expect(credential == (isFound ? Credential(username: "u", password: "p:w") : nil))
    }

    @Test("the very key comes before others that mean the same")
    func order() throws {
        let configuration = try read(
            #"{"auths": {"https://r.example/v1/": {"auth": "YTph"}, "r.example": {"auth": "Yjpi"}}}"#)

        #expect(try configuration.credential(for: RegistryKey("r.example"))?.username == "b")
    }

    @Test(
        "every form of a credential is read",
        arguments: [
            (#"{"auth": "dTpw"}"#, "u", "p", "", ""), (#"{"auth": "dTpwAAA="}"#, "u", "p", "", ""),
            (#"{"username": "u", "password": "p"}"#, "u", "p", "", ""),
            (#"{"auth": "dTo="}"#, "u", "", "", ""),
            (#"{"auth": "dTpw", "username": "x"}"#, "u", "p", "", ""),
            (#"{"identitytoken": "t", "auth": "dTo="}"#, "u", "", "t", ""),
            (#"{"registrytoken": "r", "email": 5}"#, "", "", "", "r"),
        ])
    func forms(entry: String, user: String, password: String, token: String, bearer: String) throws {
        var wanted = Credential(username: user, password: password, identityToken: token)
        wanted.registryToken = bearer

        #expect(try read(#"{"auths": {"r": \#(entry)}}"#).credential(for: RegistryKey("r")) == wanted)
    }

    @Test("an empty entry is no credential", arguments: ["{}", #"{"auth": ""}"#, #"{"email": "a"}"#])
    func emptyEntry(entry: String) throws {
        #expect(try read(#"{"auths": {"r": \#(entry)}}"#).credential(for: RegistryKey("r")) == nil)
    }

    @Test(
        "a credential that is none is told without its text",
        arguments: ["dTpw=", "dXB3", "OnB3", "dTr/", "dQA6cA==", "!!!!"])
    func broken(auth: String) throws {
        let configuration = try read(#"{"auths": {"r": {"auth": "\#(auth)"}}}"#)

        let error = #expect(throws: ImageError.self) {
            _ = try configuration.credential(for: RegistryKey("r"))
        }
        #expect(error?.description == "`/c.json`: `auth` of `r` is not USER:PASSWORD in base64; log in again")
        #expect(try configuration.credential(for: RegistryKey("other")) == nil)
    }

    @Test(
        "a file that is none is told with the place",
        arguments: [
            ("{\n  \"auths\": {,}}", "line 2, column 13"), ("[]", "expected an object"),
            (#"{"auths": []}"#, "auths: expected an object"),
            (#"{"auths": {"r": {"auth": 1}}}"#, "auths.r.auth: expected a string"),
            (#"{"credsStore": 1}"#, "credsStore: expected a string"),
            (#"{"credHelpers": {"r": 1}}"#, "credHelpers.r: expected a string"),
        ])
    func invalid(text: String, message: String) {
        let error = #expect(throws: ImageError.self) { _ = try read(text) }

        #expect(error?.description.hasPrefix("cannot read `/c.json`: ") == true)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("a missing file and an empty one say nothing")
    func missing() throws {
        #expect(try DockerConfiguration(path: path).tree == .object([]))
        #expect(try DockerConfiguration(path: "").tree == .object([]))
        #expect(try read(" \n").tree == .object([]))
    }

    @Test("helpers are found for a registry, and an empty name is told from none")
    func helpers() throws {
        let configuration = try read(
            #"{"credsStore": "s", "credHelpers": {"https://r.example": "x", "index.docker.io": "h", "off": ""}}"#
        )

        #expect(configuration.defaultHelper == "s")
        #expect(configuration.helper(for: RegistryKey("r.example")) == "x")
        #expect(configuration.helper(for: RegistryKey("docker.io")) == "h")
        #expect(configuration.helper(for: RegistryKey("off")) == "")
        #expect(configuration.helper(for: RegistryKey("other")) == nil)
    }

    @Test("what is not known survives a change, with its order and its numbers as written")
    func survives() throws {
        var configuration = try read(
            """
            {"HttpHeaders": {"a": "é\\n"}, "n": [1.50, 1e400, null, true], "auths": {"x": {"auth": "YTph", "email": "e"},
             "y": {"auth": "YTph"}, "https://x/v1/": {"auth": "YTph"}}, "zz": {}}
            """)

        configuration.setCredential(Credential(username: "u", password: "p"), for: RegistryKey("x"))

        let text = String(decoding: configuration.tree.encode(), as: UTF8.self)
        #expect(
            text == #"{"HttpHeaders":{"a":"é\n"},"n":[1.50,1e400,null,true],"auths":{"#
                + #""x":{"email":"e","auth":"dTpw"},"y":{"auth":"YTph"}},"zz":{}}"#)
    }

    @Test("an identity token is kept as one, beside its user and in place of the password")
    func token() throws {
        var configuration = try read("{}")

        configuration.setCredential(
            Credential(username: "u", password: "p", identityToken: "t"), for: RegistryKey("docker.io"))

        #expect(
            String(decoding: configuration.tree.encode(), as: UTF8.self)
                == #"{"auths":{"https://index.docker.io/v1/":{"auth":"dTo=","identitytoken":"t"}}}"#)
    }

    @Test("every spelling of a registry is removed, and no other registry")
    func removed() throws {
        var configuration = try read(
            #"{"auths": {"r": {}, "https://r": {"auth": "YTph"}, "http://r/v1/": {}, "r:5000": {}}}"#)

        let first = configuration.removeCredential(for: RegistryKey("r"))
        let second = configuration.removeCredential(for: RegistryKey("r"))

        #expect(first && !second)
        #expect(String(decoding: configuration.tree.encode(), as: UTF8.self) == #"{"auths":{"r:5000":{}}}"#)
    }

    @Test("the file and its directory are its owner's alone, and no temporary file stays")
    func saved() throws {
        var configuration = try DockerConfiguration(path: path)
        configuration.setCredential(Credential(username: "u", password: "p"), for: RegistryKey("r"))

        try configuration.save()

        #expect(try mode(path) == 0o600 && mode(place.path + "/d") == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path + "/d") == ["config.json"])
        #expect(try DockerConfiguration(path: path).tree == configuration.tree)
    }

    @Test("a file that others could read is closed to them, one of another user stays theirs")
    func closed() throws {
        try FileManager.default.createDirectory(atPath: place.path + "/d", withIntermediateDirectories: false)
        try "{}".write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o644)
        let isRoot = ThisProcess.effectiveUser == 0
        if isRoot { chown(path, 1234, 1234) }

        try DockerConfiguration(path: path).save()

        #expect(try mode(path) == 0o600)
        #expect(try Files.status(path).uid == (isRoot ? 1234 : ThisProcess.effectiveUser))
    }

    @Test("through a chain of links the end is replaced", arguments: [true, false])
    func links(exists: Bool) throws {
        try FileManager.default.createDirectory(atPath: place.path + "/d", withIntermediateDirectories: false)
        try FileManager.default.createDirectory(atPath: place.path + "/e", withIntermediateDirectories: false)
        symlink("../e/link", path)
        symlink(place.path + "/e/real", place.path + "/e/link")
        if exists { try "{}".write(toFile: place.path + "/e/real", atomically: false, encoding: .utf8) }
        var configuration = try DockerConfiguration(path: path)
        configuration.setCredential(nil, for: RegistryKey("r"))

        try configuration.save()

        #expect(try Files.readLink(path) == "../e/link")
        #expect(try Files.status(place.path + "/e/real", follow: false).isRegularFile)
        #expect(try DockerConfiguration(path: path).tree == configuration.tree)
    }

    @Test("a loop of links and no place at all are errors")
    func nowhere() throws {
        symlink("config.json", place.path + "/config.json")

        #expect(throws: ImageError.self) { _ = try DockerConfiguration(path: place.path + "/config.json") }
        #expect(throws: ImageError.self) { try DockerConfiguration(path: "").save() }
    }
}
