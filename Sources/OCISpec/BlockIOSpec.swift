// SPDX-License-Identifier: Apache-2.0
// Block device limits of the resources object.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md

/// Weights and rates of block devices.
/// See runtime-spec v1.3 config-linux.md#block-io.
public struct BlockIOSpec: Sendable, Equatable {
    /// Weight, 10 to 1000.
    public var weight: UInt16?
    /// Weight of the cgroup's own tasks; cgroup v1 only.
    public var leafWeight: UInt16?
    /// Weight by device.
    public var weightDevice: [WeightDeviceSpec]
    /// Bytes read per second.
    public var throttleReadBpsDevice: [ThrottleDeviceSpec]
    /// Bytes written per second.
    public var throttleWriteBpsDevice: [ThrottleDeviceSpec]
    /// Reads per second.
    public var throttleReadIOPSDevice: [ThrottleDeviceSpec]
    /// Writes per second.
    public var throttleWriteIOPSDevice: [ThrottleDeviceSpec]

    /// What is left out takes the value an absent key has.
    public init(
        weight: UInt16? = nil,
        leafWeight: UInt16? = nil,
        weightDevice: [WeightDeviceSpec] = [],
        throttleReadBpsDevice: [ThrottleDeviceSpec] = [],
        throttleWriteBpsDevice: [ThrottleDeviceSpec] = [],
        throttleReadIOPSDevice: [ThrottleDeviceSpec] = [],
        throttleWriteIOPSDevice: [ThrottleDeviceSpec] = []
    ) {
        self.weight = weight
        self.leafWeight = leafWeight
        self.weightDevice = weightDevice
        self.throttleReadBpsDevice = throttleReadBpsDevice
        self.throttleWriteBpsDevice = throttleWriteBpsDevice
        self.throttleReadIOPSDevice = throttleReadIOPSDevice
        self.throttleWriteIOPSDevice = throttleWriteIOPSDevice
    }
}

/// Weight of one device.
/// See runtime-spec v1.3 config-linux.md#block-io.
public struct WeightDeviceSpec: Sendable, Equatable {
    /// Major number.
    public var major: Int64
    /// Minor number.
    public var minor: Int64
    /// Weight, 10 to 1000.
    public var weight: UInt16?
    /// Weight of the cgroup's own tasks.
    public var leafWeight: UInt16?

    /// What is left out takes the value an absent key has.
    public init(major: Int64, minor: Int64, weight: UInt16? = nil, leafWeight: UInt16? = nil) {
        self.major = major
        self.minor = minor
        self.weight = weight
        self.leafWeight = leafWeight
    }
}

/// Rate of one device.
/// See runtime-spec v1.3 config-linux.md#block-io.
public struct ThrottleDeviceSpec: Sendable, Equatable {
    /// Major number.
    public var major: Int64
    /// Minor number.
    public var minor: Int64
    /// Rate, in the list's unit.
    public var rate: UInt64

    /// What is left out takes the value an absent key has.
    public init(major: Int64, minor: Int64, rate: UInt64) {
        self.major = major
        self.minor = minor
        self.rate = rate
    }
}
