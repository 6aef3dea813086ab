// SPDX-License-Identifier: Apache-2.0
// How the values of SeccompSpec.swift are read from JSON and written to it.

public import JSON

extension SeccompSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var defaultAction: SeccompAction?
        var defaultErrnoRet: UInt32?
        var architectures: [SeccompArchitecture] = []
        var flags: [SeccompFlag] = []
        var listenerPath: String?
        var listenerMetadata: String?
        var syscalls: [SeccompSyscallSpec] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "defaultAction") {
                defaultAction = try reader.value()
            } else if reader.matches(key, "defaultErrnoRet") {
                defaultErrnoRet = try reader.value()
            } else if reader.matches(key, "architectures") {
                architectures = try reader.value()
            } else if reader.matches(key, "flags") {
                flags = try reader.value()
            } else if reader.matches(key, "listenerPath") {
                listenerPath = try reader.value()
            } else if reader.matches(key, "listenerMetadata") {
                listenerMetadata = try reader.value()
            } else if reader.matches(key, "syscalls") {
                syscalls = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            defaultAction: try reader.required(defaultAction, "defaultAction"),
            defaultErrnoRet: defaultErrnoRet,
            architectures: architectures,
            flags: flags,
            listenerPath: listenerPath,
            listenerMetadata: listenerMetadata,
            syscalls: syscalls
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("defaultAction", defaultAction)
            writer.memberIfSet("defaultErrnoRet", defaultErrnoRet)
            writer.memberIfSet("architectures", architectures)
            writer.memberIfSet("flags", flags)
            writer.memberIfSet("listenerPath", listenerPath)
            writer.memberIfSet("listenerMetadata", listenerMetadata)
            writer.memberIfSet("syscalls", syscalls)
        }
    }
}

extension SeccompSyscallSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var names: [String]?
        var action: SeccompAction?
        var errnoRet: UInt32?
        var args: [SeccompArgumentSpec] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "names") {
                names = try reader.value()
            } else if reader.matches(key, "action") {
                action = try reader.value()
            } else if reader.matches(key, "errnoRet") {
                errnoRet = try reader.value()
            } else if reader.matches(key, "args") {
                args = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            names: try reader.required(names, "names"),
            action: try reader.required(action, "action"),
            errnoRet: errnoRet,
            args: args
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("names", names)
            writer.member("action", action)
            writer.memberIfSet("errnoRet", errnoRet)
            writer.memberIfSet("args", args)
        }
    }
}

extension SeccompArgumentSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var index: UInt32?
        var value: UInt64?
        var valueTwo: UInt64 = 0
        var op: SeccompOperator?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "index") {
                index = try reader.value()
            } else if reader.matches(key, "value") {
                value = try reader.value()
            } else if reader.matches(key, "valueTwo") {
                valueTwo = try reader.value()
            } else if reader.matches(key, "op") {
                op = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            index: try reader.required(index, "index"),
            value: try reader.required(value, "value"),
            valueTwo: valueTwo,
            op: try reader.required(op, "op")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("index", index)
            writer.member("value", value)
            writer.memberIfSet("valueTwo", valueTwo)
            writer.member("op", op)
        }
    }
}

extension SeccompAction: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "SCMP_ACT_KILL") { return .kill }
        if reader.matches(word, "SCMP_ACT_KILL_PROCESS") { return .killProcess }
        if reader.matches(word, "SCMP_ACT_KILL_THREAD") { return .killThread }
        if reader.matches(word, "SCMP_ACT_TRAP") { return .trap }
        if reader.matches(word, "SCMP_ACT_ERRNO") { return .errno }
        if reader.matches(word, "SCMP_ACT_TRACE") { return .trace }
        if reader.matches(word, "SCMP_ACT_ALLOW") { return .allow }
        if reader.matches(word, "SCMP_ACT_LOG") { return .log }
        if reader.matches(word, "SCMP_ACT_NOTIFY") { return .notify }
        throw reader.unknown("seccomp action", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension SeccompOperator: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "SCMP_CMP_NE") { return .notEqual }
        if reader.matches(word, "SCMP_CMP_LT") { return .lessThan }
        if reader.matches(word, "SCMP_CMP_LE") { return .lessOrEqual }
        if reader.matches(word, "SCMP_CMP_EQ") { return .equal }
        if reader.matches(word, "SCMP_CMP_GE") { return .greaterOrEqual }
        if reader.matches(word, "SCMP_CMP_GT") { return .greaterThan }
        if reader.matches(word, "SCMP_CMP_MASKED_EQ") { return .maskedEqual }
        throw reader.unknown("seccomp operator", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension SeccompFlag: JSONValue {
    /// See `JSONValue`. A word that is no case is an error.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        let word = try reader.word()
        if reader.matches(word, "SECCOMP_FILTER_FLAG_TSYNC") { return .tsync }
        if reader.matches(word, "SECCOMP_FILTER_FLAG_LOG") { return .log }
        if reader.matches(word, "SECCOMP_FILTER_FLAG_SPEC_ALLOW") { return .specAllow }
        if reader.matches(word, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV") { return .waitKillableReceive }
        throw reader.unknown("seccomp flag", word)
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
