// SPDX-License-Identifier: Apache-2.0
// Plans that the tests of this folder write down.
import Kernel
import OCIRuntime
import OCISpec
import Plan

/// Values that a careless writer of shell, HTML or JSON would let out.
enum Hostile {
    static let values = [
        "$(touch x)", "`touch x`", "a'b", "a\"b", "a\nb", "\n# touch x", "; touch x", "a\\b", "-rf", "~", "*",
        "", " ", "</style><script>x</script>", "<img src=http://x>", "&amp;", "é\u{1b}[31m\u{202e}", "\u{7f}",
        "a=b",
        "!x", "{a,b}", "\t", "'\n'",
    ]
}

enum Plans {
    static func plan(
        _ change: (inout RuntimeSpec) -> Void = { _ in }, options: (inout LaunchOptions) -> Void = { _ in }
    ) throws(RuntimeError) -> LaunchPlan {
        var spec = RuntimeSpec.defaultSpec()
        spec.process?.terminal = false
        change(&spec)
        var all = LaunchOptions(id: "box", bundle: "/b")
        all.stateDirectory = "/run/roost/box"
        all.cgroup = "/sys/fs/cgroup/roost/box"
        all.cleansUp = true
        options(&all)
        return try Planner.plan(spec, all)
    }

    /// One with nearly every kind of step.
    static func populated() throws(RuntimeError) -> LaunchPlan {
        let hook = [HookSpec(path: "/bin/hook", args: ["hook", "a b"])]
        return try plan {
            $0.process?.oomScoreAdj = 5
            $0.process?.user = UserSpec(uid: 1000, gid: 1000, additionalGids: [5])
            $0.process?.capabilities?.inheritable = ["CAP_KILL"]
            $0.process?.capabilities?.ambient = ["CAP_KILL"]
            $0.domainname = "domain"
            $0.linux?.sysctl = [StringPair(key: "net.ipv4.ip_forward", value: "1")]
            $0.linux?.devices = [DeviceSpec(path: "/dev/fuse", type: .character, major: 10, minor: 229)]
            $0.linux?.personality = PersonalitySpec(domain: .linux32)
            $0.linux?.namespaces.removeAll { $0.type == .ipc }
            $0.linux?.namespaces.append(NamespaceSpec(type: .ipc, path: "/proc/1/ns/ipc"))
            $0.linux?.rootfsPropagation = "rprivate"
            $0.mounts.append(MountSpec(destination: "/data", source: "/srv", options: ["rbind", "rro"]))
            $0.hooks = HooksSpec(
                prestart: hook, createRuntime: hook, createContainer: hook, startContainer: hook,
                poststart: hook, poststop: hook)
        }
    }
}
