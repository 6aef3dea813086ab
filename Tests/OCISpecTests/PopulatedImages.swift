// SPDX-License-Identifier: Apache-2.0
// Image documents with every field set to something that is not its default: a field that is lost is seen.

import OCISpec

extension Populated {
    static func digest(_ byte: UInt8) -> ContentDigest {
        ContentDigest(hash: [UInt8](repeating: byte, count: 32))
    }

    static let descriptor = Descriptor(
        mediaType: .ociManifest, digest: digest(1), size: 2, urls: ["url3", "url4"],
        annotations: [StringPair(key: "key5", value: "value6")], data: "e30=",
        platform: Platform(
            architecture: "arm", os: "linux", variant: "v7", osVersion: "10.0", osFeatures: ["win32k"]),
        artifactType: "artifact8")

    static let index = ImageIndex(
        mediaType: .ociIndex, artifactType: "artifact9", manifests: [descriptor, descriptor],
        subject: descriptor, annotations: [StringPair(key: "key10", value: "value11")])

    static let manifest = ImageManifest(
        mediaType: .ociManifest, artifactType: "artifact12", config: descriptor,
        layers: [descriptor, descriptor], subject: descriptor,
        annotations: [StringPair(key: "key13", value: "value14")])

    static let defaults = ImageDefaults(
        user: "user15", exposedPorts: ["80/tcp", "53/udp"], env: ["A=16"], entrypoint: ["entry17"],
        cmd: ["cmd18"], volumes: ["/volume19"], workingDir: "/dir20",
        labels: [StringPair(key: "key21", value: "value22")], stopSignal: "SIGQUIT", stopTimeout: 23,
        shell: ["shell24"],
        healthcheck: ImageHealthcheck(
            test: ["CMD", "test25"], interval: 26, timeout: 27, startPeriod: 28, startInterval: 29,
            retries: 30),
        onBuild: ["RUN 31"], hostname: "host32", domainname: "domain33", argsEscaped: true)

    static let config = ImageConfig(
        created: "2026-01-02T03:04:05Z", author: "author34",
        platform: Platform(
            architecture: "arm64", os: "linux", variant: "v8", osVersion: "35", osFeatures: ["feature36"]),
        config: defaults, diffIDs: [digest(37), digest(38)],
        history: [
            ImageHistory(
                created: "2026-01-02T03:04:05Z", createdBy: "RUN 39", author: "author40",
                comment: "comment41",
                emptyLayer: true)
        ])
}
