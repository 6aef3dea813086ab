// SPDX-License-Identifier: Apache-2.0
// How the values of Endpoint.swift are read from JSON and written to it.
public import JSON

extension Credential: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Credential()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "username") {
                value.username = try reader.value()
            } else if reader.matches(key, "password") {
                value.password = try reader.value()
            } else if reader.matches(key, "identityToken") {
                value.identityToken = try reader.value()
            } else if reader.matches(key, "registryToken") {
                value.registryToken = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.memberIfSet("username", username.isEmpty ? nil : username)
            writer.memberIfSet("password", password.isEmpty ? nil : password)
            writer.memberIfSet("identityToken", identityToken.isEmpty ? nil : identityToken)
            writer.memberIfSet("registryToken", registryToken.isEmpty ? nil : registryToken)
        }
    }
}

extension Endpoint: JSONValue {
    /// See `JSONValue`.
    public static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var value = Endpoint(url: "")
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "url") {
                value.url = try reader.value()
            } else if reader.matches(key, "isMirror") {
                value.isMirror = try reader.value()
            } else if reader.matches(key, "isInsecure") {
                value.isInsecure = try reader.value()
            } else if reader.matches(key, "certificates") {
                value.certificates = try reader.value()
            } else if reader.matches(key, "credential") {
                value.credential = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// See `JSONValue`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("url", url)
            writer.memberIfSet("isMirror", isMirror)
            writer.memberIfSet("isInsecure", isInsecure)
            writer.memberIfSet("certificates", certificates.isEmpty ? nil : certificates)
            writer.memberIfSet("credential", credential)
        }
    }
}
