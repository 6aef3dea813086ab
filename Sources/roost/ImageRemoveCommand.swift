// SPDX-License-Identifier: Apache-2.0
// `roost rmi`, `roost tag` and `roost image prune`: names come and go, a sweep takes what has none.
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

struct ImageRemoveCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    /// Goes on after an error, and ends with status 1 then.
    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let force = invocation.bool("force")
        var status: Int32 = 0
        for name in invocation.positionals {
            do throws(ImageError) {
                for removal in try store.remove(name, force: force) {
                    switch removal {
                    case .untagged(let name): writeText("Untagged: \(name)\n", to: 1)
                    case .deleted(let id): writeText("Deleted: \(id.text)\n", to: 1)
                    }
                }
            } catch {
                if force, error.kind == .notFound { continue }
                writeText("roost: \(error.description)\n", to: 2)
                status = 1
            }
        }
        if !invocation.bool("no-prune") {
            _ = try imaging { () throws(ImageError) in try store.sweep(partial: false) }
        }
        return status
    }
}

struct ImageTagCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let names = invocation.positionals
        let target = try ImageSource(invocation, names.last ?? "").reference()
        try imaging { () throws(ImageError) in
            let store = try ImageStore(StorePath.of(invocation))
            try store.tag(names.first ?? "", as: target)
        }
        return 0
    }
}

struct ImagePruneCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        guard try isAgreed() else { return 0 }
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let records = try imaging { () throws(ImageError) in try store.records() }
        let chosen = try ImageFilter(invocation).select(records, store)
            .filter { invocation.bool("all") || $0.name == nil }
        let removed = try imaging { () throws(ImageError) in
            try store.removeRecords { record in chosen.contains(record) }
        }
        let result = try imaging { () throws(ImageError) in try store.sweep(partial: true) }
        if !removed.isEmpty { writeText("Deleted Images:\n", to: 1) }
        for record in removed {
            if let name = record.name { writeText("untagged: \(name)\n", to: 1) }
            writeText("deleted: \(record.id.text)\n", to: 1)
        }
        if !removed.isEmpty { writeText("\n", to: 1) }
        writeText("Total reclaimed space: \(HumanText.size(result.bytes, digits: 4))\n", to: 1)
        return 0
    }

    private func isAgreed() throws(RuntimeError) -> Bool {
        if invocation.bool("force") { return true }
        let what =
            invocation.bool("all") ? "all images without at least one container" : "all dangling images"
        writeText("WARNING! This will remove \(what).\nAre you sure you want to continue? [y/N] ", to: 1)
        let answer = (try? readStandardInput(upTo: 16)) ?? []
        return answer.first == UInt8(ascii: "y") || answer.first == UInt8(ascii: "Y")
    }
}
