// SPDX-License-Identifier: Apache-2.0
// Why a program cannot be executed: its first bytes are the image's, so anything may stand there.
import Testing

@testable import OCIRuntime

@Suite("ProgramDiagnosis") struct ProgramDiagnosisTests {
    @Test(
        "the interpreter is the first word after #!",
        arguments: [
            ("#!/bin/sh\n", "/bin/sh"), ("#! \t/usr/bin/env python3 -u\nx", "/usr/bin/env"),
            ("#!/bin/sh", "/bin/sh"), ("#!", nil),
            ("#!\n/bin/sh", nil), ("#! \t\n", nil), ("/bin/sh", nil), ("", nil), ("#", nil),
            (" #!/bin/sh", nil),
        ] as [(String, String?)])
    func shebang(text: String, interpreter: String?) {
        #expect(ProgramDiagnosis.shebang(Array(text.utf8)) == interpreter)
    }

    /// A 64-bit little-endian file with one other program header before PT_INTERP.
    private static func elf(table: UInt64 = 64, size: UInt16 = 56, count: UInt16 = 2, path: UInt64 = 176)
        -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: 176)
        func put(_ value: UInt64, _ length: Int, at offset: Int) {
            for index in 0..<length {
                bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
            }
        }
        bytes.replaceSubrange(0..<6, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
        put(table, 8, at: 32)
        put(UInt64(size), 2, at: 54)
        put(UInt64(count), 2, at: 56)
        put(0x6474_e551, 4, at: 64)
        put(3, 4, at: 120)
        put(path, 8, at: 128)
        return bytes + Array("/lib/ld.so\0rest".utf8)
    }

    @Test("the loader of a program is found")
    func loader() {
        #expect(ProgramDiagnosis.loader(Self.elf()) == "/lib/ld.so")
    }

    @Test("a file cut anywhere is read without harm")
    func truncated() {
        let whole = Self.elf()
        for length in 0..<176 { #expect(ProgramDiagnosis.loader(Array(whole.prefix(length))) ?? "" == "") }
    }

    @Test(
        "offsets and counts beyond the file are read without harm",
        arguments: [UInt64.max, UInt64.max - 55, 1 << 63, 1 << 32, 192, 191, 0] as [UInt64])
    func hostile(value: UInt64) {
        let small = UInt16(truncatingIfNeeded: value)

        _ = ProgramDiagnosis.loader(Self.elf(table: value))
        _ = ProgramDiagnosis.loader(Self.elf(size: small))
        _ = ProgramDiagnosis.loader(Self.elf(count: small))
        _ = ProgramDiagnosis.loader(Self.elf(path: value))
        _ = ProgramDiagnosis.loader(Self.elf(table: value, size: small, count: .max, path: value))
        #expect(ProgramDiagnosis.loader(Self.elf(path: .max)) == nil)
        #expect(ProgramDiagnosis.loader(Self.elf(count: 1)) == nil)
    }

    @Test("what is no 64-bit little-endian ELF file has no loader")
    func others() {
        for (index, value) in [(0, UInt8(0)), (4, 1), (5, 2)] {
            var bytes = Self.elf()
            bytes[index] = value
            #expect(ProgramDiagnosis.loader(bytes) == nil)
        }
    }
}
