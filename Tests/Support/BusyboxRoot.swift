// SPDX-License-Identifier: Apache-2.0
// The root file system that every bundle of a test run is linked from, and places for the rest.
import Foundation
import Glibc

/// A new directory of its own, `/tmp/PREFIX.XXXXXX`.
package func temporaryDirectory(_ prefix: String) throws -> String {
    var name = Array("/tmp/\(prefix).XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw FixtureError("mkdtemp: errno \(errno)") }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A directory that is removed when the test run ends.
package func directoryOfTheRun(_ prefix: String) throws -> String {
    let place = try temporaryDirectory(prefix)
    places.withLock { places in
        if places.isEmpty {
            atexit { for place in removed() { _ = try? FileManager.default.removeItem(atPath: place) } }
        }
        places.append(place)
    }
    return place
}

/// A root of busybox; made once. Link from it (`cp -al`), never write to a file of it.
package let busyboxRoot: Result<String, FixtureError> = {
    do {
        let place = try directoryOfTheRun("roost-root")
        let made = try Spawned(
            [Programs.package + "/rootfs-samples/busybox.sh", place + "/rootfs"], files: place + "/log"
        ).wait()
        guard made.status == 0 else { return .failure(FixtureError("busybox.sh: \(made)")) }
        return .success(place + "/rootfs")
    } catch { return .failure(FixtureError("\(error)")) }
}()

private let places = Locked<[String]>([])
private func removed() -> [String] { places.withLock { $0 } }
