// SPDX-License-Identifier: Apache-2.0
// Programs that keep credentials: `docker-credential-NAME get|store|erase`. Run by roost alone, never by what talks
// to a registry. What a helper says may be a secret, so no message repeats it.
// Source: https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development
internal import JSON
internal import Kernel
internal import TransferProtocol

/// One helper, and how it is run.
struct CredentialHelper {
    /// The program's name without `docker-credential-`.
    let name: String
    /// What it is run with; `PATH` of it says where the program is looked for.
    let environment: [String]
    /// After this it is killed: the helper may ask the user, but not for ever.
    var milliseconds: Int32 = 30_000

    /// More output than this is refused.
    static var longestOutput: Int { 64 << 10 }

    private var program: String { "docker-credential-" + name }

    /// Asks for a registry's credential; nil when the helper has none.
    func get(_ registry: String) throws(ImageError) -> Credential? {
        guard let output = try run("get", about: registry, Array(registry.utf8)) else { return nil }
        let answer: Answer
        do throws(JSONError) { answer = try Answer.decode(output) } catch {
            throw ImageError(
                "`\(program)` gave no credential in JSON for `\(registry)`; run `\(program) get` to see")
        }
        if answer.username.isEmpty, answer.secret.isEmpty { return nil }
        if answer.username == Self.tokenUser { return Credential(identityToken: answer.secret) }
        return Credential(username: answer.username, password: answer.secret)
    }

    /// Has it keep a registry's credential.
    func store(_ credential: Credential, for registry: String) throws(ImageError) {
        let isToken = !credential.identityToken.isEmpty
        let answer = Answer(
            registry: registry, username: isToken ? Self.tokenUser : credential.username,
            secret: isToken ? credential.identityToken : credential.password)
        guard try run("store", about: registry, answer.encode()) != nil else {
            throw ImageError("`\(program)` could not keep the credential for `\(registry)`")
        }
    }

    /// Has it forget a registry's credential; false when it had none.
    func erase(_ registry: String) throws(ImageError) -> Bool {
        try run("erase", about: registry, Array(registry.utf8)) != nil
    }

    /// The user of an identity token.
    private static var tokenUser: String { "<token>" }

    /// What the helper wrote; nil when it said that it has no such credential.
    private func run(
        _ action: String, about registry: String, _ input: [UInt8]
    ) throws(ImageError) -> [UInt8]? {
        let path = try find()
        let outcome: ProgramOutcome
        do throws(SyscallError) {
            outcome = try ChildProgram.run(
                path, arguments: [action], environment: environment, input: input,
                outputLimit: Self.longestOutput, milliseconds: milliseconds)
        } catch { throw ImageError("cannot run `\(path)`: \(error.number.text)") }
        switch outcome {
        case .ended(.exited(0), let output): return output
        case .ended(_, let output) where Self.saysNotFound(output): return nil
        case .ended(.exited(let status), _):
            throw failure(action, registry, "it exited with \(status)")
        case .ended(.signalled(let signal), _):
            throw failure(action, registry, "signal \(signal) ended it")
        case .timeout: throw failure(action, registry, "it did not end within \(milliseconds / 1000) s")
        case .tooMuchOutput:
            throw failure(action, registry, "it wrote more than \(Self.longestOutput) bytes")
        }
    }

    private func failure(_ action: String, _ registry: String, _ what: String) -> ImageError {
        ImageError("`\(program) \(action)` failed for `\(registry)`: \(what); run it by hand to see why")
    }

    private static func saysNotFound(_ output: [UInt8]) -> Bool {
        output.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }.starts(with: "credentials not found".utf8)
    }

    /// Looks through the absolute directories of `PATH`.
    private func find() throws(ImageError) -> String {
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
            throw ImageError("`\(name)` is no name of a credential helper; it may not have `/`")
        }
        let path =
            environment.first { $0.hasPrefix("PATH=") }?.utf8.dropFirst(5)
            ?? "/usr/local/bin:/usr/bin:/bin".utf8[...]
        for place in path.split(separator: UInt8(ascii: ":")) where place.first == UInt8(ascii: "/") {
            let candidate = String(Substring(place)) + "/" + program
            if let status = try? Files.status(candidate), status.isRegularFile, status.mode & 0o111 != 0 {
                return candidate
            }
        }
        throw ImageError(
            "the credential helper `\(program)` is not in PATH; install it, or take `\(name)` out of config.json"
        )
    }
}

/// What helpers read and write.
private struct Answer: JSONValue {
    var registry = ""
    var username = ""
    var secret = ""

    static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Answer()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "Username") {
                value.username = try reader.value()
            } else if reader.matches(key, "Secret") {
                value.secret = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("ServerURL", registry)
            writer.member("Username", username)
            writer.member("Secret", secret)
        }
    }
}
