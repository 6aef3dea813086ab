// SPDX-License-Identifier: Apache-2.0
// Capabilities by the names of libcap. See capabilities(7), cap_from_name(3).
internal import CCap
internal import CShims

/// A set of capabilities, one bit for each.
public struct CapabilitySet: OptionSet, Sendable {
    /// Bit n is capability n.
    public let rawValue: UInt64
    /// Wraps bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// CAP_SYS_ADMIN: what mounting and most namespaces need.
    public static let systemAdministration = CapabilitySet(rawValue: 1 << 21)

    /// The capability of a name such as `CAP_CHOWN`; nil when this libcap does not know it.
    public init?(name: String) {
        guard name.utf8.starts(with: "CAP_".utf8) else { return nil }
        var value: cap_value_t = 0
        guard cap_from_name(name, &value) == 0, (0..<64).contains(value) else { return nil }
        self.init(rawValue: 1 << UInt64(value))
    }

    /// The names in this set, in order of their numbers.
    public var names: [String] {
        (0..<64).compactMap { bit in
            guard rawValue >> UInt64(bit) & 1 == 1, let text = cap_to_name(cap_value_t(bit)) else {
                return nil
            }
            defer { cap_free(text) }
            return String(
                decoding: String(cString: text).utf8.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 },
                as: UTF8.self)
        }
    }

    /// Every name that libcap and this kernel know.
    public static var knownNames: [String] {
        let count = cap_max_bits()
        return CapabilitySet(rawValue: count >= 64 ? UInt64.max : (1 << UInt64(count)) - 1).names
    }

    /// What any program that this process starts can have at most: a container of all capabilities has these.
    public static var bounding: CapabilitySet {
        var set: CapabilitySet = []
        for number in 0..<min(cap_max_bits(), 64) where cap_get_bound(number) == 1 {
            set.formUnion(CapabilitySet(rawValue: 1 << UInt64(number)))
        }
        return set
    }

    /// What this process may do now.
    public static func effective() throws(SyscallError) -> CapabilitySet {
        var mask: UInt64 = 0
        _ = try checked(shim_effective_capabilities(&mask), "capget")
        return CapabilitySet(rawValue: mask)
    }
}
