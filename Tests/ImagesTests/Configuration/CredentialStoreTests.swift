// SPDX-License-Identifier: Apache-2.0
// Credentials by helpers, which are small scripts in a directory of the test, and by config.json.
import Foundation
import JSON
import Kernel
import Testing
import TransferProtocol

@testable import Images

@Suite("CredentialStore")
struct CredentialStoreTests {
    let place: TemporaryDirectory
    var path: String { place.path + "/config.json" }

    init() throws { place = try TemporaryDirectory() }

    private func script(_ name: String, _ text: String) throws {
        let file = place.path + "/docker-credential-" + name
        try ("#!/bin/sh\n" + text + "\n").write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, 0o755)
    }

    private func store(_ configuration: String = "{}", milliseconds: Int32 = 20_000) throws -> CredentialStore
    {
        try configuration.write(toFile: path, atomically: false, encoding: .utf8)
        return CredentialStore(
            try DockerConfiguration(path: path),
            environment: [
                "PATH=relative:\(place.path)/none:\(place.path):/usr/bin:/bin", "PLACE=\(place.path)",
            ],
            helperMilliseconds: milliseconds)
    }

    private func content(_ name: String) throws -> String {
        try String(contentsOfFile: place.path + "/" + name, encoding: .utf8)
    }

    /// Keeps what it is given in a file, as a real helper would.
    private func keeper(_ name: String) throws {
        try script(
            name,
            """
            f="$PLACE/kept-\(name)"
            case $1 in
            store) cat >"$f" ;;
            get) read -r host; echo "$host" >>"$PLACE/asked-\(name)"
                [ -e "$f" ] && cat "$f" || { echo "credentials not found in native keychain"; exit 1; } ;;
            erase) [ -e "$f" ] && rm "$f" || { echo "credentials not found in native keychain"; exit 1; } ;;
            esac
            """)
    }

    @Test("a registry's own helper comes before the default one, and that before the file")
    func order() throws {
        try script("own", #"echo '{"ServerURL":"r","Username":"own","Secret":"1"}'"#)
        try script("all", #"echo '{"ServerURL":"r","Username":"all","Secret":"2"}'"#)
        let all = #""credsStore": "all", "auths": {"r": {"auth": "ZmlsZTpw"}}"#

        #expect(
            try store(#"{"credHelpers": {"r": "own"}, \#(all)}"#).credential(for: "r").credential?.username
                == "own")
        #expect(
            try store(#"{"credHelpers": {"x": "own"}, \#(all)}"#).credential(for: "r").credential?.username
                == "all")
        #expect(
            try store(#"{"credHelpers": {"r": ""}, \#(all)}"#).credential(for: "r").credential?.username
                == "file")
    }

    @Test("a helper that has nothing is no failure, and the search goes on")
    func notFound() throws {
        try keeper("k")
        let store = try store(
            #"{"credsStore": "k", "auths": {"https://index.docker.io/v1/": {"auth": "dTpw"}}}"#)

        let found = store.credential(for: "docker.io")

        #expect(found == .init(credential: Credential(username: "u", password: "p")))
        #expect(try content("asked-k") == "https://index.docker.io/v1/\n")
        #expect(store.credential(for: "r.example:5000") == .init())
        #expect(try content("asked-k").hasSuffix("\nr.example:5000\n"))
    }

    @Test("the user `<token>` has an identity token")
    func token() throws {
        try script("t", #"echo '{"ServerURL":"r","Username":"<token>","Secret":"abc"}'"#)

        let found = try store(#"{"credsStore": "t"}"#).credential(for: "r")

        #expect(found == .init(credential: Credential(identityToken: "abc")))
    }

    @Test(
        "a helper that fails is one warning without what it said",
        arguments: [
            (#"echo '{"Username":"u","Secret":"hunter2"}'; exit 3"#, "failed for `r`: it exited with 3"),
            ("echo hunter2", "gave no credential in JSON"),
            ("kill -9 $$", "failed for `r`: signal 9 ended it"),
            (#"echo '{"Username":5,"Secret":"hunter2"}'"#, "gave no credential in JSON"),
            ("exec cat /dev/zero", "it wrote more than 65536 bytes"),
            (#"echo '{"Username":"u","Secret":"hunter2"}'; yes | head -c 65536"#, "more than 65536 bytes"),
        ])
    func fails(text: String, message: String) throws {
        try script("bad", text)

        let found = try store(#"{"credsStore": "bad", "auths": {"r": {"auth": "dTpw"}}}"#).credential(
            for: "r")

        #expect(found.credential?.username == "u" && found.credential?.password == "p")
        #expect(found.warnings.count == 1 && !found.warnings.joined().contains("hunter2"))
        #expect(found.warnings.first?.contains(message) == true, "\(found.warnings)")
    }

    @Test("a helper that does not end is killed when its time is up")
    func timeout() throws {
        try script("slow", "echo $$ >\"$PLACE/pid\"; exec sleep 600")

        let found = try store(#"{"credsStore": "slow"}"#, milliseconds: 3000).credential(for: "r")

        #expect(found.warnings.first?.contains("did not end within 3 s") == true)
        let pid = try #require(Int32(try content("pid").dropLast()))
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test(
        "a helper's name leads to no other place",
        arguments: ["../x", "a/b", "/bin/sh", "", "none", "unexecutable", "directory"])
    func names(name: String) throws {
        try FileManager.default.createDirectory(
            atPath: place.path + "/docker-credential-directory", withIntermediateDirectories: false)
        try "".write(
            toFile: place.path + "/docker-credential-unexecutable", atomically: false, encoding: .utf8)

        let found = try store(#"{"credsStore": "\#(name)"}"#).credential(for: "r")

        #expect(found.credential == nil)
        #expect(found.warnings.count == (name.isEmpty ? 0 : 1))
        let isRefused = found.warnings.first?.contains("it may not have `/`") == true
        #expect(isRefused == name.contains("/"))
    }

    @Test("a helper may leave a daemon behind that holds its output")
    func daemon() throws {
        try script(
            "d", #"sleep 600 & echo $! >"$PLACE/pid"; echo '{"Username":"u","Secret":"p"}'"#)

        let found = try store(#"{"credsStore": "d"}"#).credential(for: "r")
        kill(try #require(Int32(try content("pid").dropLast())), SIGKILL)

        #expect(found == .init(credential: Credential(username: "u", password: "p")))
    }

    @Test("a helper that does not read what it is told does no harm")
    func deaf() throws {
        try script("deaf", "exec 0<&-; echo '{\"Username\":\"u\",\"Secret\":\"p\"}'")

        #expect(try store(#"{"credsStore": "deaf"}"#).credential(for: "r").credential?.username == "u")
    }

    @Test("login without a helper writes the file and warns as docker does")
    func loginFile() throws {
        var store = try store(#"{"psFormat": "x"}"#)

        let warning = try store.login(Credential(username: "u", password: "p:é"), to: "docker.io")

        #expect(
            warning?.hasPrefix("WARNING! Your credentials are stored unencrypted in '\(path)'.\n") == true)
        let again = CredentialStore(try DockerConfiguration(path: path), environment: [])
        #expect(again.credential(for: "docker.io").credential == Credential(username: "u", password: "p:é"))
        #expect(try content("config.json").contains(#""psFormat": "x""#))
    }

    @Test("login with a helper leaves the secret to it, and takes an older one out of the file")
    func loginHelper() throws {
        try keeper("k")
        var store = try store(#"{"credsStore": "k", "auths": {"r": {"auth": "b2xkOm9sZA=="}}}"#)

        let warning = try store.login(Credential(username: "u", password: "p"), to: "r")

        #expect(warning == nil)
        #expect(try content("kept-k") == #"{"ServerURL":"r","Username":"u","Secret":"p"}"#)
        #expect(
            try !content("config.json").contains("b2xkOm9sZA==")
                && content("config.json").contains(#""r": {}"#))
        #expect(store.credential(for: "r").credential == Credential(username: "u", password: "p"))
    }

    @Test("an identity token goes to a helper under the user `<token>`")
    func loginToken() throws {
        try keeper("k")
        var store = try store(#"{"credHelpers": {"r": "k"}}"#)

        _ = try store.login(Credential(username: "u", password: "p", identityToken: "t"), to: "r")

        #expect(try content("kept-k") == #"{"ServerURL":"r","Username":"<token>","Secret":"t"}"#)
    }

    @Test("a helper that cannot keep a credential makes login fail, and the file stays as it was")
    func loginFails() throws {
        try script("bad", "cat; exit 1")
        let before = #"{"credsStore": "bad"}"#
        var store = try store(before)

        let error = #expect(throws: ImageError.self) {
            _ = try store.login(Credential(username: "u", password: "hunter2"), to: "r")
        }
        #expect(error?.description.contains("hunter2") == false)
        #expect(try content("config.json") == before)
    }

    @Test("a user that cannot be written is refused", arguments: ["", "a:b"])
    func loginRefused(user: String) throws {
        var store = try store("{}")

        #expect(throws: ImageError.self) {
            _ = try store.login(Credential(username: user, password: "p"), to: "r")
        }
        #expect(try content("config.json") == "{}")
    }

    @Test("logout takes a credential out of the helper and out of the file")
    func logout() throws {
        try keeper("k")
        var store = try store(#"{"credsStore": "k"}"#)
        _ = try store.login(Credential(username: "u", password: "p"), to: "r")

        let first = try store.logout(of: "r")
        let second = try store.logout(of: "r")

        #expect(first == (true, []) && second == (false, []))
        #expect(!FileManager.default.fileExists(atPath: place.path + "/kept-k"))
        #expect(try DockerConfiguration(path: path).tree["auths"] == .object([]))
    }

    @Test("logout goes on when a helper fails")
    func logoutWarns() throws {
        var store = try store(#"{"credsStore": "none", "auths": {"https://r/v2/": {"auth": "dTpw"}}}"#)

        let left = try store.logout(of: "r")

        #expect(left.wasLoggedIn && left.warnings.count == 1)
        #expect(try !content("config.json").contains("dTpw"))
    }
}
