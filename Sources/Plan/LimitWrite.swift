// SPDX-License-Identifier: Apache-2.0
// One value for one file of a control group, and what it comes from: the form in which limits are
// planned, explained and written. See Documentation/admin-guide/cgroup-v2.rst.

/// One value for one file of a control group.
public struct LimitWrite: Equatable, Sendable {
    /// A file and what goes into it.
    public struct Choice: Equatable, Sendable {
        /// The file's name in the group.
        public let file: String
        /// The text.
        public let value: String

        /// Both.
        public init(_ file: String, _ value: String) {
            self.file = file
            self.value = value
        }
    }

    /// The first whose file is there is written; most limits have one.
    public let choices: [Choice]
    /// The place in the configuration, such as `linux.resources.memory.limit`.
    public let field: String
    /// The controller that has the file; empty: every group has it.
    public let controller: String
    /// True: where the file is missing there is nothing that could limit, so that nothing is lost.
    public let isLifting: Bool
    /// A file whose number the value must not be below; nil: any value will do.
    public let usageFile: String?

    /// A limit with a choice of files.
    public init(
        choices: [Choice], field: String, controller: String, isLifting: Bool = false,
        usageFile: String? = nil
    ) {
        self.choices = choices
        self.field = field
        self.controller = controller
        self.isLifting = isLifting
        self.usageFile = usageFile
    }

    /// A limit in one file, which belongs to the controller that its name begins with.
    public init(
        _ file: String, _ value: String, field: String, isLifting: Bool = false, usageFile: String? = nil
    ) {
        let prefix = String(file.prefix { $0 != "." })
        self.init(
            choices: [Choice(file, value)], field: field, controller: prefix == "cgroup" ? "" : prefix,
            isLifting: isLifting, usageFile: usageFile)
    }

    /// The file that is tried first.
    public var file: String { choices.first?.file ?? "" }
    /// What goes into it.
    public var value: String { choices.first?.value ?? "" }
}

extension LimitWrite {
    /// What the step says of itself.
    func explanation(in group: String) -> Explanation {
        var call = "write(\"\(group)/\(file)\", \"\(value)\")"
        for choice in choices.dropFirst() {
            call += ", or \"\(choice.value)\" to `\(choice.file)` where there is no `\(file)`"
        }
        return Explanation(
            "limit `\(file)`: \(value)", call: call, why: "`\(field)`: \(reason)",
            source: "cgroup-v2.rst, runtime-spec config-linux.md#control-groups")
    }

    private var reason: String {
        switch controller {
        case "memory": "what is more is reclaimed or swapped, or else a process of the container is killed"
        case "cpu": "shares count only when processors are short, a quota always"
        case "cpuset": "the scheduler and the allocator leave the others alone"
        case "pids": "fork(2) fails at the limit: a fork bomb ends inside"
        case "io": "requests beyond it wait; the device stays usable for others"
        case "hugetlb": "huge pages are few, and belong to the whole host"
        case "rdma": "handles of a device are few, and belong to the whole host"
        case "": "it bounds the group itself"
        default: "as the configuration has it"
        }
    }
}
