// SPDX-License-Identifier: Apache-2.0
// Where a command asks, and as whom.
import CommandLine
import Images
import Kernel
import OCISpec
import TransferProtocol

/// The registries as this user has them configured.
struct RegistryAccess {
    private let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    /// The places to ask for an image, in order.
    func endpoints(_ reference: ImageReference) throws(TransferFailure) -> [Endpoint] {
        let host = reference.registryHost
        let isLocal = host.hasPrefix("127.") || host.hasPrefix("localhost")
        return [Endpoint(url: "https://" + host, isInsecure: isLocal)]
    }
}
