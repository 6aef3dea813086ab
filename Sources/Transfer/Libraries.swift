// SPDX-License-Identifier: Apache-2.0
// What this module stands on.
internal import CTransfer

/// The libraries that move and unpack image data.
public enum Libraries {
    /// Their versions, as one line.
    public static func versions() -> String { String(cString: transfer_versions()) }
}
