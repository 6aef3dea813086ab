// SPDX-License-Identifier: Apache-2.0
// What filters can say here: for `features`.
internal import CShims
public import OCISpec

/// What libseccomp's tables and this kernel know.
public enum SeccompSupport {
    /// Architectures whose calls are known.
    public static var architectures: [SeccompArchitecture] {
        SeccompArchitecture.allCases.filter { SystemCallNumber.knows($0) }
    }

    /// Flags that this kernel takes: with a known one it goes on to the program, which is not there.
    public static var flags: [SeccompFlag] {
        SeccompFlag.allCases.filter { flag in
            let listener = flag == .waitKillableReceive ? SeccompFilter.newListener : 0
            return shim_seccomp(1, flag.bit | listener, nil) == -14
        }
    }
}
