// SPDX-License-Identifier: Apache-2.0
// `roost import`: the tar of a root filesystem as an image of one layer.
import BlobStore
import CommandLine
import Images
import JSON
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

struct ImportCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let source = invocation.positionals.first ?? ""
        for scheme in ["http://", "https://"] where source.hasPrefix(scheme) {
            throw RuntimeError(
                "`\(source)` is an address, which is not fetched; run `curl -L \(source) | roost import -`")
        }
        let name = try invocation.positionals.dropFirst().first.map { (text) throws(RuntimeError) in
            try ImageSource(invocation, text).reference()
        }
        if let name, name.digest != nil {
            throw RuntimeError("`\(name.familiar)` has a digest; an image is named by repository and tag")
        }
        let configuration = try configuration(source)
        if source == "-" {
            try take(from: 0, configuration, name)
        } else {
            let file = try ArchiveInput.open(source, "import")
            try take(from: file.number, configuration, name)
            _ = consume file
        }
        return 0
    }

    private func configuration(_ source: String) throws(RuntimeError) -> ImageConfig {
        let now = Clock.timestamp()
        let host = Platform(architecture: Machine.architecture, os: "linux")
        var configuration = ImageConfig(created: now, platform: host)
        do throws(PlatformError) {
            if let text = invocation.string("platform") {
                configuration.platform = try Platform(text, host: host)
            }
        } catch {
            throw RuntimeError("`--platform`: \(error.description)")
        }
        for text in invocation.strings("change") {
            do throws(ImageError) { try configuration.config.apply(text) } catch {
                throw RuntimeError("`--change`: \(error.description)")
            }
        }
        configuration.history = [
            ImageHistory(created: now, comment: invocation.string("message") ?? "Imported from \(source)")
        ]
        return configuration
    }

    private func take(
        from descriptor: Int32, _ configuration: ImageConfig, _ name: ImageReference?
    ) throws(RuntimeError) {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let lease = try ImageSource.lease(store)
        var request = TransferRequest(.importing)
        request.configuration = String(decoding: configuration.encode(), as: UTF8.self)
        var image: TransferredImage?
        do throws(TransferFailure) {
            try TransferProgram.run(request, store, lease: lease, archive: descriptor) { event in
                switch event {
                case .notice(let text): writeText("roost: \(text)\n", to: 2)
                case .image(let arrived): image = arrived
                default: break
                }
            }
        } catch {
            throw RuntimeError("cannot import the archive: \(error.message)")
        }
        guard let image else { throw RuntimeError("`roost-transfer` brought no image") }
        writeText(try ArchiveInput.keep(image, name, store).text + "\n", to: 1)
    }
}
