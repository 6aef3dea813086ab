// SPDX-License-Identifier: Apache-2.0
// The whole of a bundle's config.json, and the pairs its open dictionaries are made of.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md

/// A bundle's config.json.
/// See runtime-spec v1.3 config.md#specification-version.
public struct RuntimeSpec: Sendable, Equatable {
    /// Version of the runtime specification the bundle follows (SemVer 2.0.0).
    public var ociVersion: String
    /// The container's process; `start` needs it, `create` does not.
    public var process: ProcessSpec?
    /// The root filesystem; must be there on Linux.
    public var root: RootSpec?
    /// Host name as seen inside a UTS namespace.
    public var hostname: String?
    /// NIS domain name as seen inside a UTS namespace.
    public var domainname: String?
    /// Mounts beyond the root, made in this order.
    public var mounts: [MountSpec]
    /// Commands run at points of the lifecycle.
    public var hooks: HooksSpec?
    /// Free metadata, in the order of the file.
    public var annotations: [StringPair]
    /// What only Linux has.
    public var linux: LinuxSpec?
    /// The sections that are there for other platforms; not read, not written.
    public var otherPlatforms: [String] = []

    /// What is left out takes the value an absent key has.
    public init(
        ociVersion: String = "1.3.0",
        process: ProcessSpec? = nil,
        root: RootSpec? = nil,
        hostname: String? = nil,
        domainname: String? = nil,
        mounts: [MountSpec] = [],
        hooks: HooksSpec? = nil,
        annotations: [StringPair] = [],
        linux: LinuxSpec? = nil
    ) {
        self.ociVersion = ociVersion
        self.process = process
        self.root = root
        self.hostname = hostname
        self.domainname = domainname
        self.mounts = mounts
        self.hooks = hooks
        self.annotations = annotations
        self.linux = linux
    }
}

/// The container's root filesystem.
/// See runtime-spec v1.3 config.md#root.
public struct RootSpec: Sendable, Equatable {
    /// Absolute, or relative to the bundle.
    public var path: String
    /// Whether the root is read-only inside the container.
    public var readonly: Bool

    /// What is left out takes the value an absent key has.
    public init(path: String, readonly: Bool = false) {
        self.path = path
        self.readonly = readonly
    }
}
