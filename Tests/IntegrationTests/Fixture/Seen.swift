// SPDX-License-Identifier: Apache-2.0
// What a program in a container sees, as lines that two ways of making the same container must agree on.
import Foundation
import TestSupport

enum Seen {
    /// The one list of what the comparison leaves out, each with its reason.
    static let ignored: [(field: String, reason: String)] = [
        ("mount ids", "numbers in order of making; the tree that they make is compared"),
        (
            "numbers of file systems without a device",
            "handed out by the kernel; which mounts share one is compared"
        ),
        (
            "Tgid, Ngid, Pid, PPid, TracerPid, NStgid, NSpid, NSpgid, NSsid, of a program in the host's pid namespace",
            "the next free numbers"
        ),
        ("Vm*, Rss*, Hugetlb*", "how much memory a program happens to have at that moment"),
        ("the processes of /sys/fs/cgroup without a cgroup namespace", "those of the host"),
        ("State, SigQ", "what it does at that moment, and how many signals wait for any process of the user"),
        ("FDSize", "room for descriptors, not the descriptors: a table keeps the size that it once had"),
        ("*_ctxt_switches", "how often it was interrupted"),
        ("Seccomp, Seccomp_filters", "the filter is the one step that the script only names"),
    ]

    /// Prints all of it, section by section; for busybox's sh. The first argument is the container's id: of keys its
    /// own keyring counts, looked for again when it is missed, since the list changes while it is read.
    static let probe = #"""
        p=/proc/$$
        for f in status limits mountinfo cgroup cmdline environ oom_score_adj uid_map gid_map sessionid loginuid \
            timens_offsets personality comm timerslack_ns coredump_filter; do
            echo; echo "== $f"; cat $p/$f 2>&1 | tr '\0' '\n'
        done
        echo "== stat"; cut -d ' ' -f 5-8 $p/stat
        echo "== ns"; for n in $p/ns/*; do echo "${n##*/} $(readlink $n)"; done
        echo "== fd"; ls $p/fd; for n in 0 1 2; do stat -L -c '%F %u %g %a' $p/fd/$n; done
        echo "== dev"; find /dev | sort | while read -r f; do stat -c '%n %F %a %u %g %t:%T' "$f"; readlink "$f"; done
        echo "== run"; pwd; umask; id; hostname; dnsdomainname 2>&1; readlink $p/exe $p/cwd $p/root; kill -l >/dev/null
        echo "== dirs"; for d in / . /data /tmp /scratch /made /made/deep; do stat -c '%n %F %a %u %g' $d 2>&1; done
        echo "== sys"; for f in kernel/hostname kernel/domainname net/ipv4/ip_forward net/ipv4/ip_unprivileged_port_start \
            kernel/shmmax kernel/msgmax; do echo "$f $(cat /proc/sys/$f 2>&1)"; done
        echo "== walls"; for f in /proc/acpi /proc/kcore /proc/keys /proc/timer_list /sys/firmware /proc/sys/kernel/core_pattern
        do stat -c '%n %F %a %s' $f 2>&1; done; echo >/proc/sysrq-trigger; echo a >/proc/sys/net/ipv4/ip_forward
        for n in 1 2 3 4 5; do grep -o "_ses[.]$1" /proc/keys && break; done | sort -u
        echo "== net"; ip addr 2>&1; wc -l </proc/net/dev
        echo "== group"; wc -l </sys/fs/cgroup/cgroup.procs; ls /sys/fs/cgroup | wc -l
        """#

    /// The same for every making of one container. Lines of the host's pid namespace lose their numbers.
    static func normalised(_ text: String, hostPids: Bool, hostGroups: Bool = false) -> [String] {
        var section = ""
        var numbers = Numbers()
        return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            if line.hasPrefix("== ") { section = String(line.dropFirst(3)) }
            switch section {
            case "status": return status(String(line), hostPids)
            case "mountinfo" where line.contains(" - "): return numbers.mount(line)
            case "stat" where hostPids, "group" where hostGroups: return nil
            case "ns": return namespace(line)
            default: return String(line)
            }
        }
    }

    private static func status(_ line: String, _ hostPids: Bool) -> String? {
        let name = String(line.prefix { $0 != ":" })
        let pids = ["Tgid", "Ngid", "Pid", "PPid", "TracerPid", "NStgid", "NSpid", "NSpgid", "NSsid"]
        let leavesOut =
            (hostPids && pids.contains(name)) || name.hasPrefix("Vm") || name.hasPrefix("Rss")
            || name.hasPrefix("Hugetlb") || name.hasSuffix("_ctxt_switches")
            || ["State", "SigQ", "FDSize", "Seccomp", "Seccomp_filters"].contains(name)
        return leavesOut ? nil : line
    }

    /// Whether it is the host's; the number of a new one is its own.
    private static func namespace(_ line: Substring) -> String {
        let parts = line.split(separator: " ")
        guard parts.count == 2 else { return String(line) }
        let host = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(parts[0])")
        return "\(parts[0]) \(host == String(parts[1]) ? "the host's" : "its own")"
    }

    /// Ids of mounts by mount point, file systems by first appearance.
    private struct Numbers {
        var points: [Substring: Int] = [:]
        var systems: [Substring: Int] = [:]

        mutating func mount(_ line: Substring) -> String {
            var fields = line.split(separator: " ")
            guard fields.count > 6 else { return String(line) }
            let parent = points[fields[1]].map { "child of \($0)" } ?? "the top"
            points[fields[0]] = points.count
            if fields[2].hasPrefix("0:") {
                let number = systems[fields[2]] ?? systems.count
                systems[fields[2]] = number
                fields[2] = "none-\(number)"
            }
            return parent + " " + fields.dropFirst(2).joined(separator: " ")
        }
    }
}
