// SPDX-License-Identifier: Apache-2.0
// The machine in the words of image indexes.
// Source: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md, GOARCH

/// The processor that this program was built for.
public enum Machine {
    /// The name of the architecture in image indexes.
    public static var architecture: String {
        #if arch(x86_64)
            return "amd64"
        #elseif arch(arm64)
            return "arm64"
        #elseif arch(riscv64)
            return "riscv64"
        #else
            #error("this architecture's name in image indexes is not known here")
        #endif
    }
}
