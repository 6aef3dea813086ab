// SPDX-License-Identifier: Apache-2.0
// What the administrator and the user set, with the keys of dockerd's daemon.json. What each key does stands in
// docs/configuration.md; where the files are and how they are read, in Settings+Files.swift, Settings+JSON.swift.
public import OCISpec

/// A limit of `default-ulimits`.
public struct DefaultLimit: Sendable, Equatable {
    /// Such as `nofile`.
    public var name: String
    /// The soft limit; -1: none.
    public var soft: Int64
    /// The hard limit; -1: none.
    public var hard: Int64

    /// A limit.
    public init(name: String, soft: Int64, hard: Int64) {
        self.name = name
        self.soft = soft
        self.hard = hard
    }
}

/// The settings of all files together.
public struct Settings: Sendable, Equatable {
    /// `registry-mirrors`: asked in this order before Docker Hub.
    public var mirrors: [RegistryURL] = []
    /// `insecure-registries`.
    public var insecureRegistries: [InsecureRegistry] = []
    /// `max-concurrent-downloads`: layers of an image that come in at once.
    public var concurrentDownloads: Int32 = 3
    /// `max-concurrent-uploads`: layers that go out at once.
    public var concurrentUploads: Int32 = 5
    /// `max-download-attempts`: how often a layer is begun before a pull fails.
    public var downloadAttempts: Int32 = 5
    /// `data-root`: where images and containers are; nil: the default.
    public var dataRoot: String?
    /// `dns`: servers of names for containers, in order.
    public var nameServers: [String] = []
    /// `dns-search`: domains that names are completed with.
    public var searchDomains: [String] = []
    /// `dns-opts`: options of resolv.conf(5).
    public var resolverOptions: [String] = []
    /// `default-ulimits`: limits of containers that set none of that name.
    public var defaultLimits: [DefaultLimit] = []
    /// `log-driver`; nil: the default.
    public var logDriver: String?
    /// `log-opts`.
    public var logOptions: [StringPair] = []
    /// What is odd in the files and changes nothing: one sentence each.
    public var warnings: [String] = []

    /// The defaults.
    public init() {}

    /// Whether a registry's certificate need not be right. This machine itself never needs one.
    public func isInsecure(_ registry: RegistryHost) -> Bool {
        registry.isLoopback || insecureRegistries.contains { $0.matches(registry) }
    }
}
