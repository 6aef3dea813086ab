// SPDX-License-Identifier: Apache-2.0
// Known ways out of a root that was entered without pivot_root(2). See docs/hardening.md.
import Foundation
import TestSupport
import Testing

extension RuntimeTests {
    @Suite("hardening: --no-pivot") struct HardeningRootTests {
        @Test(
            "--no-pivot: the classic way out of a chroot does not lead to the host", arguments: [true, false])
        func chroot(_ pivots: Bool) throws {
            try Fixture.use { box in
                try box.arm()
                let outside = try box.outside()
                try box.configure { config in
                    config["root.readonly"] = false
                    for set in ["bounding", "permitted", "effective"] {
                        config["process.capabilities.\(set)"] = ["CAP_SYS_CHROOT"]
                    }
                    config.args = ["/attack", "leave", outside + "/file"]
                }
                let outcome = try box.oci(
                    ["run", "--bundle", box.bundle, box.id] + (pivots ? [] : ["--no-pivot"]))

                #expect(outcome.output == "inside\n", "\(outcome)")
            }
        }

        @Test("--no-pivot: no procfs or sysfs without the masks can be mounted, in whatever namespace")
        func revealing() throws {
            try Fixture.use { box in
                try box.arm()
                try box.configure { config in
                    config["root.readonly"] = false
                    config.args = ["/attack", "procfs"]
                }
                let outcome = try box.oci("run", "--no-pivot", "--bundle", box.bundle, box.id)

                #expect(
                    outcome.lines == ["Operation not permitted", "Operation not permitted"], "\(outcome)")
            }
        }
    }
}
