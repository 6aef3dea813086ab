// SPDX-License-Identifier: Apache-2.0
// `roost pull`.
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

struct PullCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let reference = try ImageSource(invocation, invocation.positionals.first ?? "").reference()
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let named = invocation.positionals.first ?? ""
        if named == reference.familiarName, !invocation.bool("quiet"), !invocation.bool("all-tags") {
            writeText("Using default tag: latest\n", to: 1)
        }
        _ = try PullOperation(invocation, output: 1).pull(reference, store)
        writeText(reference.full + "\n", to: 1)
        return 0
    }
}
