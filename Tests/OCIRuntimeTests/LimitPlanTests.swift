// SPDX-License-Identifier: Apache-2.0
// Limits by value: which file gets what, in which order, and what is refused.
import Foundation
import JSON
import OCISpec
import Plan
import Testing

@testable import OCIRuntime

@Suite("LimitPlan") struct LimitPlanTests {
    /// `file=value` of each write.
    private func writes(_ json: String, present: PresentLimits? = nil) throws -> [String] {
        try LimitPlan(try ResourcesSpec.decode(Array(json.utf8)), present: present).writes.map {
            $0.choices.map { "\($0.file)=\($0.value)" }.joined(separator: " or ")
        }
    }

    private func error(_ json: String, present: PresentLimits? = nil) throws -> String? {
        let resources = try ResourcesSpec.decode(Array(json.utf8))
        do throws(RuntimeError) {
            _ = try LimitPlan(resources, present: present)
            return nil
        } catch { return error.description }
    }

    @Test(
        "each field goes into its file",
        arguments: [
            (#"{"memory": {"limit": 100}}"#, ["memory.max=100"]),
            (
                #"{"memory": {"limit": 100, "swap": 150, "reservation": 50}}"#,
                ["memory.swap.max=50", "memory.max=100", "memory.low=50"]
            ),
            (#"{"memory": {"limit": 100, "swap": 100}}"#, ["memory.swap.max=0", "memory.max=100"]),
            (#"{"memory": {"limit": 100, "swap": -1}}"#, ["memory.swap.max=max", "memory.max=100"]),
            (#"{"memory": {"limit": -1}}"#, ["memory.swap.max=max", "memory.max=max"]),
            (#"{"memory": {"limit": 0, "swap": 0, "reservation": 0}}"#, []),
            (#"{"cpu": {"shares": 1024}}"#, ["cpu.weight=100"]),
            (
                #"{"cpu": {"quota": 5000, "period": 9000, "burst": 10}}"#,
                ["cpu.max=5000 9000", "cpu.max.burst=10"]
            ),
            (#"{"cpu": {"quota": 5000}}"#, ["cpu.max=5000"]),
            (#"{"cpu": {"quota": -1}}"#, ["cpu.max=max"]),
            (#"{"cpu": {"period": 9000}}"#, ["cpu.max=max 9000"]),
            (#"{"cpu": {"idle": 1}}"#, ["cpu.idle=1"]),
            (#"{"cpu": {"idle": 0, "shares": 2}}"#, ["cpu.idle=0", "cpu.weight=1"]),
            (#"{"cpu": {"cpus": "0-2,5", "mems": "0"}}"#, ["cpuset.cpus=0-2,5", "cpuset.mems=0"]),
            (#"{"pids": {"limit": 0}}"#, ["pids.max=0"]),
            (#"{"pids": {"limit": -1}}"#, ["pids.max=max"]),
            (#"{"pids": {}, "memory": {}, "cpu": {}, "blockIO": {}, "network": {}}"#, []),
            (#"{"blockIO": {"weight": 10}}"#, ["io.bfq.weight=10 or io.weight=1"]),
            (#"{"blockIO": {"weight": 1000}}"#, ["io.bfq.weight=1000 or io.weight=10000"]),
            (
                #"{"blockIO": {"weightDevice": [{"major": 8, "minor": 16, "weight": 500}]}}"#,
                ["io.bfq.weight=8:16 500 or io.weight=8:16 4950"]
            ),
            (
                #"{"blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 7}], "throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 0}]}}"#,
                ["io.max=8:0 rbps=7", "io.max=8:0 wiops=max"]
            ),
            (
                #"{"hugepageLimits": [{"pageSize": "2MB", "limit": 9}]}"#,
                ["hugetlb.2MB.max=9", "hugetlb.2MB.rsvd.max=9"]
            ),
            (
                #"{"rdma": {"mlx5": {"hcaHandles": 3, "hcaObjects": 4}}}"#,
                ["rdma.max=mlx5 hca_handle=3 hca_object=4"]
            ),
            (
                #"{"unified": {"memory.high": "5", "io.max": "8:0 rbps=1\n8:16 rbps=2"}, "pids": {"limit": 1}}"#,
                ["pids.max=1", "memory.high=5", "io.max=8:0 rbps=1", "io.max=8:16 rbps=2"]
            ),
        ] as [(String, [String])])
    func files(_ json: String, _ expected: [String]) throws {
        #expect(try writes(json) == expected)
    }

    @Test(
        "an update completes what it changes by what is there",
        arguments: [
            (#"{"memory": {"limit": 120}}"#, ["memory.swap.max=30", "memory.max=120"]),
            (#"{"memory": {"limit": 100}}"#, ["memory.max=100"]),
            (#"{"memory": {"swap": 130}}"#, ["memory.swap.max=30"]),
            (#"{"cpu": {"period": 9000}}"#, ["cpu.max=7000 9000"]),
            (
                #"{"cpu": {"quota": 5000, "burst": 10}}"#,
                ["cpu.max.burst=0", "cpu.max=5000", "cpu.max.burst=10"]
            ),
        ] as [(String, [String])])
    func update(_ json: String, _ expected: [String]) throws {
        let present = PresentLimits(limit: 100, swap: 50, quota: "7000")

        #expect(try writes(json, present: present) == expected)
    }

    @Test("an update of the limit above memory and swap together is refused")
    func updateAboveSum() throws {
        let error = try error(
            #"{"memory": {"limit": 151}}"#, present: PresentLimits(limit: 100, swap: 50))

        #expect(error?.contains("`linux.resources.memory.limit`: `151` is more than memory and swap") == true)
    }

    @Test(
        "what is negative, out of range or contradictory is refused by its field",
        arguments: [
            (#"{"memory": {"limit": -2}}"#, "memory.limit"), (#"{"memory": {"swap": -5}}"#, "memory.swap"),
            (#"{"memory": {"reservation": -9223372036854775808}}"#, "memory.reservation"),
            (#"{"memory": {"swap": 100}}"#, "memory.swap"),
            (#"{"memory": {"limit": -1, "swap": 100}}"#, "memory.swap"),
            (#"{"memory": {"limit": 100, "swap": 99}}"#, "memory.swap"),
            (#"{"memory": {"limit": 100, "reservation": 101}}"#, "memory.reservation"),
            (#"{"memory": {"swappiness": 60}}"#, "memory.swappiness"),
            (#"{"memory": {"disableOOMKiller": true}}"#, "memory.disableOOMKiller"),
            (#"{"memory": {"useHierarchy": false}}"#, "memory.useHierarchy"),
            (#"{"cpu": {"quota": -2}}"#, "cpu.quota"), (#"{"cpu": {"idle": 2}}"#, "cpu.idle"),
            (#"{"cpu": {"idle": 1, "shares": 5}}"#, "cpu.shares"),
            (#"{"cpu": {"quota": 5000, "burst": 5001}}"#, "cpu.burst"),
            (#"{"cpu": {"cpus": "0-"}}"#, "cpu.cpus"), (#"{"cpu": {"mems": "2-1"}}"#, "cpu.mems"),
            (#"{"cpu": {"realtimeRuntime": 1}}"#, "cpu.realtimeRuntime"),
            (#"{"cpu": {"realtimePeriod": 1}}"#, "cpu.realtimePeriod"),
            (#"{"pids": {"limit": -2}}"#, "pids.limit"),
            (#"{"blockIO": {"weight": 9}}"#, "blockIO.weight"),
            (#"{"blockIO": {"weight": 1001}}"#, "blockIO.weight"),
            (#"{"blockIO": {"leafWeight": 10}}"#, "blockIO.leafWeight"),
            (
                #"{"blockIO": {"throttleReadBpsDevice": [{"major": -1, "minor": 0, "rate": 7}]}}"#,
                "blockIO.throttleReadBpsDevice[0]"
            ),
            (#"{"hugepageLimits": [{"pageSize": "../2MB", "limit": 9}]}"#, "hugepageLimits[0].pageSize"),
            (#"{"network": {"classID": 1}}"#, "network.classID"),
            (#"{"network": {"priorities": [{"name": "eth0", "priority": 1}]}}"#, "network.priorities"),
            (#"{"unified": {"../memory.max": "5"}}"#, "unified"),
            (#"{"unified": {"memory": "5"}}"#, "unified"),
            (#"{"unified": {".max": "5"}}"#, "unified"), (#"{"unified": {"cgroup.procs": "1"}}"#, "unified"),
            (#"{"unified": {"cgroup.freeze": "1"}}"#, "unified"),
            (#"{"unified": {"memory.high": ""}}"#, "unified.memory.high"),
        ])
    func refused(_ json: String, _ field: String) throws {
        #expect(try error(json)?.hasPrefix("`linux.resources.\(field)`") == true, "\(json)")
    }

    @Test("kernel memory, which the specification gives up, is left out with a warning")
    func kernelMemory() throws {
        let plan = try LimitPlan(ResourcesSpec(memory: MemorySpec(kernel: 5, kernelTCP: -1)))

        #expect(plan.writes.isEmpty && plan.warnings.count == 1)
        #expect(plan.warnings[0].hasPrefix("`linux.resources.memory.kernel` is left out"))
    }

    @Test("controllers: each once, in the order of need; not for what takes a limit away")
    func controllers() throws {
        let json =
            #"{"memory": {"limit": 5, "reservation": 1}, "pids": {"limit": -1}, "cpu": {"cpus": "0"}, "unified": {"cgroup.max.depth": "1"}}"#
        let plan = try LimitPlan(try ResourcesSpec.decode(Array(json.utf8)))

        #expect(plan.controllers == ["memory", "cpuset"])
    }

    @Test("a limit of memory alone is what an error names, not the one of swap that comes with it")
    func named() throws {
        func field(_ json: String) throws -> String {
            try LimitPlan(try ResourcesSpec.decode(Array(json.utf8))).field(needing: "memory")
        }

        #expect(
            try field(#"{"memory": {"limit": 5, "swap": 10}}"#) == "linux.resources.memory.limit")
        #expect(
            try field(#"{"unified": {"memory.swap.max": "5"}}"#)
                == "linux.resources.unified.memory.swap.max")
        #expect(try field(#"{"memory": {"limit": -1}}"#) == "memory")
    }

    @Test("the steps: controllers before the child is born, limits before the gate opens")
    func steps() throws {
        let plan = try Sample.plan {
            $0.linux?.resources = ResourcesSpec(pids: PidsSpec(limit: 3))
        } options: {
            $0.cgroup = "/cg/roost/box"
            $0.cgroupRoot = "/cg"
        }
        let write = LimitWrite("pids.max", "3", field: "linux.resources.pids.limit")

        let others = plan.host.filter { if case .deviceList = $0 { false } else { true } }
        #expect(
            others == [
                .claim(directory: ""), .begin(path: "/state.json"), .makeCgroup(path: "/cg/roost/box"),
                .enableControllers(["pids"], groups: ["/cg", "/cg/roost"]),
                .clone(plan.birth, intoCgroup: true), .record(path: "/state.json"),
                .limit(write, group: "/cg/roost/box"), .openGate,
            ])
        #expect(plan.container.contains { if case .gate(true, _) = $0 { true } else { false } })
    }

    @Test("without a group a limit is an error, and no limit is none")
    func withoutGroup() throws {
        let error = Sample.error { $0.linux?.resources = ResourcesSpec(pids: PidsSpec(limit: 3)) }

        #expect(
            error?.hasPrefix("`linux.resources.pids.limit` needs cgroup v2, which is not mounted") == true)
        #expect(Sample.error { $0.linux?.resources = ResourcesSpec(pids: PidsSpec(limit: -1)) } == nil)
    }

    @Test("a controller that is missing: by cgroup v1, or by the kernel or the group above")
    func absent() {
        func text(_ names: [String]) -> String {
            Controllers.absent("io", field: "f", group: "/g", controllersOfV1: names).description
        }

        #expect(text(["io"]).contains("cgroup v1 has it on this host; boot with"))
        #expect(text(["io"]).contains("`cgroup_no_v1=blkio`"))
        #expect(text([]).contains("which `/g` does not have"))
    }

    @Test(
        "bytes as people say them",
        arguments: [
            (0, "0 bytes"), (1023, "1023 bytes"), (524_288, "512 KiB"), (64 << 20, "64 MiB"),
            (3 << 29, "1.5 GiB"), (UInt64.max, "15.9 EiB"),
        ] as [(UInt64, String)])
    func bytes(_ bytes: UInt64, _ text: String) {
        #expect(LimitDiagnosis.text(bytes: bytes) == text)
    }

    @Test("an error about a field can be told about the flag; other words stay")
    func renaming() {
        let error = RuntimeError("`memory.limit`: `5` is less than `memory.swap`")

        #expect(
            error.renaming([("memory.limit", "--memory")]).description
                == "`--memory`: `5` is less than `memory.swap`")
    }
}

@Suite("CPUWeight") struct CPUWeightTests {
    private func curve(_ shares: UInt64) -> UInt64 {
        let position = log2(Double(shares))
        return UInt64(ceil(pow(10, (position * position + 125 * position) / 612 - 7.0 / 34)))
    }

    /// Neither falls, so that they agree everywhere when they agree where the curve's integer changes, on
    /// both sides of it.
    @Test("the integers are those of the curve, for every number of shares")
    func integers() {
        var wrong: [UInt64] = []
        for shares in UInt64(2)..<262_144 where curve(shares) != curve(shares + 1) {
            for side in [shares, shares + 1] where CPUWeight.weight(shares: side) != curve(side) {
                wrong.append(side)
            }
        }

        #expect(wrong == [])
    }

    @Test(
        "what is out of range takes the nearest weight",
        arguments: [
            (0, 1), (1, 1), (2, 1), (1024, 100), (262_144, 10_000), (262_145, 10_000), (UInt64.max, 10_000),
        ] as [(UInt64, UInt64)])
    func range(_ shares: UInt64, _ weight: UInt64) {
        #expect(CPUWeight.weight(shares: shares) == weight)
    }
}
