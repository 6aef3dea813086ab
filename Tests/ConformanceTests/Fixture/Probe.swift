// SPDX-License-Identifier: Apache-2.0
// What a program inside the container sees: a script that prints it, and the facts that are read from it.
import Foundation
import TestSupport
import Testing

enum Probe {
    /// Sections that begin with `@name`. The shell itself is looked at ($$), not its children.
    static let script = """
        for file in status limits mountinfo stat cgroup personality oom_score_adj; do
            echo "@$file"; cat /proc/$$/$file
        done
        echo @environ; tr '\\0' '\\n' </proc/$$/environ | sort
        echo @cmdline; tr '\\0' '\\n' </proc/$$/cmdline | head -n 2
        echo @descriptors; ls /proc/$$/fd
        echo @cwd; readlink /proc/$$/cwd
        echo @exe; readlink /proc/$$/exe
        echo @namespaces; for name in /proc/$$/ns/*; do echo "${name##*/} $(readlink $name)"; done
        echo @names; hostname; cat /proc/sys/kernel/domainname
        echo @links; ls /sys/class/net
        echo @dev; find /dev -exec stat -c '%N|%F|%a|%u:%g|%t:%T' {} + | sort
        """

    /// Runs the script in a container of the subject's bundle.
    static func run(_ subject: Subject, _ edit: (inout Config) throws -> Void = { _ in }) throws -> Facts {
        let outcome = try subject.run { config in
            config.script(script)
            try edit(&config)
        }
        #expect(outcome.status == 0, "\(subject.runtime): \(outcome)")
        return facts(of: outcome.output, subject)
    }

    static func facts(of output: String, _ subject: Subject) -> Facts {
        var facts: Facts = [:]
        for (name, lines) in sections(subject.normal(output)) {
            let found: Facts =
                switch name {
                case "status": status(lines)
                case "limits": limits(lines)
                case "mountinfo": MountFacts.facts(lines)
                case "stat": sessions(lines)
                case "cgroup": ["cgroup": lines.first { $0.hasPrefix("0::") } ?? "none"]
                case "namespaces": namespaces(lines)
                case "dev": devices(lines)
                default: [name: lines.joined(separator: " ")]
                }
            facts.merge(found) { _, new in new }
        }
        return facts
    }

    private static func sections(_ output: String) -> [(String, [String])] {
        var all: [(String, [String])] = []
        for line in output.split(separator: "\n").map(String.init) {
            if line.hasPrefix("@") {
                all.append((String(line.dropFirst()), []))
            } else if !all.isEmpty {
                all[all.count - 1].1.append(line)
            }
        }
        return all
    }

    private static func status(_ lines: [String]) -> Facts {
        let wanted: Set = [
            "Name", "Umask", "Uid", "Gid", "Groups", "NSpid", "SigBlk", "SigIgn", "CapInh", "CapPrm",
            "CapEff",
            "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp",
        ]
        var facts: Facts = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, wanted.contains(String(parts[0])) else { continue }
            facts["status.\(parts[0])"] = parts[1].split { $0 == "\t" || $0 == " " }.joined(separator: " ")
        }
        return facts
    }

    /// `Max open files    1024    1024    files`: the name has single spaces.
    private static func limits(_ lines: [String]) -> Facts {
        var facts: Facts = [:]
        for line in lines.dropFirst() {
            let name = line.prefix(25).trimmingCharacters(in: .whitespaces)
            facts["limit.\(name)"] = line.dropFirst(25).split(separator: " ").prefix(2).joined(separator: " ")
        }
        return facts
    }

    /// Parent, process group and session are numbers of the container's pid namespace.
    private static func sessions(_ lines: [String]) -> Facts {
        let fields = lines.first?.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 4 else { return [:] }
        return [
            "parent": String(fields[1]), "group": String(fields[2]), "session": String(fields[3]),
            "terminal": String(fields[4]),
        ]
    }

    private static func namespaces(_ lines: [String]) -> Facts {
        var facts: Facts = [:]
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2 else { continue }
            let host = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(words[0])")
            facts["namespace.\(words[0])"] = host == words[1] ? "the host's" : "its own"
        }
        return facts
    }

    private static func devices(_ lines: [String]) -> Facts {
        var facts: Facts = [:]
        for line in lines {
            let fields = line.split(separator: "|", maxSplits: 1).map(String.init)
            guard fields.count == 2 else { continue }
            let names = fields[0].split(separator: " -> ").map { $0.trimmingCharacters(in: ["'"]) }
            facts["device.\(names[0])"] = (names.dropFirst() + [fields[1]]).joined(separator: " ")
        }
        return facts
    }
}
