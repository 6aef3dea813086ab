// SPDX-License-Identifier: Apache-2.0
// Texts of control groups: lists of numbers, owners of controllers.
import Testing

@testable import Kernel

@Suite("cgroup files") struct CgroupFileTests {
    @Test(
        "lists of numbers",
        arguments: [
            ("0", [0]), ("0-3,7", [0, 1, 2, 3, 7]), ("", []), ("1-", nil), ("-1", nil), ("3-1", nil),
            ("a", nil), ("0-99999", nil), ("0\n", nil),
        ] as [(String, [UInt64]?)])
    func list(_ text: String, _ numbers: [UInt64]?) {
        #expect(NumberList.parse(text) == numbers)
    }

    @Test("controllers of cgroup v1, by the names of v2; the line of v2 has none")
    func owners() {
        let text = "5:memory:/a\n4:cpu,cpuacct:/\n3:blkio:/\n2:name=systemd:/\n0::/x:y\n"

        #expect(
            CgroupHierarchy.controllersOfV1(inMembership: Array(text.utf8))
                == ["memory", "cpu", "cpuacct", "io", "name=systemd"])
    }
}
