// SPDX-License-Identifier: Apache-2.0
// Commands run at points of a container's lifecycle.
// Source: https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md

/// Hooks by the point they run at.
/// See runtime-spec v1.3 config.md#posix-platform-hooks.
public struct HooksSpec: Sendable, Equatable {
    /// Deprecated: after the namespaces are made, in the runtime's.
    public var prestart: [HookSpec]
    /// Before pivot_root, in the runtime's namespaces.
    public var createRuntime: [HookSpec]
    /// Before pivot_root, in the container's namespaces.
    public var createContainer: [HookSpec]
    /// Before the user's program, in the container's namespaces.
    public var startContainer: [HookSpec]
    /// After the program has started, in the runtime's namespaces.
    public var poststart: [HookSpec]
    /// After the container is deleted, in the runtime's namespaces.
    public var poststop: [HookSpec]

    /// What is left out takes the value an absent key has.
    public init(
        prestart: [HookSpec] = [],
        createRuntime: [HookSpec] = [],
        createContainer: [HookSpec] = [],
        startContainer: [HookSpec] = [],
        poststart: [HookSpec] = [],
        poststop: [HookSpec] = []
    ) {
        self.prestart = prestart
        self.createRuntime = createRuntime
        self.createContainer = createContainer
        self.startContainer = startContainer
        self.poststart = poststart
        self.poststop = poststop
    }
}

/// One command.
/// See runtime-spec v1.3 config.md#posix-platform-hooks.
public struct HookSpec: Sendable, Equatable {
    /// Absolute path of the program.
    public var path: String
    /// Argument vector, the first included; empty means the path alone.
    public var args: [String]
    /// Its whole environment as `NAME=value`.
    public var env: [String]
    /// Seconds until the hook is killed; more than zero.
    public var timeout: Int64?

    /// What is left out takes the value an absent key has.
    public init(path: String, args: [String] = [], env: [String] = [], timeout: Int64? = nil) {
        self.path = path
        self.args = args
        self.env = env
        self.timeout = timeout
    }
}
