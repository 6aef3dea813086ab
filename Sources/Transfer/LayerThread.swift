// SPDX-License-Identifier: Apache-2.0
// A mutex with a condition, and a thread: pthreads, since nothing else is there in Embedded Swift.
internal import CTransfer

/// A mutex with a condition.
final class Gate: @unchecked Sendable {
    // Only ever handed to the pthread calls.
    private let state: UnsafeMutableRawPointer

    init() {
        guard let state = transfer_gate_new() else { preconditionFailure("no memory for a mutex") }
        self.state = state
    }

    deinit { transfer_gate_free(state) }

    /// Runs `body` while nobody else is inside.
    func locked<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        transfer_gate_lock(state)
        defer { transfer_gate_unlock(state) }
        return try body()
    }

    /// Lets others in until one calls `wake`. Only inside `locked`.
    func wait() { transfer_gate_wait(state) }

    /// Wakes all who wait.
    func wake() { transfer_gate_wake(state) }
}

/// A running thread; it must be waited for.
struct RunningThread: ~Copyable {
    private let number: UInt64

    /// Starts `body` on a thread of its own.
    init(_ body: @escaping @Sendable () -> Void) throws(LayerError) {
        let box = Unmanaged.passRetained(Work(body))
        var number: UInt64 = 0
        let result = transfer_thread_start(
            &number,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard result >= 0 else {
            box.release()
            throw LayerError("cannot start a thread", result)
        }
        self.number = number
    }

    /// Waits for the thread's end.
    consuming func join() { _ = transfer_thread_join(number) }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
