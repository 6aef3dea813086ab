// SPDX-License-Identifier: Apache-2.0
// Images mounted on the host, read-only, in `mounts/<id>` of the store. Whether one is there is asked of the
// kernel: after the host was restarted none is.
internal import BlobStore
internal import Kernel
public import OCISpec

extension ImageStore {
    /// Where an image is mounted, or would be.
    public borrowing func mountPoint(of id: ContentDigest) -> String { path + "/mounts/" + id.hex }

    /// Whether an image is mounted on the host.
    public borrowing func isMounted(_ id: ContentDigest) -> Bool {
        guard let here = try? Files.status(mountPoint(of: id), follow: false),
            let above = try? Files.status(path + "/mounts", follow: false)
        else { return false }
        return here.device != above.device
    }

    /// The images that are mounted.
    public borrowing func mounted() -> [ContentDigest] {
        guard let directory = try? OwnedFileDescriptor.open(path + "/mounts", .directory),
            let names = try? Files.names(in: directory)
        else { return [] }
        return names.compactMap { ContentDigest(hex: $0) }.filter { isMounted($0) }.sorted()
    }

    /// Mounts an image whose layers are unpacked and held, unless it is mounted. Returns where.
    public borrowing func mount(_ record: ImageRecord) throws(ImageError) -> String {
        let place = mountPoint(of: record.id)
        if isMounted(record.id) { return place }
        let view = try LayerView(self, chain: ChainID.chain(try configuration(of: record).diffIDs))
        do throws(SyscallError) {
            try Files.makeDirectories(place)
            try HostMounts.attach(view.root, onto: place)
        } catch {
            throw ImageError("cannot mount the image on `\(place)`: \(error.number.text)")
        }
        // Who removed it meanwhile did not see the mount.
        guard try records().contains(where: { $0.id == record.id }) else {
            _ = try unmount(record.id)
            throw ImageError.noSuchImage(record.id.short)
        }
        return place
    }

    /// Takes the mount away; false when there is none.
    public borrowing func unmount(_ id: ContentDigest) throws(ImageError) -> Bool {
        let place = mountPoint(of: id)
        guard isMounted(id) else { return false }
        do throws(SyscallError) {
            try HostMounts.detach(place)
            try Files.removeDirectory(place)
        } catch {
            let advice = error.number == .busy ? "; end what works in it" : ""
            throw ImageError("cannot unmount `\(place)`: \(error.number.text)\(advice)")
        }
        return true
    }

    /// An image that is mounted cannot go.
    borrowing func mountedConflict(_ id: ContentDigest) -> ImageError {
        ImageError(
            "conflict: unable to delete \(id.short) (cannot be forced): the image is mounted; run"
                + " `roost image unmount \(id.short)`", .conflict)
    }
}
