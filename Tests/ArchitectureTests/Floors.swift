// SPDX-License-Identifier: Apache-2.0
// The floors of docs/architecture.md as data: what each module under Sources/ may import. A module that
// is not here fails the test, and so does a row without a module. Foundation is on no row of them.

enum Floors {
    static let mayImport: [String: Set<String>] = [
        "JSON": [],
        "CCap": [],
        "CSeccomp": [],
        "CBuild": [],
        "CCrypto": [],
        "CTransfer": [],
        "OCISpec": ["JSON"],
        "Digest": ["CCrypto"],
        "Kernel": ["CShims", "CCap", "CSeccomp", "Glibc", "OCISpec", "JSON"],
        "Plan": ["Kernel", "OCISpec", "JSON"],
        "StateStore": ["Kernel", "OCISpec", "JSON"],
        "BlobStore": ["Kernel", "Digest", "OCISpec", "JSON"],
        "CommandLine": ["JSON"],
        "Template": ["JSON"],
        "TransferProtocol": ["OCISpec", "JSON"],
        "OCIRuntime": ["Plan", "StateStore", "Kernel", "OCISpec", "JSON"],
        "Images": ["BlobStore", "TransferProtocol", "Kernel", "Digest", "OCISpec", "JSON"],
        "Transfer": ["BlobStore", "TransferProtocol", "Kernel", "Digest", "CTransfer", "OCISpec", "JSON"],
        "Explain": ["Plan", "Kernel", "OCISpec", "JSON"],
        "roost": [
            "OCIRuntime", "Images", "Explain", "Plan", "StateStore", "BlobStore", "CommandLine", "Template",
            "TransferProtocol", "Kernel", "Digest", "OCISpec", "JSON",
        ],
        "roost-transfer": ["Transfer", "BlobStore", "TransferProtocol", "Kernel", "OCISpec", "JSON"],
        "roost-oci": [
            "OCIRuntime", "Explain", "Plan", "StateStore", "CommandLine", "Kernel", "OCISpec", "CBuild",
            "JSON",
        ],
    ]

    /// What tests from outside may import, by folder of Tests/: they see the programs as their callers
    /// do, and none of the modules. All other tests import what they test.
    static let outsideMayImport: [String: Set<String>] = [
        "Support": ["Foundation", "Glibc"],
        "IntegrationTests": ["TestSupport", "Testing", "Foundation", "Glibc"],
        "ConformanceTests": ["TestSupport", "Testing", "Foundation", "Glibc"],
    ]

    /// What the public header of CShims may include. Wide headers there clash with Swift's Glibc module.
    static let publicHeadersMayInclude: Set<String> = [
        "stdint.h", "stddef.h", "stdbool.h", "sys/types.h",
    ]

    static let maximumLines = 400

    static let refusedNames: Set<String> = [
        "util", "utils", "utilities", "helper", "helpers", "common", "misc", "extras",
    ]
}
