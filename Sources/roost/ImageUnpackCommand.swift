// SPDX-License-Identifier: Apache-2.0
// `roost image unpack`: an image as a bundle that any OCI runtime runs.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/conversion.md
import BlobStore
import CommandLine
import Images
import JSON
import Kernel
import OCIRuntime
import OCISpec

struct ImageUnpackCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let (name, bundle) = (invocation.positionals[0], invocation.positionals[1])
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let record = try imaging { () throws(ImageError) in try store.find(name) }
        let lease = try ImageSource.lease(store)
        let configuration = try imaging { () throws(ImageError) in try store.configuration(of: record) }
        let chain = ChainID.chain(configuration.diffIDs)
        try ImageSource.unpack(record, chain, store, lease)
        let view = try imaging { () throws(ImageError) in try LayerView(store, chain: chain) }
        let user = try imaging { () throws(ImageError) in
            try ImageUser(configuration.config.user, roots: [view.root.number])
        }
        let spec = ImageBundle(configuration, user).spec()
        try writing(bundle) { () throws(SyscallError) in
            try Self.make(bundle)
            try Self.fill(bundle, view.root, spec.encode(.tabs) + [0x0a])
        }
        _ = consume lease
        return 0
    }

    private func writing(
        _ bundle: String, _ body: () throws(SyscallError) -> Void
    ) throws(RuntimeError) {
        do throws(SyscallError) { try body() } catch {
            if error.number == .notEmpty {
                throw RuntimeError("`\(bundle)` is not empty; name a directory that is not there yet")
            }
            let place = error.subject.isEmpty || error.subject == bundle ? "" : " at `\(error.subject)`"
            throw RuntimeError("cannot make the bundle `\(bundle)`\(place): \(error.number.text)")
        }
    }

    private static func make(_ bundle: String) throws(SyscallError) {
        try Files.makeDirectories(bundle, permissions: 0o700)
        let directory = try OwnedFileDescriptor.open(bundle, .directory)
        guard try Files.names(in: directory).isEmpty else {
            throw SyscallError("mkdir", bundle, .notEmpty)
        }
        _ = try Files.makeDirectory("rootfs", permissions: 0o755, at: directory.number)
    }

    /// What was made goes again when it is not whole.
    private static func fill(
        _ bundle: String, _ root: borrowing OwnedFileDescriptor, _ config: [UInt8]
    ) throws(SyscallError) {
        let directory = try OwnedFileDescriptor.open(bundle, .directory)
        do throws(SyscallError) {
            let copy = try OwnedFileDescriptor.open("rootfs", [.directory, .noFollow], at: directory.number)
            try TreeCopy.copy(from: root.number, to: copy.number)
            try Files.replaceLasting("config.json", with: config, at: directory.number, permissions: 0o644)
        } catch {
            try? Files.removeTree("rootfs", at: directory.number)
            throw error
        }
    }
}

/// The configuration of a bundle of an image.
struct ImageBundle {
    private let image: ImageConfig
    private let user: ImageUser

    init(_ image: ImageConfig, _ user: ImageUser) {
        self.image = image
        self.user = user
    }

    func spec() -> RuntimeSpec {
        var spec = RuntimeSpec.defaultSpec()
        // All of it is older than 1.1, and crun refuses what it does not know.
        spec.ociVersion = "1.0.2"
        spec.root = RootSpec(path: "rootfs", readonly: false)
        spec.process = process(spec.process ?? ProcessSpec())
        spec.annotations = annotations
        return spec
    }

    private func process(_ process: ProcessSpec) -> ProcessSpec {
        var process = process
        let words = (image.config.entrypoint ?? []) + (image.config.cmd ?? [])
        if !words.isEmpty { process.args = words }
        // Without one it runs everywhere; who wants a terminal says so here.
        process.terminal = false
        process.env = environment
        let directory = image.config.workingDir
        process.cwd = directory.hasPrefix("/") ? directory : "/" + directory
        process.user = UserSpec(uid: user.uid, gid: user.gid, additionalGids: user.groups)
        let names = Configuration.defaultCapabilities
        let own = user.uid == 0 ? names : []
        process.capabilities = CapabilitiesSpec(
            bounding: names, effective: own, inheritable: [], permitted: own, ambient: [])
        process.noNewPrivileges = false
        return process
    }

    private var environment: [String] {
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let own = image.config.env
        return own.contains { $0.hasPrefix("PATH=") } ? own : [path] + own
    }

    /// What the image says of itself; its labels go before.
    private var annotations: [StringPair] {
        let prefix = "org.opencontainers.image."
        let told: [(String, String?)] = [
            ("os", image.platform.os), ("architecture", image.platform.architecture),
            ("variant", image.platform.variant), ("author", image.author), ("created", image.created),
            ("stopSignal", image.config.stopSignal),
            ("exposedPorts", image.config.exposedPorts.sorted().joined(separator: ",")),
        ]
        var list = image.config.labels
        for (name, value) in told {
            guard let value, !value.isEmpty, !list.contains(where: { $0.key == prefix + name }) else {
                continue
            }
            list.append(StringPair(key: prefix + name, value: value))
        }
        return list
    }
}
