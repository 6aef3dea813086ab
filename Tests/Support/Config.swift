// SPDX-License-Identifier: Apache-2.0
// A config.json as dictionaries, so that a test can write what no type would let it.
import Foundation

package struct Config {
    package var members: [String: Any]

    package init(_ text: String) throws {
        guard let members = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw FixtureError("not an object: \(text)")
        }
        self.members = members
    }

    package var text: String {
        get throws {
            String(
                decoding: try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys]),
                as: UTF8.self)
        }
    }

    /// A member by its path: `process.user.uid`. Setting nil removes it.
    package subscript(path: String) -> Any? {
        get {
            path.split(separator: ".").reduce(members as Any?) { value, key in
                (value as? [String: Any])?[String(key)]
            }
        }
        set {
            members = Self.setting(path.split(separator: ".").map(String.init)[...], newValue, in: members)
        }
    }

    private static func setting(_ keys: ArraySlice<String>, _ value: Any?, in members: [String: Any])
        -> [String: Any]
    {
        guard let key = keys.first else { return members }
        var changed = members
        if keys.count == 1 {
            changed[key] = value
        } else {
            changed[key] = setting(keys.dropFirst(), value, in: members[key] as? [String: Any] ?? [:])
        }
        return changed
    }

    package var args: [String] {
        get { self["process.args"] as? [String] ?? [] }
        set { self["process.args"] = newValue }
    }

    /// Runs a shell script.
    package mutating func script(_ text: String) { args = ["sh", "-c", text] }

    package mutating func append(_ path: String, _ element: Any) {
        self[path] = (self[path] as? [Any] ?? []) + [element]
    }

    package mutating func mount(
        _ destination: String, _ type: String?, _ source: String?, _ options: [String]
    ) {
        var mount: [String: Any] = ["destination": destination, "options": options]
        mount["type"] = type
        mount["source"] = source
        append("mounts", mount)
    }

    package mutating func removeMount(_ destination: String) {
        let mounts = self["mounts"] as? [[String: Any]] ?? []
        self["mounts"] = mounts.filter { $0["destination"] as? String != destination }
    }

    /// Gives a namespace a path, or takes it away.
    package mutating func join(_ type: String, _ path: String?) {
        removeNamespace(type)
        var namespace = ["type": type]
        namespace["path"] = path
        append("linux.namespaces", namespace)
    }

    package mutating func removeNamespace(_ type: String) {
        let all = self["linux.namespaces"] as? [[String: Any]] ?? []
        self["linux.namespaces"] = all.filter { $0["type"] as? String != type }
    }

    package mutating func hook(_ kind: String, _ script: String, timeout: Int? = nil) {
        var hook: [String: Any] = [
            "path": "/bin/sh", "args": ["sh", "-c", script], "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
        ]
        hook["timeout"] = timeout
        append("hooks.\(kind)", hook)
    }
}
