// SPDX-License-Identifier: Apache-2.0
// Where images and containers are kept.
import CommandLine
import Kernel

enum StorePath {
    /// `--root`, `ROOST_ROOT`, or the system's; absolute.
    static func of(_ invocation: Invocation) -> String {
        let chosen = invocation.string("root") ?? ThisProcess.environment("ROOST_ROOT") ?? ""
        if chosen.isEmpty { return "/var/lib/roost" }
        if chosen.hasPrefix("/") { return chosen }
        return ((try? Files.workingDirectory()) ?? "") + "/" + chosen
    }
}
