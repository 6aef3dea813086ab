// SPDX-License-Identifier: Apache-2.0
// Standard input, output and error of this process, which a container's program inherits.
internal import CShims

/// Descriptors 0 to 2.
public enum StandardStreams {
    /// Makes `uid` the owner of those that are pipes or FIFOs: to open `/dev/stdout` is to open the pipe
    /// anew, with its permissions. Files, devices and terminals stay their owner's. What cannot be given
    /// (a read-only file system, no CAP_CHOWN) stays as it is: the program may never ask. See fchown(2).
    public static func give(to uid: UInt32) {
        for descriptor in Int32(0)...2 {
            guard let status = try? Files.status("", at: descriptor), status.isPipe, status.uid != uid else {
                continue
            }
            _ = shim_fchown(descriptor, uid)
        }
    }
}
