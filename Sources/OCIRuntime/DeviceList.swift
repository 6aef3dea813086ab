// SPDX-License-Identifier: Apache-2.0
// The device list of a configuration as rules: its own in order, then what every container may use.
// See runtime-spec config-linux.md#allowed-device-list.
internal import Kernel
public import OCISpec

/// Device lists.
public enum DeviceList {
    /// The rules of a configuration; without any, only `alwaysAllowed` are left.
    /// - Parameter prefix: before each field's name in messages; empty for an update.
    static func rules(
        _ list: [DeviceCgroupSpec], prefix: String = "linux.resources."
    ) throws(RuntimeError) -> [DeviceRule] {
        var rules: [DeviceRule] = []
        rules.reserveCapacity(list.count + alwaysAllowed.count)
        for (index, rule) in list.enumerated() {
            rules.append(try checked(rule, "`\(prefix)devices[\(index)]"))
        }
        rules += alwaysAllowed
        guard rules.count <= DeviceFilter.mostRules else {
            throw RuntimeError(
                "`\(prefix)devices`: \(list.count) rules are more than the"
                    + " \(DeviceFilter.mostRules - alwaysAllowed.count) that a container can have")
        }
        return rules
    }

    /// What the runtime puts into /dev, terminals, and the making of any node: a node that cannot be opened
    /// harms nobody, and packages contain nodes. After the configuration's own rules, as in other runtimes.
    static let alwaysAllowed: [DeviceRule] = [
        DeviceRule(isAllowed: true, access: .mknod),
        .character(136, nil), .character(5, 2), .character(5, 0), .character(1, 3), .character(1, 5),
        .character(1, 7), .character(1, 8), .character(1, 9),
    ]

    /// What docker allows where nobody asks for more: the list of `roost run`.
    public static let docker: [DeviceCgroupSpec] = [
        DeviceCgroupSpec(allow: false, access: "rwm"),
        .character(1, 5), .character(1, 3), .character(1, 9), .character(1, 8), .character(5, 0),
        .character(5, 1),
        DeviceCgroupSpec(allow: false, type: .character, major: 10, minor: 229, access: "rwm"),
    ]

    private static func checked(_ rule: DeviceCgroupSpec, _ place: String) throws(RuntimeError) -> DeviceRule
    {
        guard let text = rule.access, !text.isEmpty else {
            throw RuntimeError("\(place).access` is missing; name one or more of `r`, `w`, `m`")
        }
        guard let access = DeviceAccess(letters: text) else {
            throw RuntimeError("\(place).access`: `\(text)` is not made of `r`, `w` and `m`")
        }
        let kind: DeviceKind? =
            switch rule.type ?? .all {
            case .all: nil
            case .character: .character
            case .block: .block
            }
        return DeviceRule(
            isAllowed: rule.allow, kind: kind, major: try number(rule.major, 0xfff, place + ".major`"),
            minor: try number(rule.minor, 0xfffff, place + ".minor`"), access: access)
    }

    /// Callers write -1 for every number.
    private static func number(_ value: Int64?, _ most: Int64, _ place: String) throws(RuntimeError)
        -> UInt32?
    {
        guard let value, value != -1 else { return nil }
        guard (0...most).contains(value) else {
            throw RuntimeError("\(place): \(value) is not between 0 and \(most)")
        }
        return UInt32(value)
    }
}

extension DeviceRule {
    fileprivate static func character(_ major: UInt32, _ minor: UInt32?) -> DeviceRule {
        DeviceRule(isAllowed: true, kind: .character, major: major, minor: minor)
    }
}

extension DeviceCgroupSpec {
    fileprivate static func character(_ major: Int64, _ minor: Int64) -> DeviceCgroupSpec {
        DeviceCgroupSpec(allow: true, type: .character, major: major, minor: minor, access: "rwm")
    }
}
