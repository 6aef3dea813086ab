// SPDX-License-Identifier: Apache-2.0
// `roost save`, `load` and `import`: round trips through skopeo and podman, and what is refused.
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("roost save, load, import", .enabled(if: isRoot))
struct ImageArchiveTests {
    private func id(_ box: ImageBox, _ name: String) throws -> String {
        try box.printed("images", "-q", "--no-trunc", name)
    }

    private func layers(_ box: ImageBox, _ name: String) throws -> String {
        try box.printed("inspect", "-f", "{{json .RootFS.Layers}} {{json .Config}}", name)
    }

    @Test("what roost saved, skopeo reads as either archive, and gives back with the same layers")
    func skopeoReads() throws {
        let box = try ImageBox("odd", "busybox")
        try #require(try box.roost("save", "-o", box.place + "/d.tar", "odd", "busybox").status == 0)
        try #require(
            try box.roost("save", "--format", "oci-archive", "-o", box.place + "/o.tar", "odd").status == 0)

        let docker = try box.shell(
            "skopeo copy -q docker-archive:$PLACE/d.tar:docker.io/library/odd:latest oci-archive:$PLACE/1.tar:odd:1"
        )
        let oci = try box.shell("skopeo copy -q oci-archive:$PLACE/o.tar docker-archive:$PLACE/2.tar:odd:2")
        let first = try box.roost("load", "-i", box.place + "/1.tar")
        let second = try box.roost("load", "-q", "-i", box.place + "/2.tar")

        #expect(docker.status == 0, "\(docker)")
        #expect(oci.status == 0, "\(oci)")
        #expect(first.output == "Loaded image: odd:1\n", "\(first)")
        #expect(second.output == "Loaded image: odd:2\n", "\(second)")
        // From one format to the other skopeo writes the configuration anew.
        for name in ["odd:1", "odd:2"] {
            #expect(try layers(box, name) == layers(box, "odd"))
            #expect(try box.printed("run", name, "cat", "/returned") == "again")
        }
    }

    @Test(
        "podman loads what roost saved, and roost what podman saved",
        arguments: ["docker-archive", "oci-archive"])
    func podman(_ format: String) throws {
        let box = try ImageBox("busybox")
        let podman = "podman --root $PLACE/p --runroot $PLACE/r --storage-driver vfs"

        let loaded = try box.shell("$ROOST save --format \(format) busybox | \(podman) load")
        let saved = try box.shell("\(podman) save --format \(format) -o $PLACE/p.tar busybox")
        let before = try id(box, "busybox")
        try #require(try box.roost("rmi", "busybox").status == 0)
        let back = try box.roost("load", "-i", box.place + "/p.tar")
        _ = try box.shell("\(podman) rmi -a")

        #expect(loaded.output.contains("Loaded image: docker.io/library/busybox:latest"), "\(loaded)")
        #expect(saved.status == 0, "\(saved)")
        #expect(back.output == "Loaded image: busybox:latest\n", "\(back)")
        #expect(try id(box, "busybox") == before)
        #expect(try box.printed("run", "busybox", "echo", "ran") == "ran")
    }

    @Test("archives come packed or not, from a pipe or a file", arguments: ["cat", "gzip -c", "zstd -qc"])
    func compressed(_ packer: String) throws {
        let box = try ImageBox("busybox")
        let before = try id(box, "busybox")

        let saved = try box.shell(
            "$ROOST save busybox >$PLACE/plain && \(packer) <$PLACE/plain >$PLACE/packed")
        try #require(saved.status == 0, "\(saved)")
        try #require(try box.roost("rmi", "busybox").status == 0)
        let loaded = try box.shell("cat $PLACE/packed | $ROOST load")

        #expect(loaded.output == "Loaded image: busybox:latest\n", "\(loaded)")
        #expect(try id(box, "busybox") == before)
    }

    @Test("an image without a name goes and comes by its id; a repository goes with all its tags")
    func names() throws {
        let box = try ImageBox("busybox")
        let whole = try id(box, "busybox")
        try #require(try box.roost("tag", "busybox", "busybox:two").status == 0)
        try #require(try box.roost("save", "-o", box.place + "/id.tar", whole).status == 0)
        try #require(try box.roost("save", "-o", box.place + "/all.tar", "busybox").status == 0)
        try #require(try box.roost("rmi", whole).status == 0)

        let byID = try box.roost("load", "-i", box.place + "/id.tar")
        let all = try box.roost("load", "-i", box.place + "/all.tar")

        #expect(byID.output == "Loaded image ID: \(whole)\n", "\(byID)")
        #expect(Set(all.lines) == ["Loaded image: busybox:latest", "Loaded image: busybox:two"])
    }

    @Test("the file is there whole or not at all")
    func wholeFile() throws {
        let box = try ImageBox("busybox")
        try "old".write(toFile: box.place + "/kept.tar", atomically: false, encoding: .utf8)

        let missing = try box.roost("save", "-o", box.place + "/kept.tar", "nope")
        let directory = try box.roost("save", "-o", box.place, "busybox")
        let nowhere = try box.roost("save", "-o", box.place + "/no/where.tar", "busybox")

        #expect(missing.status == 1 && missing.errors.contains("No such image: nope:latest"))
        #expect(text(of: box.place + "/kept.tar") == "old")
        #expect(directory.status == 1 && directory.errors.contains("is a directory"))
        #expect(nowhere.status == 1 && nowhere.errors.contains("no such file or directory"))
        let names = try FileManager.default.contentsOfDirectory(atPath: box.place)
        #expect(!names.contains { $0.hasSuffix(".tmp") })
    }

    @Test("a terminal is refused, in both directions")
    func terminal() throws {
        let box = try ImageBox("busybox")

        let save = try box.shell("script -qec '$ROOST save busybox' /dev/null")
        let load = try box.shell("script -qec '$ROOST load' /dev/null")

        #expect(
            save.status == 1 && save.output.contains("cowardly refusing to save to a terminal"), "\(save)")
        #expect(load.status == 1 && load.output.contains("requested load from stdin, but stdin is empty"))
    }

    @Test("what is no archive is told, and nothing stays")
    func garbage() throws {
        let box = try ImageBox()
        try "no archive".write(toFile: box.place + "/x.tar", atomically: false, encoding: .utf8)

        let garbage = try box.roost("load", "-i", box.place + "/x.tar")
        let missing = try box.roost("load", "-i", box.place + "/no.tar")
        let tree = try box.shell("tar c -C / etc/passwd | $ROOST load")

        #expect(garbage.status == 1 && garbage.errors.contains("cannot load the archive"))
        #expect(missing.status == 1 && missing.errors.contains("no such file or directory"))
        #expect(tree.status == 1 && tree.errors.contains("no archive of images"))
        #expect(try box.printed("images", "-q") == "")
    }

    @Test("import makes an image of a tar, changed as the flags say")
    func imports() throws {
        let box = try ImageBox("busybox")
        try #require(try box.roost("image", "unpack", "busybox", box.place + "/b").status == 0)

        let outcome = try box.shell(
            """
            tar c -C $PLACE/b/rootfs . | gzip | $ROOST import -m 'a note' -c 'CMD ["echo", "from import"]' \
            -c 'ENV A=b C="d e"' -c 'EXPOSE 80 53/udp' -c 'LABEL x=y' -c 'WORKDIR /srv' - mine:1
            """)
        let run = try box.roost("run", "mine:1")
        let config = try Config(box.printed("inspect", "-f", "{{json .Config}}", "mine:1"))
        let history = try box.printed("history", "--format", "{{.Comment}}", "mine:1")

        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.output == id(box, "mine:1") + "\n")
        #expect(run.output == "from import\n")
        #expect(config["Env"] as? [String] == ["A=b", "C=d e"])
        #expect(Set((config["ExposedPorts"] as? [String: Any] ?? [:]).keys) == ["80/tcp", "53/udp"])
        #expect(config["Labels.x"] as? String == "y" && config["WorkingDir"] as? String == "/srv")
        #expect(history == "a note")
    }

    @Test("addresses and unknown changes are refused")
    func refused() throws {
        let box = try ImageBox()

        let address = try box.roost("import", "https://example.com/x.tar")
        let change = try box.roost("import", "-c", "RUN true", "-", "mine:1")

        #expect(address.status == 1)
        #expect(address.errors.contains("curl -L https://example.com/x.tar | roost import -"))
        #expect(change.status == 1 && change.errors.contains("`RUN` is no change"))
    }
}
