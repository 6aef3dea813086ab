// SPDX-License-Identifier: Apache-2.0
// `linux.resources.devices` as rules: what is taken, what is refused, what every container may use.
import Kernel
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

@Suite("Device list of a configuration") struct DeviceListTests {
    private static let group = "/sys/fs/cgroup/roost/box"

    private func plan(_ rules: [DeviceCgroupSpec], cgroup: String? = group) throws(RuntimeError) -> LaunchPlan
    {
        try Sample.plan {
            $0.linux?.resources = ResourcesSpec(devices: rules)
        } options: {
            $0.cgroup = cgroup
        }
    }

    private func lists(_ plan: LaunchPlan) -> [[String]] {
        plan.host.compactMap {
            if case .deviceList(let rules, _) = $0 { rules.map { $0.text } } else { nil }
        }
    }

    private static let always = [
        "allow a *:* m", "allow c 136:* rwm", "allow c 5:2 rwm", "allow c 5:0 rwm",
        "allow c 1:3 rwm", "allow c 1:5 rwm", "allow c 1:7 rwm", "allow c 1:8 rwm", "allow c 1:9 rwm",
    ]

    @Test("rules keep their order; what every container may use comes last")
    func order() throws {
        let plan = try plan([
            DeviceCgroupSpec(allow: false, access: "rwm"),
            DeviceCgroupSpec(allow: true, type: .block, major: 7, access: "r"),
            DeviceCgroupSpec(allow: true, type: .all, major: -1, minor: 3, access: "mw"),
        ])

        #expect(lists(plan) == [["deny a *:* rwm", "allow b 7:* r", "allow a *:3 wm"] + Self.always])
        #expect(plan.deviceFilter?.rules.count == 12)
    }

    @Test("without rules everything else is denied")
    func none() throws {
        let plan = try plan([])

        #expect(lists(plan) == [Self.always])
        #expect(plan.deviceFilter?.allowsEverything == false)
    }

    @Test("a list that denies nothing needs no program")
    func everything() throws {
        let plan = try plan([DeviceCgroupSpec(allow: true, access: "rwm")])

        #expect(lists(plan) == [] && plan.deviceFilter == nil)
    }

    @Test("without a group a warning names what is lost, if something is")
    func noGroup() throws {
        let lost = try plan([], cgroup: nil)
        let none = try plan([DeviceCgroupSpec(allow: true, access: "rwm")], cgroup: nil)

        #expect(lost.warnings.contains { $0.hasPrefix("no device list: ") })
        #expect(lists(lost) == [] && lost.deviceFilter == nil)
        #expect(!none.warnings.contains { $0.hasPrefix("no device list: ") })
    }

    @Test("the list comes while the child makes its mounts, before its gate opens")
    func place() throws {
        let names = try plan([]).host.map { String("\($0)".prefix { $0 != "(" }) }

        #expect(names.firstIndex(of: "deviceList") == names.firstIndex(of: "record").map { $0 + 1 })
        #expect(names.firstIndex(of: "openGate") == names.firstIndex(of: "deviceList").map { $0 + 1 })
    }

    @Test(
        "a rule that means nothing is refused by its place",
        arguments: [
            (DeviceCgroupSpec(allow: true), "`linux.resources.devices[1].access` is missing"),
            (DeviceCgroupSpec(allow: true, access: ""), "`linux.resources.devices[1].access` is missing"),
            (DeviceCgroupSpec(allow: true, access: "rx"), "`linux.resources.devices[1].access`: `rx`"),
            (
                DeviceCgroupSpec(allow: true, major: -2, access: "r"),
                "`linux.resources.devices[1].major`: -2 is not between 0 and 4095"
            ),
            (
                DeviceCgroupSpec(allow: true, major: 4096, access: "r"),
                "`linux.resources.devices[1].major`: 4096"
            ),
            (
                DeviceCgroupSpec(allow: true, minor: 1 << 20, access: "r"),
                "`linux.resources.devices[1].minor`: 1048576"
            ),
        ])
    func refused(_ rule: DeviceCgroupSpec, _ message: String) throws {
        let error = Sample.error {
            $0.linux?.resources = ResourcesSpec(devices: [
                DeviceCgroupSpec(allow: false, access: "rwm"), rule,
            ])
        }

        #expect(error?.hasPrefix(message) == true, "\(error ?? "no error")")
    }

    @Test("more rules than a program can hold are refused")
    func many() {
        let error = Sample.error {
            $0.linux?.resources = ResourcesSpec(
                devices: Array(repeating: DeviceCgroupSpec(allow: true, major: 1, access: "r"), count: 4088))
        }

        #expect(
            error == "`linux.resources.devices`: 4088 rules are more than the 4087 that a container can have")
    }

    @Test("docker's list denies disks and allows what programs expect")
    func docker() throws {
        let rules = try DeviceList.rules(DeviceList.docker).map { $0.text }

        #expect(rules.first == "deny a *:* rwm")
        #expect(rules.contains("deny c 10:229 rwm"))
        #expect(!rules.contains { $0.hasPrefix("allow b") && !$0.hasSuffix(" m") })
    }
}
