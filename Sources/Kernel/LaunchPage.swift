// SPDX-License-Identifier: Apache-2.0
// The page that parent and child share: a time stamp for each operation, and what failed. For `create`
// it is a file, so that `start`, another process, can read how it ended.
internal import CShims

/// What the child reported when an operation failed.
public struct LaunchFailure: Equatable, Sendable {
    /// The index of the operation.
    public let operation: Int
    /// Its error.
    public let number: ErrorNumber
    /// Which part of it.
    public let detail: Detail
    /// A number that `detail` explains: the option that was refused, a hook's exit status.
    public let detailIndex: UInt32

    /// Which part of an operation failed.
    public enum Detail: UInt32, Sendable {
        /// The operation is one call.
        case none
        /// The path inside the root could not be opened or made.
        case openTarget
        /// A directory was to be mounted over a file.
        case notDirectory
        /// A file was to be mounted over a directory.
        case notFile
        /// move_mount(2).
        case move
        /// A file system option was refused.
        case option
        /// The file system was refused.
        case create
        /// A symbolic link stands where none may be.
        case symbolicLink
        /// Something else stands where the device must be.
        case notTheDevice
        /// The place is not inside the root.
        case outside
        /// A hook ended with this status.
        case hookExit
        /// A hook ended by this signal.
        case hookSignal
        /// A hook did not end in time.
        case hookTimeout
        /// The parent died.
        case parentGone
        /// The destination of a mount leads into a procfs by a symbolic link.
        case inProc
        /// The child could not move into its group.
        case enterGroup
    }
}

/// Shared memory between parent and child; unmapped with its owner.
public struct LaunchPage: ~Copyable {
    let pointer: UnsafeMutablePointer<shim_page>
    private let size: Int

    private init(descriptor: Int32, size: Int) throws(SyscallError) {
        guard let address = shim_map_shared(descriptor, size) else {
            throw SyscallError("mmap", "", ErrorNumber(12))
        }
        pointer = address.assumingMemoryBound(to: shim_page.self)
        self.size = size
    }

    /// A page for `operations` stamps, in `file` when given (which is given its size), else anonymous.
    public init(operations: Int, file: Int32? = nil) throws(SyscallError) {
        let size = MemoryLayout<shim_page>.size + (operations + 1) * 8
        if let file { _ = try checked(shim_ftruncate(file, Int64(size)), "ftruncate") }
        try self.init(descriptor: file ?? -1, size: size)
        pointer.pointee.operations = UInt32(operations)
    }

    /// The page that `create` left in a file.
    public init(reopening file: borrowing OwnedFileDescriptor) throws(SyscallError) {
        let size = Int(try Files.status("", at: file.number).size)
        guard size >= MemoryLayout<shim_page>.size else { throw SyscallError("mmap", "", .invalid) }
        try self.init(descriptor: file.number, size: size)
    }

    deinit { _ = shim_unmap(pointer, size) }

    /// The number of operations of the program.
    public var operations: Int { Int(pointer.pointee.operations) }

    /// What failed, if something did.
    public var failure: LaunchFailure? {
        guard pointer.pointee.failed > 0 else { return nil }
        return LaunchFailure(
            operation: Int(pointer.pointee.failed) - 1, number: ErrorNumber(pointer.pointee.error),
            detail: LaunchFailure.Detail(rawValue: pointer.pointee.detail) ?? .none,
            detailIndex: pointer.pointee.detail_index)
    }

    /// True once the child has called execve and the call has not failed.
    public var reachedExec: Bool { pointer.pointee.at_exec != 0 }

    /// The descriptor in the child that its filter's listener is read from.
    public var listener: Int32? {
        pointer.pointee.listener > 0 ? Int32(pointer.pointee.listener) - 1 : nil
    }

    /// When operation `index` began, in nanoseconds of CLOCK_MONOTONIC; 0: not yet.
    public func began(_ index: Int) -> UInt64 {
        guard index >= 0, index < Int(pointer.pointee.operations) else { return 0 }
        return shim_page_stamp(pointer, UInt32(index))
    }

    /// The most that `setStateText` takes, in bytes.
    public static var stateTextSize: Int { Int(SHIM_STATE_TEXT_SIZE) }

    /// The state that hooks in the child get on standard input; cut off at `stateTextSize`.
    /// - Parameter index: 0 for createContainer, 1 for startContainer.
    public func setStateText(_ text: [UInt8], index: Int) {
        text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            shim_page_set_text(pointer, UInt32(index), base, UInt32(bytes.count))
        }
    }
}
