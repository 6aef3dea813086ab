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
    private(set) var steps = 0

    init(_ program: [UInt64]) { self.program = program }

    /// The verdict; true allows.
    mutating func answer(_ request: DeviceRequest) throws(DeviceMachineError) -> Bool {
        registers = [UInt64?](repeating: nil, count: 11)
        registers[1] = 0
        var at = 0
        while true {
            guard program.indices.contains(at) else { throw .outside(at) }
            let instruction = program[at]
            steps += 1
            if instruction & 0xff == 0x95 {
                let answer = try value(0)
                guard answer <= 1 else { throw .badAnswer(answer) }
                return answer == 1
            }
            at += 1 + (try execute(instruction, request))
        }
    }

    private func value(_ register: Int) throws(DeviceMachineError) -> UInt64 {
        guard register < 11, let value = registers[register] else { throw .unsetRegister(register) }
        return value
    }

    /// Carries out one instruction; returns how far it jumps.
    private mutating func execute(
        _ instruction: UInt64, _ request: DeviceRequest
    ) throws(DeviceMachineError) -> Int {
        let target = Int(instruction >> 8 & 0xf)
        let source = Int(instruction >> 12 & 0xf)
        let offset = Int(Int16(truncatingIfNeeded: instruction >> 16))
        let constant = UInt32(truncatingIfNeeded: instruction >> 32)
        switch instruction & 0xff {
        case 0x61:
            guard try value(source) == 0 else { throw .unsetRegister(source) }
            let words = [request.access.rawValue << 16 | request.kind.rawValue, request.major, request.minor]
            guard offset % 4 == 0, words.indices.contains(offset / 4) else { throw .outside(offset) }
            registers[target] = UInt64(words[offset / 4])
        case 0x15: return try value(target) == signExtended(constant) ? offset : 0
        case 0x55: return try value(target) != signExtended(constant) ? offset : 0
        case 0xb4: registers[target] = UInt64(constant)
        case 0xbc: registers[target] = try narrow(source)
        case 0x4c: registers[target] = try narrow(target) | narrow(source)
        case 0x54: registers[target] = try narrow(target) & UInt64(constant)
        case 0x64: registers[target] = try narrow(target) << UInt64(constant) & 0xffff_ffff
        case 0x74: registers[target] = try narrow(target) >> UInt64(constant)
        case 0xa4: registers[target] = try narrow(target) ^ UInt64(constant)
        default: throw .unknownInstruction(instruction)
        }
        return 0
    }

    private func signExtended(_ constant: UInt32) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(bitPattern: constant)))
    }

    private func narrow(_ register: Int) throws(DeviceMachineError) -> UInt64 {
        try value(register) & 0xffff_ffff
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
