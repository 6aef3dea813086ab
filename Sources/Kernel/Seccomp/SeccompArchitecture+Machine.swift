// SPDX-License-Identifier: Apache-2.0
// What a filter must know of each architecture: the kernel's name for it, its word, where its numbers begin.
// Source: linux/audit.h, linux/elf-em.h; the tokens are libseccomp's, which differ for x32 only.
internal import CShims
public import OCISpec

extension SeccompArchitecture {
    /// libseccomp's number for it (SCMP_ARCH_).
    var token: UInt32 {
        switch self {
        case .x86: 0x4000_0003
        case .x86_64: 0xc000_003e
        case .x32: 0x4000_003e
        case .arm: 0x4000_0028
        case .aarch64: 0xc000_00b7
        case .mips: 0x0000_0008
        case .mips64: 0x8000_0008
        case .mips64n32: 0xa000_0008
        case .mipsel: 0x4000_0008
        case .mipsel64: 0xc000_0008
        case .mipsel64n32: 0xe000_0008
        case .ppc: 0x0000_0014
        case .ppc64: 0x8000_0015
        case .ppc64le: 0xc000_0015
        case .s390: 0x0000_0016
        case .s390x: 0x8000_0016
        case .parisc: 0x0000_000f
        case .parisc64: 0x8000_000f
        case .riscv64: 0xc000_00f3
        case .loongarch64: 0xc000_0102
        case .m68k: 0x0000_0004
        case .sh: 0x4000_002a
        case .sheb: 0x0000_002a
        }
    }

    /// AUDIT_ARCH_ as the kernel gives it to a filter. x32 is x86_64 with a bit in the call's number.
    public var auditToken: UInt32 { self == .x32 ? Self.x86_64.token : token }

    /// Whether arguments are compared in full; else their lower words, which is all there is.
    public var has64BitWords: Bool { token & 0x8000_0000 != 0 && token & 0x2000_0000 == 0 }

    /// Whether the lower byte comes first.
    var isLittleEndian: Bool { token & 0x4000_0000 != 0 }

    /// The first number of its table.
    public var firstNumber: UInt32 {
        switch self {
        case .x32: 0x4000_0000
        case .mips, .mipsel: 4000
        case .mips64, .mipsel64: 5000
        case .mips64n32, .mipsel64n32: 6000
        default: 0
        }
    }

    /// `x86_64`.
    public var shortName: String {
        let letters = rawValue.utf8.dropFirst("SCMP_ARCH_".utf8.count)
        return String(decoding: letters.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }

    /// The architecture of this machine; nil: no filter can be made for it.
    public static let native: SeccompArchitecture? = {
        let audit = shim_audit_architecture()
        return allCases.first { $0.token == audit }
    }()
}
