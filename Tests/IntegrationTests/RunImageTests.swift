// SPDX-License-Identifier: Apache-2.0
// `roost run IMAGE`: what the image says counts where the flags say nothing.
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("roost run IMAGE", .enabled(if: isRoot))
struct RunImageTests {
    @Test(
        "entry point, command and flags",
        arguments: [
            ([], [], "entry command two words\n"),
            ([], ["own"], "entry own\n"),
            (["--entrypoint", "echo"], [], "\n"),
            (["--entrypoint", "echo"], ["own"], "own\n"),
            (["--entrypoint", ""], ["echo", "plain"], "plain\n"),
            (["--entrypoint", "pwd"], [], "/srv/app/data\n"),
            (["--entrypoint", "pwd", "-w", "/new/place"], [], "/new/place\n"),
            (["--entrypoint", "sh"], ["-c", "echo \"$GREETING\""], "hello world\n"),
            (["--entrypoint", "sh"], ["-c", "echo ${EMPTY-unset}"], "\n"),
            (["--entrypoint", "sh", "-e", "GREETING=bye"], ["-c", "echo $GREETING"], "bye\n"),
            (["--entrypoint", "id"], [], "uid=1234(app) gid=2345(app) groups=50(staff),2345(app)\n"),
            (["--entrypoint", "id", "-u", "0"], [], "uid=0(root) gid=0(root) groups=0(root)\n"),
            (["--entrypoint", "id", "-u", "app:other"], ["-g"], "60\n"),
            (["--entrypoint", "id", "-u", "77:88"], [], "uid=77 gid=88 groups=88\n"),
            (["--entrypoint", "sh"], ["-c", "echo $HOME"], "/home/app\n"),
        ] as [([String], [String], String)])
    func program(_ flags: [String], _ words: [String], _ expected: String) throws {
        let box = try ImageBox("user")

        let outcome = try box.run(
            [Programs.directory + "/roost", "--root", box.root, "run", "--rm"] + flags + ["user"] + words)

        #expect(outcome.status == 0 && outcome.output == expected, "\(outcome)")
    }

    @Test(
        "users by number and by group", arguments: [("user:number", "4321 8765"), ("user:group", "1234 60")])
    func users(_ image: String, _ expected: String) throws {
        let box = try ImageBox(image)

        let outcome = try box.roost("run", "--entrypoint", "sh", image, "-c", "echo $(id -u) $(id -g)")

        #expect(outcome.output == expected + "\n", "\(outcome)")
    }

    @Test("a user that the image does not have is an error, and leaves nothing")
    func missingUser() throws {
        let box = try ImageBox("user:missing")

        let outcome = try box.roost("run", "user:missing")

        #expect(outcome.status == 125)
        #expect(
            outcome.errors.contains("unable to find user nobody-here: no matching entries in passwd file"))
        let left = try? FileManager.default.contentsOfDirectory(atPath: box.root + "/containers")
        #expect((left ?? []).isEmpty)
    }

    @Test("statuses come through, and what was written is gone")
    func status() throws {
        let box = try ImageBox("busybox")

        let first = try box.roost("run", "busybox", "sh", "-c", "echo mark >/mark; exit 42")
        let second = try box.roost("run", "busybox", "cat", "/mark")
        let absent = try box.roost("run", "busybox", "/no/such")

        #expect(first.status == 42)
        #expect(second.status == 1)
        #expect(absent.status == 127)
        #expect(try FileManager.default.contentsOfDirectory(atPath: box.root + "/containers") == [])
    }

    @Test("--pull says whether the registry is asked")
    func pull() throws {
        let registry = try ImageRegistry(images: ["busybox"])
        let box = try ImageBox()
        let name = registry.address + "/library/busybox"

        let never = try box.roost("run", "--pull", "never", name, "true")
        let missing = try box.roost("run", name, "echo", "ran")
        let again = try box.roost("run", "--pull", "missing", name, "true")
        let always = try box.roost("run", "--pull", "always", name, "true")
        registry.stop()
        let offline = try box.roost("run", name, "true")
        let unreachable = try box.roost("run", "--pull", "always", name, "true")

        #expect(never.status == 125 && never.errors.contains("No such image: \(name):latest"))
        #expect(missing.status == 0 && missing.output == "ran\n")
        #expect(missing.errors.hasPrefix("Unable to find image '\(name):latest' locally\n"))
        #expect(missing.errors.contains("Status: Downloaded newer image for \(name):latest"))
        #expect(again.status == 0 && again.errors == "")
        #expect(always.status == 0 && always.errors.contains("Status: Image is up to date for"))
        #expect(offline.status == 0)
        #expect(unreachable.status == 125)
    }

    @Test("500 layers over each other")
    func layers() throws {
        let box = try ImageBox("layers:500")

        let outcome = try box.roost("run", "layers:500", "sh", "-c", "cat /last; ls /numbers | wc -l")

        #expect(outcome.status == 0 && outcome.lines == ["499", "499"], "\(outcome)")
    }
}
