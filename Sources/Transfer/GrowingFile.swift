// SPDX-License-Identifier: Apache-2.0
// A file that one thread appends to while another reads behind it: a blob while it comes in. A blob that is
// there already is one that is complete from the start.
internal import CTransfer
internal import Digest
public import Kernel
internal import OCISpec

/// A file that grows.
public final class GrowingFile: @unchecked Sendable {
    // Everything that changes is touched inside `gate` only.
    private let gate = Gate()
    private let file: OwnedFileDescriptor
    private var written: Int64
    private var taken: Int64 = 0
    private var isOver: Bool
    private var reason: String?
    // Below `written` after `reset`: what comes is held against what is there. The writer's alone.
    private var compared: Int64?

    /// Takes over a file of which `count` bytes are there, and more may come unless `isComplete`.
    public init(owning file: consuming OwnedFileDescriptor, count: Int64 = 0, isComplete: Bool = false) {
        self.file = file
        written = count
        isOver = isComplete
    }

    /// The descriptor; for calls that leave content and position alone, such as fsync(2).
    public var descriptor: Int32 { file.number }
    /// Bytes that are there.
    public var count: Int64 { gate.locked { written } }
    /// Bytes that the reader took: how far unpacking is.
    public var position: Int64 { gate.locked { taken } }
    /// Whether nothing more comes.
    public var isComplete: Bool { gate.locked { isOver } }
    /// Why nothing more comes although it is not complete.
    public var failure: String? { gate.locked { reason } }

    /// Appends bytes. One thread only.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        var offset = count
        var done = try compare(bytes, offset)
        guard let base = bytes.baseAddress else { return }
        while done < bytes.count {
            let put = tree_write_at(file.number, base + done, bytes.count - done, offset)
            guard put > 0 else { throw LayerError("cannot keep what comes in", put) }
            done += Int(put)
            offset += put
        }
        gate.locked {
            written = offset
            gate.wake()
        }
    }

    /// Appends bytes. One thread only.
    public func append(_ bytes: [UInt8]) throws(LayerError) {
        // A closure that throws typed is not taken by withUnsafeBytes.
        let result = bytes.withUnsafeBytes { buffer -> Result<Void, LayerError> in
            do throws(LayerError) { return .success(try append(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    /// Begins anew, since the source does not go on where it broke off. Nothing is written twice: the reader
    /// may be far ahead, and its digest must be the digest of what the file has. So what comes again is held
    /// against what came before. One thread only, the one that appends.
    public func reset() { compared = 0 }

    /// Passes over bytes that are there already, and returns their number.
    private func compare(_ bytes: UnsafeRawBufferPointer, _ written: Int64) throws(LayerError) -> Int {
        guard let start = compared else { return 0 }
        let wanted = min(bytes.count, Int(written - start))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        var done = 0
        while done < wanted, let to = buffer.baseAddress {
            let got = tree_read_at(file.number, to, min(wanted - done, buffer.count), start + Int64(done))
            guard got > 0 else { throw LayerError("cannot read a broken download", got) }
            let old = UnsafeRawBufferPointer(rebasing: buffer[..<Int(got)])
            guard old.elementsEqual(bytes[done..<(done + Int(got))]) else {
                throw LayerError(Self.differs)
            }
            done += Int(got)
        }
        compared = start + Int64(done) < written ? start + Int64(done) : nil
        return done
    }

    /// The error of what comes a second time and is not the same.
    public static let differs = "the registry sends other bytes than before"

    /// Nothing more comes: all is there.
    public func complete() {
        gate.locked {
            isOver = true
            gate.wake()
        }
    }

    /// Nothing more comes, and the reader must give up. False when it had failed before.
    @discardableResult public func fail(_ why: String) -> Bool {
        gate.locked {
            defer { gate.wake() }
            guard reason == nil else { return false }
            reason = why
            return true
        }
    }

    /// Up to the buffer's size of bytes from `offset`; waits for the first of them. 0: the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(LayerError) -> Int {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
        let there = try waitForBytes(beyond: offset)
        if there == 0 { return 0 }
        let got = tree_read_at(file.number, base, min(Int(there), buffer.count), offset)
        guard got >= 0 else { throw LayerError("cannot read a blob", got) }
        guard got > 0 else { throw LayerError("a blob became shorter while it was read") }
        return Int(got)
    }

    /// The digest of all that is there, whatever became of it.
    func digest() throws(LayerError) -> ContentDigest {
        var hash = SHA256()
        var offset: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while let base = buffer.baseAddress {
            let got = tree_read_at(file.number, base, buffer.count, offset)
            guard got >= 0 else { throw LayerError("cannot read a blob", got) }
            if got == 0 { break }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<Int(got)]))
            offset += got
        }
        return ContentDigest(hash: hash.finish())
    }

    private func waitForBytes(beyond offset: Int64) throws(LayerError) -> Int64 {
        try gate.locked { () throws(LayerError) -> Int64 in
            taken = offset
            while reason == nil, !isOver, written <= offset { gate.wait() }
            if let reason { throw LayerError(reason) }
            return max(written - offset, 0)
        }
    }
}
