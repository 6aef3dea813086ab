// SPDX-License-Identifier: Apache-2.0
// Where settings come from: the host's file, then the user's; dockerd's only where there is neither.
public import Kernel

/// The files of settings.
public struct SettingsFiles: Sendable, Equatable {
    /// Our own; what a later one has replaces what an earlier one has.
    public var own: [String]
    /// dockerd's, read where none of our own exists; nil: not at all.
    public var docker: String?

    /// Files.
    public init(own: [String], docker: String?) {
        self.own = own
        self.docker = docker
    }

    /// The files of this host and user.
    /// - Parameter environment: the value of a variable; nil when it is not set.
    public static func standard(
        _ environment: (String) -> String? = { ThisProcess.environment($0) }
    ) -> Self {
        var own = ["/etc/roost/config.json"]
        // A relative path there is to be ignored. See the XDG Base Directory Specification.
        if let base = environment("XDG_CONFIG_HOME"), base.hasPrefix("/") {
            own.append(base + "/roost/config.json")
        } else if let home = environment("HOME"), home.hasPrefix("/") {
            own.append(home + "/.config/roost/config.json")
        }
        return Self(own: own, docker: "/etc/docker/daemon.json")
    }

    /// Reads them. A file that is there and cannot be read is an error; dockerd's, which is not ours to mend,
    /// a warning.
    public func load() throws(ImageError) -> Settings {
        var settings = Settings()
        var isOurs = false
        for file in own {
            let content: [UInt8]?
            do throws(SyscallError) { content = try Self.content(file) } catch {
                throw ImageError("cannot read the settings in `\(file)`: \(error.number.text)")
            }
            guard let content else { continue }
            isOurs = true
            try settings.read(content, file: file)
        }
        guard !isOurs, let docker else { return settings }
        let content: [UInt8]?
        do throws(SyscallError) { content = try Self.content(docker) } catch {
            settings.warnings.append("the settings in `\(docker)` are passed over: \(error.number.text)")
            return settings
        }
        if let content { try settings.read(content, file: docker, isForeign: true) }
        return settings
    }

    /// Nil when there is no such file.
    private static func content(_ file: String) throws(SyscallError) -> [UInt8]? {
        do throws(SyscallError) { return try Files.read(file, limit: Settings.longestFile) } catch {
            if error.number == .noEntry || error.number == .notDirectory { return nil }
            throw error
        }
    }
}
