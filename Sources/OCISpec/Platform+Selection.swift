// SPDX-License-Identifier: Apache-2.0
// `linux/arm64/v8` as users write it, the one spelling that is compared, and which images a machine can run.

/// Why a text is no platform.
public struct PlatformError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
}

extension Platform {
    /// Reads `os`, `arch`, `os/arch` or `os/arch/variant`; what is not said is the host's.
    public init(_ text: String, host: Platform) throws(PlatformError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isPart) }) else {
            throw PlatformError(description: "`\(text)` is no platform; write it like `linux/arm64`")
        }
        switch parts.count {
        case 1: try self.init(one: parts[0], host: host)
        case 2: self = Platform(architecture: parts[1], os: parts[0]).normalized
        default: self = Platform(architecture: parts[1], os: parts[0], variant: parts[2]).normalized
        }
    }

    private init(one part: String, host: Platform) throws(PlatformError) {
        let read = Platform(architecture: part, os: part).normalized
        if Self.isKnown(os: read.os) {
            self = Platform(architecture: host.architecture, os: read.os, variant: host.variant).normalized
        } else if Self.isKnown(architecture: read.architecture) {
            self = Platform(architecture: read.architecture, os: host.os, variant: read.variant).normalized
        } else {
            throw PlatformError(
                description: "`\(part)` is neither an operating system nor an architecture that is known;"
                    + " write it like `linux/arm64`")
        }
    }

    /// The one spelling: small letters, `amd64` for `x86_64`, `arm64` for `aarch64`, `arm/v7` for `armhf`.
    public var normalized: Platform {
        var platform = self
        let given = variant?.lowercased() ?? ""
        let name = architecture.lowercased()
        platform.os = os.lowercased()
        if platform.os == "macos" { platform.os = "darwin" }
        let (architecture, variant): (String, String) =
            switch name {
            case "i386": ("386", "")
            case "x86_64", "x86-64", "amd64": ("amd64", given == "v1" ? "" : given)
            case "aarch64", "arm64": ("arm64", Self.arm64Variant(given))
            case "armhf": ("arm", "v7")
            case "armel": ("arm", "v6")
            case "arm": ("arm", Self.armVariant(given))
            default: (name, given)
            }
        platform.architecture = architecture
        platform.variant = variant.isEmpty ? nil : variant
        return platform
    }

    /// How well a machine of this platform runs an image of another: 0 is best, nil is not at all.
    public func rank(of image: Platform) -> Int? {
        let image = image.normalized
        let machine = normalized
        guard image.os == machine.os else { return nil }
        return machine.runnable.firstIndex {
            $0.architecture == image.architecture && $0.variant == image.variant
        }
    }

    /// What the processor runs, best first.
    private var runnable: [Platform] {
        switch architecture {
        case "amd64": older(downTo: 1) + [Platform(architecture: "386", os: os)]
        case "arm64":
            older64() + Platform(architecture: "arm", os: os, variant: "v8").older(downTo: 5)
        case "arm": older(downTo: 5)
        default: [self]
        }
    }

    /// This one and those of the same family with a lower version; `v1` of amd64 is spelled as none.
    private func older(downTo least: Int) -> [Platform] {
        guard let variant, variant.hasPrefix("v"), let version = Int(variant.dropFirst()), version > least,
            version < 100
        else { return [self] }
        return (least...version).reversed().map { version in
            Platform(architecture: architecture, os: os, variant: "v\(version)").normalized
        }
    }

    /// `v9.2` runs `v9.1`, `v9`, and as every v9 does the v8 that is five minor versions newer, and below.
    private func older64() -> [Platform] {
        let text = variant ?? "v8"
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard text.hasPrefix("v"), parts.count <= 2, let major = parts.first.flatMap({ Int($0) }),
            major == 8 || major == 9, let minor = parts.count == 2 ? Int(parts[1]) : 0,
            (0..<16).contains(minor)
        else { return [self] }
        var versions = (0...minor).reversed().map { (major, $0) }
        if major == 9 { versions += (0...minor + 5).reversed().map { (8, $0) } }
        return versions.map { (major, minor) in
            let variant = minor == 0 ? "v\(major)" : "v\(major).\(minor)"
            return Platform(architecture: architecture, os: os, variant: variant).normalized
        }
    }

    private static func arm64Variant(_ variant: String) -> String {
        switch variant {
        case "8", "v8", "v8.0": ""
        case "9", "9.0", "v9.0": "v9"
        default: variant
        }
    }

    private static func armVariant(_ variant: String) -> String {
        switch variant {
        case "", "7": "v7"
        case "5", "6", "8": "v" + variant
        default: variant
        }
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func isKnown(os: String) -> Bool {
        switch os {
        case "linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "dragonfly", "solaris", "illumos",
            "aix", "android", "ios", "js", "plan9", "wasip1", "zos":
            true
        default: false
        }
    }

    private static func isKnown(architecture: String) -> Bool {
        switch architecture {
        case "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64",
            "ppc64le", "riscv64", "s390x", "wasm":
            true
        default: false
        }
    }
}
