// SPDX-License-Identifier: Apache-2.0
// Mounts and the id mappings they, and user namespaces, use.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md

/// One mount. See mount(8).
/// See runtime-spec v1.3 config.md#mounts.
public struct MountSpec: Sendable, Equatable {
    /// Absolute path inside the container.
    public var destination: String
    /// Filesystem type; absent or `none` with `bind` options is a bind mount.
    public var type: String?
    /// Device, or for a bind mount a path, absolute or relative to the bundle.
    public var source: String?
    /// Options in the manner of fstab(5).
    public var options: [String]
    /// User ids of an id-mapped mount.
    public var uidMappings: [IDMappingSpec]
    /// Group ids of an id-mapped mount.
    public var gidMappings: [IDMappingSpec]

    /// What is left out takes the value an absent key has.
    public init(
        destination: String,
        type: String? = nil,
        source: String? = nil,
        options: [String] = [],
        uidMappings: [IDMappingSpec] = [],
        gidMappings: [IDMappingSpec] = []
    ) {
        self.destination = destination
        self.type = type
        self.source = source
        self.options = options
        self.uidMappings = uidMappings
        self.gidMappings = gidMappings
    }
}

/// One range of mapped ids. See user_namespaces(7).
/// See runtime-spec v1.3 config.md#mounts.
public struct IDMappingSpec: Sendable, Equatable {
    /// First id inside.
    public var containerID: UInt32
    /// First id outside.
    public var hostID: UInt32
    /// How many ids.
    public var size: UInt32

    /// What is left out takes the value an absent key has.
    public init(containerID: UInt32, hostID: UInt32, size: UInt32) {
        self.containerID = containerID
        self.hostID = hostID
        self.size = size
    }
}
