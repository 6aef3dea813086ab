// SPDX-License-Identifier: Apache-2.0
// A compiled filter as bytes: the profile that it was made of, in full, then the instructions, then a sum
// over all of it. Little-endian numbers; another version of the compiler makes other keys.
internal import Kernel

enum FilterFile {
    /// As many bytes as are read: a profile of ten thousand names and the longest program fit.
    static let largest = 1 << 20
    /// Raised whenever the compiler gives the same profile another program.
    static let compilerVersion: UInt64 = 1

    /// Everything that the filter depends on: the profile as its JSON stands there, so that it need not be
    /// read to find the filter. Another spelling of the same is another profile.
    static func key(_ profile: [UInt8]) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(16 + profile.count)
        append(compilerVersion, to: &key)
        append(UInt64(ThisProcess.auditArchitecture), to: &key)
        key += profile
        return key
    }

    /// A file's name: a hash of the key, 64 bits; two keys may share it.
    static func name(_ key: [UInt8]) -> String { String(sum(key[...]), radix: 16) }

    static func bytes(of filter: SeccompFilter, key: [UInt8]) -> [UInt8] {
        var file: [UInt8] = []
        append(UInt64(key.count), to: &file)
        file += key
        append(UInt64(filter.flags) << 1 | (filter.notifies ? 1 : 0), to: &file)
        for instruction in filter.instructions { append(instruction, to: &file) }
        append(sum(file[...]), to: &file)
        return file
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The filter in a file, if that is whole and was made of `key`.
    static func filter(in file: [UInt8], key: [UInt8]) -> SeccompFilter? {
        let begin = 8 + key.count
        // The key, the flags, at least one instruction, the sum.
        guard file.count >= begin + 24, (file.count - begin) % 8 == 0,
            number(file, 0) == UInt64(key.count), holds(file, at: 8, key),
            number(file, file.count - 8) == sum(file[..<(file.count - 8)])
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

    private static func holds(_ bytes: [UInt8], at offset: Int, _ key: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            key.withUnsafeBytes { key in
                var difference: UInt64 = 0
                var index = 0
                while index + 8 <= key.count {
                    difference |=
                        bytes.loadUnaligned(fromByteOffset: offset + index, as: UInt64.self)
                        ^ key.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    index += 8
                }
                while index < key.count {
                    difference |= UInt64(bytes[offset + index] ^ key[index])
                    index += 1
                }
                return difference == 0
            }
        }
    }

    /// FNV-1a over words of eight bytes: a byte at a time is a tenth of a launch.
    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { list in
            var sum: UInt64 = 0xcbf2_9ce4_8422_2325
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
