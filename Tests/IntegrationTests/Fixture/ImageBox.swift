// SPDX-License-Identifier: Apache-2.0
// A store of images that one test has for itself, filled from the stand-in images without a registry.
import Foundation
import Glibc
import TestSupport

final class ImageBox {
    let place: String
    var root: String { place + "/root" }
    private var count = 0

    /// - Parameter images: what is loaded, such as `busybox` or `user:number`.
    init(_ images: String...) throws {
        place = try directoryOfTheRun("roost-images")
        for image in images {
            let loaded = try roost("load", "-i", Archives.shared.archive(of: image))
            guard loaded.status == 0 else { throw FixtureError("load \(image): \(loaded)") }
        }
    }

    deinit {
        _ = try? roost("image", "unmount", "-a")
        _ = try? FileManager.default.removeItem(atPath: place)
    }

    /// roost with this store, to its end.
    func roost(_ arguments: String..., input: String = "") throws -> Outcome {
        try run([Programs.directory + "/roost", "--root", root] + arguments, input: input)
    }

    /// Any program, to its end.
    func run(_ arguments: [String], input: String = "") throws -> Outcome {
        count += 1
        return try Spawned(arguments, files: "\(place)/program\(count)", input: input).wait()
    }

    /// A line for a shell, with the place as `$PLACE` and roost as `$ROOST`.
    func shell(_ line: String) throws -> Outcome {
        count += 1
        return try Spawned(
            ["sh", "-c", line], files: "\(place)/program\(count)",
            environment: ["PLACE": place, "ROOST": "\(Programs.directory)/roost --root \(root)"]
        ).wait()
    }

    /// What a command prints, without the last new line; throws when it fails.
    func printed(_ arguments: String...) throws -> String {
        let outcome = try run([Programs.directory + "/roost", "--root", root] + arguments)
        guard outcome.status == 0 else { throw FixtureError("\(arguments): \(outcome)") }
        return outcome.output.hasSuffix("\n") ? String(outcome.output.dropLast()) : outcome.output
    }

    /// Files below blobs and directories below layers.
    var contents: [String] {
        ["blobs/sha256", "layers"].flatMap {
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\($0)")) ?? []).sorted()
        }
    }
}

/// Archives of stand-in images, each made once in a test run.
final class Archives: Sendable {
    static let shared = Archives()
    private let made = Locked<[String: String]>([:])

    /// An OCI archive that skopeo wrote, with the image under its full name.
    func archive(of image: String) throws -> String {
        if let path = made.withLock({ $0[image] }) { return path }
        let name = "docker.io/library/" + (image.contains(":") ? image : image + ":latest")
        let place = try directoryOfTheRun("roost-archive")
        let copied = try Spawned(
            [
                "skopeo", "copy", "-q", "oci:\(try standinLayout.get()):\(name)",
                "oci-archive:\(place)/image.tar:\(name)",
            ], files: place + "/skopeo"
        ).wait()
        guard copied.status == 0 else { throw FixtureError("skopeo: \(copied)") }
        made.withLock { $0[image] = place + "/image.tar" }
        return place + "/image.tar"
    }
}
