// SPDX-License-Identifier: Apache-2.0
// Device lists: the program answers as the rules do, for written and for generated lists.
import Kernel
import Testing

/// Numbers that are the same in each run (xorshift).
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

@Suite("Device lists") struct DeviceFilterTests {
    private static let majors: [UInt32] = [0, 1, 4, 5, 6, 7, 136, 137, 0xfff]
    private static let minors: [UInt32] = [0, 1, 2, 3, 255, 256, 0xffffe, 0xfffff]

    /// Every request on the sampled numbers.
    private static let requests: [DeviceRequest] = [DeviceKind.block, .character].flatMap { kind in
        majors.flatMap { major in
            minors.flatMap { minor in
                (0..<8).map {
                    DeviceRequest(
                        kind: kind, major: major, minor: minor,
                        access: DeviceAccess(rawValue: $0))
                }
            }
        }
    }

    private static func rule(_ random: inout Seeded) -> DeviceRule {
        DeviceRule(
            isAllowed: Bool.random(using: &random),
            kind: [nil, .block, .character].randomElement(using: &random) ?? nil,
            major: Int.random(in: 0..<4, using: &random) == 0 ? nil : majors.randomElement(using: &random),
            minor: Int.random(in: 0..<3, using: &random) == 0 ? nil : minors.randomElement(using: &random),
            access: DeviceAccess(rawValue: UInt32.random(in: 1...7, using: &random)))
    }

    /// The requests to which the program and the rules give different answers.
    private static func differences(
        _ rules: [DeviceRule], _ program: [UInt64]
    ) throws -> [DeviceRequest] {
        var machine = DeviceMachine(program)
        return try requests.filter { try machine.answer($0) != plainAnswer(rules, $0) }
    }

    private static let docker: [DeviceRule] = [
        DeviceRule(isAllowed: false), DeviceRule(isAllowed: true, kind: .character, access: .mknod),
        DeviceRule(isAllowed: true, kind: .block, access: .mknod),
        DeviceRule(isAllowed: true, kind: .character, major: 1, minor: 3),
        DeviceRule(isAllowed: true, kind: .character, major: 5, minor: 0),
        DeviceRule(isAllowed: true, kind: .character, major: 136),
        DeviceRule(isAllowed: false, kind: .character, major: 136, minor: 1, access: [.read, .write]),
    ]

    @Test(
        "the program answers as the rules do",
        arguments: [
            [], [DeviceRule(isAllowed: true)], [DeviceRule(isAllowed: false)], docker,
            [DeviceRule(isAllowed: true), DeviceRule(isAllowed: false, kind: .block)],
            [DeviceRule(isAllowed: true, access: .read), DeviceRule(isAllowed: true, access: .write)],
            [DeviceRule(isAllowed: true, major: 8), DeviceRule(isAllowed: false, major: 8, minor: 1)],
            [DeviceRule(isAllowed: true, minor: 3)],
            [DeviceRule(isAllowed: true), DeviceRule(isAllowed: false, kind: .block, access: .mknod)],
            docker + [DeviceRule(isAllowed: true)] + docker.dropFirst(),
        ])
    func written(_ rules: [DeviceRule]) throws {
        #expect(try Self.differences(rules, DeviceFilter(rules).instructions) == [])
    }

    @Test("the program answers as the rules do, for generated lists")
    func generated() throws {
        var random = Seeded(state: 0x9e37_79b9_7f4a_7c15)
        for _ in 0..<150 {
            let count = Int.random(in: 0..<24, using: &random)
            let rules = (0..<count).map { _ in Self.rule(&random) }

            let program = DeviceFilter(rules).instructions
            let found = try Self.differences(rules, program)

            #expect(found == [], "\(rules.map { $0.text })")
            if !found.isEmpty { return }
        }
    }

    @Test("an instruction that is changed changes an answer")
    func oracle() throws {
        let rules = [
            DeviceRule(isAllowed: false), DeviceRule(isAllowed: true, kind: .character, major: 1, minor: 3),
            DeviceRule(isAllowed: true, kind: .character, major: 5, minor: 0),
            DeviceRule(isAllowed: true, kind: .character, major: 136),
            DeviceRule(isAllowed: false, kind: .character, major: 136, minor: 1, access: [.read, .write]),
            DeviceRule(isAllowed: true, kind: .block, major: 7, access: [.read, .mknod]),
            DeviceRule(isAllowed: false, minor: 2, access: [.read, .mknod]),
        ]
        let program = DeviceFilter(rules).instructions
        // The upper half of a constant that is 0 is not looked at: the rule names no kind.
        for index in program.indices where program[index] != 0 {
            let code = program[index] & 0xff
            let isConstant = code & 8 == 0 || code == 0x95
            // One of the lowest bits of the constant, or all, or those of the register that is read.
            let bits: [UInt64] =
                code == 0x61
                ? [4 << 16] : isConstant ? [1, 2, 0xffff_ffff].map { $0 << 32 } : [1 << 12, 2 << 12]

            let differs = bits.contains { bit in
                var changed = program
                changed[index] ^= bit
                return (try? Self.differences(rules, changed)) != []
            }

            #expect(differs, "instruction \(index), \(String(program[index], radix: 16))")
        }
    }

    @Test("a request for nothing is allowed, whatever the list")
    func nothing() throws {
        var machine = DeviceMachine(DeviceFilter([DeviceRule(isAllowed: false)]).instructions)

        #expect(try machine.answer(DeviceRequest(kind: .block, major: 7, minor: 0, access: [])))
    }

    @Test("bits that are not known yet are not allowed by rules that name others")
    func unknownBits() throws {
        var machine = DeviceMachine(
            DeviceFilter([
                DeviceRule(isAllowed: true, access: [.read, .write]),
                DeviceRule(isAllowed: true, access: .mknod),
            ]).instructions)
        let request = DeviceRequest(
            kind: .block, major: 7, minor: 0, access: DeviceAccess(rawValue: 0b1111))

        #expect(try !machine.answer(request))
    }

    @Test("only a list that denies nothing says so")
    func everything() {
        let all = DeviceRule(isAllowed: true)
        let disk = DeviceRule(isAllowed: false, kind: .block)

        #expect(DeviceFilter([all]).allowsEverything)
        #expect(DeviceFilter([disk, all]).allowsEverything)
        #expect(DeviceFilter([all, DeviceRule(isAllowed: true, major: 5)]).allowsEverything)
        #expect(!DeviceFilter([]).allowsEverything)
        #expect(!DeviceFilter([all, disk]).allowsEverything)
        #expect(!DeviceFilter([DeviceRule(isAllowed: true, access: [.read, .write])]).allowsEverything)
    }

    @Test("the longest list grows by at most twelve instructions a rule, and answers")
    func size() throws {
        var random = Seeded(state: 7)
        let rules = (0..<DeviceFilter.mostRules).map { index in
            var rule = Self.rule(&random)
            (rule.kind, rule.major, rule.minor) = (.block, 8, UInt32(index))
            return rule
        }
        let program = DeviceFilter(rules).instructions
        var machine = DeviceMachine(program)

        #expect(program.count <= 17 + rules.count * 12)
        for index in stride(from: 0, to: rules.count, by: 97) {
            let request = DeviceRequest(kind: .block, major: 8, minor: UInt32(index), access: .read)
            #expect(try machine.answer(request) == plainAnswer(rules, request))
        }
    }

    @Test("what comes before a rule on everything is not in the program")
    func dead() {
        let tail = [DeviceRule(isAllowed: false), DeviceRule(isAllowed: true, kind: .character, major: 1)]

        #expect(DeviceFilter(Self.docker + tail).instructions == DeviceFilter(tail).instructions)
    }

    @Test("a rule reads as in the kernel's own lists")
    func text() {
        #expect(DeviceRule(isAllowed: false).text == "deny a *:* rwm")
        #expect(
            DeviceRule(isAllowed: true, kind: .character, major: 1, minor: 3, access: [.read, .mknod]).text
                == "allow c 1:3 rm")
        #expect(DeviceAccess(letters: "mwr") == .all)
        #expect(DeviceAccess(letters: "") == nil && DeviceAccess(letters: "rx") == nil)
    }
}
