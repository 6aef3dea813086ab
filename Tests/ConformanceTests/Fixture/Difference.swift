// SPDX-License-Identifier: Apache-2.0
// What a row of Differences.swift is, and when it applies.

struct Difference: Sendable {
    /// Names of facts; one that ends in `*` is the begin of some.
    var facts: [String]
    var peers: Set<Runtime>
    /// What roost-oci reports; nil: the fact is not there.
    var ours: String?
    /// What the peers report.
    var theirs: String?
    var reason: String

    init(_ facts: [String], _ peers: Set<Runtime>, ours: String?, theirs: String?, _ reason: String) {
        (self.facts, self.peers, self.ours, self.theirs, self.reason) = (facts, peers, ours, theirs, reason)
    }

    func isAbout(_ name: String) -> Bool {
        facts.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : name == $0 }
    }
}

enum Differences {
    /// Any value, or none.
    static let anything = "*"

    /// Whether a row excuses that a peer reports something else than roost-oci.
    static func allow(_ fact: String, ours: String?, _ peer: Runtime, theirs: String?) -> Bool {
        table.contains { row in
            row.isAbout(fact) && row.peers.contains(peer) && (row.ours == anything || row.ours == ours)
                && (row.theirs == anything || row.theirs == theirs)
        }
    }

    /// Whether a row says that a peer reports this. What is expected holds for roost-oci without excuse.
    static func allow(_ runtime: Runtime, _ fact: String, _ value: String?) -> Bool {
        table.contains { row in
            row.peers.contains(runtime) && row.isAbout(fact)
                && (row.theirs == anything || row.theirs == value)
        }
    }
}
