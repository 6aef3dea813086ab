// SPDX-License-Identifier: Apache-2.0
// docker's form of a filter: rules that depend on the machine, the kernel and the capabilities, resolved into
// the runtime specification's form for one container.
// Source: https://github.com/moby/profiles/blob/cd3bed8061c7/seccomp/seccomp.go

/// A profile as `--security-opt seccomp=FILE` takes it. A `linux.seccomp` of config.json is one too.
public struct SeccompProfile: Sendable, Equatable {
    /// Everything but the rules that depend on something.
    public var base: SeccompSpec
    /// Tables that go with a machine's own.
    public var architectureMap: [SeccompArchitectureGroup]
    /// The rules.
    public var calls: [SeccompProfileRule]

    /// All of it.
    public init(
        base: SeccompSpec, architectureMap: [SeccompArchitectureGroup] = [], calls: [SeccompProfileRule] = []
    ) {
        self.base = base
        self.architectureMap = architectureMap
        self.calls = calls
    }

    /// The filter of one container.
    public func resolved(for host: SeccompHost) -> SeccompSpec {
        var spec = base
        if let group = architectureMap.first(where: { $0.architecture == host.architecture }) {
            spec.architectures = [group.architecture] + group.companions
        }
        spec.syscalls = calls.filter { $0.applies(to: host) }.map { $0.rule }
        return spec
    }

    /// For each rule of `resolved(for:)` its index in the file.
    public func indexes(for host: SeccompHost) -> [Int] {
        calls.indices.filter { calls[$0].applies(to: host) }
    }
}

/// A machine's table and those that its programs may use beside it.
public struct SeccompArchitectureGroup: Sendable, Equatable {
    /// The machine's own.
    public var architecture: SeccompArchitecture
    /// The others.
    public var companions: [SeccompArchitecture]
    /// Both.
    public init(architecture: SeccompArchitecture, companions: [SeccompArchitecture] = []) {
        self.architecture = architecture
        self.companions = companions
    }
}

/// What rules of a profile may depend on.
public struct SeccompHost: Sendable, Equatable {
    /// The machine.
    public var architecture: SeccompArchitecture
    /// Names of the container's bounding set.
    public var capabilities: [String]
    /// The kernel's version.
    public var kernel: (major: Int, minor: Int)

    /// All of it.
    public init(architecture: SeccompArchitecture, capabilities: [String], kernel: (major: Int, minor: Int)) {
        self.architecture = architecture
        self.capabilities = capabilities
        self.kernel = kernel
    }

    /// Equal in all.
    public static func == (a: SeccompHost, b: SeccompHost) -> Bool {
        a.architecture == b.architecture && a.capabilities == b.capabilities && a.kernel == b.kernel
    }

    /// Numbers at the beginning of a text such as `4.8` or `6.1.0-13-amd64`; nil when there are none.
    public static func version(_ text: String) -> (major: Int, minor: Int)? {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        func number(_ part: Substring.UTF8View) -> Int? {
            Int(String(decoding: part.prefix { (48...57).contains($0) }, as: UTF8.self))
        }
        guard parts.count >= 2, let major = number(parts[0]), let minor = number(parts[1]) else { return nil }
        return (major, minor)
    }

    /// docker's name for the machine: Go's.
    var machineName: String {
        switch architecture {
        case .x86_64: "amd64"
        case .aarch64: "arm64"
        case .x86: "x86"
        case .mipsel: "mipsle"
        case .mipsel64: "mips64le"
        default:
            String(
                decoding: architecture.rawValue.utf8.dropFirst(10).map {
                    (65...90).contains($0) ? $0 + 32 : $0
                },
                as: UTF8.self)
        }
    }
}

/// A rule and what it depends on.
public struct SeccompProfileRule: Sendable, Equatable {
    /// The rule.
    public var rule: SeccompSyscallSpec
    /// What must be so.
    public var includes: SeccompProfileCondition
    /// What must not be so.
    public var excludes: SeccompProfileCondition

    /// All of it.
    public init(
        rule: SeccompSyscallSpec, includes: SeccompProfileCondition = SeccompProfileCondition(),
        excludes: SeccompProfileCondition = SeccompProfileCondition()
    ) {
        self.rule = rule
        self.includes = includes
        self.excludes = excludes
    }

    func applies(to host: SeccompHost) -> Bool {
        if excludes.architectures.contains(host.machineName) { return false }
        if excludes.capabilities.contains(where: { host.capabilities.contains($0) }) { return false }
        if let version = excludes.minimumKernel, host.isAtLeast(version) { return false }
        if !includes.architectures.isEmpty, !includes.architectures.contains(host.machineName) {
            return false
        }
        if !includes.capabilities.allSatisfy({ host.capabilities.contains($0) }) { return false }
        if let version = includes.minimumKernel, !host.isAtLeast(version) { return false }
        return true
    }
}

extension SeccompHost {
    func isAtLeast(_ text: String) -> Bool {
        guard let wanted = Self.version(text) else { return false }
        return (kernel.major, kernel.minor) >= (wanted.major, wanted.minor)
    }
}

/// What a rule depends on; empty: nothing.
public struct SeccompProfileCondition: Sendable, Equatable {
    /// docker's names of machines, any of which will do.
    public var architectures: [String]
    /// Names of capabilities: all, to include; any, to exclude.
    public var capabilities: [String]
    /// The least version of the kernel.
    public var minimumKernel: String?

    /// Nothing unless told.
    public init(architectures: [String] = [], capabilities: [String] = [], minimumKernel: String? = nil) {
        self.architectures = architectures
        self.capabilities = capabilities
        self.minimumKernel = minimumKernel
    }
}
