// SPDX-License-Identifier: Apache-2.0
// What is told to roost while an errand runs. Of one thread only.
internal import JSON
internal import Kernel
public import TransferProtocol

/// Writes events.
public final class ErrandReport {
    private let descriptor: Int32
    private var told: [String: (status: TransferProgress.Status, at: Int64)] = [:]

    /// Events go to `descriptor`, which stays the caller's.
    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Tells something. Should nobody listen any more, the errand goes on: what it fetched is kept.
    public func tell(_ event: TransferEvent) {
        try? writeAll(event.encode() + [UInt8(ascii: "\n")], to: descriptor)
    }

    /// Tells how far a part is: a change of state always, numbers ten times a second.
    func progress(
        _ id: String, _ status: TransferProgress.Status, _ current: Int64 = 0, of total: Int64 = 0
    ) {
        let now = HTTPWeb.clock()
        if let before = told[id], before.status == status, now - before.at < 100, current < total { return }
        told[id] = (status, now)
        tell(.progress(TransferProgress(id: id, status: status, current: current, total: total)))
    }
}

extension TransferFailure {
    init(_ error: RegistryError) {
        let kind: TransferFailure.Kind =
            switch error.reason {
            case .notFound: .notFound
            case .denied: .unauthorized
            case .network: .unreachable
            case .invalid: .invalid
            case .refused, .stopped: .other
            }
        self.init(kind, error.description)
    }

    init(_ error: LayerError) { self.init(.invalid, error.description) }
}

/// Runs `body`, turning an error of the registry into one of the errand.
func asking<Value: ~Copyable>(
    _ body: () throws(RegistryError) -> Value
) throws(TransferFailure) -> Value {
    do throws(RegistryError) { return try body() } catch { throw TransferFailure(error) }
}
