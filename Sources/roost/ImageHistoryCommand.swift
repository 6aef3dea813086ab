// SPDX-License-Identifier: Apache-2.0
// `roost history` and `roost image tree`: the steps and the layers of an image.
import BlobStore
import CommandLine
import Images
import JSON
import Kernel
import OCIRuntime
import OCISpec

/// One step of how an image came about, with the layer that it made.
struct ImageStep {
    var history: ImageHistory
    /// The layer's chain ID; nil for a step that made none.
    var chain: ContentDigest?
    /// Bytes of its unpacked files.
    var size: Int64

    /// All steps, the first made first. Layers that no step tells of have one without words.
    static func all(
        _ configuration: ImageConfig, _ store: borrowing ImageStore
    ) -> [ImageStep] {
        var chain = ChainID.chain(configuration.diffIDs)[...]
        var steps: [ImageStep] = []
        for history in configuration.history {
            let layer = history.emptyLayer ? nil : chain.popFirst()
            steps.append(
                ImageStep(history: history, chain: layer, size: layer.map { store.layerSize($0) } ?? 0))
        }
        for layer in chain {
            steps.append(ImageStep(history: ImageHistory(), chain: layer, size: store.layerSize(layer)))
        }
        return steps
    }
}

struct ImageHistoryCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let record = try imaging { () throws(ImageError) in
            try store.find(invocation.positionals.first ?? "")
        }
        let configuration = try imaging { () throws(ImageError) in try store.configuration(of: record) }
        let steps = Array(ImageStep.all(configuration, store).reversed())
        let ids = steps.indices.map { $0 == 0 ? id(record) : "<missing>" }
        if invocation.bool("quiet"), invocation.string("format") == nil {
            for id in ids { writeText(id + "\n", to: 1) }
            return 0
        }
        let now = Clock.seconds()
        try ListOutput(
            titles: Self.titles,
            columns: ["ID", isHuman ? "CreatedSince" : "CreatedAt", "CreatedBy", "Size", "Comment"]
        )
        .print(steps.indices.map { row(steps[$0], ids[$0], now) }, format: invocation.string("format"))
        return 0
    }

    private static let titles: [(field: String, title: String)] = [
        ("ID", "IMAGE"), ("CreatedSince", "CREATED"), ("CreatedAt", "CREATED AT"),
        ("CreatedBy", "CREATED BY"), ("Size", "SIZE"), ("Comment", "COMMENT"),
    ]

    private var isHuman: Bool { !invocation.has("human") || invocation.bool("human") }

    private func id(_ record: ImageRecord) -> String {
        invocation.bool("no-trunc") ? record.id.text : record.id.short
    }

    private func row(_ step: ImageStep, _ id: String, _ now: Int64) -> JSONTree {
        let created = step.history.created ?? ""
        let at = ImageTime.seconds(created).map { Clock.timestamp(seconds: $0).prefix(19) + "Z" } ?? created
        let values: [(String, String)] = [
            ("Comment", step.history.comment ?? ""), ("CreatedAt", at),
            ("CreatedBy", by(step.history.createdBy ?? "")),
            ("CreatedSince", isHuman ? ImageTime.age(created, now: now) : at), ("ID", id),
            ("Size", isHuman ? HumanText.size(step.size) : "\(step.size)"),
        ]
        return .object(values.map { JSONTree.Member($0.0, .string($0.1)) })
    }

    private func by(_ text: String) -> String {
        let line = ImageHistoryCommand.line(text)
        return invocation.bool("no-trunc") ? line : ImageHistoryCommand.cut(line, 45)
    }

    /// Without what would break a table or a terminal.
    static func line(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? " " : scalar)
        }
        return String(scalars)
    }

    static func cut(_ text: String, _ width: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > width else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(width - 1))) + "…"
    }
}

struct ImageTreeCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        let record = try imaging { () throws(ImageError) in
            try store.find(invocation.positionals.first ?? "")
        }
        let configuration = try imaging { () throws(ImageError) in try store.configuration(of: record) }
        let steps = ImageStep.all(configuration, store).reversed().filter { $0.chain != nil }
        let sharing = try sharing(record, store)
        var text = "\(title(record))  \(HumanText.size(record.size)), \(count(steps.count))\n"
        for (index, step) in steps.enumerated() {
            guard let chain = step.chain else { continue }
            let isLast = index == steps.count - 1
            text += "\(isLast ? "└─" : "├─") \(chain.short)  \(HumanText.size(step.size))"
            let what = ImageHistoryCommand.line(step.history.createdBy ?? step.history.comment ?? "")
            if !what.isEmpty { text += "  \(ImageHistoryCommand.cut(what, 72))" }
            text += "\n"
            let others = sharing.filter { $0.chain.contains(chain) }.map { $0.name }
            if !others.isEmpty { text += "\(isLast ? "  " : "│ ")    also in \(list(others))\n" }
        }
        writeText(text, to: 1)
        return 0
    }

    private func title(_ record: ImageRecord) -> String {
        guard let name = record.name, let reference = try? ImageReference(name, defaultTag: nil) else {
            return record.id.short
        }
        return "\(reference.familiar)  \(record.id.short)"
    }

    private func count(_ layers: Int) -> String { layers == 1 ? "1 layer" : "\(layers) layers" }

    private func list(_ names: [String]) -> String {
        names.count <= 4
            ? names.joined(separator: ", ")
            : names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
    }

    /// Other images, and the layers that they have.
    private func sharing(
        _ record: ImageRecord, _ store: borrowing ImageStore
    ) throws(RuntimeError) -> [(name: String, chain: Set<ContentDigest>)] {
        let records = try imaging { () throws(ImageError) in try store.records() }
        var list: [(name: String, chain: Set<ContentDigest>)] = []
        for other in records where other.id != record.id {
            guard let configuration = try? store.configuration(of: other) else { continue }
            let name = other.name.flatMap { try? ImageReference($0, defaultTag: nil) }?.familiar
            list.append((name ?? other.id.short, Set(ChainID.chain(configuration.diffIDs))))
        }
        return list
    }
}
