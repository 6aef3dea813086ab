// SPDX-License-Identifier: Apache-2.0
// The layers of one image, all at once: which are missing, their blobs, their threads, and their names, which
// are given bottom up when every digest is proven.
internal import BlobStore
internal import Kernel
internal import OCISpec
internal import TransferProtocol

/// The layers of an image.
final class LayerBatch {
    /// How a message ends when a download that was gone on with turned out wrong, and was thrown away.
    static let resumedWrongly = "; what was kept of a broken download was not right"

    private struct Layer {
        let descriptor: Descriptor
        let diffID: ContentDigest
        let chain: ContentDigest
        let unpacks: Bool
        var intake: LayerIntake?
        var unpacker: LayerUnpacker?
    }

    /// Layers that are opened, fetched and unpacked together: each has a thread, three descriptors and buffers,
    /// and an image may have 500.
    private static let together = 8

    private var layers: [Layer] = []
    /// Directories of the layers that have their names, the lowest first.
    private var lower: [OwnedNumber] = []
    private let store: Int32
    private let report: ErrandReport

    /// Finds out what is missing, and holds all of it by the lease. The store must live longer.
    init(
        _ descriptors: [Descriptor], _ diffIDs: [ContentDigest], unpacks: Bool, _ store: borrowing BlobStore,
        _ lease: borrowing Lease, _ report: ErrandReport
    ) throws(TransferFailure) {
        self.store = store.directory.number
        self.report = report
        for (index, chain) in ChainID.chain(diffIDs).enumerated() {
            let descriptor = descriptors[index]
            guard descriptor.mediaType.isLayer, !descriptor.mediaType.isForeignLayer else {
                throw TransferFailure(
                    .invalid,
                    "the layer `\(descriptor.digest.short)` is a `\(descriptor.mediaType.text)`, which is no"
                        + " layer that can be unpacked")
            }
            let isUnpacked = try reading { () throws(BlobError) in try lease.keepLayer(chain, in: store) }
            let isThere = try reading { () throws(BlobError) in
                try lease.keepBlob(descriptor.digest, in: store)
            }
            if isThere { try Self.checkSize(descriptor, store) }
            let layer = Layer(
                descriptor: descriptor, diffID: diffIDs[index], chain: chain, unpacks: unpacks && !isUnpacked)
            layers.append(layer)
            let isDone = isThere && (isUnpacked || !unpacks)
            report.progress(descriptor.digest.short, isDone ? .exists : .fsLayer)
        }
    }

    /// Fetches, unpacks, proves and names.
    func run(
        _ store: borrowing BlobStore, _ fetch: ([BlobDownload]) throws(RegistryError) -> Void
    ) throws(TransferFailure) {
        var first = 0
        while first < layers.count {
            let part = first..<min(first + Self.together, layers.count)
            try openBlobs(part, store)
            try run(part, fetch)
            // The locks of their files go, others may have waited for them.
            for index in part {
                layers[index].intake = nil
                layers[index].unpacker = nil
            }
            first = part.upperBound
        }
    }

    private static func checkSize(
        _ descriptor: Descriptor, _ store: borrowing BlobStore
    ) throws(TransferFailure) {
        guard let size = store.size(of: descriptor.digest), size != descriptor.size else { return }
        throw TransferFailure(
            .invalid,
            "the layer `\(descriptor.digest.short)` has \(size) bytes; the manifest says \(descriptor.size)")
    }

    /// One file a digest, however often an image has it. In the order of the digests: two pulls that wait for
    /// one another's locks would wait for ever.
    private func openBlobs(_ part: Range<Int>, _ store: borrowing BlobStore) throws(TransferFailure) {
        var intakes: [ContentDigest: LayerIntake] = [:]
        let wanted = layers[part].filter { $0.unpacks || !store.has($0.descriptor.digest) }
        for layer in wanted.sorted(by: { $0.descriptor.digest < $1.descriptor.digest })
        where intakes[layer.descriptor.digest] == nil {
            intakes[layer.descriptor.digest] = try LayerIntake(layer.descriptor, store)
        }
        for index in part {
            layers[index].intake = intakes[layers[index].descriptor.digest]
            guard layers[index].unpacks, let intake = layers[index].intake else { continue }
            let expected = ExpectedLayer(
                digest: layers[index].descriptor.digest, size: layers[index].descriptor.size,
                diffID: layers[index].diffID)
            do throws(LayerError) {
                layers[index].unpacker = try LayerUnpacker(
                    store, intake.file, expected, UnpackOptions(isPrivileged: ThisProcess.effectiveUser == 0))
            } catch {
                throw TransferFailure(.other, error.description)
            }
        }
    }

    private func run(
        _ part: Range<Int>, _ fetch: ([BlobDownload]) throws(RegistryError) -> Void
    ) throws(TransferFailure) {
        let layers = layers[part]
        var problem: TransferFailure?
        do throws(TransferFailure) {
            try startThreads(layers)
            try download(layers, fetch)
        } catch {
            problem = error
            stop(error)
        }
        // Every thread has to be waited for, whatever else happened.
        for layer in layers {
            do throws(TransferFailure) { try prove(layer) } catch {
                // What is wrong with a layer says more than that the download was stopped for it.
                if problem == nil || problem?.kind == .other { problem = error }
                stop(error)
            }
        }
        guard let problem else { return try name(layers) }
        throw tidied(problem)
    }

    private func stop(_ failure: TransferFailure) {
        for layer in layers { layer.intake?.file.fail(failure.message) }
    }

    /// Keeps of broken downloads what can be gone on with.
    private func tidied(_ problem: TransferFailure) -> TransferFailure {
        var hasChanged = false
        for layer in layers {
            guard let intake = layer.intake else { continue }
            if intake.hasChanged || intake.file.count == 0 { intake.discard() }
            hasChanged = hasChanged || intake.hasChanged
        }
        guard hasChanged else { return problem }
        return TransferFailure(.invalid, problem.message + Self.resumedWrongly)
    }

    private func startThreads(_ layers: ArraySlice<Layer>) throws(TransferFailure) {
        for layer in layers {
            guard let unpacker = layer.unpacker else { continue }
            do throws(LayerError) { try unpacker.start() } catch {
                throw TransferFailure(.other, error.description)
            }
        }
    }

    private func download(
        _ layers: ArraySlice<Layer>, _ fetch: ([BlobDownload]) throws(RegistryError) -> Void
    ) throws(TransferFailure) {
        var seen: Set<ContentDigest> = []
        var downloads: [BlobDownload] = []
        for layer in layers {
            guard let intake = layer.intake, intake.isMissing, seen.insert(layer.descriptor.digest).inserted
            else { continue }
            downloads.append(intake.download(report))
        }
        guard !downloads.isEmpty else { return }
        try asking { () throws(RegistryError) in try fetch(downloads) }
    }

    /// Waits for a layer, and makes its blob one of the store. Throws what is wrong with this layer; not when
    /// it only did not come.
    private func prove(_ layer: Layer) throws(TransferFailure) {
        guard let intake = layer.intake else { return }
        let id = layer.descriptor.digest.short
        do throws(LayerError) {
            if let unpacker = layer.unpacker {
                report.progress(id, .extracting)
                _ = try unpacker.wait()
                for notice in unpacker.notices { report.tell(.notice("layer `\(id)`: \(notice)")) }
            } else if intake.file.isComplete {
                try Self.proveDigest(intake)
            } else {
                return
            }
        } catch {
            if let unpacker = layer.unpacker, !unpacker.hasRefused { return }
            throw refusal(error, intake)
        }
        try intake.keep()
    }

    private func refusal(_ error: LayerError, _ intake: LayerIntake) -> TransferFailure {
        let name = "the layer `\(intake.descriptor.digest.short)`: "
        if error.isOfHost { return TransferFailure(.other, name + error.description) }
        var found = error
        // With other bytes than its digest says, a layer is damaged in any way.
        if intake.file.isComplete {
            do throws(LayerError) { try Self.proveDigest(intake) } catch { found = error }
        }
        let isOld = intake.resumed > 0 && !intake.isStored
        intake.discard()
        return TransferFailure(.invalid, name + found.description + (isOld ? Self.resumedWrongly : ""))
    }

    private static func proveDigest(_ intake: LayerIntake) throws(LayerError) {
        if intake.isStored { return }
        let digest = try intake.file.digest()
        guard digest == intake.descriptor.digest else {
            throw LayerError("it has the digest `\(digest.text)`, not `\(intake.descriptor.digest.text)`")
        }
    }

    private func name(_ layers: ArraySlice<Layer>) throws(TransferFailure) {
        for layer in layers {
            let id = layer.descriptor.digest.short
            do throws(LayerError) {
                try layer.unpacker?.finish(as: layer.chain, lower: lower.reversed().map { $0.number })
            } catch {
                throw TransferFailure(
                    error.isOfHost ? .other : .invalid, "the layer `\(id)`: \(error.description)")
            }
            if layer.intake != nil { report.progress(id, .complete) }
            let path = BlobStore.layerFiles(layer.chain)
            if let files = try? OwnedFileDescriptor.open(path, [.path, .directory], at: store) {
                lower.append(OwnedNumber(files))
            }
        }
    }
}

/// A descriptor in a list.
private final class OwnedNumber {
    private let descriptor: OwnedFileDescriptor
    var number: Int32 { descriptor.number }
    init(_ descriptor: consuming OwnedFileDescriptor) { self.descriptor = descriptor }
}
