// SPDX-License-Identifier: Apache-2.0
// How docker's form of a filter is read. Nothing writes it.
public import JSON

extension SeccompProfile {
    /// Reads a profile. Unknown keys are passed over, as docker does.
    public static func decode(_ bytes: [UInt8]) throws(JSONError) -> SeccompProfile {
        try JSONReader.read(bytes.span) { (reader) throws(JSONError) in try read(from: &reader) }
    }

    private static func read(from reader: inout JSONReader) throws(JSONError) -> SeccompProfile {
        var profile = SeccompProfile(base: SeccompSpec(defaultAction: .errno))
        var action: SeccompAction?
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "defaultAction") {
                action = try reader.value()
            } else if reader.matches(key, "defaultErrnoRet") {
                profile.base.defaultErrnoRet = try reader.value()
            } else if reader.matches(key, "architectures") {
                profile.base.architectures = try reader.value()
            } else if reader.matches(key, "flags") {
                profile.base.flags = try reader.value()
            } else if reader.matches(key, "listenerPath") {
                profile.base.listenerPath = try reader.value()
            } else if reader.matches(key, "listenerMetadata") {
                profile.base.listenerMetadata = try reader.value()
            } else if reader.matches(key, "archMap") {
                try reader.array { (reader) throws(JSONError) in
                    profile.architectureMap.append(try SeccompArchitectureGroup.read(from: &reader))
                }
            } else if reader.matches(key, "syscalls") {
                try reader.array { (reader) throws(JSONError) in
                    profile.calls.append(try SeccompProfileRule.read(from: &reader))
                }
            } else {
                try reader.skip()
            }
        }
        if !profile.architectureMap.isEmpty, !profile.base.architectures.isEmpty {
            throw JSONError("`architectures` and `archMap` are both there; leave one of them out")
        }
        profile.base.defaultAction = try reader.required(action, "defaultAction")
        return profile
    }
}

extension SeccompArchitectureGroup {
    fileprivate static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var architecture: SeccompArchitecture?
        var companions: [SeccompArchitecture] = []
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "architecture") {
                architecture = try reader.value()
            } else if reader.matches(key, "subArchitectures") {
                companions = try reader.value()
            } else {
                try reader.skip()
            }
        }
        return Self(architecture: try reader.required(architecture, "architecture"), companions: companions)
    }
}

extension SeccompProfileRule {
    fileprivate static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var names: [String] = []
        var name: String?
        var action: SeccompAction?
        var number: UInt32?
        var arguments: [SeccompArgumentSpec] = []
        var includes = SeccompProfileCondition()
        var excludes = SeccompProfileCondition()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "names") {
                names = try reader.value()
            } else if reader.matches(key, "name") {
                name = try reader.value()
            } else if reader.matches(key, "action") {
                action = try reader.value()
            } else if reader.matches(key, "errnoRet") {
                number = try reader.value()
            } else if reader.matches(key, "args") {
                arguments = try reader.value()
            } else if reader.matches(key, "includes") {
                includes = try SeccompProfileCondition.read(from: &reader)
            } else if reader.matches(key, "excludes") {
                excludes = try SeccompProfileCondition.read(from: &reader)
            } else {
                try reader.skip()
            }
        }
        if let name {
            guard names.isEmpty else {
                throw JSONError("`name` and `names` are both there; leave one of them out")
            }
            names = [name]
        }
        let rule = SeccompSyscallSpec(
            names: names, action: try reader.required(action, "action"), errnoRet: number, args: arguments)
        return Self(rule: rule, includes: includes, excludes: excludes)
    }
}

extension SeccompProfileCondition {
    fileprivate static func read(from reader: inout JSONReader) throws(JSONError) -> Self {
        var condition = Self()
        try reader.object { (key, reader) throws(JSONError) in
            if reader.matches(key, "arches") {
                condition.architectures = try reader.value()
            } else if reader.matches(key, "caps") {
                condition.capabilities = try reader.value()
            } else if reader.matches(key, "minKernel") {
                let version: String = try reader.value()
                guard SeccompHost.version(version) != nil else {
                    throw JSONError("`\(version)` is no version of a kernel such as `4.8`")
                }
                condition.minimumKernel = version
            } else {
                try reader.skip()
            }
        }
        return condition
    }
}
