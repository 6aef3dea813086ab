// SPDX-License-Identifier: Apache-2.0
// What an image runs on.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md

/// An operating system on a processor; empty texts are not told.
/// See image-spec v1.1.1 image-index.md#image-index-property-descriptions.
public struct Platform: Sendable, Equatable {
    /// The processor in Go's words, such as `amd64`.
    public var architecture: String
    /// The operating system in Go's words, such as `linux`.
    public var os: String
    /// The processor's variant, such as `v7`.
    public var variant: String?
    /// The version of the operating system; Windows only.
    public var osVersion: String?
    /// What the operating system must offer; Windows only.
    public var osFeatures: [String]

    /// What is left out takes the value an absent key has.
    public init(
        architecture: String,
        os: String,
        variant: String? = nil,
        osVersion: String? = nil,
        osFeatures: [String] = []
    ) {
        self.architecture = architecture
        self.os = os
        self.variant = variant
        self.osVersion = osVersion
        self.osFeatures = osFeatures
    }
}

extension Platform: CustomStringConvertible {
    /// The form that `--platform` takes: `linux/arm/v7`.
    public var description: String {
        let pair = os + "/" + architecture
        guard let variant, !variant.isEmpty else { return pair }
        return pair + "/" + variant
    }
}
