// SPDX-License-Identifier: Apache-2.0
// A blob's bytes, decompressed, in constant memory. Both sides are hashed on the way. What the bytes begin
// with decides over the format, whatever the media type says: docker does the same, and registries are full of it.
internal import CTransfer
internal import Digest
internal import OCISpec

/// How bytes are compressed.
public enum Compression: Sendable, Equatable {
    /// Not at all.
    case none
    /// RFC 1952, one member or more.
    case gzip
    /// RFC 8878, one frame or more.
    case zstd
}

/// Where compressed bytes come from.
enum ByteSource {
    /// A file, perhaps while it grows.
    case file(GrowingFile)
    /// Anything that read(2) reads: a pipe.
    case descriptor(Int32)
}

/// What decompression may come to. See docs/hardening.md.
struct DecompressionLimit: Sendable {
    /// Bytes out, at most; nil: only the ratio counts.
    var bytes: Int64?
    /// Bytes out for each byte in, beyond `base`.
    var ratio: Int64 = 200
    /// Bytes out that are never too many.
    var base: Int64 = 1 << 30
}

/// A stream of decompressed bytes: the window shows some, `advance` gets the next.
struct Decompressor: ~Copyable {
    private static let inputSize = 256 << 10
    private static let outputSize = 512 << 10

    private let source: ByteSource
    private let limit: DecompressionLimit
    private let input: UnsafeMutableRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private var inputStart = 0
    private var inputEnd = 0
    private var engine: UnsafeMutableRawPointer?
    private var engineFormat = TRANSFER_GZIP
    // Where the member or frame that is read began, as long as the buffer still holds that.
    private var memberStart: Int? = 0
    private var isInMember = false
    // The output was full: the engine may hold bytes that need no more input.
    private var holdsMore = false
    private var compressedHash = SHA256()
    private var hash = SHA256()

    /// Bytes in so far.
    private(set) var compressedCount: Int64 = 0
    /// Bytes out so far.
    private(set) var count: Int64 = 0
    /// What the first bytes said.
    private(set) var format = Compression.none
    /// The bytes to be taken now.
    private(set) var window = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Waits for the first bytes, to see what they are.
    init(_ source: ByteSource, limit: DecompressionLimit = DecompressionLimit()) throws(LayerError) {
        self.source = source
        self.limit = limit
        input = .allocate(byteCount: Self.inputSize, alignment: 64)
        output = .allocate(byteCount: Self.outputSize, alignment: 64)
        while inputEnd < 6, try refill() {}
        format = try Self.recognise(UnsafeRawBufferPointer(rebasing: input[..<inputEnd]))
        if format != .none {
            try startEngine(format == .zstd ? TRANSFER_ZSTD : TRANSFER_GZIP)
        }
    }

    deinit {
        if let engine { transfer_inflate_free(engine) }
        input.deallocate()
        output.deallocate()
    }

    private mutating func startEngine(_ format: Int32) throws(LayerError) {
        if let engine { transfer_inflate_free(engine) }
        engineFormat = format
        engine = transfer_inflate_new(format)
        if engine == nil { throw LayerError("no memory for decompression") }
    }

    private static func recognise(_ first: UnsafeRawBufferPointer) throws(LayerError) -> Compression {
        func begins(_ magic: [UInt8]) -> Bool { first.starts(with: magic) }
        if begins([0x1f, 0x8b]) { return .gzip }
        if begins([0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
        if first.count >= 4, first[0] & 0xf0 == 0x50, first.dropFirst().starts(with: [0x2a, 0x4d, 0x18]) {
            return .zstd
        }
        if begins([0x42, 0x5a, 0x68]) { throw LayerError("bzip2 is not supported; decompress it first") }
        if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a]) {
            throw LayerError("xz is not supported; decompress it first")
        }
        return .none
    }

    /// Gives up the window's first bytes.
    mutating func consume(_ bytes: Int) {
        window = UnsafeRawBufferPointer(rebasing: window.dropFirst(bytes))
    }

    /// Shows the next bytes, when the window is empty; false at the end.
    mutating func advance() throws(LayerError) -> Bool {
        if window.count > 0 { return true }
        let made = format == .none ? try takeInput() : try inflate()
        guard made.count > 0 else { return false }
        hash.update(made)
        count += Int64(made.count)
        window = made
        let most = limit.base + (compressedCount &* limit.ratio)
        if format != .none, count > most || count > limit.bytes ?? .max {
            throw LayerError(
                "it grows to more than \(min(most, limit.bytes ?? .max)) bytes when decompressed")
        }
        if format == .none, let bytes = limit.bytes, count > bytes {
            throw LayerError("it has more than \(bytes) bytes")
        }
        return true
    }

    /// Reads to the end and drops it: both digests are of everything.
    mutating func drain() throws(LayerError) {
        repeat { consume(window.count) } while try advance()
    }

    /// The digests of what went in and of what came out, once all was read.
    mutating func digests() -> (compressed: ContentDigest, content: ContentDigest) {
        (ContentDigest(hash: compressedHash.finish()), ContentDigest(hash: hash.finish()))
    }

    private mutating func takeInput() throws(LayerError) -> UnsafeRawBufferPointer {
        if inputStart == inputEnd {
            inputStart = 0
            inputEnd = 0
            _ = try refill()
        }
        let bytes = UnsafeRawBufferPointer(rebasing: input[inputStart..<inputEnd])
        inputStart = inputEnd
        return bytes
    }

    /// Reads more behind what the buffer holds; false at the end.
    private mutating func refill() throws(LayerError) -> Bool {
        let free = UnsafeMutableRawBufferPointer(rebasing: input[inputEnd...])
        let got: Int
        switch source {
        case .file(let file): got = try file.read(into: free, at: compressedCount)
        case .descriptor(let number):
            guard let base = free.baseAddress else { return false }
            let result = tree_read(number, base, free.count)
            guard result >= 0 else { throw LayerError("cannot read the input", result) }
            got = Int(result)
        }
        compressedHash.update(UnsafeRawBufferPointer(rebasing: free[..<got]))
        compressedCount += Int64(got)
        inputEnd += got
        return got > 0
    }
}

extension Decompressor {
    /// Bytes until the output is full or the input is over; none at the end.
    private mutating func inflate() throws(LayerError) -> UnsafeRawBufferPointer {
        var made = 0
        while made < output.count {
            if inputStart == inputEnd, !holdsMore {
                // What is decompressed goes on before more is waited for.
                if made > 0 { break }
                inputStart = 0
                inputEnd = 0
                memberStart = isInMember ? nil : 0
                if try !refill() {
                    if isInMember { throw LayerError("its compressed data end too early") }
                    break
                }
            }
            made += try step(after: made)
            holdsMore = made == output.count
        }
        return UnsafeRawBufferPointer(rebasing: output[..<made])
    }

    private mutating func step(after made: Int) throws(LayerError) -> Int {
        guard let engine, let from = input.baseAddress, let to = output.baseAddress else { return 0 }
        var step = transfer_step()
        let result = transfer_inflate_step(
            engine, from.assumingMemoryBound(to: UInt8.self) + inputStart, inputEnd - inputStart,
            to.assumingMemoryBound(to: UInt8.self) + made, output.count - made, &step)
        if result == -95, engineFormat == TRANSFER_GZIP, let memberStart {
            inputStart = memberStart
            try startEngine(TRANSFER_GZIP_BY_ZLIB)
            return 0
        }
        if result == -27 { throw LayerError("its zstd data want more than 32 MiB of memory") }
        let moved = step.used > 0 || step.made > 0 || step.ended == 1
        guard result >= 0, moved || inputStart == inputEnd else {
            throw LayerError("its compressed data are damaged")
        }
        inputStart += step.used
        isInMember = step.ended == 0
        if step.ended == 1 { memberStart = inputStart }
        return step.made
    }
}
