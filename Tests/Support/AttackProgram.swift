// SPDX-License-Identifier: Apache-2.0
// The program of the hardening tests' attacks, made once a run from Tests/attacks/attack.c.

/// A static program for a container of any root file system.
package let attackProgram: Result<String, FixtureError> = {
    do {
        let place = try directoryOfTheRun("roost-attack")
        let source = Programs.package + "/Tests/attacks/attack.c"
        let made = try Spawned(
            ["cc", "-static", "-O1", "-o", place + "/attack", source], files: place + "/log"
        ).wait()
        guard made.status == 0 else { return .failure(FixtureError("cc \(source): \(made)")) }
        return .success(place + "/attack")
    } catch { return .failure(FixtureError("\(error)")) }
}()
