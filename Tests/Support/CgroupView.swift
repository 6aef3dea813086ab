// SPDX-License-Identifier: Apache-2.0
// What crun needs where it does not run as it is: a mount namespace that shows cgroup v2 alone on a hybrid
// host, and a raise of RLIMIT_MEMLOCK that is believed to have worked. See Benchmarks/peers.
import Foundation
import Glibc

package enum CgroupView {
    /// The words before `crun`; none on a host with cgroup v2 alone and all capabilities.
    package static let prefix: Result<[String], FixtureError> = {
        do { return .success(try view() + preload()) } catch { return .failure(FixtureError("\(error)")) }
    }()

    private static func view() throws -> [String] {
        guard HostState.cgroupRoot != "/sys/fs/cgroup" else { return [] }
        let place = try directoryOfTheRun("roost-view")
        // The view lasts as long as the test run holds the other end.
        var ends: [Int32] = [-1, -1]
        guard mkfifo(place + "/held", 0o600) == 0 else { throw FixtureError("mkfifo: errno \(errno)") }
        let keeper = try Spawned(
            [
                Programs.package + "/Benchmarks/peers/cgview", "v2",
                "sh", "-c", "echo ready; exec cat \(place)/held",
            ], files: place + "/keeper", environment: ["CGVIEW_DIR": place])
        ends[1] = open(place + "/held", O_WRONLY | O_CLOEXEC)
        guard ends[1] >= 0, eventually({ keeper.output == "ready\n" || keeper.poll() != nil }),
            keeper.poll() == nil
        else { throw FixtureError("cgview: \(keeper.output)\(keeper.errors)") }
        return ["nsenter", "--mount=/proc/\(keeper.pid)/ns/mnt", "--"]
    }

    private static func preload() throws -> [String] {
        let effective =
            text(of: "/proc/self/status").split(separator: "\n")
            .first { $0.hasPrefix("CapEff:") }?.split(separator: "\t").last ?? ""
        let hasResource = (UInt64(effective, radix: 16) ?? 0) >> 24 & 1 == 1
        guard !hasResource else { return [] }
        let place = try directoryOfTheRun("roost-norl")
        let built = try Spawned(
            [
                "cc", "-shared", "-fPIC", "-O2", "-o", place + "/norl.so",
                Programs.package + "/Benchmarks/peers/norl.c",
            ], files: place + "/cc"
        ).wait()
        guard built.status == 0 else { throw FixtureError("norl.so: \(built)") }
        return ["env", "LD_PRELOAD=\(place)/norl.so"]
    }
}
