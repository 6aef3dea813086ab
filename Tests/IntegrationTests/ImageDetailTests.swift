// SPDX-License-Identifier: Apache-2.0
// `roost inspect`, `history`, `image tree`.
import Foundation
import TestSupport
import Testing

@Suite("roost inspect, history, image tree", .enabled(if: isRoot))
struct ImageDetailTests {
    @Test("an image has docker's keys in docker's order, nulls too")
    func inspect() throws {
        let box = try ImageBox("user")
        let whole = try box.printed("inspect", "user")
        let list = try JSONSerialization.jsonObject(with: Data(whole.utf8)) as? [[String: Any]]
        let keys = whole.matches(of: #/(?m)^        "(\w+)":/#).map { String($0.1) }
        let inner = whole.matches(of: #/(?m)^            "(\w+)":/#).map { String($0.1) }

        #expect(list?.count == 1)
        #expect(
            keys == [
                "Id", "RepoTags", "RepoDigests", "Parent", "Comment", "Created", "DockerVersion", "Author",
                "Config", "Architecture", "Os", "Size", "GraphDriver", "RootFS", "Metadata",
            ])
        #expect(
            inner.prefix(20) == [
                "Hostname", "Domainname", "User", "AttachStdin", "AttachStdout", "AttachStderr",
                "ExposedPorts", "Tty", "OpenStdin", "StdinOnce", "Env", "Cmd", "Image", "Volumes",
                "WorkingDir", "Entrypoint", "OnBuild", "Labels", "StopSignal", "Data",
            ])
        #expect(whole.contains("            \"OnBuild\": null,\n"))
        #expect(whole.hasPrefix("[\n    {\n        \"Id\": \"sha256:"))
        #expect(try box.printed("image", "inspect", "user") == whole)
    }

    @Test(
        "templates",
        arguments: [
            ("{{.Config.User}}", "app"), ("{{json .Config.Entrypoint}}", #"["/bin/echo","entry"]"#),
            ("{{index .Config.Labels \"org.example.key\"}}", "a=b"), ("{{len .RootFS.Layers}}", "2"),
            ("{{.Os}}/{{.Architecture}} {{.RepoTags}}", "linux/amd64 [user:latest]"),
            (
                "{{range .Config.Env}}{{println .}}{{end}}",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
                    + "/usr/bin:/sbin:/bin\nGREETING=hello world\nEMPTY=\n"
            ),
        ])
    func template(_ format: String, _ expected: String) throws {
        let box = try ImageBox("user")

        #expect(try box.printed("inspect", "-f", format, "user") == expected)
    }

    @Test("a registry's digest is told, and goes with another repository's name")
    func digests() throws {
        let registry = try ImageRegistry(images: ["busybox"])
        let box = try ImageBox()
        let name = registry.address + "/library/busybox"
        try #require(try box.roost("pull", "-q", name).status == 0)
        try #require(try box.roost("tag", name, "other:1").status == 0)

        let digests = try box.printed("inspect", "-f", "{{json .RepoDigests}}", name)
        let tags = try box.printed("inspect", "-f", "{{.RepoTags}}", "other:1")
        let digest = try box.printed("images", "--digests", "--format", "{{.Digest}}", name)

        #expect(digests == "[\"\(name)@\(digest)\"]")
        #expect(tags.contains("\(name):latest") && tags.contains("other:1"))
    }

    @Test("what is missing is told after what is there")
    func missing() throws {
        let box = try ImageBox("busybox")

        let none = try box.roost("inspect", "nope")
        let some = try box.roost("inspect", "-f", "{{.Os}}", "nope", "busybox")
        let image = try box.roost("inspect", "--type", "image", "nope")
        let platform = try box.roost("image", "inspect", "--platform", "linux/arm64", "busybox")

        #expect(none.status == 1 && none.output == "[]\n" && none.errors == "Error: No such object: nope\n")
        #expect(some.status == 1 && some.output == "linux\n")
        #expect(image.status == 1 && image.errors == "Error: No such image: nope\n")
        #expect(platform.status == 1 && platform.errors.contains("does not match the specified platform"))
    }

    @Test("the history: the image's id at the top, sizes of the layers")
    func history() throws {
        let box = try ImageBox("odd")
        let id = try box.printed("images", "-q", "--no-trunc")
        let lines = try box.printed("history", "odd").split(separator: "\n")
        let plain = try box.printed("history", "-H=false", "--format", "{{.CreatedAt}} {{.Size}}", "odd")
        let ids = try box.printed("image", "history", "-q", "--no-trunc", "odd").split(separator: "\n")

        #expect(lines[0].wholeMatch(of: #/IMAGE +CREATED +CREATED BY +SIZE +COMMENT/#) != nil)
        #expect(lines.count == 5 && lines[1].contains("layer 3") && lines[4].hasPrefix("<missing>"))
        #expect(lines[2].contains("8.39MB"))
        #expect(ids == ["\(id)", "<missing>", "<missing>", "<missing>"])
        #expect(plain.split(separator: "\n")[1] == "2024-01-01T00:00:00Z 8388655")
    }

    @Test("the tree tells of layers that other images have")
    func tree() throws {
        let box = try ImageBox("odd", "odd:link")

        let lines = try box.printed("image", "tree", "odd").split(separator: "\n")

        #expect(lines[0].hasPrefix("odd:latest  ") && lines[0].hasSuffix(", 4 layers"))
        #expect(lines.count == 9 && lines.filter { $0.hasSuffix("also in odd:link") }.count == 4)
        #expect(lines[7].wholeMatch(of: #/└─ [0-9a-f]{12}  1.98MB  layer 0/#) != nil, "\(lines)")
    }
}
