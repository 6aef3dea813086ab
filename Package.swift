// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// The floors of docs/architecture.md as build targets: a dependency only ever points down.
import PackageDescription

// Release builds are Embedded Swift (docs/decisions/0007): no runtime, no metadata, everything specialised.
// Debug builds are ordinary Swift, since Swift Testing and Foundation need the runtime.
let embedded: [SwiftSetting] = [
    .enableExperimentalFeature("Embedded", .when(configuration: .release)),
    .unsafeFlags(
        // Merged functions have no names, and what has no name cannot be put in order.
        ["-wmo", "-Xfrontend", "-function-sections", "-Xfrontend", "-disable-llvm-merge-functions-pass"],
        .when(configuration: .release)),
]

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

// Only the programs are static: a global flag would also try to link test bundles that way. Embedded objects
// name no libraries, so they stand here. The order puts what a launch runs into few pages (docs/performance.md).
func staticProgram(_ name: String) -> [LinkerSetting] {
    [
        .linkedLibrary("cap"), .linkedLibrary("seccomp"),
        .unsafeFlags(["-static-executable", "-use-ld=lld", "-Xlinker", "--entry=shim_entry"]),
        .unsafeFlags(
            [
                "-Xlinker", "-s", "-Xlinker", "--no-warn-symbol-ordering",
                "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/Benchmarks/\(name).order",
                "-Xlinker", "-T\(Context.packageDirectory)/Benchmarks/launch.ld",
            ], .when(configuration: .release)),
    ]
}

// Dynamic, since ISA-L has no static library in Debian; Swift's own parts are static as ever.
let transferLibraries: [LinkerSetting] = ["curl", "isal", "zstd", "z"].map { .linkedLibrary($0) }
let transferProgram: [LinkerSetting] =
    transferLibraries + [
        .linkedLibrary("cap"), .linkedLibrary("seccomp"), .linkedLibrary("crypto"),
        .unsafeFlags(["-static-stdlib", "-use-ld=lld", "-Xlinker", "--entry=shim_entry"]),
        .unsafeFlags(["-Xlinker", "-s"], .when(configuration: .release)),
    ]

// A million mutated texts go through these in the unit tests.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + embedded + settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The commit that is built, for `roost-oci --version`.
let commit = Context.gitInformation.map { $0.currentCommit + ($0.hasUncommittedChanges ? "-dirty" : "") }

let package = Package(
    name: "roost",
    products: [
        .executable(name: "roost", targets: ["roost"]),
        .executable(name: "roost-oci", targets: ["roost-oci"]),
        .executable(name: "roost-transfer", targets: ["roost-transfer"]),
    ],
    targets: [
        .target(
            name: "CShims", path: "CShims",
            cSettings: [.unsafeFlags(["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-ffunction-sections"])]),
        .systemLibrary(name: "CCap"),
        .systemLibrary(name: "CSeccomp"),
        .systemLibrary(name: "CCrypto"),
        .target(
            name: "CTransfer",
            cSettings: [.unsafeFlags(["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-ffunction-sections"])]),
        .target(
            name: "CBuild", cSettings: commit.map { [.define("ROOST_COMMIT", to: "\"\($0)\"")] } ?? []),
        room("JSON", [], optimised),
        room("OCISpec", ["JSON"], optimised),
        room("Kernel", ["CShims", "CCap", "CSeccomp", "OCISpec", "JSON"]),
        room("Digest", ["CCrypto"]),
        room("Plan", ["Kernel", "OCISpec", "JSON"]),
        room("StateStore", ["Kernel", "OCISpec", "JSON"]),
        room("BlobStore", ["Kernel", "Digest", "OCISpec", "JSON"]),
        room("CommandLine", ["JSON"]),
        room("Template", ["JSON"], optimised),
        room("TransferProtocol", ["OCISpec", "JSON"], optimised),
        room("Explain", ["Plan", "Kernel", "OCISpec", "JSON"]),
        room("Images", ["BlobStore", "TransferProtocol", "Kernel", "Digest", "OCISpec", "JSON"]),
        room(
            "Transfer",
            ["BlobStore", "TransferProtocol", "Kernel", "Digest", "CTransfer", "OCISpec", "JSON"]),
        room("OCIRuntime", ["Plan", "StateStore", "Kernel", "OCISpec", "JSON"]),
        .executableTarget(
            name: "roost",
            dependencies: [
                "OCIRuntime", "Images", "Explain", "Plan", "StateStore", "BlobStore", "CommandLine",
                "Template",
                "TransferProtocol", "Kernel", "Digest", "OCISpec", "JSON",
            ],
            swiftSettings: strict + embedded,
            linkerSettings: staticProgram("roost") + [.linkedLibrary("crypto")]),
        .executableTarget(
            name: "roost-oci",
            dependencies: [
                "OCIRuntime", "Explain", "Plan", "StateStore", "CommandLine", "Kernel", "OCISpec", "CBuild",
                "JSON",
            ],
            swiftSettings: strict + embedded, linkerSettings: staticProgram("roost-oci")),
        .executableTarget(
            name: "roost-transfer",
            dependencies: ["Transfer", "BlobStore", "TransferProtocol", "Kernel", "OCISpec", "JSON"],
            swiftSettings: strict + embedded, linkerSettings: transferProgram),
        tests("JSONTests", ["JSON"]),
        tests("OCISpecTests", ["OCISpec", "JSON"]),
        tests("KernelTests", ["Kernel", "CShims", "CSeccomp", "OCISpec", "JSON"]),
        tests("PlanTests", ["Plan", "Kernel", "OCISpec"]),
        tests("ExplainTests", ["Explain", "OCIRuntime", "Plan", "Kernel", "OCISpec", "JSON"]),
        tests("StateStoreTests", ["StateStore", "Kernel", "OCISpec", "JSON"]),
        tests("CommandLineTests", ["CommandLine"]),
        tests("DigestTests", ["Digest"]),
        tests("BlobStoreTests", ["BlobStore", "Kernel", "Digest", "OCISpec", "JSON"]),
        tests("TemplateTests", ["Template", "JSON"]),
        tests("TransferProtocolTests", ["TransferProtocol", "OCISpec", "JSON"]),
        tests(
            "ImagesTests", ["Images", "BlobStore", "TransferProtocol", "Kernel", "Digest", "OCISpec", "JSON"]),
        .executableTarget(
            name: "transfer-probe", dependencies: ["Transfer", "BlobStore", "Kernel"], path: "Tests/Probe",
            swiftSettings: strict + embedded,
            linkerSettings: transferLibraries + ["cap", "seccomp", "crypto"].map { .linkedLibrary($0) }),
        .testTarget(
            name: "TransferTests",
            dependencies: [
                "Transfer", "BlobStore", "TransferProtocol", "Kernel", "Digest", "OCISpec", "JSON",
            ],
            swiftSettings: strict, linkerSettings: transferLibraries),
        tests("OCIRuntimeTests", ["OCIRuntime", "Plan", "Kernel", "OCISpec", "JSON"]),
        tests("ArchitectureTests"),
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: strict),
        tests("IntegrationTests", ["TestSupport"]),
        tests("ConformanceTests", ["TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
