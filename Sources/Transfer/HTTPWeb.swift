// SPDX-License-Identifier: Apache-2.0
// All connections of one thread, and whom they trust.
internal import CTransfer
internal import Kernel

/// The connections. Of one thread only.
final class HTTPWeb {
    let raw: OpaquePointer
    /// What `User-Agent` says.
    let agent: String

    init(agent: String) throws(RegistryError) {
        guard let raw = transfer_web_make() else { throw RegistryError(.network, "out of memory") }
        self.raw = raw
        self.agent = agent
    }

    deinit { transfer_web_free(raw) }

    /// Moves data, waits at most so long, and returns an exchange that is over.
    func step(milliseconds: Int32) -> HTTPExchange? {
        var number: Int32 = 0
        guard let context = transfer_web_step(raw, milliseconds, &number) else { return nil }
        let exchange = HTTPExchange.of(context)
        exchange.end(number)
        return exchange
    }

    /// Milliseconds of a clock that only goes forward.
    static func clock() -> Int64 { transfer_clock() }
}

/// Whom an exchange trusts, and as whom it comes.
struct HTTPTrust: Sendable {
    var takesAnyCertificate = false
    /// Authorities in PEM in place of the system's; empty: the system's.
    var authorities: [UInt8] = []
    /// Files in PEM; empty when there are none.
    var certificate = ""
    var key = ""

    /// Trusts the system's authorities.
    init() {}

    /// Adds a directory such as /etc/docker/certs.d/HOST: `*.crt` are authorities, `x.cert` with `x.key` is
    /// who we are. The first of several pairs counts.
    init(directory: String, takesAnyCertificate: Bool) throws(RegistryError) {
        self.takesAnyCertificate = takesAnyCertificate
        if directory.isEmpty { return }
        do throws(SyscallError) {
            let open = try OwnedFileDescriptor.open(directory, .directory)
            let names = try Files.names(in: open).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for name in names where name.hasSuffix(".crt") {
                if authorities.isEmpty { authorities = Self.system() }
                authorities += try Files.read(name, at: open.number) + [0x0a]
            }
            for name in names where certificate.isEmpty && name.hasSuffix(".cert") {
                let key = String(name.dropLast(5)) + ".key"
                guard names.contains(key) else { continue }
                certificate = directory + "/" + name
                self.key = directory + "/" + key
            }
        } catch {
            throw RegistryError(.network, "cannot read the certificates in `\(directory)`: \(error)")
        }
    }

    private static func system() -> [UInt8] {
        let file = String(cString: transfer_authorities())
        guard !file.isEmpty, let bytes = try? Files.read(file, limit: 8 << 20) else { return [] }
        return bytes + [0x0a]
    }

    /// Tells an exchange; false when memory is out.
    func apply(_ raw: OpaquePointer) -> Bool {
        if takesAnyCertificate { transfer_exchange_trust_all(raw) }
        if !certificate.isEmpty { transfer_exchange_identify(raw, certificate, key) }
        guard !authorities.isEmpty else { return true }
        return authorities.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            return transfer_exchange_trust(raw, base, buffer.count) == 0
        }
    }
}
