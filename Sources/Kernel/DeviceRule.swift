// SPDX-License-Identifier: Apache-2.0
// One rule of a device list, its values checked. The words and numbers are those of the kernel's device
// controller. See Documentation/admin-guide/cgroup-v2.rst#device-controller.

/// What is done to a device, with the bits that the kernel passes to a device program.
public struct DeviceAccess: OptionSet, Sendable {
    /// BPF_DEVCG_ACC bits.
    public let rawValue: UInt32
    /// Wraps bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Making a node.
    public static let mknod = DeviceAccess(rawValue: 1)
    /// Opening for reading.
    public static let read = DeviceAccess(rawValue: 2)
    /// Opening for writing.
    public static let write = DeviceAccess(rawValue: 4)
    /// All of it.
    public static let all: DeviceAccess = [.mknod, .read, .write]

    /// Letters of `r`, `w` and `m`; nil for others and for none.
    public init?(letters: String) {
        var access: DeviceAccess = []
        for letter in letters.utf8 {
            switch letter {
            case UInt8(ascii: "r"): access.insert(.read)
            case UInt8(ascii: "w"): access.insert(.write)
            case UInt8(ascii: "m"): access.insert(.mknod)
            default: return nil
            }
        }
        if access.isEmpty { return nil }
        self = access
    }

    /// The letters, in the order `rwm`.
    public var letters: String {
        (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.mknod) ? "m" : "")
    }
}

/// The two kinds of devices, with the numbers that the kernel passes to a device program.
public enum DeviceKind: UInt32, Sendable {
    /// BPF_DEVCG_DEV_BLOCK.
    case block = 1
    /// BPF_DEVCG_DEV_CHAR.
    case character = 2
}

/// One rule: what it matches, and whether that is allowed.
public struct DeviceRule: Equatable, Sendable {
    /// Whether the rule allows.
    public var isAllowed: Bool
    /// Nil: both kinds.
    public var kind: DeviceKind?
    /// Nil: every one.
    public var major: UInt32?
    /// Nil: every one.
    public var minor: UInt32?
    /// What the rule speaks of.
    public var access: DeviceAccess

    /// What is left out means all.
    public init(
        isAllowed: Bool, kind: DeviceKind? = nil, major: UInt32? = nil, minor: UInt32? = nil,
        access: DeviceAccess = .all
    ) {
        self.isAllowed = isAllowed
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    /// True when the rule speaks of everything.
    var isTotal: Bool { kind == nil && major == nil && minor == nil && access == .all }

    /// True when nothing that `other` speaks of is left to it, should it come first.
    func covers(_ other: DeviceRule) -> Bool {
        (kind == nil || kind == other.kind) && (major == nil || major == other.major)
            && (minor == nil || minor == other.minor) && access.isSuperset(of: other.access)
    }

    /// True when some request is spoken of by both.
    func overlaps(_ other: DeviceRule) -> Bool {
        (kind == nil || other.kind == nil || kind == other.kind)
            && (major == nil || other.major == nil || major == other.major)
            && (minor == nil || other.minor == nil || minor == other.minor)
            && !access.isDisjoint(with: other.access)
    }

    /// As the device controller writes it: `allow c 1:3 rwm`.
    public var text: String {
        let letter =
            switch kind {
            case .block: "b"
            case .character: "c"
            case nil: "a"
            }
        let major = self.major.map { "\($0)" } ?? "*"
        let minor = self.minor.map { "\($0)" } ?? "*"
        return "\(isAllowed ? "allow" : "deny") \(letter) \(major):\(minor) \(access.letters)"
    }
}
