// SPDX-License-Identifier: Apache-2.0
// `roost inspect`: an image as docker's JSON has it.
// Source: https://docs.docker.com/reference/cli/docker/inspect/
import BlobStore
import CommandLine
import Images
import JSON
import Kernel
import OCIRuntime
import OCISpec
import Template

struct ImageInspectCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    /// What is found is printed, what is not is told afterwards with status 1.
    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let template = try template()
        var trees: [JSONTree] = []
        var problems: [String] = []
        for name in invocation.positionals {
            do throws(ImageError) {
                guard invocation.string("type") != "container" else { throw Self.noContainer(name) }
                let record = try store.find(name)
                trees.append(try ImageDocument(record, store).tree())
                if let problem = try platformProblem(name, record, store) {
                    trees.removeLast()
                    problems.append(problem)
                }
            } catch {
                problems.append(problem(name, error))
            }
        }
        try print(trees, template)
        for problem in problems { writeText("Error: \(problem)\n", to: 2) }
        return problems.isEmpty ? 0 : 1
    }

    private static func noContainer(_ name: String) -> ImageError {
        ImageError("No such container: \(name)", .other)
    }

    private func problem(_ name: String, _ error: ImageError) -> String {
        guard error.kind == .notFound else { return error.description }
        let isImage = invocation.commandPath.first == "image" || invocation.string("type") == "image"
        return "No such \(isImage ? "image" : "object"): \(name)"
    }

    private func platformProblem(
        _ name: String, _ record: ImageRecord, _ store: borrowing ImageStore
    ) throws(ImageError) -> String? {
        guard let text = invocation.string("platform") else { return nil }
        let host = Platform(architecture: Machine.architecture, os: "linux")
        let platform = try store.configuration(of: record).platform
        guard let wanted = try? Platform(text, host: host) else {
            return "`--platform`: `\(text)` is no platform; write it like `linux/arm64`"
        }
        let isSame =
            wanted.os == platform.os && wanted.architecture == platform.architecture
            && (wanted.variant == nil || platform.variant == nil || wanted.variant == platform.variant)
        if isSame { return nil }
        return "image with reference \(name) was found but its platform (\(platform.description)) does not"
            + " match the specified platform (\(wanted.description))"
    }

    private func template() throws(RuntimeError) -> GoTemplate? {
        guard let format = invocation.string("format"), !format.isEmpty, format != "json" else { return nil }
        do throws(TemplateError) { return try GoTemplate(format) } catch {
            throw RuntimeError("`--format`: \(error.description)")
        }
    }

    private func print(_ trees: [JSONTree], _ template: GoTemplate?) throws(RuntimeError) {
        guard let template else {
            let isPlain = invocation.string("format") == "json"
            let text = JSONTree.array(trees).encode(isPlain ? .compact : .spaces(4))
            return writeText(String(decoding: text, as: UTF8.self) + "\n", to: 1)
        }
        // As docker does, where there is nothing.
        if trees.isEmpty { writeText("\n", to: 1) }
        for tree in trees {
            do throws(TemplateError) { writeText(try template.render(tree) + "\n", to: 1) } catch {
                throw RuntimeError("`--format`: \(error.description)")
            }
        }
    }
}

/// One image as a tree.
struct ImageDocument {
    private let record: ImageRecord
    private let others: [ImageRecord]
    private let text: JSONTree
    private let layers: [String]
    private let diffIDs: [String]

    init(_ record: ImageRecord, _ store: borrowing ImageStore) throws(ImageError) {
        self.record = record
        others = try store.records().filter { $0.id == record.id }
        diffIDs = try store.configuration(of: record).diffIDs.map { $0.text }
        let path = store.path
        layers = ChainID.chain(diffIDs.compactMap { ContentDigest($0) }).map {
            path + "/" + BlobStore.layerFiles($0)
        }
        // The configuration itself: what Roost does not know of it is shown too.
        let bytes: [UInt8]
        do throws(BlobError) { bytes = try store.blobs.read(record.id, limit: ImageConfig.limit) } catch {
            throw ImageError(error.description)
        }
        do throws(JSONError) { text = try JSONTree.decode(bytes) } catch {
            throw ImageError("the configuration of the image `\(record.id.short)`: \(error)")
        }
    }

    func tree() -> JSONTree {
        var members: [(String, JSONTree)] = [
            ("Id", .string(record.id.text)), ("RepoTags", .strings(tags)),
            ("RepoDigests", .strings(digests)), ("Parent", .string("")), ("Comment", comment),
            ("Created", string("created")), ("DockerVersion", string("docker_version")),
            ("Author", string("author")), ("Config", configuration),
            ("Architecture", string("architecture")),
        ]
        if let variant = text["variant"] { members.append(("Variant", variant)) }
        members.append(("Os", string("os")))
        if let version = text["os.version"] { members.append(("OsVersion", version)) }
        members += [
            ("Size", .integer(record.size)), ("GraphDriver", driver),
            ("RootFS", Self.object([("Type", .string("layers")), ("Layers", .strings(diffIDs))])),
            ("Metadata", Self.object([("LastTagTime", .string("0001-01-01T00:00:00Z"))])),
        ]
        return Self.object(members)
    }

    private var tags: [String] {
        others.compactMap { $0.name }.compactMap { try? ImageReference($0, defaultTag: nil) }
            .filter { $0.tag != nil && $0.digest == nil }.map { $0.familiar }
    }

    private var digests: [String] {
        var digests: [String] = []
        for record in others where !record.repository.isEmpty {
            guard let digest = record.repositoryDigest else { continue }
            let text = record.familiarRepository + "@" + digest.text
            if !digests.contains(text) { digests.append(text) }
        }
        return digests
    }

    private func string(_ key: String) -> JSONTree { text[key] ?? .string("") }

    /// The note of the last step, as docker's store of images gives it.
    private var comment: JSONTree {
        if let comment = text["comment"] { return comment }
        guard case .array(let steps)? = text["history"], let comment = steps.last?["comment"] else {
            return .string("")
        }
        return comment
    }

    /// Paths of the layers. There is no merged directory: each container has its own.
    private var driver: JSONTree {
        var data: [(String, JSONTree)] = []
        if layers.count > 1 {
            data.append(("LowerDir", .string(layers.dropLast().reversed().joined(separator: ":"))))
        }
        if let top = layers.last { data.append(("UpperDir", .string(top))) }
        return Self.object([("Data", Self.object(data)), ("Name", .string("overlay2"))])
    }

    /// docker's keys in docker's order; those without a value here are left out where the image has none.
    private var configuration: JSONTree {
        let given = text["config"] ?? .null
        let keys: [(String, JSONTree?)] = [
            ("Hostname", .string("")), ("Domainname", .string("")), ("User", .string("")),
            ("AttachStdin", .bool(false)), ("AttachStdout", .bool(false)), ("AttachStderr", .bool(false)),
            ("ExposedPorts", nil), ("Tty", .bool(false)), ("OpenStdin", .bool(false)),
            ("StdinOnce", .bool(false)), ("Env", .null), ("Cmd", .null), ("Healthcheck", nil),
            ("ArgsEscaped", nil), ("Image", .string("")), ("Volumes", .null), ("WorkingDir", .string("")),
            ("Entrypoint", .null), ("NetworkDisabled", nil), ("MacAddress", nil), ("OnBuild", .null),
            ("Labels", .null), ("StopSignal", nil), ("StopTimeout", nil), ("Shell", nil),
        ]
        var members: [(String, JSONTree)] = []
        for (key, absent) in keys {
            if let value = given[key].map({ Self.sorted($0) }) ?? absent { members.append((key, value)) }
        }
        return Self.object(members)
    }

    /// docker prints the keys of labels, ports and volumes in order.
    private static func sorted(_ tree: JSONTree) -> JSONTree {
        guard case .object(let members) = tree else { return tree }
        return .object(members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) })
    }

    private static func object(_ members: [(String, JSONTree)]) -> JSONTree {
        .object(members.map { JSONTree.Member($0.0, $0.1) })
    }
}
