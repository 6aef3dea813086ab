// SPDX-License-Identifier: Apache-2.0
// Classic BPF as the kernel runs it for seccomp: what seccomp_check_filter refuses is refused here too.
// Source: net/core/filter.c, kernel/seccomp.c, include/uapi/linux/bpf_common.h.

/// What a filter sees of a call: `struct seccomp_data`.
struct SeccompCall: CustomStringConvertible {
    var number: UInt32
    var audit: UInt32
    var arguments: [UInt64] = [0, 0, 0, 0, 0, 0]

    /// The word at a byte offset.
    func word(_ offset: UInt32) -> UInt32? {
        guard offset % 4 == 0, offset < 64 else { return nil }
        switch offset {
        case 0: return number
        case 4: return audit
        case 8, 12: return 0
        default:
            let value = arguments[Int(offset - 16) / 8]
            return UInt32(truncatingIfNeeded: offset % 8 == 0 ? value : value >> 32)
        }
    }

    var description: String {
        "\(number) on 0x\(String(audit, radix: 16)) with \(arguments.map { "0x" + String($0, radix: 16) })"
    }
}

/// A program that the kernel would take.
struct BPFMachine {
    enum Refusal: Error, Equatable {
        case length(Int)
        case instruction(at: Int, code: UInt16)
        case jump(at: Int)
        case load(at: Int)
        case fallsOff
    }
    private let code: [UInt64]

    init(_ code: [UInt64]) throws {
        guard (1...4096).contains(code.count) else { throw Refusal.length(code.count) }
        for (index, instruction) in code.enumerated() {
            let op = UInt16(truncatingIfNeeded: instruction)
            let k = UInt32(truncatingIfNeeded: instruction >> 32)
            switch op {
            case 0x20: guard k % 4 == 0, k < 64 else { throw Refusal.load(at: index) }
            case 0x54, 0x06: break
            case 0x05: guard index + 1 + Int(k) < code.count else { throw Refusal.jump(at: index) }
            case 0x15, 0x25, 0x35, 0x45:
                let (yes, no) = (Int(instruction >> 16 & 0xff), Int(instruction >> 24 & 0xff))
                guard index + 1 + max(yes, no) < code.count else { throw Refusal.jump(at: index) }
            default: throw Refusal.instruction(at: index, code: op)
            }
        }
        guard UInt16(truncatingIfNeeded: code[code.count - 1]) == 0x06 else { throw Refusal.fallsOff }
        self.code = code
    }

    /// The verdict, and how many instructions it took.
    func run(_ call: SeccompCall) -> (verdict: UInt32, steps: Int) {
        code.withUnsafeBufferPointer { code in
            var accumulator: UInt32 = 0
            var place = 0
            var steps = 0
            while true {
                let instruction = code[place]
                let k = UInt32(truncatingIfNeeded: instruction >> 32)
                steps += 1
                place += 1
                var holds = false
                switch UInt16(truncatingIfNeeded: instruction) {
                case 0x20:
                    accumulator = call.word(k) ?? 0
                    continue
                case 0x54:
                    accumulator &= k
                    continue
                case 0x05:
                    place += Int(k)
                    continue
                case 0x06: return (k, steps)
                case 0x15: holds = accumulator == k
                case 0x25: holds = accumulator > k
                case 0x35: holds = accumulator >= k
                default: holds = accumulator & k != 0
                }
                place += Int(holds ? instruction >> 16 & 0xff : instruction >> 24 & 0xff)
            }
        }
    }
}
