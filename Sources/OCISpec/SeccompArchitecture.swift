// SPDX-License-Identifier: Apache-2.0
// The architectures a filter can name.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md

/// Architectures of system call tables.
public enum SeccompArchitecture: String, Sendable, Equatable, CaseIterable {
    /// The `SCMP_ARCH_X86` table.
    case x86 = "SCMP_ARCH_X86"
    /// The `SCMP_ARCH_X86_64` table.
    case x86_64 = "SCMP_ARCH_X86_64"
    /// The `SCMP_ARCH_X32` table.
    case x32 = "SCMP_ARCH_X32"
    /// The `SCMP_ARCH_ARM` table.
    case arm = "SCMP_ARCH_ARM"
    /// The `SCMP_ARCH_AARCH64` table.
    case aarch64 = "SCMP_ARCH_AARCH64"
    /// The `SCMP_ARCH_MIPS` table.
    case mips = "SCMP_ARCH_MIPS"
    /// The `SCMP_ARCH_MIPS64` table.
    case mips64 = "SCMP_ARCH_MIPS64"
    /// The `SCMP_ARCH_MIPS64N32` table.
    case mips64n32 = "SCMP_ARCH_MIPS64N32"
    /// The `SCMP_ARCH_MIPSEL` table.
    case mipsel = "SCMP_ARCH_MIPSEL"
    /// The `SCMP_ARCH_MIPSEL64` table.
    case mipsel64 = "SCMP_ARCH_MIPSEL64"
    /// The `SCMP_ARCH_MIPSEL64N32` table.
    case mipsel64n32 = "SCMP_ARCH_MIPSEL64N32"
    /// The `SCMP_ARCH_PPC` table.
    case ppc = "SCMP_ARCH_PPC"
    /// The `SCMP_ARCH_PPC64` table.
    case ppc64 = "SCMP_ARCH_PPC64"
    /// The `SCMP_ARCH_PPC64LE` table.
    case ppc64le = "SCMP_ARCH_PPC64LE"
    /// The `SCMP_ARCH_S390` table.
    case s390 = "SCMP_ARCH_S390"
    /// The `SCMP_ARCH_S390X` table.
    case s390x = "SCMP_ARCH_S390X"
    /// The `SCMP_ARCH_PARISC` table.
    case parisc = "SCMP_ARCH_PARISC"
    /// The `SCMP_ARCH_PARISC64` table.
    case parisc64 = "SCMP_ARCH_PARISC64"
    /// The `SCMP_ARCH_RISCV64` table.
    case riscv64 = "SCMP_ARCH_RISCV64"
    /// The `SCMP_ARCH_LOONGARCH64` table.
    case loongarch64 = "SCMP_ARCH_LOONGARCH64"
    /// The `SCMP_ARCH_M68K` table.
    case m68k = "SCMP_ARCH_M68K"
    /// The `SCMP_ARCH_SH` table.
    case sh = "SCMP_ARCH_SH"
    /// The `SCMP_ARCH_SHEB` table.
    case sheb = "SCMP_ARCH_SHEB"
}
