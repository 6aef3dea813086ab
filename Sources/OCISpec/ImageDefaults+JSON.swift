// SPDX-License-Identifier: Apache-2.0
// How the values of ImageDefaults.swift are read from JSON and written to it. Sets are objects whose values
// are empty objects; a command that is one string is a list of one.

public import JSON

extension ImageDefaults: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "User") {
                value.user = try reader.value()
            } else if reader.matches(key, "ExposedPorts") {
                value.exposedPorts = try reader.set()
            } else if reader.matches(key, "Env") {
                value.env = try reader.value()
            } else if reader.matches(key, "Entrypoint") {
                value.entrypoint = try reader.words()
            } else if reader.matches(key, "Cmd") {
                value.cmd = try reader.words()
            } else if reader.matches(key, "Volumes") {
                value.volumes = try reader.set()
            } else if reader.matches(key, "WorkingDir") {
                value.workingDir = try reader.value()
            } else if reader.matches(key, "Labels") {
                value.labels = try reader.pairs()
            } else if reader.matches(key, "StopSignal") {
                value.stopSignal = try reader.value()
            } else {
                try value.readDocker(key, &reader)
            }
        }
        return value
    }

    private mutating func readDocker(_ key: JSONKey, _ reader: inout JSONReader) throws(JSONError) {
        if reader.matches(key, "StopTimeout") {
            stopTimeout = try reader.value()
        } else if reader.matches(key, "Shell") {
            shell = try reader.words()
        } else if reader.matches(key, "Healthcheck") {
            healthcheck = try reader.value()
        } else if reader.matches(key, "OnBuild") {
            onBuild = try reader.value()
        } else if reader.matches(key, "Hostname") {
            hostname = try reader.value()
        } else if reader.matches(key, "Domainname") {
            domainname = try reader.value()
        } else if reader.matches(key, "ArgsEscaped") {
            argsEscaped = try reader.value()
        } else {
            try reader.skip()
        }
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.nonEmpty("Hostname", hostname)
            writer.nonEmpty("Domainname", domainname)
            writer.nonEmpty("User", user)
            writer.set("ExposedPorts", exposedPorts)
            writer.memberIfSet("Env", env)
            writer.memberIfSet("Entrypoint", entrypoint)
            writer.memberIfSet("Cmd", cmd)
            writer.set("Volumes", volumes)
            writer.nonEmpty("WorkingDir", workingDir)
            writer.pairs("Labels", labels)
            writer.memberIfSet("StopSignal", stopSignal)
            writer.memberIfSet("StopTimeout", stopTimeout)
            writer.memberIfSet("Shell", shell)
            writer.memberIfSet("Healthcheck", healthcheck)
            writer.memberIfSet("OnBuild", onBuild)
            writer.memberIfSet("ArgsEscaped", argsEscaped)
        }
    }
}

extension ImageHealthcheck: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "Test") {
                value.test = try reader.value()
            } else if reader.matches(key, "Interval") {
                value.interval = try reader.value()
            } else if reader.matches(key, "Timeout") {
                value.timeout = try reader.value()
            } else if reader.matches(key, "StartPeriod") {
                value.startPeriod = try reader.value()
            } else if reader.matches(key, "StartInterval") {
                value.startInterval = try reader.value()
            } else if reader.matches(key, "Retries") {
                value.retries = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("Test", test)
            writer.memberIfSet("Interval", interval)
            writer.memberIfSet("Timeout", timeout)
            writer.memberIfSet("StartPeriod", startPeriod)
            writer.memberIfSet("StartInterval", startInterval)
            writer.memberIfSet("Retries", retries)
        }
    }
}

extension JSONReader {
    /// Reads an object whose keys are what counts.
    fileprivate mutating func set() throws(JSONError) -> [String] {
        try dictionary { (key, reader) throws(JSONError) in
            try reader.object { (_, reader) throws(JSONError) in try reader.skip() }
            return key
        }
    }

    /// Reads a list of words, or one word, which old images have.
    fileprivate mutating func words() throws(JSONError) -> [String] {
        if kind() == .string { return [try string()] }
        return try value()
    }
}

extension JSONWriter {
    fileprivate mutating func set(_ name: String, _ keys: [String]) {
        dictionary(name, keys) { key in (key, { writer in writer.object { _ in } }) }
    }

    fileprivate mutating func nonEmpty(_ name: String, _ text: String) {
        if !text.isEmpty { member(name, text) }
    }
}
