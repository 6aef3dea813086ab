// SPDX-License-Identifier: Apache-2.0
// `roost image mount` and `roost image unmount`.
import BlobStore
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

struct ImageMountCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        guard !invocation.positionals.isEmpty else {
            try list(store)
            return 0
        }
        for name in invocation.positionals {
            let record = try imaging { () throws(ImageError) in try store.find(name) }
            let lease = try ImageSource.lease(store)
            let configuration = try imaging { () throws(ImageError) in try store.configuration(of: record) }
            try ImageSource.unpack(record, ChainID.chain(configuration.diffIDs), store, lease)
            let place = try imaging { () throws(ImageError) in try store.mount(record) }
            _ = consume lease
            writeText(place + "\n", to: 1)
        }
        return 0
    }

    private func list(_ store: borrowing ImageStore) throws(RuntimeError) {
        let records = try imaging { () throws(ImageError) in try store.records() }
        for id in store.mounted() {
            let name = records.first { $0.id == id && $0.name != nil }?.name
            let shown = name.flatMap { try? ImageReference($0, defaultTag: nil) }?.full ?? id.text
            writeText("\(shown) \(store.mountPoint(of: id))\n", to: 1)
        }
    }
}

struct ImageUnmountCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        guard invocation.bool("all") != !invocation.positionals.isEmpty else {
            throw RuntimeError("name the images, or give `--all`")
        }
        var ids = invocation.bool("all") ? store.mounted() : []
        for name in invocation.positionals {
            ids.append(try imaging { () throws(ImageError) in try store.find(name).id })
        }
        for id in ids {
            guard try imaging({ () throws(ImageError) in try store.unmount(id) }) else {
                throw RuntimeError("the image `\(id.short)` is not mounted")
            }
            writeText(id.text + "\n", to: 1)
        }
        return 0
    }
}
