// SPDX-License-Identifier: Apache-2.0
// `--device` of `run`: a node of the host's in the container, and the rule that lets it be opened.
import CommandLine
import Kernel
import OCIRuntime
import OCISpec

/// The devices that one `run` asks for.
struct DeviceFlags {
    /// Nodes to be made.
    private(set) var nodes: [DeviceSpec] = []
    /// Rules that stand after docker's own.
    private(set) var rules: [DeviceCgroupSpec] = []

    init(_ invocation: Invocation) throws(RuntimeError) {
        for text in invocation.strings("device") { try add(text) }
    }

    /// `SOURCE`, `SOURCE:PATH`, `SOURCE:rwm`, `SOURCE:PATH:rwm`.
    private mutating func add(_ text: String) throws(RuntimeError) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var access = "rwm"
        if parts.count > 1, DeviceAccess(letters: parts[parts.count - 1]) != nil {
            access = parts.removeLast()
        }
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.hasPrefix("/") }) else {
            throw RuntimeError("`--device`: `\(text)` is not `/SOURCE[:/PATH][:rwm]`")
        }
        guard let status = try? Files.status(parts[0]) else {
            throw RuntimeError("`--device`: there is no `\(parts[0])` on this host")
        }
        guard status.isBlockDevice || status.isCharacterDevice else {
            throw RuntimeError("`--device`: `\(parts[0])` is no device; name a node such as `/dev/fuse`")
        }
        let type: DeviceType = status.isBlockDevice ? .block : .character
        let number = status.deviceNumber
        nodes.append(
            DeviceSpec(
                path: parts[parts.count - 1], type: type, major: number.major, minor: number.minor,
                fileMode: status.mode & 0o777, uid: status.uid, gid: status.gid))
        rules.append(
            DeviceCgroupSpec(
                allow: true, type: status.isBlockDevice ? .block : .character, major: number.major,
                minor: number.minor, access: access))
    }
}
