// SPDX-License-Identifier: Apache-2.0
// `roost run --rootfs DIR`: flags into a configuration, then the runtime in this very process.
import CommandLine
import Images
import Kernel
import OCIRuntime
import OCISpec

/// One `roost run`.
struct RunCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        do throws(RuntimeError) { return try carryOut() } catch { throw told(error) }
    }

    /// An error of the runtime about the configuration, told of the flags that it came from.
    func told(_ error: RuntimeError) -> RuntimeError {
        let error = (try? SecurityOptions(invocation))?.explaining(error, invocation) ?? error
        return error.renaming(LimitFlags(invocation).names)
    }

    private func carryOut() throws(RuntimeError) -> Int32 {
        let id = name()
        guard invocation.string("rootfs") == nil else {
            let request = try request(id: id, rootfs: try absolute(try rootfs()), image: nil)
            try checkPrivilege()
            return try carryOut(request)
        }
        try checkPrivilege()
        let image = try ImageRoot(invocation, storePath, id: id)
        var request = try request(id: id, rootfs: image.snapshot.mountPoint, image: image.context)
        if let overlay = image.snapshot.overlay {
            request.root = OverlayRoot(overlay, descriptor: image.snapshot.root.number)
        }
        let status: Int32
        do throws(RuntimeError) { status = try carryOut(request) } catch {
            image.remove()
            throw error
        }
        image.remove()
        return status
    }

    private func carryOut(_ request: LaunchRequest) throws(RuntimeError) -> Int32 {
        var runtime = runtime()
        if invocation.bool("explain") { runtime.narrator = .text }
        var request = request
        guard invocation.bool("tty") else { return try runtime.run(request).shellStatus }
        return try runWithTerminal(runtime, &request)
    }

    func runtime() -> Runtime {
        Runtime(root: storePath == "/var/lib/roost" ? "/run/roost" : storePath + "/run", warn: warning)
    }

    /// What would be made.
    func requestOnPaper() throws(RuntimeError) -> LaunchRequest {
        guard invocation.string("rootfs") == nil else {
            return try request(id: name(), rootfs: try absolute(try rootfs()), image: nil)
        }
        let paper = try ImageOnPaper(invocation, storePath, id: name())
        var request = try request(id: paper.id, rootfs: paper.mountPoint, image: paper.context)
        request.root = OverlayRoot(paper.overlay, descriptor: -1)
        return request
    }

    private func request(
        id: String, rootfs: String, image: ImageContext?
    ) throws(RuntimeError) -> LaunchRequest {
        var request = LaunchRequest(id: id, bundle: "/")
        request.configuration = .value(try Configuration(invocation, rootfs: rootfs, image: image).spec())
        request.usesDefaultFilter = try SecurityOptions(invocation).usesDefaultFilter
        return request
    }

    private func rootfs() throws(RuntimeError) -> String {
        // As an unset variable of a script leaves it: not the current directory.
        guard let rootfs = invocation.string("rootfs"), !rootfs.isEmpty else {
            throw RuntimeError("`--rootfs` is empty; name a directory")
        }
        return rootfs
    }

    @Sendable private func warning(_ text: String) {
        writeText("roost: warning: \(RuntimeError.rename(text, LimitFlags(invocation).names))\n", to: 2)
    }

    private var storePath: String { StorePath.of(invocation) }

    private func checkPrivilege() throws(RuntimeError) {
        guard let mine = try? CapabilitySet.effective(), !mine.contains(.systemAdministration) else { return }
        throw RuntimeError(
            "making a container needs CAP_SYS_ADMIN, which this process lacks; run it as root (`sudo"
                + " roost run …`)"
        )
    }

    private func absolute(_ path: String) throws(RuntimeError) -> String {
        if path.hasPrefix("/") { return path }
        guard let here = try? Files.workingDirectory() else {
            throw RuntimeError("the current directory is gone; change to another")
        }
        return here + "/" + path
    }

    private func name() -> String {
        if let name = invocation.string("name") { return name }
        let digits = String(UInt64.random(in: 0..<(1 << 48)), radix: 16)
        return String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }

    private func runWithTerminal(_ runtime: Runtime, _ request: inout LaunchRequest) throws(RuntimeError)
        -> Int32
    {
        guard Terminal.isTerminal(0) || !invocation.bool("interactive") else {
            throw RuntimeError("the input device is not a TTY; leave out `-t`, or run it in a terminal")
        }
        let (terminal, descriptor) = try ForegroundTerminal.make(
            isInteractive: invocation.bool("interactive"))
        request.consoleDescriptor = descriptor
        return try runtime.run(request, terminal: terminal).shellStatus
    }
}
