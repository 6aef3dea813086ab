// SPDX-License-Identifier: Apache-2.0
// mountinfo as facts: no ids, no device numbers. See proc_pid_mountinfo(5).

enum MountFacts {
    static func facts(_ lines: [String]) -> Facts {
        var facts: Facts = [:]
        var order: [String] = []
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { continue }
            order.append(fields[4])
            let same = order.filter { $0 == fields[4] }.count
            let name = "mount.\(fields[4])" + (same > 1 ? "#\(same)" : "")
            facts["\(name).root"] = fields[3]
            facts["\(name).options"] = sorted(fields[5])
            facts["\(name).propagation"] = propagation(fields[6..<dash])
            facts["\(name).type"] = fields[dash + 1]
            facts["\(name).source"] = fields[dash + 2]
            facts["\(name).super"] = sorted(fields[dash + 3])
        }
        facts["mounts"] = order.joined(separator: " ")
        return facts
    }

    private static func sorted(_ options: String) -> String {
        options.split(separator: ",").sorted().joined(separator: ",")
    }

    /// `shared:12 master:3` without the numbers.
    private static func propagation(_ fields: ArraySlice<String>) -> String {
        fields.isEmpty
            ? "private" : fields.map { $0.split(separator: ":")[0] }.sorted().joined(separator: " ")
    }
}
