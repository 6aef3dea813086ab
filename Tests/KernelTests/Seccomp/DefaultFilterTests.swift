// SPDX-License-Identifier: Apache-2.0
// docker's default profile, and the filter of it that is built into the programs.
import Foundation
import JSON
import OCISpec
import Testing

@testable import Kernel

struct DefaultFilterTests {
    static let path = #filePath.components(separatedBy: "/Tests/")[0] + "/CShims/default_filter.c"

    /// `make filter` writes the file: this test with ROOST_WRITE_FILTER set.
    @Test("making the built-in filter again gives the same bytes")
    func regenerated() throws {
        let text = try Self.file()
        if ProcessInfo.processInfo.environment["ROOST_WRITE_FILTER"] != nil {
            try text.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }

        let there = try String(contentsOfFile: Self.path, encoding: .utf8)

        #expect(text == there, "`make filter` writes it")
    }

    /// What `Benchmarks/run` puts into config.json; `make filter` writes it too.
    @Test("the profile that the benchmarks use is the built-in one")
    func benchmarkProfile() throws {
        let path = #filePath.components(separatedBy: "/Tests/")[0] + "/Benchmarks/seccomp.json"
        let spec = DefaultSeccompProfile.spec(DefaultSeccompProfile.usualCapabilities, on: .x86_64)
        if ProcessInfo.processInfo.environment["ROOST_WRITE_FILTER"] != nil {
            try Self.lines(spec.encode()).write(toFile: path, atomically: true, encoding: .utf8)
        }

        let there = try SeccompSpec.decode(Array(try Data(contentsOf: URL(fileURLWithPath: path))))

        #expect(there == spec, "`make filter` writes it")
        #expect(Set(there.architectures) == [.x86_64, .x86, .x32])
    }

    /// The same JSON in lines: no string of a profile holds a comma.
    private static func lines(_ json: [UInt8]) -> String {
        var (text, width) = ("", 0)
        for part in String(decoding: json, as: UTF8.self).split(separator: ",") {
            if width + part.utf8.count > 108 {
                text += "\n"
                width = 0
            }
            text += part + ","
            width += part.utf8.count + 1
        }
        return text.dropLast() + "\n"
    }

    @Test("the usual capabilities get the built-in filter, and it is what the table compiles to")
    func builtIn() throws {
        let spec = DefaultSeccompProfile.spec(DefaultSeccompProfile.usualCapabilities)

        let filter = try DefaultSeccompFilter.filter(DefaultSeccompProfile.usualCapabilities)

        #expect(filter == (try SeccompCompiler.compile(spec)))
        #expect(DefaultSeccompFilter.builtIn == filter.instructions)
        #expect(filter.flags == 0 && !filter.notifies)
    }

    @Test("another capability brings its calls", arguments: [("CAP_SYS_ADMIN", "mount"), ("CAP_BPF", "bpf")])
    func capability(name: String, call: String) throws {
        let usual = DefaultSeccompProfile.usualCapabilities
        let more = usual.union(try #require(CapabilitySet(name: name)))

        let (less, given) = (try verdict(call, usual), try verdict(call, more))

        #expect(less == 0x5_0001)
        #expect(given == 0x7fff_0000)
    }

    @Test("clone3 does not exist without CAP_SYS_ADMIN: its flags lie where no filter can look")
    func clone3() throws {
        #expect(try verdict("clone3", DefaultSeccompProfile.usualCapabilities) == 0x5_0026)
        #expect(try verdict("clone3", .systemAdministration) == 0x7fff_0000)
    }

    @Test(
        "sockets of the kernel's ciphers and of the hypervisor are refused, their neighbours are not",
        arguments: [(37, true), (38, false), (39, true), (40, false), (41, true)] as [(UInt64, Bool)])
    func sockets(family: UInt64, isAllowed: Bool) throws {
        let answer = try verdict("socket", DefaultSeccompProfile.usualCapabilities, family)

        #expect(answer == (isAllowed ? 0x7fff_0000 : 0x5_0001))
    }

    @Test("a call of the default filter costs a dozen instructions at most")
    func steps() throws {
        let filter = try DefaultSeccompFilter.filter(DefaultSeccompProfile.usualCapabilities)
        let machine = try BPFMachine(filter.instructions)

        let most = (0..<600).map { number in
            machine.run(SeccompCall(number: number, audit: SeccompArchitecture.native?.auditToken ?? 0)).steps
        }

        #expect((most.max() ?? 99) <= 16)
        #expect(most.reduce(0, +) / most.count <= 12)
    }

    private func verdict(_ call: String, _ capabilities: CapabilitySet, _ first: UInt64 = 0) throws -> UInt32
    {
        let spec = DefaultSeccompProfile.spec(capabilities, on: .x86_64)
        let machine = try BPFMachine(try SeccompCompiler.program(spec, [.x86_64, .x86, .x32]))
        guard case .number(let number) = SystemCallNumber.find(call, .x86_64) else { return 0 }
        return machine.run(
            SeccompCall(number: number, audit: 0xc000_003e, arguments: [first, 0, 0, 0, 0, 0])
        )
        .verdict
    }

    // MARK: the generated file

    private static func file() throws -> String {
        let machines: [(String, SeccompArchitecture)] = [("__x86_64__", .x86_64), ("__aarch64__", .aarch64)]
        var text = """
            // SPDX-License-Identifier: Apache-2.0
            // Made by `make filter`, not by hand: the filter of docker's default profile (see
            // Sources/Kernel/Seccomp/DefaultSeccompTable.swift) for its 14 capabilities.
            #include "CShims.h"

            // clang-format off

            """
        for (index, machine) in machines.enumerated() {
            let spec = DefaultSeccompProfile.spec(DefaultSeccompProfile.usualCapabilities, on: machine.1)
            let code = try SeccompCompiler.program(spec, spec.architectures)
            text +=
                "\(index == 0 ? "#if" : "#elif") defined(\(machine.0))\nstatic const uint64_t filter[] = {\n"
            var line = "   "
            for word in code.map({ " 0x" + String($0, radix: 16) + "," }) {
                if line.count + word.count > 100 {
                    text += line + "\n"
                    line = "   "
                }
                line += word
            }
            text += line + "\n"
            text += "};\n"
        }
        return text + """
            #else
            #define NO_FILTER 1
            static const uint64_t filter[1];
            #endif
            // clang-format on

            const uint64_t *shim_default_filter(uint32_t *count)
            {
            #ifdef NO_FILTER
                *count = 0;
                return 0;
            #else
                *count = sizeof filter / sizeof filter[0];
                return filter;
            #endif
            }

            """
    }
}
