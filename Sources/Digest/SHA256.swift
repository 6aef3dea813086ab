// SPDX-License-Identifier: Apache-2.0
// SHA-256, the hash of every digest here, by libcrypto: it uses the processor's own instructions.
internal import CCrypto

/// A running SHA-256. See EVP_DigestInit(3), FIPS 180-4.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Begins with no bytes.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto gives no SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes more bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        _ = EVP_DigestUpdate(context, base, bytes.count)
    }

    /// Takes more bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The 32 bytes of the hash of all that was taken. Nothing may be taken afterwards.
    public mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            _ = EVP_DigestFinal_ex(context, base, nil)
            count = 32
        }
    }

    /// The hash of a whole array.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }
}
