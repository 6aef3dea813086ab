// SPDX-License-Identifier: Apache-2.0
// Waiting for descriptors, signals and time. Nothing here sleeps for a fixed time on the launch path.
internal import CShims

/// One descriptor to wait for. See poll(2).
public struct PollEntry: Sendable {
    /// What to wait for, and what came.
    public struct Events: OptionSet, Sendable {
        /// The POLL flags.
        public let rawValue: Int16
        /// Wraps flags.
        public init(rawValue: Int16) { self.rawValue = rawValue }
        /// There is something to read.
        public static let readable = Events(rawValue: 1)
        /// An exceptional condition, such as a changed cgroup file.
        public static let priority = Events(rawValue: 2)
        /// There is room to write.
        public static let writable = Events(rawValue: 4)
        /// The other end is gone.
        public static let error = Events(rawValue: 8)
        /// Hung up.
        public static let hangUp = Events(rawValue: 16)
    }
    /// The descriptor; a negative one is ignored.
    public var descriptor: Int32
    /// What to wait for.
    public var wanted: Events
    /// What came.
    public var came: Events = []

    /// An entry that waits for `wanted`.
    public init(_ descriptor: Int32, _ wanted: Events) {
        self.descriptor = descriptor
        self.wanted = wanted
    }
}

/// Waiting on descriptors.
public enum Waiting {
    /// Waits until one entry is ready; returns false when the time is up. A signal ends the wait
    /// early with true.
    public static func poll(_ entries: inout [PollEntry], milliseconds: Int32 = -1) throws(SyscallError)
        -> Bool
    {
        var raw = entries.map { shim_poll(fd: $0.descriptor, events: $0.wanted.rawValue, revents: 0) }
        let ready = shim_poll(&raw, UInt32(raw.count), milliseconds)
        for index in entries.indices { entries[index].came = PollEntry.Events(rawValue: raw[index].revents) }
        if ready == -ErrorNumber.interrupted.value { return true }
        return try checked(ready, "poll") > 0
    }

    /// Waits until one descriptor is readable, hung up or in error; false when the time is up.
    public static func readable(
        _ descriptor: Int32, milliseconds: Int32, events: PollEntry.Events = .readable
    ) throws(SyscallError) -> Bool {
        let deadline = Clock.monotonic() + Int64(milliseconds) * 1_000_000
        while true {
            var entries = [PollEntry(descriptor, events)]
            let left =
                milliseconds < 0 ? -1 : Int32(clamping: max(0, (deadline - Clock.monotonic()) / 1_000_000))
            if try !poll(&entries, milliseconds: left) { return false }
            if entries[0].came != [] { return true }
        }
    }
}

/// Clocks. See clock_gettime(2).
public enum Clock {
    /// Nanoseconds of CLOCK_MONOTONIC.
    public static func monotonic() -> Int64 { shim_monotonic_ns() }

    /// The present time as RFC 3339 with nanoseconds, in UTC.
    public static func timestamp() -> String {
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        shim_realtime(&seconds, &nanoseconds)
        return timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Seconds after 1970, now.
    public static func seconds() -> Int64 {
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        shim_realtime(&seconds, &nanoseconds)
        return seconds
    }

    /// Seconds after 1970 as RFC 3339. Not gmtime(3), which reads /etc/localtime.
    public static func timestamp(seconds: Int64, nanoseconds: Int64 = 0) -> String {
        let date = date(daysAfter1970: seconds / 86400)
        let time = seconds % 86400
        var text: [UInt8] = []
        func append(_ value: Int64, _ width: Int, _ end: UInt8) {
            var divisor: Int64 = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                text.append(UInt8(48 + value / divisor % 10))
                divisor /= 10
            }
            text.append(end)
        }
        append(date.year, 4, UInt8(ascii: "-"))
        append(date.month, 2, UInt8(ascii: "-"))
        append(date.day, 2, UInt8(ascii: "T"))
        append(time / 3600, 2, UInt8(ascii: ":"))
        append(time / 60 % 60, 2, UInt8(ascii: ":"))
        append(time % 60, 2, UInt8(ascii: "."))
        append(nanoseconds, 9, UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The Gregorian date, by 400-year eras that begin on the first of March.
    private static func date(daysAfter1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1
        )
    }
}

/// Every signal that can be blocked, read from a descriptor instead. See signalfd(2).
public struct SignalReader: ~Copyable {
    private let source: OwnedFileDescriptor

    /// Blocks the signals of this process, which must have one thread.
    public init() throws(SyscallError) {
        source = OwnedFileDescriptor(owning: try checked(shim_signalfd(), "signalfd"))
    }

    /// For poll(2).
    public var descriptor: Int32 { source.number }

    /// The next signal, or nil when none waits.
    public borrowing func next() -> Int32? {
        let number = shim_read_signal(source.number)
        return number > 0 ? number : nil
    }
}
