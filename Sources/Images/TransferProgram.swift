// SPDX-License-Identifier: Apache-2.0
// Running roost-transfer: one process an errand. It gets the request, the store and the lease, and nothing
// else of this process; what it tells comes line by line.
public import BlobStore
internal import JSON
internal import Kernel
public import TransferProtocol

/// The program that moves image data.
public enum TransferProgram {
    /// Longer than any event that is meant.
    private static let longestLine = 1 << 20

    /// Runs one errand to its end.
    /// - Parameters:
    ///   - archive: a descriptor that archives are read from or written to; negative: none.
    ///   - onEvent: gets every event but `done` and `failed`, as it comes.
    /// - Throws: what `failed` says, or that the program ended without a word.
    public static func run(
        _ request: TransferRequest, _ store: borrowing ImageStore, lease: borrowing Lease,
        archive: Int32 = -1, onEvent: (TransferEvent) -> Void
    ) throws(TransferFailure) {
        try run(request, [store.blobs.directory.number, lease.file.number, archive], onEvent)
    }

    /// Runs an errand that needs no store: `login`, `search`.
    public static func ask(
        _ request: TransferRequest, onEvent: (TransferEvent) -> Void
    ) throws(TransferFailure) {
        try run(request, [], onEvent)
    }

    /// - Parameter descriptors: what it has from `TransferDescriptor.store` on.
    private static func run(
        _ request: TransferRequest, _ descriptors: [Int32], _ onEvent: (TransferEvent) -> Void
    ) throws(TransferFailure) {
        let path = try find()
        let requests = try pipe()
        let events = try pipe()
        let child: ChildProgram
        do throws(SyscallError) {
            child = try ChildProgram(
                path, arguments: ["roost-transfer", request.operation.rawValue], environment: environment(),
                descriptors: [-1, -1, -1, requests.reader.number, events.writer.number] + descriptors)
        } catch {
            throw TransferFailure(.other, "cannot start `\(path)`: \(error.number.text)")
        }
        let reader = events.takeReader()
        // Should it die at once, writing fails and what it said still counts.
        try? requests.takeWriter().write(request.encode())
        let last = read(reader, onEvent)
        let status = child.wait()
        switch last {
        case .failed(let failure): throw failure
        case .done where status == 0: return
        default:
            let how = status > 128 ? "was killed by signal \(status - 128)" : "ended with status \(status)"
            throw TransferFailure(.other, "`roost-transfer` \(how) before it was done")
        }
    }

    private static func pipe() throws(TransferFailure) -> Pipe {
        do throws(SyscallError) { return try Pipe() } catch {
            throw TransferFailure(.other, "cannot make a pipe: \(error.number.text)")
        }
    }

    /// Beside this program, or where an installed one is.
    private static func find() throws(TransferFailure) -> String {
        let program = ThisProcess.programPath()
        let directory = String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
        let places = [directory, directory + "/../libexec/roost"].map { $0 + "/roost-transfer" }
        if let place = places.first(where: { Files.exists($0) }) { return place }
        throw TransferFailure(
            .other, "`roost-transfer` is missing: it belongs beside `roost` or into `../libexec/roost`")
    }

    /// What it may know of the caller's environment: proxies and certificates.
    private static func environment() -> [String] {
        let names = [
            "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
            "SSL_CERT_FILE", "SSL_CERT_DIR",
        ]
        return ["LC_ALL=C"]
            + names.compactMap { name in ThisProcess.environment(name).map { "\(name)=\($0)" } }
    }

    /// Hands out events until the other end is closed; returns the last one.
    private static func read(
        _ reader: borrowing OwnedFileDescriptor, _ onEvent: (TransferEvent) -> Void
    ) -> TransferEvent? {
        var rest: [UInt8] = []
        var last: TransferEvent?
        while let part = try? reader.read(upTo: 32768), !part.isEmpty {
            rest += part
            guard rest.count <= longestLine else { return .failed(broken) }
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                guard let event = (try? TransferEvent.decode(Array(rest[..<end])))?.clean else {
                    return .failed(broken)
                }
                rest.removeSubrange(...end)
                last = event
                switch event {
                case .done, .failed: break
                default: onEvent(event)
                }
            }
        }
        return last
    }

    private static let broken = TransferFailure(
        .other, "`roost-transfer` says what cannot be read; is it of the same version as `roost`?")
}
