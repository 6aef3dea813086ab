// SPDX-License-Identifier: Apache-2.0
// Blobs that come in: as many bytes as their descriptor says, from where a broken one stopped. Whoever takes
// the bytes checks the digest.
public import OCISpec

/// A blob that is fetched. Of one thread only.
public final class BlobDownload {
    /// What it must be.
    public let digest: ContentDigest
    /// Its size in bytes, by its descriptor.
    public let size: Int64
    /// Bytes that were handed on so far.
    public private(set) var received: Int64
    private var mark: Int64

    /// Takes bytes as they come; an error ends all downloads.
    public var receive: (UnsafeRawBufferPointer) throws(RegistryError) -> Void
    /// Forgets all bytes: the registry begins anew.
    public var restart: () throws(RegistryError) -> Void
    /// Hears that all bytes were handed on.
    public var finish: () throws(RegistryError) -> Void

    /// A blob, of which the first `received` bytes are there already.
    public init(
        _ digest: ContentDigest, size: Int64, received: Int64 = 0,
        receive: @escaping (UnsafeRawBufferPointer) throws(RegistryError) -> Void,
        restart: @escaping () throws(RegistryError) -> Void,
        finish: @escaping () throws(RegistryError) -> Void
    ) {
        self.digest = digest
        self.size = size
        self.received = received
        mark = received
        self.receive = receive
        self.restart = restart
        self.finish = finish
    }

    /// Looks at the head of an answer before its bytes come.
    func accept(_ head: HTTPHead) throws(RegistryError) {
        if head.status == 206 {
            guard let text = head.first("content-range"), let range = ContentRange(text),
                range.first == received, range.last < size, range.total ?? size == size
            else {
                throw RegistryError(.invalid, "the registry answers with other bytes than those asked for")
            }
            return
        }
        if received > 0 { try beginAgain() }
        guard let length = head.length, length != size else { return }
        throw RegistryError(.invalid, "the registry has \(length) bytes; the manifest says \(size)")
    }

    /// Takes bytes.
    func take(_ bytes: UnsafeRawBufferPointer) throws(RegistryError) {
        guard Int64(bytes.count) <= size - received else {
            throw RegistryError(.invalid, "the registry sends more than the \(size) bytes of the manifest")
        }
        try receive(bytes)
        received += Int64(bytes.count)
    }

    func beginAgain() throws(RegistryError) {
        try restart()
        received = 0
    }

    func complete() throws(RegistryError) { try finish() }

    /// Whether it came further, by 1 MB, than at any earlier break. So there are few breaks, whatever a
    /// registry does.
    func hasMoved() -> Bool {
        guard received >= mark + 1 << 20 else { return false }
        mark = received
        return true
    }
}

extension RegistryClient {
    /// Fetches blobs, several at once, and returns when all are there. After an error none goes on; what was
    /// handed on stays, and a later download can begin there.
    public func fetch(_ downloads: [BlobDownload]) throws(RegistryError) {
        var calls: [RegistryCall] = []
        for download in downloads {
            guard download.size >= 0, download.received >= 0, download.received <= download.size else {
                throw RegistryError(.invalid, "`\(download.digest.text)` has an impossible size")
            }
            if download.received == download.size {
                try download.complete()
                continue
            }
            let call = call("GET", "blobs/" + download.digest.text, about: "`\(download.digest.text)`")
            call.download = download
            call.asksMirrors = true
            calls.append(call)
        }
        try run(calls, atMost: max(settings.simultaneous, 1))
    }

    /// The bytes of a small blob, such as a configuration, with their digest checked.
    public func fetchBytes(_ digest: ContentDigest, size: Int64, limit: Int) throws(RegistryError) -> [UInt8]
    {
        guard size <= Int64(limit) else {
            throw RegistryError(
                .invalid, "`\(digest.text)` has \(size) bytes, more than the \(limit) allowed")
        }
        var bytes: [UInt8] = []
        let download = BlobDownload(
            digest, size: size, receive: { (part) in bytes.append(contentsOf: part) },
            restart: { bytes.removeAll() },
            finish: { () throws(RegistryError) in try Self.check(bytes, digest) })
        try fetch([download])
        return bytes
    }
}
