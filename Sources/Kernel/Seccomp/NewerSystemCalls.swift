// SPDX-License-Identifier: Apache-2.0
// System calls younger than Debian 12's libseccomp 2.5.4, as data.
// Source: scripts/syscall.tbl, arch/x86/entry/syscalls/syscall_{32,64}.tbl of Linux 7.1: since 424 a new
// call has one number everywhere, counted from where the architecture's table begins.
internal import OCISpec

enum NewerSystemCalls {
    private static let everywhere: [(name: StaticString, number: UInt32)] = [
        ("cachestat", 451), ("fchmodat2", 452), ("map_shadow_stack", 453), ("futex_wake", 454),
        ("futex_wait", 455), ("futex_requeue", 456), ("statmount", 457), ("listmount", 458),
        ("lsm_get_self_attr", 459), ("lsm_set_self_attr", 460), ("lsm_list_modules", 461), ("mseal", 462),
        ("setxattrat", 463), ("getxattrat", 464), ("listxattrat", 465), ("removexattrat", 466),
        ("open_tree_attr", 467), ("file_getattr", 468), ("file_setattr", 469), ("listns", 470),
        ("rseq_slice_yield", 471),
    ]

    /// Only some have these. The 64-bit table of x86 is x32's too.
    private static func own(_ architecture: SeccompArchitecture) -> [(name: StaticString, number: UInt32)] {
        switch architecture {
        case .x86_64, .x32: [("uretprobe", 335), ("uprobe", 336)]
        case .riscv64: [("riscv_hwprobe", 258)]
        default: []
        }
    }

    /// The number of a call, or nil.
    static func number(_ name: String, _ architecture: SeccompArchitecture) -> UInt32? {
        let entry =
            everywhere.first { matches(name, $0.name) } ?? own(architecture).first { matches(name, $0.name) }
        return entry.map { $0.number + architecture.firstNumber }
    }

    /// The name of a number, or nil.
    static func name(_ number: UInt32, _ architecture: SeccompArchitecture) -> String? {
        guard number >= architecture.firstNumber else { return nil }
        let number = number - architecture.firstNumber
        let entry =
            everywhere.first { $0.number == number } ?? own(architecture).first { $0.number == number }
        return entry.map { "\($0.name)" }
    }

    /// Every name, for tests and completion.
    static var names: [String] {
        everywhere.map { "\($0.name)" } + ["uretprobe", "uprobe", "riscv_hwprobe"]
    }

    private static func matches(_ name: String, _ entry: StaticString) -> Bool {
        guard name.utf8.count == entry.utf8CodeUnitCount else { return false }
        let text = UnsafeBufferPointer(start: entry.utf8Start, count: entry.utf8CodeUnitCount)
        return name.utf8.elementsEqual(text)
    }
}
