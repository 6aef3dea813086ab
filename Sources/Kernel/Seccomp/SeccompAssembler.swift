// SPDX-License-Identifier: Apache-2.0
// Writes a BPF program from its end to its beginning: jumps only go forward, so that every target is known
// when a jump is written. A place is the distance from the program's end. See seccomp(2), bpf(4).

/// A program in the making.
struct SeccompAssembler {
    /// BPF_MAXINSNS of the kernel.
    static let mostInstructions = 4096
    /// Codes of linux/bpf_common.h.
    enum Code: UInt16 {
        case loadWord = 0x20, and = 0x54, jump = 0x05, equal = 0x15, greater = 0x25, greaterOrEqual = 0x35
        case doReturn = 0x06
    }
    /// The last instruction first.
    private(set) var reversed: [UInt64] = []
    private(set) var overflows = false
    private var returns: [(verdict: UInt32, place: Int)] = []

    init() { reversed.reserveCapacity(512) }

    /// The program, in the layout of `struct sock_filter`.
    var instructions: [UInt64] { reversed.reversed() }

    @discardableResult
    private mutating func emit(_ code: Code, _ k: UInt32, yes: Int = 0, no: Int = 0) -> Int {
        guard reversed.count < Self.mostInstructions else {
            overflows = true
            return reversed.count - 1
        }
        reversed.append(UInt64(code.rawValue) | UInt64(yes) << 16 | UInt64(no) << 24 | UInt64(k) << 32)
        return reversed.count - 1
    }

    /// A place that returns `verdict`, near enough for a jump.
    mutating func ret(_ verdict: SeccompVerdict) -> Int {
        if let index = returns.firstIndex(where: { $0.verdict == verdict.rawValue }) {
            if reversed.count - returns[index].place < 240 { return returns[index].place }
            let place = emit(.doReturn, verdict.rawValue)
            returns[index].place = place
            return place
        }
        let place = emit(.doReturn, verdict.rawValue)
        returns.append((verdict.rawValue, place))
        return place
    }

    /// Loads a word of `struct seccomp_data`; goes on at `next`, which must be the place just written.
    mutating func load(_ offset: UInt32, before next: Int) -> Int {
        let next = adjacent(next)
        _ = next
        return emit(.loadWord, offset)
    }

    /// Masks the word.
    mutating func mask(_ mask: UInt32, before next: Int) -> Int {
        let next = adjacent(next)
        _ = next
        return emit(.and, mask)
    }

    /// A conditional jump on the loaded word.
    mutating func branch(_ code: Code, _ k: UInt32, yes: Int, no: Int) -> Int {
        let yes = near(yes)
        let no = near(no)
        guard !overflows else { return reversed.count - 1 }
        return emit(code, k, yes: reversed.count - yes - 1, no: reversed.count - no - 1)
    }

    /// The place itself, or a jump to it when it is out of reach of a byte, with room for one more.
    private mutating func near(_ place: Int) -> Int {
        let distance = reversed.count - place - 1
        return distance <= 253 ? place : emit(.jump, UInt32(distance))
    }

    /// What follows must be at `place`: if something else was written since, a jump there.
    private mutating func adjacent(_ place: Int) -> Int {
        let distance = reversed.count - place - 1
        return distance == 0 ? place : emit(.jump, UInt32(distance))
    }
}
