// SPDX-License-Identifier: Apache-2.0
// The state of a container, as `state` prints it and hooks read it.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/runtime.md

/// A container's state.
/// See runtime-spec v1.3 runtime.md#state.
public struct ContainerState: Sendable, Equatable {
    /// Version of the runtime specification.
    public var ociVersion: String
    /// The container's id.
    public var id: String
    /// Where it is in its life.
    public var status: ContainerStatus
    /// The container's process as the host sees it; 0 when there is none.
    public var pid: Int32
    /// Absolute path of the bundle.
    public var bundle: String
    /// Annotations of config.json.
    public var annotations: [StringPair]

    /// What is left out takes the value an absent key has.
    public init(
        ociVersion: String,
        id: String,
        status: ContainerStatus,
        pid: Int32 = 0,
        bundle: String,
        annotations: [StringPair] = []
    ) {
        self.ociVersion = ociVersion
        self.id = id
        self.status = status
        self.pid = pid
        self.bundle = bundle
        self.annotations = annotations
    }
}

/// Points of a container's life.
public enum ContainerStatus: String, Sendable, Equatable, CaseIterable {
    /// Being created.
    case creating
    /// Created, its program not started.
    case created
    /// Running.
    case running
    /// Frozen; not a word of the spec, but of every runtime.
    case paused
    /// Its process has ended.
    case stopped
}

/// What a seccomp listener is sent with the descriptors.
/// See runtime-spec v1.3 runtime.md#containerprocessstate.
public struct ContainerProcessState: Sendable, Equatable {
    /// Version of the runtime specification.
    public var ociVersion: String
    /// Name of each descriptor sent, in order.
    public var fds: [String]
    /// The process the filter belongs to.
    public var pid: Int32
    /// The `listenerMetadata` of the filter.
    public var metadata: String?
    /// The container's state.
    public var state: ContainerState

    /// What is left out takes the value an absent key has.
    public init(
        ociVersion: String,
        fds: [String],
        pid: Int32,
        metadata: String? = nil,
        state: ContainerState
    ) {
        self.ociVersion = ociVersion
        self.fds = fds
        self.pid = pid
        self.metadata = metadata
        self.state = state
    }
}
