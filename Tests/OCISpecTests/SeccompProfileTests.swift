// SPDX-License-Identifier: Apache-2.0
// docker's form of a filter: what is read, and what is left of it for one container.
import JSON
import OCISpec
import Testing

@Suite("docker's profiles") struct SeccompProfileTests {
    static let text = """
        {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "comment": "c",
         "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
                     {"architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null}],
         "syscalls": [
          {"names": ["a"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": null},
          {"name": "b", "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["amd64", "x32"]}},
          {"names": ["c"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["arm64"]}},
          {"names": ["d"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_A", "CAP_B"]}},
          {"names": ["e"], "action": "SCMP_ACT_ALLOW", "excludes": {"caps": ["CAP_B", "CAP_C"]}},
          {"names": ["f"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
          {"names": ["g"], "action": "SCMP_ACT_ALLOW", "excludes": {"minKernel": "4.8"}},
          {"names": ["h"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38,
           "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_MASKED_EQ"}], "excludes": {"arches": ["amd64"]}}
         ]}
        """

    private func names(_ host: SeccompHost) throws -> String {
        try SeccompProfile.decode(Array(Self.text.utf8)).resolved(for: host).syscalls.flatMap(\.names)
            .joined()
    }

    @Test("rules hold for a machine, a kernel and capabilities")
    func resolved() throws {
        let x86 = SeccompHost(architecture: .x86_64, capabilities: [], kernel: (6, 1))
        let arm = SeccompHost(architecture: .aarch64, capabilities: ["CAP_A", "CAP_B"], kernel: (4, 7))

        #expect(try names(x86) == "abef")
        #expect(try names(arm) == "acdgh")
    }

    @Test("the map gives the architectures")
    func architectures() throws {
        let profile = try SeccompProfile.decode(Array(Self.text.utf8))
        func of(_ architecture: SeccompArchitecture) -> [SeccompArchitecture] {
            profile.resolved(
                for: SeccompHost(architecture: architecture, capabilities: [], kernel: (6, 1))
            ).architectures
        }

        #expect(of(.x86_64) == [.x86_64, .x86, .x32])
        #expect(of(.riscv64) == [.riscv64])
        #expect(of(.aarch64) == [])
    }

    @Test(
        "versions are read from their beginning",
        arguments: [("4.8", 4, 8), ("6.1.0-13-amd64", 6, 1), ("5.15-rc2", 5, 15)])
    func version(text: String, major: Int, minor: Int) throws {
        let version = try #require(SeccompHost.version(text))

        #expect(version == (major, minor))
        #expect(SeccompHost.version("x") == nil && SeccompHost.version("4") == nil)
    }

    @Test("errors name the place")
    func errors() {
        let text =
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [], \"action\": \"NO\"}]}"

        #expect { try SeccompProfile.decode(Array(text.utf8)) } throws: {
            "\($0)".contains("syscalls[0].action")
        }
    }

    @Test(
        "what docker refuses is refused: a version that is none, two ways to say one thing",
        arguments: [
            (
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a"], "action": "SCMP_ACT_ERRNO", "includes": {"minKernel": "new"}}]}"#,
                "syscalls[0].includes.minKernel: `new` is no version of a kernel such as `4.8`"
            ),
            (
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "a", "names": ["b"], "action": "SCMP_ACT_ERRNO"}]}"#,
                "syscalls[0]: `name` and `names` are both there; leave one of them out"
            ),
            (
                #"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "SCMP_ARCH_X86"}]}"#,
                "`architectures` and `archMap` are both there; leave one of them out"
            ),
        ])
    func refused(text: String, reason: String) {
        #expect { try SeccompProfile.decode(Array(text.utf8)) } throws: { "\($0)" == reason }
    }

    @Test("each rule that is left knows its place in the file")
    func indexes() throws {
        let host = SeccompHost(architecture: .x86_64, capabilities: [], kernel: (6, 1))

        #expect(try SeccompProfile.decode(Array(Self.text.utf8)).indexes(for: host) == [0, 1, 4, 5])
    }

    @Test("a mutated profile never traps")
    func fuzz() {
        var random = SplitMix64(state: 99)
        let host = SeccompHost(architecture: .x86_64, capabilities: ["CAP_A"], kernel: (6, 1))
        var read = 0
        for _ in 0..<20_000 {
            var bytes = Array(Self.text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: at)
                }
            }
            guard let profile = try? SeccompProfile.decode(bytes) else { continue }
            _ = profile.resolved(for: host)
            read += 1
        }
        #expect(read > 100)
    }
}
