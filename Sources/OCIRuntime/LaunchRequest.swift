// SPDX-License-Identifier: Apache-2.0
// What `create` and `run` are asked for.
public import Kernel
public import OCISpec

/// A root that was made before the container.
public struct OverlayRoot: Sendable {
    /// The parts that it was made of.
    public let overlay: OverlayMount
    /// The detached mount, which stays the caller's; negative on paper.
    public let descriptor: Int32

    /// A root.
    public init(_ overlay: OverlayMount, descriptor: Int32) {
        self.overlay = overlay
        self.descriptor = descriptor
    }
}

/// A container to be made.
public struct LaunchRequest: Sendable {
    /// Where the configuration comes from.
    public enum Configuration: Sendable {
        /// config.json in the bundle.
        case bundle
        /// A value of the caller's; the bundle's directory is only what relative paths start from.
        case value(RuntimeSpec)
    }
    /// The container's id.
    public var id: String
    /// The bundle's directory.
    public var bundle: String
    /// Where the configuration comes from.
    public var configuration = Configuration.bundle
    /// Path of the socket that takes the terminal's master.
    public var consoleSocket: String?
    /// A connected socket that takes it, instead of a path.
    public var consoleDescriptor: Int32 = -1
    /// Path of the socket that takes a descriptor of the first process.
    public var pidfdSocket: String?
    /// File that gets the pid.
    public var pidFile: String?
    /// False for --no-pivot.
    public var pivots = true
    /// False for --no-new-keyring.
    public var joinsKeyring = true
    /// Descriptors after standard error that the program gets.
    public var preservedDescriptors: UInt32 = 0
    /// docker's default filter, where the configuration names none; for `roost run`.
    public var usesDefaultFilter = false
    /// False: no control group (`--cgroup-manager disabled`).
    public var usesCgroup = true

    /// The root, when it is an overlay: `root.path` of the configuration is then where it is mounted.
    public var root: OverlayRoot?

    /// A request with the defaults.
    public init(id: String, bundle: String) {
        self.id = id
        self.bundle = bundle
    }
}
