// SPDX-License-Identifier: Apache-2.0
// The oracle: libseccomp's own filter of a profile, built as runc and crun build it.
import CSeccomp
import Glibc
import OCISpec

@testable import Kernel

enum LibraryFilter {
    /// libseccomp refuses the profile.
    struct Refusal: Error { let code: Int32 }

    /// Exactly these architectures; names that libseccomp does not know are left out.
    static func instructions(_ spec: SeccompSpec, _ architectures: [SeccompArchitecture]) throws -> [UInt64] {
        let standard = SeccompVerdict(spec.defaultAction, number: spec.defaultErrnoRet)
        guard let filter = seccomp_init(standard.rawValue) else { throw Refusal(code: -EINVAL) }
        defer { seccomp_release(filter) }
        for architecture in architectures where architecture != SeccompArchitecture.native {
            try check(seccomp_arch_add(filter, architecture.token))
        }
        if !architectures.contains(where: { $0 == .native }), let native = SeccompArchitecture.native {
            try check(seccomp_arch_remove(filter, native.token))
        }
        for call in spec.syscalls {
            let action = SeccompVerdict(call.action, number: call.errnoRet)
            if action == standard { continue }
            for name in call.names {
                let number = seccomp_syscall_resolve_name(name)
                if number == -1 { continue }
                try add(filter, action.rawValue, number, call.args)
            }
        }
        return try export(filter)
    }

    private static func add(
        _ filter: scmp_filter_ctx, _ action: UInt32, _ number: Int32, _ args: [SeccompArgumentSpec]
    ) throws {
        let all = args.map { condition($0) }
        if Set(args.map(\.index)).count == args.count {
            try check(seccomp_rule_add_array(filter, action, number, UInt32(all.count), all))
        } else {
            for one in all { try check(seccomp_rule_add_array(filter, action, number, 1, [one])) }
        }
    }

    private static func condition(_ spec: SeccompArgumentSpec) -> scmp_arg_cmp {
        let op: scmp_compare =
            switch spec.op {
            case .notEqual: SCMP_CMP_NE
            case .lessThan: SCMP_CMP_LT
            case .lessOrEqual: SCMP_CMP_LE
            case .equal: SCMP_CMP_EQ
            case .greaterOrEqual: SCMP_CMP_GE
            case .greaterThan: SCMP_CMP_GT
            case .maskedEqual: SCMP_CMP_MASKED_EQ
            }
        return scmp_arg_cmp(arg: spec.index, op: op, datum_a: spec.value, datum_b: spec.valueTwo)
    }

    private static func export(_ filter: scmp_filter_ctx) throws -> [UInt64] {
        guard let stream = tmpfile() else { throw Refusal(code: -errno) }
        defer { fclose(stream) }
        let file = fileno(stream)
        try check(seccomp_export_bpf(filter, file))
        let size = Int(lseek(file, 0, SEEK_END))
        var code = [UInt64](repeating: 0, count: size / 8)
        let got = code.withUnsafeMutableBytes { pread(file, $0.baseAddress, size, 0) }
        guard got == size else { throw Refusal(code: -EIO) }
        return code
    }

    private static func check(_ result: Int32) throws {
        if result < 0 { throw Refusal(code: result) }
    }
}
