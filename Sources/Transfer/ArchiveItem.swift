// SPDX-License-Identifier: Apache-2.0
// An entry of `manifest.json` in a docker archive.
internal import JSON

struct DockerArchiveItem: Equatable, JSONValue {
    var config: String
    var repoTags: [String] = []
    var layers: [String] = []

    static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var config: String?
        var tags: [String]?
        var layers: [String]?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "Config") {
                config = try reader.value()
            } else if reader.matches(key, "RepoTags") {
                tags = try reader.value()
            } else if reader.matches(key, "Layers") {
                layers = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return DockerArchiveItem(
            config: try reader.required(config, "Config"), repoTags: tags ?? [], layers: layers ?? [])
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("Config", config)
            writer.member("RepoTags", repoTags)
            writer.member("Layers", layers)
        }
    }
}
