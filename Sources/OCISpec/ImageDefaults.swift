// SPDX-License-Identifier: Apache-2.0
// What a container of an image starts with, unless its user says otherwise; Docker's keys are read too.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties

/// The member `config` of an image's configuration.
public struct ImageDefaults: Sendable, Equatable {
    /// `user`, `uid`, `user:group` or `uid:gid`; empty for root.
    public var user: String
    /// Ports such as `80/tcp`.
    public var exposedPorts: [String]
    /// `NAME=value` each.
    public var env: [String]
    /// The program and its first arguments; nil is not the same as none.
    public var entrypoint: [String]?
    /// The program, or arguments for the entry point.
    public var cmd: [String]?
    /// Directories that a volume is mounted on.
    public var volumes: [String]
    /// Where the program starts; empty for `/`.
    public var workingDir: String
    /// Free keys and values.
    public var labels: [StringPair]
    /// The signal that ends the container.
    public var stopSignal: String?
    /// Seconds from that signal to SIGKILL; Docker's.
    public var stopTimeout: Int?
    /// The shell of commands in shell form; Docker's.
    public var shell: [String]
    /// How to see whether the container does well; Docker's.
    public var healthcheck: ImageHealthcheck?
    /// What a build on top of this image does first; Docker's.
    public var onBuild: [String]
    /// The host name; Docker's.
    public var hostname: String
    /// The domain name; Docker's.
    public var domainname: String
    /// Whether the command is one word, escaped; Windows only.
    public var argsEscaped: Bool

    /// What is left out takes the value an absent key has.
    public init(
        user: String = "",
        exposedPorts: [String] = [],
        env: [String] = [],
        entrypoint: [String]? = nil,
        cmd: [String]? = nil,
        volumes: [String] = [],
        workingDir: String = "",
        labels: [StringPair] = [],
        stopSignal: String? = nil,
        stopTimeout: Int? = nil,
        shell: [String] = [],
        healthcheck: ImageHealthcheck? = nil,
        onBuild: [String] = [],
        hostname: String = "",
        domainname: String = "",
        argsEscaped: Bool = false
    ) {
        self.user = user
        self.exposedPorts = exposedPorts
        self.env = env
        self.entrypoint = entrypoint
        self.cmd = cmd
        self.volumes = volumes
        self.workingDir = workingDir
        self.labels = labels
        self.stopSignal = stopSignal
        self.stopTimeout = stopTimeout
        self.shell = shell
        self.healthcheck = healthcheck
        self.onBuild = onBuild
        self.hostname = hostname
        self.domainname = domainname
        self.argsEscaped = argsEscaped
    }
}

/// How a container is asked whether it does well; times are nanoseconds, 0 for the default.
/// See Docker's `HEALTHCHECK`.
public struct ImageHealthcheck: Sendable, Equatable {
    /// `NONE`, `CMD` and a command's words, or `CMD-SHELL` and a line.
    public var test: [String]
    /// From one question to the next.
    public var interval: Int64
    /// How long an answer may take.
    public var timeout: Int64
    /// How long failures after the start do not count.
    public var startPeriod: Int64
    /// From one question to the next while they do not count.
    public var startInterval: Int64
    /// How many failures in a row count.
    public var retries: Int

    /// What is left out takes the value an absent key has.
    public init(
        test: [String] = [],
        interval: Int64 = 0,
        timeout: Int64 = 0,
        startPeriod: Int64 = 0,
        startInterval: Int64 = 0,
        retries: Int = 0
    ) {
        self.test = test
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.startInterval = startInterval
        self.retries = retries
    }
}
