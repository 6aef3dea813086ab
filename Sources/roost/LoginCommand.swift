// SPDX-License-Identifier: Apache-2.0
// `roost login` and `roost logout`. A credential is kept only when the registry takes it; the secret goes to
// roost-transfer by descriptor, and nowhere else.
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

struct LoginCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        try checkFlags()
        let domain = try Self.domain(invocation)
        var access = try RegistryAccess(invocation)
        if try isKnown(domain, &access) {
            writeText("Login Succeeded\n", to: 1)
            return 0
        }
        var credential = try credential()
        do throws(TransferFailure) {
            credential.identityToken = try Self.show(credential, access.place(domain))
        } catch { throw RuntimeError(error.message) }
        let warning = try imaging { () throws(ImageError) in
            try access.credentials.login(credential, to: domain)
        }
        if let warning { writeText("\n\(warning)\n\n", to: 2) }
        writeText("Login Succeeded\n", to: 1)
        return 0
    }

    private func checkFlags() throws(RuntimeError) {
        if invocation.has("password") {
            writeText(
                "WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n", to: 2)
            if invocation.bool("password-stdin") {
                throw RuntimeError("--password and --password-stdin are mutually exclusive")
            }
        }
        if invocation.bool("password-stdin"), (invocation.string("username") ?? "").isEmpty {
            throw RuntimeError("Must provide --username with --password-stdin")
        }
    }

    /// Who logged in before and gives no name is asked nothing, as long as the registry knows them.
    private func isKnown(_ domain: String, _ access: inout RegistryAccess) throws(RuntimeError) -> Bool {
        guard !invocation.has("username"), !invocation.has("password") else { return false }
        let endpoint = access.registry(domain)
        guard let credential = endpoint.credential else { return false }
        writeText("Authenticating with existing credentials...\n", to: 1)
        do throws(TransferFailure) {
            _ = try Self.show(credential, endpoint)
            return true
        } catch {
            guard error.kind == .unauthorized else { throw RuntimeError(error.message) }
            writeText("roost: \(error.message)\n", to: 2)
            return false
        }
    }

    private func credential() throws(RuntimeError) -> Credential {
        var name = invocation.string("username") ?? ""
        if name.isEmpty { name = try Prompt.line("Username: ") }
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: ":")) else {
            throw RuntimeError("`\(name)` is no user's name; it may be neither empty nor have `:`")
        }
        let password: String
        if invocation.bool("password-stdin") {
            password = try Self.standardInput()
        } else if let given = invocation.string("password") {
            password = given
        } else {
            password = try Prompt.secret("Password: ")
        }
        guard !password.isEmpty else { throw RuntimeError("the password is empty; one is required") }
        return Credential(username: name, password: password)
    }

    /// Most bytes of a password.
    private static let longest = 64 << 10

    /// All of it but one line end.
    private static func standardInput() throws(RuntimeError) -> String {
        var bytes: [UInt8] = []
        do throws(SyscallError) {
            while bytes.count <= longest, case let part = try readStandardInput(), !part.isEmpty {
                bytes += part
            }
        } catch { throw RuntimeError("cannot read the password: \(error.number.text)") }
        guard bytes.count <= longest else {
            throw RuntimeError("the password on standard input is longer than \(longest) bytes")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the token for later that the registry gave; empty when it gave none.
    private static func show(
        _ credential: Credential, _ place: Endpoint
    ) throws(TransferFailure) -> String {
        var request = TransferRequest(.login)
        var endpoint = place
        endpoint.credential = credential
        request.endpoints = [endpoint]
        var token: String?
        try TransferProgram.ask(request) { event in
            switch event {
            case .authenticated(let identity): token = identity
            case .notice(let text): writeText("roost: \(text)\n", to: 2)
            default: break
            }
        }
        guard let token else { throw TransferFailure(.other, "`roost-transfer` does not say how it went") }
        return token
    }

    /// The registry that is meant.
    static func domain(_ invocation: Invocation) throws(RuntimeError) -> String {
        try imaging { () throws(ImageError) in
            try RegistryHost.domain(ofServer: invocation.positionals.first ?? "")
        }
    }
}

struct LogoutCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let domain = try LoginCommand.domain(invocation)
        var access = try RegistryAccess(invocation)
        let (wasLoggedIn, warnings) = try imaging { () throws(ImageError) in
            try access.credentials.logout(of: domain)
        }
        // docker knows its own registry by an address that is long gone.
        let shown = domain == ImageReference.defaultDomain ? "https://index.docker.io/v1/" : domain
        let words = wasLoggedIn ? "Removing login credentials for " : "Not logged in to "
        writeText(words + shown + "\n", to: 1)
        for warning in warnings {
            writeText("WARNING: could not erase credentials: \(warning)\n", to: 2)
        }
        return 0
    }
}
