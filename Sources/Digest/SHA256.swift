// SPDX-License-Identifier: Apache-2.0
// SHA-256, the hash of every digest here, by libcrypto: it uses the processor's own instructions.
internal import CCrypto

/// A running SHA-256. See SHA256_Init(3), FIPS 180-4.
public struct SHA256: ~Copyable {
    private var context = SHA256_CTX()

    /// Begins with no bytes.
    public init() { _ = SHA256_Init(&context) }

    /// Takes more bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        _ = SHA256_Update(&context, base, bytes.count)
    }

    /// Takes more bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The 32 bytes of the hash of all that was taken. Nothing may be taken afterwards.
    public mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            _ = SHA256_Final(base, &context)
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
