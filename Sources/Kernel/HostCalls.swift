// SPDX-License-Identifier: Apache-2.0
// The calls that launching needs and that a host may refuse. Asked for an error message only, never before.
internal import CShims

/// What this host refuses.
public enum HostCalls {
    /// The calls that fail here whatever they are asked, with the error that they give. With CAP_SYS_ADMIN,
    /// that is a filter's doing, or the kernel's age.
    public static func refused() -> [(name: String, number: ErrorNumber)] {
        var list: [(name: String, number: ErrorNumber)] = []
        var index: UInt32 = 0
        while true {
            var name: UnsafePointer<CChar>?
            let result = shim_refused(index, &name)
            if result == -ErrorNumber.invalid.value { return list }
            if result < 0, let name { list.append((String(cString: name), ErrorNumber(-result))) }
            index += 1
        }
    }
}
