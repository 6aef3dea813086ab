// SPDX-License-Identifier: Apache-2.0
// A compiled filter as bytes: what it was compiled by, the profile in full, flags, the instructions, and a
// sum over these. Little-endian numbers.
internal import Kernel

enum FilterFile {
    /// As many bytes as are read: a profile of ten thousand names and the longest program fit.
    static let largest = 1 << 20
    /// Before the profile: compiler and machine, and the profile's size.
    private static let head = 16

    /// What else a filter depends on.
    private static var compiler: UInt64 {
        UInt64(SeccompCompiler.version) << 32 | UInt64(ThisProcess.auditArchitecture)
    }

    /// A file's name: a hash of 64 bits; two profiles may share it.
    static func name(_ profile: ArraySlice<UInt8>) -> String {
        String(sum(profile, from: compiler), radix: 16)
    }

    static func bytes(of filter: SeccompFilter, _ profile: ArraySlice<UInt8>) -> [UInt8] {
        var file: [UInt8] = []
        append(compiler, to: &file)
        append(UInt64(profile.count), to: &file)
        file += profile
        append(UInt64(filter.flags) << 1 | (filter.notifies ? 1 : 0), to: &file)
        for instruction in filter.instructions { append(instruction, to: &file) }
        append(sum(file[(head + profile.count)...], from: 0), to: &file)
        return file
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The filter in a file, if that is whole and was made of this profile as it is spelled here.
    static func filter(in file: [UInt8], of profile: ArraySlice<UInt8>) -> SeccompFilter? {
        let begin = head + profile.count
        // The flags, at least one instruction, the sum.
        guard file.count >= begin + 24, (file.count - begin) % 8 == 0,
            number(file, 0) == compiler, number(file, 8) == UInt64(profile.count),
            holds(file, profile),
            number(file, file.count - 8) == sum(file[begin..<(file.count - 8)], from: 0)
        else { return nil }
        let flags = number(file, begin)
        var instructions: [UInt64] = []
        instructions.reserveCapacity((file.count - begin) / 8 - 2)
        for offset in stride(from: begin + 8, to: file.count - 8, by: 8) {
            instructions.append(number(file, offset))
        }
        return SeccompFilter(
            instructions: instructions, flags: UInt32(truncatingIfNeeded: flags >> 1),
            notifies: flags & 1 == 1)
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }

    private static func holds(_ file: [UInt8], _ profile: ArraySlice<UInt8>) -> Bool {
        file.withUnsafeBytes { file in
            profile.withUnsafeBytes { profile in
                var difference: UInt64 = 0
                var index = 0
                while index + 8 <= profile.count {
                    difference |=
                        file.loadUnaligned(fromByteOffset: head + index, as: UInt64.self)
                        ^ profile.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    index += 8
                }
                while index < profile.count {
                    difference |= UInt64(file[head + index] ^ profile[index])
                    index += 1
                }
                return difference == 0
            }
        }
    }

    /// FNV-1a over words of eight bytes: a byte at a time is a tenth of a launch.
    private static func sum(_ bytes: ArraySlice<UInt8>, from seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { list in
            var sum: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
            var index = 0
            while index + 8 <= list.count {
                let word = UInt64(littleEndian: list.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                sum = (sum ^ word) &* 0x100_0000_01b3
                sum ^= sum >> 32
                index += 8
            }
            while index < list.count {
                sum = (sum ^ UInt64(list[index])) &* 0x100_0000_01b3
                index += 1
            }
            return sum
        }
    }
}
