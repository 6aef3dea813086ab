// SPDX-License-Identifier: Apache-2.0
// Lines of /proc/PID/mountinfo, and what is concluded from them.
import Testing

@testable import Kernel

@Suite("MountInfo") struct MountInfoTests {
    @Test("a line gives root, mount point, optional fields and type")
    func fields() throws {
        let line = "36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 master:2 - ext3 /dev/root rw,errors=continue"

        let entry = try #require(MountInfo(line: Array(line.utf8)))

        #expect(entry.root == "/mnt1")
        #expect(entry.mountPoint == "/mnt2")
        #expect(entry.optional == ["shared:1", "master:2"])
        #expect(entry.type == "ext3")
        #expect(!entry.isReadOnly)
    }

    @Test(
        "octal escapes in paths are undone",
        arguments: [
            (#"/a\040b"#, "/a b"), (#"/tab\011"#, "/tab\t"), (#"/new\012line"#, "/new\nline"),
            (#"/back\134slash"#, #"/back\slash"#), (#"/\303\251"#, "/é"), (#"/end\04"#, #"/end\04"#),
            ("/plain", "/plain"),
        ])
    func escapes(written: String, path: String) throws {
        let entry = try #require(
            MountInfo(line: Array("1 2 0:3 \(written) \(written) rw - tmpfs none rw".utf8)))

        #expect(entry.root == path)
        #expect(entry.mountPoint == path)
        #expect(entry.optional.isEmpty)
    }

    @Test(
        "a line that is none gives nothing",
        arguments: [
            "", "1 2 0:3 / / rw", "1 2 0:3 / / rw shared:1 tmpfs none rw",
            "1 2 0:3 / / rw shared:1 master:2 -",
            "- - - - - - - -",
        ])
    func notALine(text: String) {
        #expect(MountInfo(line: Array(text.utf8)) == nil)
    }

    static let table = """
        1 0 8:1 / / rw - ext4 /dev/a rw
        2 1 8:2 / /var rw - ext4 /dev/b rw
        3 2 8:3 / /var/lib rw - xfs /dev/c rw
        4 1 8:4 / /variable rw - btrfs /dev/d rw
        5 2 8:5 / /var/lib rw - tmpfs none rw

        """

    @Test(
        "a path is held by the longest mount point above it, the last one of equals",
        arguments: [
            ("/", "/"), ("/etc/passwd", "/"), ("/var", "/var"), ("/var/log", "/var"),
            ("/var/library", "/var"),
            ("/var/lib", "/var/lib"), ("/var/lib/x/y", "/var/lib"), ("/variable", "/variable"),
            ("/variables", "/"),
        ])
    func holding(path: String, point: String) throws {
        let entry = try #require(MountInfo.holding(path, in: Array(Self.table.utf8)))

        #expect(entry.mountPoint == point)
        if point == "/var/lib" { #expect(entry.type == "tmpfs") }
    }

    @Test("a table without a root holds nothing outside its mounts")
    func holdingNothing() {
        #expect(MountInfo.holding("/etc", in: Array("2 1 8:2 / /var rw - ext4 /dev/b rw".utf8)) == nil)
        #expect(MountInfo.holding("/", in: []) == nil)
    }
}

@Suite("CgroupHierarchy") struct CgroupHierarchyTests {
    private static let v1 = "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    private static let hybrid = "31 25 0:27 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw\n"
    private static let unified =
        "29 24 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let readOnly = "29 24 0:25 / /sys/fs/cgroup nosuid,ro shared:4 - cgroup2 cgroup2 rw\n"
    private static let named = "40 1 0:30 / /srv/cgroup2 rw - tmpfs cgroup2 rw\n"

    @Test(
        "the version 2 mount is found on version 2 and hybrid hosts, on others none; a read-only one is none",
        arguments: [
            (unified, "/sys/fs/cgroup"), (v1 + hybrid, "/sys/fs/cgroup/unified"), (v1, nil), (named, nil),
            ("", nil),
            (unified + hybrid, "/sys/fs/cgroup"), (readOnly, nil),
            (readOnly + hybrid, "/sys/fs/cgroup/unified"),
        ] as [(String, String?)])
    func find(text: String, point: String?) {
        #expect(CgroupHierarchy.find(inMountInfo: Array(text.utf8))?.mountPoint == point)
    }

    @Test("a group's path is below the mount point, with or without a slash in front")
    func path() throws {
        let hierarchy = try #require(CgroupHierarchy.find(inMountInfo: Array(Self.unified.utf8)))

        #expect(hierarchy.path(of: "/roost/a") == "/sys/fs/cgroup/roost/a")
        #expect(hierarchy.path(of: "roost/a") == "/sys/fs/cgroup/roost/a")
    }

    @Test("a key of cgroup.events is matched whole")
    func events() {
        let text = Array("populated 1\nfrozen 0\nxfrozen 7\nfrozen2 8\nodd\n".utf8)

        #expect(Cgroup.value(of: "frozen", in: text) == "0")
        #expect(Cgroup.value(of: "populated", in: text) == "1")
        #expect(Cgroup.value(of: "odd", in: text) == nil)
        #expect(Cgroup.value(of: "pop", in: text) == nil)
    }
}
