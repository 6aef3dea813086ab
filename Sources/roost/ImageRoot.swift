// SPDX-License-Identifier: Apache-2.0
// The image of one `run`: found or pulled, held, unpacked, mounted.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

/// An image made ready for one container.
struct ImageRoot: ~Copyable {
    let snapshot: Snapshot
    let context: ImageContext
    private let lease: Lease

    init(_ invocation: Invocation, _ path: String, id: String) throws(RuntimeError) {
        let name = invocation.positionals.first ?? ""
        let store = try imaging { () throws(ImageError) in try ImageStore(path) }
        let record = try ImageSource(invocation, name).record(store)
        let lease = try ImageSource.lease(store)
        let configuration = try imaging { () throws(ImageError) in
            try store.configuration(of: record)
        }
        let chain = ChainID.chain(configuration.diffIDs)
        try ImageSource.unpack(record, chain, store, lease)
        let snapshot = try imaging { () throws(ImageError) in
            try Snapshot(store, chain: chain, id: id, isVolatile: true)
        }
        if let notice = snapshot.notice { writeText("roost: \(notice)\n", to: 2) }
        do throws(ImageError) {
            let user = try ImageUser(
                invocation.string("user") ?? configuration.config.user, roots: [snapshot.root.number])
            context = ImageContext(defaults: configuration.config, user: user, hostname: id)
        } catch {
            snapshot.remove()
            throw RuntimeError(error.description)
        }
        self.snapshot = snapshot
        self.lease = lease
    }

    /// Removes what the container wrote.
    consuming func remove() { snapshot.remove() }
}

/// The same for `explain`: nothing is pulled, unpacked or mounted.
struct ImageOnPaper {
    let id: String
    let context: ImageContext
    let overlay: OverlayMount
    let mountPoint: String

    init(_ invocation: Invocation, _ path: String, id: String) throws(RuntimeError) {
        let name = invocation.positionals.first ?? ""
        let store = try imaging { () throws(ImageError) in try ImageStore(path) }
        let record = try imaging { () throws(ImageError) in try store.find(name) }
        let configuration = try imaging { () throws(ImageError) in
            try store.configuration(of: record)
        }
        let chain = ChainID.chain(configuration.diffIDs)
        let directory = path + "/containers/" + id
        overlay = Snapshot.parts(path, chain, directory, true)
        mountPoint = directory + "/root"
        self.id = id
        let text = invocation.string("user") ?? configuration.config.user
        context = ImageContext(
            defaults: configuration.config, user: try Self.user(text, overlay.lower), hostname: id)
    }
}

extension ImageOnPaper {
    // As if they were mounted over each other.
    private static func user(_ text: String, _ layers: [String]) throws(RuntimeError) -> ImageUser {
        let roots = layers.compactMap { (try? OwnedFileDescriptor.open($0, [.path, .directory]))?.release() }
        return try imaging { () throws(ImageError) in try ImageUser(text, roots: roots) }
    }
}

/// Runs `body`, passing on the sentence of an image's error.
func imaging<Value: ~Copyable>(_ body: () throws(ImageError) -> Value) throws(RuntimeError) -> Value {
    do throws(ImageError) { return try body() } catch { throw RuntimeError(error.description) }
}
