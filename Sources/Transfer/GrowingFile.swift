// SPDX-License-Identifier: Apache-2.0
// A file that one thread appends to while another reads behind it: a blob while it comes in. A blob that is
// there already is one that is complete from the start.
internal import CTransfer
public import Kernel

/// A file that grows.
public final class GrowingFile: @unchecked Sendable {
    // Everything that changes is touched inside `gate` only.
    private let gate = Gate()
    private let file: OwnedFileDescriptor
    private var written: Int64
    private var taken: Int64 = 0
    private var isOver: Bool
    private var reason: String?

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
        guard let base = bytes.baseAddress else { return }
        var offset = count
        var done = 0
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

    /// Begins anew, since the source does not go on where it broke off. The reader keeps its place: what
    /// comes must be the same bytes, which its digest proves in the end.
    public func reset() throws(LayerError) {
        gate.locked { written = 0 }
        let result = tree_set_size(file.number, 0)
        guard result >= 0 else { throw LayerError("cannot empty a broken download", result) }
    }

    /// Nothing more comes: all is there.
    public func complete() {
        gate.locked {
            isOver = true
            gate.wake()
        }
    }

    /// Nothing more comes, and the reader must give up.
    public func fail(_ why: String) {
        gate.locked {
            if reason == nil { reason = why }
            gate.wake()
        }
    }

    /// Up to the buffer's size of bytes from `offset`; waits for the first of them. 0: the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(LayerError) -> Int {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
        while true {
            let there = try waitForBytes(beyond: offset)
            if there == 0 { return 0 }
            let got = tree_read_at(file.number, base, min(Int(there), buffer.count), offset)
            guard got >= 0 else { throw LayerError("cannot read a blob", got) }
            if got > 0 { return Int(got) }
            // Emptied by `reset` in between, or somebody cut a complete file.
            if isComplete { throw LayerError("a blob became shorter while it was read") }
        }
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
