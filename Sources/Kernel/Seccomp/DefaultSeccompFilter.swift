// SPDX-License-Identifier: Apache-2.0
// The filter of docker's default profile: finished, in the program's read-only data, for the capabilities
// that nearly every container has; compiled from the table for all others.
internal import CShims

/// The filter of docker's default profile.
public enum DefaultSeccompFilter {
    /// The filter of a container whose bounding set is `capabilities`.
    public static func filter(_ capabilities: CapabilitySet) throws(SeccompError) -> SeccompFilter {
        if capabilities == DefaultSeccompProfile.usualCapabilities, let instructions = builtIn {
            return SeccompFilter(instructions: instructions)
        }
        return try SeccompCompiler.compile(DefaultSeccompProfile.spec(capabilities))
    }

    /// What CShims/default_filter.c holds for this machine.
    static var builtIn: [UInt64]? {
        var count: UInt32 = 0
        guard let first = shim_default_filter(&count), count > 0 else { return nil }
        return Array(UnsafeBufferPointer(start: first, count: Int(count)))
    }
}
