// SPDX-License-Identifier: Apache-2.0
// What a container must leave as it was: mounts, network links, control groups, processes.
import Foundation
import Glibc

/// A value that threads share.
package final class Locked<Value>: @unchecked Sendable {
    // Unchecked: every access is under the lock.
    private let lock = NSLock()
    private var value: Value
    package init(_ value: Value) { self.value = value }
    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&value)
    }
}

package struct HostState {
    package var mounts: Set<String>
    package var links: Set<String>
    package var hostname: String

    package init() {
        hostname = text(of: "/proc/sys/kernel/hostname")
        // Optional fields hold propagation; ids and devices of a mount are its own.
        mounts = Set(text(of: "/proc/self/mountinfo").split(separator: "\n").map(String.init))
        links = Set((try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? [])
    }

    package func differences(from before: HostState) -> [String] {
        mounts.subtracting(before.mounts).map { "new mount \($0)" }
            + before.mounts.subtracting(mounts).map { "lost mount \($0)" }
            + links.subtracting(before.links).map { "new link \($0)" }
            + before.links.subtracting(links).map { "lost link \($0)" }
            + (hostname == before.hostname ? [] : ["host name \(hostname), was \(before.hostname)"])
    }

    /// Groups, and processes by group or command line, whose text holds one of `names`.
    package static func traces(of names: [String]) -> [String] {
        func has(_ text: String) -> Bool { names.contains { text.contains($0) } }
        let groups = cgroups().filter(has).map { "cgroup \($0)" }
        let pids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
            Int32($0)
        }
        let processes = pids.filter { $0 != getpid() }.filter { pid in
            // The dead wait for this host's pid 1, which may take its time.
            !text(of: "/proc/\(pid)/stat").contains(") Z ")
                && (has(text(of: "/proc/\(pid)/cgroup")) || has(text(of: "/proc/\(pid)/cmdline")))
        }
        return groups
            + processes.map { "process \($0) \(text(of: "/proc/\($0)/cmdline").replacing("\0", with: " "))" }
    }

    /// Removes the empty groups that have `name` in their path.
    package static func removeGroups(of name: String) {
        for group in cgroups().reversed() where group.contains(name) { rmdir(group) }
    }

    /// The mount point of cgroup v2.
    package static var cgroupRoot: String? {
        text(of: "/proc/self/mountinfo").split(separator: "\n").first { $0.contains(" - cgroup2 ") }
            .map { String($0.split(separator: " ")[4]) }
    }

    /// Every group of every hierarchy that is mounted here.
    private static func cgroups() -> [String] {
        text(of: "/proc/self/mountinfo").split(separator: "\n")
            .filter { $0.contains(" - cgroup ") || $0.contains(" - cgroup2 ") }
            .flatMap { groups(below: String($0.split(separator: " ")[4])) }
    }

    private static func groups(below path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard entry.pointee.d_type == UInt8(DT_DIR), name != ".", name != ".." else { continue }
            found.append("\(path)/\(name)")
            found += groups(below: "\(path)/\(name)")
        }
        return found
    }
}
