// SPDX-License-Identifier: Apache-2.0
// How the values of SeccompArchitecture.swift are read from JSON and written to it.

public import JSON

extension SeccompArchitecture: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "SCMP_ARCH_X86") { return .x86 }
        if reader.matches(word, "SCMP_ARCH_X86_64") { return .x86_64 }
        if reader.matches(word, "SCMP_ARCH_X32") { return .x32 }
        if reader.matches(word, "SCMP_ARCH_ARM") { return .arm }
        if reader.matches(word, "SCMP_ARCH_AARCH64") { return .aarch64 }
        if reader.matches(word, "SCMP_ARCH_MIPS") { return .mips }
        if reader.matches(word, "SCMP_ARCH_MIPS64") { return .mips64 }
        if reader.matches(word, "SCMP_ARCH_MIPS64N32") { return .mips64n32 }
        if reader.matches(word, "SCMP_ARCH_MIPSEL") { return .mipsel }
        if reader.matches(word, "SCMP_ARCH_MIPSEL64") { return .mipsel64 }
        if reader.matches(word, "SCMP_ARCH_MIPSEL64N32") { return .mipsel64n32 }
        if reader.matches(word, "SCMP_ARCH_PPC") { return .ppc }
        if reader.matches(word, "SCMP_ARCH_PPC64") { return .ppc64 }
        if reader.matches(word, "SCMP_ARCH_PPC64LE") { return .ppc64le }
        if reader.matches(word, "SCMP_ARCH_S390") { return .s390 }
        if reader.matches(word, "SCMP_ARCH_S390X") { return .s390x }
        if reader.matches(word, "SCMP_ARCH_PARISC") { return .parisc }
        if reader.matches(word, "SCMP_ARCH_PARISC64") { return .parisc64 }
        if reader.matches(word, "SCMP_ARCH_RISCV64") { return .riscv64 }
        if reader.matches(word, "SCMP_ARCH_LOONGARCH64") { return .loongarch64 }
        if reader.matches(word, "SCMP_ARCH_M68K") { return .m68k }
        if reader.matches(word, "SCMP_ARCH_SH") { return .sh }
        if reader.matches(word, "SCMP_ARCH_SHEB") { return .sheb }
        throw reader.unknown("seccomp architecture", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
