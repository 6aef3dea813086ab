// SPDX-License-Identifier: Apache-2.0
// The eBPF machine as far as device programs use it, and its checks: what it does not know, a jump out of
// the program, a register that was never set, is an error, as in the kernel.
import Kernel

/// What a process asks the kernel for.
struct DeviceRequest: Equatable {
    var kind: DeviceKind
    var major: UInt32
    var minor: UInt32
    var access: DeviceAccess
}

enum DeviceMachineError: Error, Equatable {
    case unknownInstruction(UInt64)
    case outside(Int)
    case unsetRegister(Int)
    case badAnswer(UInt64)
}

/// Runs a device program.
struct DeviceMachine {
    let program: [UInt64]
    private var registers = [UInt64?](repeating: nil, count: 11)

    init(_ program: [UInt64]) { self.program = program }

    /// The verdict; true allows.
    mutating func answer(_ request: DeviceRequest) throws(DeviceMachineError) -> Bool {
        registers = [UInt64?](repeating: nil, count: 11)
        registers[1] = Self.requestAddress
        var at = 0
        while program.indices.contains(at) {
            let instruction = program[at]
            if instruction == 0x95 {
                let answer = try value(0)
                guard answer <= 1 else { throw .badAnswer(answer) }
                return answer == 1
            }
            at += try execute(instruction, at + 1 < program.count ? program[at + 1] : 0, request)
        }
        throw .outside(at)
    }

    /// What the pointer to the request is here.
    private static let requestAddress: UInt64 = 0xffff_8000_0000_1000

    private func value(_ register: Int) throws(DeviceMachineError) -> UInt64 {
        guard register < 11, let value = registers[register] else { throw .unsetRegister(register) }
        return value
    }

    /// Carries out one instruction; returns its length.
    private mutating func execute(
        _ instruction: UInt64, _ next: UInt64, _ request: DeviceRequest
    ) throws(DeviceMachineError) -> Int {
        let target = Int(instruction >> 8 & 0xf)
        let source = Int(instruction >> 12 & 0xf)
        let offset = Int(Int16(truncatingIfNeeded: instruction >> 16))
        let constant = Int32(truncatingIfNeeded: Int64(bitPattern: instruction) >> 32)
        switch instruction & 0xff {
        case 0x61:
            guard try value(source) == Self.requestAddress else { throw .unsetRegister(source) }
            let words = [request.access.rawValue << 16 | request.kind.rawValue, request.major, request.minor]
            guard offset % 4 == 0, words.indices.contains(offset / 4) else { throw .outside(offset) }
            registers[target] = UInt64(words[offset / 4])
        case 0x18:
            guard source == 0, next & 0xffff_ffff == 0 else { throw .unknownInstruction(next) }
            registers[target] = instruction >> 32 | next
            return 2
        case let code where code & 7 == 7:
            guard offset == 0, code & 8 == 0 ? source == 0 : constant == 0 else {
                throw .unknownInstruction(instruction)
            }
            let operand = code & 8 == 0 ? UInt64(bitPattern: Int64(constant)) : try value(source)
            registers[target] = try result(code & 0xf0, target, operand)
        default: throw .unknownInstruction(instruction)
        }
        return 1
    }

    private func result(
        _ operation: UInt64, _ target: Int, _ operand: UInt64
    ) throws(DeviceMachineError) -> UInt64 {
        switch operation {
        case 0x00: try value(target) &+ operand
        case 0x20: try value(target) &* operand
        case 0x40: try value(target) | operand
        case 0x50: try value(target) & operand
        case 0x60: try value(target) << (operand & 63)
        case 0x70: try value(target) >> (operand & 63)
        case 0xa0: try value(target) ^ operand
        case 0xb0: operand
        default: throw .unknownInstruction(operation)
        }
    }
}

/// The same question answered from the rules, in the plainest way.
func plainAnswer(_ rules: [DeviceRule], _ request: DeviceRequest) -> Bool {
    [DeviceAccess.read, .write, .mknod].filter { request.access.contains($0) }.allSatisfy { bit in
        rules.last { rule in
            rule.access.contains(bit) && (rule.kind == nil || rule.kind == request.kind)
                && (rule.major == nil || rule.major == request.major)
                && (rule.minor == nil || rule.minor == request.minor)
        }?.isAllowed ?? false
    }
}
