// SPDX-License-Identifier: Apache-2.0
// The name of a layer together with all below it: what an unpacked layer is stored under.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-chainid
internal import Digest
public import OCISpec

/// Chain IDs.
public enum ChainID {
    /// The chain ID of each layer, the lowest first, from the diff IDs in the same order.
    public static func chain(_ diffIDs: [ContentDigest]) -> [ContentDigest] {
        var chain: [ContentDigest] = []
        for diffID in diffIDs {
            guard let below = chain.last else {
                chain.append(diffID)
                continue
            }
            chain.append(ContentDigest(hash: SHA256.hash(Array("\(below.text) \(diffID.text)".utf8))))
        }
        return chain
    }
}
