// SPDX-License-Identifier: Apache-2.0
// `roost image unpack` and `image mount`: an image's files for other programs.
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("roost image unpack, mount", .enabled(if: isRoot))
struct ImageBundleTests {
    @Test("all that layers do to each other is right in a container, a mount and a copy")
    func odd() throws {
        let box = try ImageBox("odd")
        try #require(try box.roost("image", "unpack", "odd", box.place + "/bundle").status == 0)
        let mount = try box.printed("image", "mount", "odd")

        let copied = try OddImage.look(box, box.place + "/bundle/rootfs")
        let mounted = try OddImage.look(box, mount)
        let run = try box.roost(
            "run", "odd", "stat", "-c", "%n %F %a %u:%g", "/private", "/devices/null", "/setuid",
            "/opaque/later")

        #expect(copied == OddImage.expected)
        #expect(mounted == OddImage.expected)
        #expect(
            run.lines == [
                "/private directory 700 1000:1001", "/devices/null character special file 666 0:0",
                "/setuid regular file 4755 12:34", "/opaque/later regular file 644 0:0",
            ], "\(run)")
    }

    @Test("roost-oci, runc and crun run a bundle", arguments: ["roost-oci", "runc", "crun"])
    func runtimes(_ name: String) throws {
        let box = try ImageBox("user")
        try #require(try box.roost("image", "unpack", "user", box.place + "/bundle").status == 0)
        let words =
            switch name {
            case "crun": try CgroupView.prefix.get() + ["crun"]
            case "runc": ["runc"]
            default: [Programs.runtime]
            }
        let command = words + ["--root", box.place + "/run", "run", "-b", box.place + "/bundle"]

        let plain = try box.run(command + ["verb-\(name)-\(getpid())"])
        var config = try Config(text(of: box.place + "/bundle/config.json"))
        config.script("pwd; id -u; id -G; echo $GREETING; touch /tmp/mark")
        try config.text.write(toFile: box.place + "/bundle/config.json", atomically: false, encoding: .utf8)
        let changed = try box.run(command + ["verb-\(name)-\(getpid())"])

        #expect(plain.status == 0 && plain.output == "entry command two words\n", "\(plain)")
        #expect(changed.status == 0, "\(changed)")
        #expect(changed.lines == ["/srv/app/data", "1234", "2345 50", "hello world"], "\(changed)")
        #expect(try box.printed("run", "--entrypoint", "ls", "user", "/tmp") == "")
    }

    @Test("the configuration says what the image says of itself")
    func configuration() throws {
        let box = try ImageBox("user")
        try #require(try box.roost("image", "unpack", "user", box.place + "/bundle").status == 0)

        let config = try Config(text(of: box.place + "/bundle/config.json"))

        let notes = config["annotations"] as? [String: String] ?? [:]
        #expect(notes["purpose"] == "tests" && notes["org.opencontainers.image.os"] == "linux")
        #expect(notes["org.opencontainers.image.stopSignal"] == "SIGUSR1")
        #expect(notes["org.opencontainers.image.exposedPorts"] == "8080/tcp")
        #expect(config["root.path"] as? String == "rootfs")
        #expect(config["process.capabilities.effective"] as? [String] ?? [] == [])
    }

    @Test("a directory that has something in it is left alone")
    func occupied() throws {
        let box = try ImageBox("busybox")
        try FileManager.default.createDirectory(
            atPath: box.place + "/full/inner", withIntermediateDirectories: true)

        let outcome = try box.roost("image", "unpack", "busybox", box.place + "/full")

        #expect(outcome.status == 1 && outcome.errors.contains("is not empty"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: box.place + "/full") == ["inner"])
    }

    @Test("a mount is read-only, is listed, keeps the image, and goes")
    func mount() throws {
        let box = try ImageBox("busybox")
        let before = HostState()

        let place = try box.printed("image", "mount", "busybox")
        let again = try box.printed("image", "mount", "busybox")
        let listed = try box.printed("image", "mount")
        let written = open(place + "/new", O_CREAT | O_WRONLY, 0o600)
        let number = errno
        let removed = try box.roost("rmi", "busybox")
        let forced = try box.roost("rmi", "-f", "busybox")
        let pruned = try box.roost("image", "prune", "-af")
        let isThere = FileManager.default.fileExists(atPath: place + "/bin/busybox")
        let gone = try box.roost("image", "umount", "busybox")
        let twice = try box.roost("image", "unmount", "busybox")
        let afterwards = try box.roost("rmi", "busybox")

        #expect(again == place && listed == "docker.io/library/busybox:latest \(place)")
        #expect(written == -1 && number == EROFS)
        #expect(
            removed.status == 1 && removed.errors.contains("the image is mounted; run `roost image unmount"))
        #expect(forced.status == 1 && !pruned.output.contains("deleted: "))
        #expect(isThere)
        #expect(gone.status == 0 && gone.output.hasPrefix("sha256:"))
        #expect(twice.status == 1 && twice.errors.contains("is not mounted"))
        #expect(afterwards.status == 0)
        #expect(HostState().differences(from: before) == [])
        #expect(!FileManager.default.fileExists(atPath: place))
    }
}
