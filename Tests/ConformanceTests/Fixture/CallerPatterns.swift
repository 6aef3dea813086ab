// SPDX-License-Identifier: Apache-2.0
// How the callers of a runtime tell one error from another: by patterns over its text.
import TestSupport

enum CallerPatterns {
    /// What containerd's shim makes of a failed command on an id.
    static func containerd(_ outcome: Outcome) -> String {
        let text = (outcome.output + outcome.errors).lowercased()
        if outcome.status == 0 { return "success" }
        if text.contains("does not exist") { return "not found" }
        let ended = ["container not running", "process already finished", "no such process"]
        return ended.contains { text.contains($0) } ? "not running" : "error"
    }

    /// What podman makes of a failed create or exec: it exits with 126, 127 or 125.
    static func podman(_ outcome: Outcome) -> String {
        let text = (outcome.output + outcome.errors).lowercased()
        if outcome.status == 0 { return "success" }
        if ["permission denied", "operation not permitted"].contains(where: { text.contains($0) }) {
            return "cannot run"
        }
        let missing = ["executable file not found in", "no such file or directory", "open executable"]
        return missing.contains { text.contains($0) } ? "not found" : "error"
    }
}
