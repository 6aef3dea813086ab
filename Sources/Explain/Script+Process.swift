// SPDX-License-Identifier: Apache-2.0
// From the finished walls to the program: the directory, limits, credentials, execve.
internal import Kernel
internal import OCISpec
internal import Plan

extension Script {
    mutating func addProcess(_ step: ContainerStep) throws(ScriptError) {
        switch step {
        case .workingDirectory(let path, _):
            explain(step)
            line("place directory \(quoted(path))")
            line("cd -- \"$place\"")
        case .personality(_, let name):
            become(step, ["setarch", name.lowercased() == "linux32" ? "linux32" : "linux64"])
        case .rlimit(let name, _, let soft, let hard):
            let option = String(name.dropFirst("RLIMIT_".count)).lowercased()
            become(step, ["prlimit", "--\(option)=\(Self.limit(soft)):\(Self.limit(hard))"])
        case .bounding, .identity, .capabilities, .ambient, .noNewPrivileges, .umask: addCredentials(step)
        case .findProgram(_, let candidates):
            files = candidates
            explain(step)
            line("# The last process looks for it, inside the new root.")
        case .gate(_, _), .waitForStart: addGate(step)
        case .hook(let kind, _, _):
            throw ScriptError(
                "`--format sh` cannot run `hooks.\(kind.rawValue)`, which get the state of a runtime; leave the"
                    + " hooks out")
        case .console:
            throw ScriptError("`--format sh` gives no terminal; leave `-t` or `process.terminal` out")
        case .closeDescriptors(let first):
            firstClosed = first
            explain(step)
            line("# The last process does, past its gate.")
        case .execute(let arguments, let environment): addProgram(step, arguments, environment)
        default: explain(step)
        }
    }

    private mutating func addGate(_ step: ContainerStep) {
        explain(step)
        line("# The last process does.")
    }

    private static func limit(_ value: UInt64) -> String { value == .max ? "unlimited" : "\(value)" }

    // MARK: credentials

    private mutating func addCredentials(_ step: ContainerStep) {
        switch step {
        case .bounding(let set): become(step, ["setpriv", "--bounding-set", Self.list(set)])
        case .identity(let uid, let gid, let groups):
            let list = groups.map { "\($0)" }.joined(separator: ",")
            become(
                step,
                ["--reuid", "\(uid)", "--regid", "\(gid)"]
                    + (groups.isEmpty ? ["--clear-groups"] : ["--groups", list]))
        case .capabilities(_, let permitted, let inheritable):
            // An execve(2) by root gives what the bounding set has, one by others nothing: what is permitted
            // now counts only where no_new_privs holds the gain back.
            become(step, ["--inh-caps", Self.list(inheritable)])
            lowered = permitted
        case .ambient(let set): become(step, ["--ambient-caps", Self.list(set)])
        case .umask(let mask):
            explain(step)
            line("umask 0\(String(mask, radix: 8))")
        default: become(step, ["--no-new-privs"])
        }
    }

    /// All others go, these stay: as setpriv(1) takes them.
    static func list(_ set: CapabilitySet) -> String {
        (["-all"] + names(set).map { "+" + $0 }).joined(separator: ",")
    }

    /// `chown`, `cap_41` for one without a name.
    static func names(_ set: CapabilitySet) -> [String] {
        (UInt64(0)..<64).filter { set.rawValue >> $0 & 1 == 1 }.map { number in
            let name = CapabilitySet.knownNames.first {
                CapabilitySet(name: $0)?.rawValue == 1 << number
            }
            return name.map { String($0.dropFirst(4)).lowercased() } ?? "cap_\(number)"
        }
    }

    // MARK: programs

    private mutating func addProgram(_ step: ContainerStep, _ arguments: [String], _ environment: [String]) {
        explain(step)
        if let lowered, plan.container.contains(.noNewPrivileges), isRoot {
            let names = Self.names(lowered).map { "cap_" + $0 }.joined(separator: ",")
            let text = names.isEmpty ? "=" : names + "=ep"
            line("last+=(capsh \(quoted("--caps=" + text)) --shell=/usr/bin/perl --)")
        } else {
            line("last+=(perl)")
        }
        line("last+=(-e '\(ScriptParts.become)' \"$execve\" \"$sigaction\")")
        line("last+=(\(firstClosed) \(environment.count) \(files.count))")
        for (name, words) in [("environment", environment), ("candidates", files), ("arguments", arguments)]
        where !words.isEmpty {
            line("# \(name)")
            line("last+=(\(quoted(words)))")
        }
        line("exec \"${last[@]}\"")
    }

    private var isRoot: Bool {
        plan.container.contains { step in
            if case .identity(0, _, _) = step { return true }
            return false
        }
    }
}
