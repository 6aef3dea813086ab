// SPDX-License-Identifier: Apache-2.0
// One entry of a tar archive, as values. Names are bytes: nothing converts them.

/// An extended attribute.
struct ExtendedAttribute: Equatable {
    var key: [UInt8]
    var value: [UInt8]
}

/// A piece of a sparse file that has content.
struct SparsePiece: Equatable {
    var offset: Int64
    var count: Int64
}

/// An entry. See tar(5), pax(1).
struct TarEntry {
    /// What an entry is.
    enum Kind: Equatable {
        case file, hardLink, symbolicLink, characterDevice, blockDevice, directory, fifo
    }

    var kind = Kind.file
    var path: [UInt8] = []
    var linkPath: [UInt8] = []
    /// Bytes of the file, with its holes.
    var size: Int64 = 0
    var mode: UInt32 = 0
    var uid: Int64 = 0
    var gid: Int64 = 0
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0
    var major: UInt32 = 0
    var minor: UInt32 = 0
    var attributes: [ExtendedAttribute] = []
    /// What of the file is in the archive; nil: all.
    var pieces: [SparsePiece]?
}
