// SPDX-License-Identifier: Apache-2.0
// Runs the same with each runtime and compares what each reports. See Differences.swift.
import Foundation
import TestSupport
import Testing

/// What one runtime did with a bundle: names and values, without the names of this one run.
typealias Facts = [String: String]

enum Trial {
    /// Does the same with each runtime. Each must report what is `expected`, and all the same; what
    /// `Differences` lists is excused.
    static func compare(
        _ expected: Facts = [:], _ source: SourceLocation = #_sourceLocation,
        _ act: (Subject) throws -> Facts
    ) throws {
        let parent = try temporaryDirectory("roost-ct")
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let before = HostState()
        var reports: [Runtime: Facts] = [:]
        for runtime in Runtime.allCases {
            let subject = try Subject(runtime, in: parent)
            defer { subject.clear() }
            reports[runtime] = try act(subject)
        }
        let problems = expectations(expected, reports) + disagreements(reports)
        if !problems.isEmpty {
            Issue.record("\n\(problems.joined(separator: "\n"))", sourceLocation: source)
        }
        lookForLeftovers(parent, before, source)
    }

    private static func expectations(_ expected: Facts, _ reports: [Runtime: Facts]) -> [String] {
        Runtime.allCases.flatMap { runtime in
            expected.sorted { $0.key < $1.key }.compactMap { fact, value -> String? in
                let found = reports[runtime]?[fact]
                guard found != value, !Differences.allow(runtime, fact, found) else { return nil }
                return "\(fact): expected \(value), \(runtime) has \(found ?? "nothing")"
            }
        }
    }

    private static func disagreements(_ reports: [Runtime: Facts]) -> [String] {
        let ours = reports[.roost] ?? [:]
        return [Runtime.runc, .crun].flatMap { peer in
            let theirs = reports[peer] ?? [:]
            return Set(ours.keys).union(theirs.keys).sorted().compactMap { fact -> String? in
                guard ours[fact] != theirs[fact],
                    !Differences.allow(fact, ours: ours[fact], peer, theirs: theirs[fact])
                else { return nil }
                let (one, other) = (ours[fact] ?? "nothing", theirs[fact] ?? "nothing")
                return "\(fact): roost-oci has \(one), \(peer) \(other)"
            }
        }
    }

    /// Files of the run's directory and everything of the host that `HostState` knows.
    private static func lookForLeftovers(_ parent: String, _ before: HostState, _ source: SourceLocation) {
        func leftovers() -> [String] {
            let states = Runtime.allCases.flatMap { runtime in
                ((try? FileManager.default.contentsOfDirectory(atPath: "\(parent)/\(runtime.rawValue)/run"))
                    ?? []).map { "\(runtime): state of \($0)" }
            }
            return states + HostState().differences(from: before).filter { concerns($0, parent) }
                + HostState.traces(of: ["ct-\(parent.suffix(6))", parent])
        }
        if !eventually(seconds: 5, { leftovers().isEmpty }) {
            Issue.record("left on the host: \(leftovers().joined(separator: "; "))", sourceLocation: source)
        }
    }

    /// Whether a change of the host can be a container's doing: its own mounts, those that every container
    /// has too, and the machine's own links. With the rest other programs of the host are at work.
    private static func concerns(_ difference: String, _ parent: String) -> Bool {
        // `new mount ID PARENT DEVICE ROOT POINT`, `lost link NAME`
        let words = difference.split(separator: " ").map(String.init)
        let point = words.dropFirst(6).first ?? ""
        return difference.contains(parent) || ["/proc", "/sys", "/dev"].contains { point.hasPrefix($0) }
            || words[1] == "link" && hardware.contains(words[2])
    }

    /// Links that are neither bridges nor ends of pairs.
    private static let hardware = HostState().links.filter {
        $0 == "lo" || FileManager.default.fileExists(atPath: "/sys/class/net/\($0)/device")
    }
}
