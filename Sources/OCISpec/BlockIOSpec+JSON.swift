// SPDX-License-Identifier: Apache-2.0
// How the values of BlockIOSpec.swift are read from JSON and written to it.

public import JSON

extension BlockIOSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "weight") {
                value.weight = try reader.value()
            } else if reader.matches(key, "leafWeight") {
                value.leafWeight = try reader.value()
            } else if reader.matches(key, "weightDevice") {
                value.weightDevice = try reader.value()
            } else if reader.matches(key, "throttleReadBpsDevice") {
                value.throttleReadBpsDevice = try reader.value()
            } else if reader.matches(key, "throttleWriteBpsDevice") {
                value.throttleWriteBpsDevice = try reader.value()
            } else if reader.matches(key, "throttleReadIOPSDevice") {
                value.throttleReadIOPSDevice = try reader.value()
            } else if reader.matches(key, "throttleWriteIOPSDevice") {
                value.throttleWriteIOPSDevice = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("weight", weight)
            writer.memberIfSet("leafWeight", leafWeight)
            writer.memberIfSet("weightDevice", weightDevice)
            writer.memberIfSet("throttleReadBpsDevice", throttleReadBpsDevice)
            writer.memberIfSet("throttleWriteBpsDevice", throttleWriteBpsDevice)
            writer.memberIfSet("throttleReadIOPSDevice", throttleReadIOPSDevice)
            writer.memberIfSet("throttleWriteIOPSDevice", throttleWriteIOPSDevice)
        }
    }
}

extension WeightDeviceSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var major: Int64?
        var minor: Int64?
        var weight: UInt16?
        var leafWeight: UInt16?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "major") {
                major = try reader.value()
            } else if reader.matches(key, "minor") {
                minor = try reader.value()
            } else if reader.matches(key, "weight") {
                weight = try reader.value()
            } else if reader.matches(key, "leafWeight") {
                leafWeight = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            major: try reader.required(major, "major"),
            minor: try reader.required(minor, "minor"),
            weight: weight,
            leafWeight: leafWeight
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("major", major)
            writer.member("minor", minor)
            writer.memberIfSet("weight", weight)
            writer.memberIfSet("leafWeight", leafWeight)
        }
    }
}

extension ThrottleDeviceSpec: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var major: Int64?
        var minor: Int64?
        var rate: UInt64?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "major") {
                major = try reader.value()
            } else if reader.matches(key, "minor") {
                minor = try reader.value()
            } else if reader.matches(key, "rate") {
                rate = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(
            major: try reader.required(major, "major"),
            minor: try reader.required(minor, "minor"),
            rate: try reader.required(rate, "rate")
        )
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("major", major)
            writer.member("minor", minor)
            writer.member("rate", rate)
        }
    }
}
