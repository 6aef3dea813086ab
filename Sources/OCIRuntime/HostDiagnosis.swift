// SPDX-License-Identifier: Apache-2.0
// Hosts that give less: what a refused call means, in one sentence. Nothing is probed beforehand; the call
// that fails says it (docs/decisions/0015).
internal import Kernel
internal import Plan

enum HostDiagnosis {
    /// The sentence where the host is the reason, not the configuration; nil otherwise.
    static func error(_ failure: LaunchFailure, _ step: ContainerStep) -> RuntimeError? {
        if failure.detail == .enterGroup {
            return RuntimeError(
                "cannot move the container's first process into its control group:"
                    + " \(failure.number.text) (clone3, which would have made it there, is refused here)")
        }
        guard failure.number == .notPermitted || failure.number == .notImplemented else { return nil }
        for (name, number) in HostCalls.refused() where number == failure.number && concerns(name, step) {
            return RuntimeError(refusal(of: name, number))
        }
        guard step == .loopback, failure.number == .notPermitted else { return nil }
        return RuntimeError(
            "cannot bring up `lo`: this process lacks CAP_NET_ADMIN (operation not permitted); have it"
                + " granted, or leave out the `network` namespace")
    }

    /// Three of them belong to one kind of step each; the others are needed by every container.
    private static func concerns(_ name: String, _ step: ContainerStep) -> Bool {
        switch (name, step) {
        case ("unshare", .newCgroupNamespace), ("pivot_root", .pivot): true
        case ("setns", .joinNamespace), ("setns", .joinContainer): true
        case ("unshare", _), ("pivot_root", _), ("setns", _): false
        default: true
        }
    }

    private static func refusal(of name: String, _ number: ErrorNumber) -> String {
        let hint =
            switch name {
            case "openat2": "; without it no path inside a root file system is safe from its links"
            case "pivot_root": "; or use `--no-pivot`, which walls off less"
            default: ""
            }
        return "`\(name)` is refused here (\(number.text)): have Linux 5.14 or later and, inside another"
            + " container, a seccomp filter that allows it" + hint
    }
}
