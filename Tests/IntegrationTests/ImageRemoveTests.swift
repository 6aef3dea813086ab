// SPDX-License-Identifier: Apache-2.0
// `roost rmi`, `tag` and `image prune`: docker's texts, and what is left on the disk.
import Foundation
import TestSupport
import Testing

@Suite("roost rmi, tag, image prune", .enabled(if: isRoot))
struct ImageRemoveTests {
    @Test("a name goes, then the image with its last one, and nothing of it stays")
    func names() throws {
        let box = try ImageBox("busybox")
        let id = try box.printed("images", "-q", "--no-trunc")
        try #require(try box.roost("tag", "busybox", "other/box:2").status == 0)

        let first = try box.roost("rmi", "other/box:2")
        let kept = box.contents
        let last = try box.roost("image", "rm", "busybox")

        #expect(first.status == 0 && first.output == "Untagged: other/box:2\n")
        #expect(!kept.isEmpty)
        #expect(last.status == 0 && last.output == "Untagged: busybox:latest\nDeleted: \(id)\n")
        #expect(box.contents == [])
    }

    @Test("by id all names go: in one repository at once, in several when it is forced")
    func ids() throws {
        let box = try ImageBox("busybox")
        let id = try box.printed("images", "-q", "busybox")
        try #require(try box.roost("tag", id, "busybox:2").status == 0)
        try #require(try box.roost("tag", id, "other/box").status == 0)

        let refused = try box.roost("rmi", id)
        let forced = try box.roost("rmi", "-f", id)

        #expect(refused.status == 1)
        #expect(refused.errors.contains("conflict: unable to delete \(id) (must be forced)"))
        #expect(
            Set(forced.lines.dropLast()) == [
                "Untagged: busybox:latest", "Untagged: busybox:2", "Untagged: other/box:latest",
            ])
        #expect(forced.lines.last?.hasPrefix("Deleted: sha256:\(id)") == true)
    }

    @Test("what is not there is told, and the others go all the same")
    func missing() throws {
        let box = try ImageBox("busybox")

        let outcome = try box.roost("rmi", "nope", "busybox")
        let forced = try box.roost("rmi", "-f", "nope")

        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("No such image: nope:latest"))
        #expect(outcome.output.contains("Untagged: busybox:latest"))
        #expect(forced.status == 0 && forced.errors == "")
    }

    @Test("layers that another image has stay")
    func shared() throws {
        let box = try ImageBox("odd", "odd:link")

        let outcome = try box.roost("rmi", "odd:link")
        let run = try box.roost("run", "odd", "cat", "/returned")

        #expect(outcome.status == 0)
        #expect(run.output == "again\n" && run.status == 0, "\(run)")
    }

    @Test("a name moves to another image: the first one has none then, and prune takes it")
    func dangling() throws {
        let box = try ImageBox("busybox", "odd")
        try #require(try box.roost("tag", "odd", "busybox").status == 0)

        let listed = try box.printed("images", "-f", "dangling=true", "--format", "{{.Repository}}:{{.Tag}}")
        let declined = try box.roost("image", "prune", input: "n\n")
        let pruned = try box.roost("image", "prune", input: "y\n")
        let left = try box.printed("images", "--format", "{{.Repository}}:{{.Tag}}")

        #expect(listed == "<none>:<none>" || listed == "busybox:<none>")
        #expect(declined.output.hasPrefix("WARNING! This will remove all dangling images.\n"))
        #expect(!declined.output.contains("Deleted"))
        #expect(
            pruned.output.contains("Deleted Images:\n") && pruned.output.contains("Total reclaimed space: "))
        #expect(Set(left.split(separator: "\n")) == ["busybox:latest", "odd:latest"])
    }

    @Test("prune -a takes all, with a filter only what fits")
    func pruneAll() throws {
        let box = try ImageBox("busybox", "user")

        let some = try box.roost("image", "prune", "-af", "--filter", "label=purpose=tests")
        let left = try box.printed("images", "--format", "{{.Repository}}")
        let all = try box.roost("image", "prune", "-a", "-f")

        #expect(some.output.contains("untagged: docker.io/library/user:latest\n"))
        #expect(left == "busybox")
        #expect(all.status == 0 && box.contents == [])
    }
}
