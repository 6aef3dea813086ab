// SPDX-License-Identifier: Apache-2.0
// `roost images`.
import CommandLine
import Images
import JSON
import Kernel
import OCIRuntime
import OCISpec

struct ImageListCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let store = try imaging { () throws(ImageError) in try ImageStore(StorePath.of(invocation)) }
        var records = try imaging { () throws(ImageError) in try store.records() }
        records = try ImageFilter(invocation).select(records, store)
        if invocation.bool("quiet"), invocation.string("format") == nil {
            for record in records { writeText(id(record) + "\n", to: 1) }
            return 0
        }
        let now = Clock.seconds()
        let digest = invocation.bool("digests") ? ["Digest"] : []
        try ListOutput(
            titles: Self.titles, columns: ["Repository", "Tag"] + digest + ["ID", "CreatedSince", "Size"]
        )
        .print(records.map { row($0, now) }, format: invocation.string("format"))
        return 0
    }

    private static let titles: [(field: String, title: String)] = [
        ("ID", "IMAGE ID"), ("Repository", "REPOSITORY"), ("Tag", "TAG"), ("Digest", "DIGEST"),
        ("CreatedSince", "CREATED"), ("CreatedAt", "CREATED AT"), ("Size", "SIZE"),
        ("Containers", "CONTAINERS"), ("SharedSize", "SHARED SIZE"), ("UniqueSize", "UNIQUE SIZE"),
        ("VirtualSize", "SIZE"),
    ]

    private func id(_ record: ImageRecord) -> String {
        invocation.bool("no-trunc") ? record.id.text : record.id.short
    }

    private func row(_ record: ImageRecord, _ now: Int64) -> JSONTree {
        let size = HumanText.size(record.size)
        let values: [(String, String)] = [
            ("Containers", "N/A"), ("CreatedAt", ImageTime.plain(record.created)),
            ("CreatedSince", ImageTime.age(record.created, now: now)),
            ("Digest", record.repositoryDigest?.text ?? "<none>"), ("ID", id(record)),
            ("Repository", record.repository.isEmpty ? "<none>" : record.familiarRepository),
            ("SharedSize", "N/A"), ("Size", size), ("Tag", record.tag ?? "<none>"), ("UniqueSize", "N/A"),
            ("VirtualSize", size),
        ]
        return .object(values.map { JSONTree.Member($0.0, .string($0.1)) })
    }
}
