// SPDX-License-Identifier: Apache-2.0
// Blobs that go out: not at all when the registry has them, by a mount when another repository there has
// them, else in one stream that goes on after a break where the registry says that it stopped.
// Source: distribution-spec spec.md#pushing-blobs
public import OCISpec

/// A blob that is sent. Of one thread only.
public final class BlobUpload {
    /// What became of it.
    public enum Outcome: Equatable, Sendable {
        /// Not yet there.
        case pending
        /// The registry had it.
        case exists
        /// Another repository of the registry had it.
        case mounted
        /// It was sent.
        case sent
    }

    /// Its digest.
    public let digest: ContentDigest
    /// Its size in bytes.
    public let size: Int64
    /// The open file with it, from its beginning; the caller keeps it open.
    public let descriptor: Int32
    /// A repository of the same registry that may have it; empty when there is none.
    public let source: String
    /// Hears how many bytes are sent.
    public var progress: (Int64) -> Void
    /// Hears what became of it.
    public var finish: (Outcome) -> Void
    /// What became of it.
    public internal(set) var outcome = Outcome.pending {
        didSet { finish(outcome) }
    }
    /// How often it was begun or gone on with.
    var tries = 0

    /// A blob in an open file.
    public init(
        _ digest: ContentDigest, size: Int64, descriptor: Int32, mountFrom source: String = "",
        progress: @escaping (Int64) -> Void = { _ in }, finish: @escaping (Outcome) -> Void = { _ in }
    ) {
        self.digest = digest
        self.size = size
        self.descriptor = descriptor
        self.source = source
        self.progress = progress
        self.finish = finish
    }
}

extension RegistryClient {
    /// A blob up to this size is sent in one request.
    private static let smallBlob: Int64 = 1 << 20

    /// Sends blobs, several at once, and returns when the registry has all of them.
    public func push(_ uploads: [BlobUpload]) throws(RegistryError) {
        try run(uploads.map { look($0) }, atMost: max(settings.simultaneous, 1))
    }

    private func uploadCall(_ method: String, _ target: RegistryCall.Target, _ upload: BlobUpload)
        -> RegistryCall
    {
        let call = RegistryCall(method, target, about: "`\(upload.digest.text)`")
        call.scopes = ["repository:" + repository + ":pull,push"]
        return call
    }

    /// Whether the registry has it.
    private func look(_ upload: BlobUpload) -> RegistryCall {
        let path = "/v2/" + repository + "/blobs/" + upload.digest.text
        let call = uploadCall("HEAD", .path(path), upload)
        call.accepted = [404]
        call.next = { [self] (answer) throws(RegistryError) in
            if answer.head.status == 404 { return begin(upload, mount: !upload.source.isEmpty) }
            upload.outcome = upload.tries == 0 ? .exists : .sent
            return nil
        }
        return call
    }

    private func begin(_ upload: BlobUpload, mount: Bool) -> RegistryCall {
        upload.tries += 1
        var path = "/v2/" + repository + "/blobs/uploads/"
        if mount { path += "?mount=\(upload.digest.text)&from=" + HTTPText.encoded(upload.source) }
        let call = uploadCall("POST", .path(path), upload)
        call.body = .bytes([])
        if mount {
            call.scopes.append("repository:" + upload.source + ":pull")
            // Who may not read the other repository sends the blob.
            call.mend = { [self] (error) throws(RegistryError) in
                error.reason == .network ? nil : begin(upload, mount: false)
            }
        }
        call.next = { [self] (answer) throws(RegistryError) in
            if mount, answer.head.status == 201 {
                upload.outcome = .mounted
                return nil
            }
            let place = try location(answer, upload)
            return upload.size <= Self.smallBlob
                ? close(place, upload, whole: true) : stream(place, upload, from: 0)
        }
        return call
    }

    /// Where the registry wants the upload to go on.
    private func location(_ answer: HTTPAnswer, _ upload: BlobUpload) throws(RegistryError) -> HTTPAddress {
        let here = answer.address
        guard let text = answer.head.first("location"), let there = here.joined(text) else {
            throw RegistryError(
                .invalid, "`\(upload.digest.text)`: `\(here.origin)` names no place for the upload")
        }
        guard here.mayLead(to: there) else {
            throw RegistryError(
                .invalid,
                "`\(upload.digest.text)`: `\(here.origin)` wants the upload at `\(there.origin)`,"
                    + " which has no TLS")
        }
        return there
    }

    private func stream(_ place: HTTPAddress, _ upload: BlobUpload, from offset: Int64) -> RegistryCall {
        let call = uploadCall("PATCH", .address(place), upload)
        call.fields = [("Content-Type", "application/octet-stream")]
        if offset > 0 { call.fields.append(("Content-Range", "\(offset)-\(upload.size - 1)")) }
        call.body = file(upload, from: offset)
        call.patience = 300
        call.mostTries = 1
        call.next = { [self] (answer) throws(RegistryError) in
            close(try location(answer, upload), upload, whole: false)
        }
        call.mend = { [self] (error) throws(RegistryError) in goOn(place, upload, error) }
        return call
    }

    private func file(_ upload: BlobUpload, from offset: Int64) -> HTTPBody {
        var done = offset
        return .file(descriptor: upload.descriptor, offset: offset, count: upload.size - offset) { count in
            done = min(done + Int64(count), upload.size)
            upload.progress(done)
        }
    }

    /// Asks how far a broken upload came, and goes on there; begins a new one when the registry forgot it.
    private func goOn(_ place: HTTPAddress, _ upload: BlobUpload, _ error: RegistryError) -> RegistryCall? {
        let passes =
            error.reason == .network || error.status == 408 || error.status == 429 || error.status >= 500
        guard passes, upload.tries < settings.tries else { return nil }
        upload.tries += 1
        let call = uploadCall("GET", .address(place), upload)
        call.notBefore = HTTPWeb.clock() + settings.firstDelay << Int64(upload.tries)
        call.accepted = [404, 416]
        call.next = { [self] (answer) throws(RegistryError) in
            guard (200..<300).contains(answer.head.status),
                let count = ContentRange.uploaded(answer.head.first("range")), count <= upload.size
            else { return begin(upload, mount: false) }
            let next = answer.head.first("location") == nil ? place : try location(answer, upload)
            return count == upload.size
                ? close(next, upload, whole: false) : stream(next, upload, from: count)
        }
        return call
    }

    /// Names the upload by its digest; sends the whole of a small blob with it.
    private func close(_ place: HTTPAddress, _ upload: BlobUpload, whole: Bool) -> RegistryCall {
        let call = uploadCall("PUT", .address(place.adding("digest", upload.digest.text)), upload)
        call.fields = [("Content-Type", "application/octet-stream")]
        call.body = whole && upload.size > 0 ? file(upload, from: 0) : .bytes([])
        // A registry hashes the whole blob before it answers.
        call.patience = 600
        call.next = { (answer) throws(RegistryError) in
            upload.outcome = .sent
            return nil
        }
        // What a broken one left there would stand before a second one.
        call.isSentOnce = whole
        // The answer may be what was lost.
        call.mend = { [self] (error) throws(RegistryError) in
            guard error.reason == .network || error.reason == .notFound, upload.tries < settings.tries else {
                return nil
            }
            let call = look(upload)
            call.notBefore = HTTPWeb.clock() + settings.firstDelay << Int64(upload.tries - 1)
            return call
        }
        return call
    }
}
