// SPDX-License-Identifier: Apache-2.0
// C programs of Tests/tools, each built once in a test run; static, so that they run inside containers too.

/// refuse.c: runs a program under a filter that refuses system calls.
package let refuseTool = built("refuse")
/// devices.c: device programs of a group, as another manager would handle them.
package let devicesTool = built("devices")

private func built(_ name: String) -> Result<String, FixtureError> {
    do {
        let place = try directoryOfTheRun("roost-" + name)
        let made = try Spawned(
            ["cc", "-O1", "-static", "-o", "\(place)/\(name)", Programs.package + "/Tests/tools/\(name).c"],
            files: place + "/log"
        ).wait()
        guard made.status == 0 else { return .failure(FixtureError("\(name).c: \(made)")) }
        return .success("\(place)/\(name)")
    } catch { return .failure(FixtureError("\(error)")) }
}
