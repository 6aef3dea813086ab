// SPDX-License-Identifier: Apache-2.0
// How the values of SchedulingSpec.swift are read from JSON and written to it.

public import JSON

extension SchedulerSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var policy: SchedulerPolicy?
        var nice: Int32 = 0
        var priority: Int32 = 0
        var flags: [SchedulerFlag] = []
        var runtime: UInt64 = 0
        var deadline: UInt64 = 0
        var period: UInt64 = 0
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "policy") {
                policy = try reader.value()
            } else if reader.matches(key, "nice") {
                nice = try reader.value()
            } else if reader.matches(key, "priority") {
                priority = try reader.value()
            } else if reader.matches(key, "flags") {
                flags = try reader.value()
            } else if reader.matches(key, "runtime") {
                runtime = try reader.value()
            } else if reader.matches(key, "deadline") {
                deadline = try reader.value()
            } else if reader.matches(key, "period") {
                period = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            policy: try reader.required(policy, "policy"),
            nice: nice,
            priority: priority,
            flags: flags,
            runtime: runtime,
            deadline: deadline,
            period: period
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("policy", policy)
            writer.memberIfSet("nice", nice)
            writer.memberIfSet("priority", priority)
            writer.memberIfSet("flags", flags)
            writer.memberIfSet("runtime", runtime)
            writer.memberIfSet("deadline", deadline)
            writer.memberIfSet("period", period)
        }
    }
}

extension IOPrioritySpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var ioClass: IOPriorityClass?
        var priority: Int32?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "class") {
                ioClass = try reader.value()
            } else if reader.matches(key, "priority") {
                priority = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            ioClass: try reader.required(ioClass, "class"),
            priority: try reader.required(priority, "priority")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("class", ioClass)
            writer.member("priority", priority)
        }
    }
}

extension CPUAffinitySpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "initial") {
                value.initial = try reader.value()
            } else if reader.matches(key, "final") {
                value.final = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("initial", initial)
            writer.memberIfSet("final", final)
        }
    }
}

extension SchedulerPolicy: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "SCHED_OTHER") { return .other }
        if reader.matches(word, "SCHED_FIFO") { return .fifo }
        if reader.matches(word, "SCHED_RR") { return .roundRobin }
        if reader.matches(word, "SCHED_BATCH") { return .batch }
        if reader.matches(word, "SCHED_ISO") { return .iso }
        if reader.matches(word, "SCHED_IDLE") { return .idle }
        if reader.matches(word, "SCHED_DEADLINE") { return .deadline }
        throw reader.unknown("scheduler policy", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension SchedulerFlag: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "SCHED_FLAG_RESET_ON_FORK") { return .resetOnFork }
        if reader.matches(word, "SCHED_FLAG_RECLAIM") { return .reclaim }
        if reader.matches(word, "SCHED_FLAG_DL_OVERRUN") { return .deadlineOverrun }
        if reader.matches(word, "SCHED_FLAG_KEEP_POLICY") { return .keepPolicy }
        if reader.matches(word, "SCHED_FLAG_KEEP_PARAMS") { return .keepParameters }
        if reader.matches(word, "SCHED_FLAG_UTIL_CLAMP_MIN") { return .utilizationClampMin }
        if reader.matches(word, "SCHED_FLAG_UTIL_CLAMP_MAX") { return .utilizationClampMax }
        throw reader.unknown("scheduler flag", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension IOPriorityClass: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "IOPRIO_CLASS_RT") { return .realTime }
        if reader.matches(word, "IOPRIO_CLASS_BE") { return .bestEffort }
        if reader.matches(word, "IOPRIO_CLASS_IDLE") { return .idle }
        throw reader.unknown("I/O priority class", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
