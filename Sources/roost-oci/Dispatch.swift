// SPDX-License-Identifier: Apache-2.0
// One function for each command that changes something: flags into a request, a call, a status.
import CommandLine
import JSON
import Kernel
import OCIRuntime
import OCISpec
import StateStore

/// Carries out one command.
struct Dispatch {
    let invocation: Invocation
    let log: ErrorLog
    let held = HeldWarnings()
    var runtime: Runtime

    init(_ invocation: Invocation, _ log: ErrorLog) {
        self.invocation = invocation
        self.log = log
        runtime = Runtime(root: invocation.string("root") ?? "/run/roost-oci", warn: log.warning)
        if invocation.commandPath == ["create"] || invocation.bool("detach") { runtime.warn = held.hold }
        if invocation.commandPath == ["run"], invocation.bool("explain") { runtime.narrator = .text }
    }

    /// The argument of nearly every command.
    var id: String { invocation.positionals.first ?? "" }

    func run() throws(RuntimeError) -> Int32 {
        let status = try carryOut()
        held.release(to: log)
        return status
    }

    private func carryOut() throws(RuntimeError) -> Int32 {
        switch invocation.commandPath.first ?? "" {
        case "create": try create()
        case "run": return try runContainer()
        case "exec": return try exec()
        case "start": try runtime.start(id)
        case "kill": try kill()
        case "delete": try delete()
        case "pause": try runtime.setPaused(true, id)
        case "explain": try explain()
        case "resume": try runtime.setPaused(false, id)
        case "update": try LimitCommands(invocation, runtime).update()
        case "events": try LimitCommands(invocation, runtime).events()
        default: try Printing(invocation, runtime).run()
        }
        return 0
    }

    private func request() throws(RuntimeError) -> LaunchRequest {
        try checkPrivilege()
        return try launchRequest()
    }

    /// What the flags ask for.
    func launchRequest() throws(RuntimeError) -> LaunchRequest {
        var request = LaunchRequest(id: id, bundle: invocation.string("bundle") ?? ".")
        request.consoleSocket = invocation.string("console-socket")
        request.pidFile = invocation.string("pid-file")
        request.pidfdSocket = invocation.string("pidfd-socket")
        request.pivots = !invocation.bool("no-pivot")
        request.joinsKeyring = !invocation.bool("no-new-keyring")
        request.preservedDescriptors = try number("preserve-fds", most: 4096)
        request.usesCgroup = invocation.string("cgroup-manager") != "disabled"
        try refuseSystemd()
        return request
    }

    private func checkPrivilege() throws(RuntimeError) {
        guard let mine = try? CapabilitySet.effective(), !mine.contains(.systemAdministration) else { return }
        throw RuntimeError(
            "operation not permitted: making a container needs CAP_SYS_ADMIN, which this process lacks; run"
                + " it as root"
        )
    }

    private func refuseSystemd() throws(RuntimeError) {
        guard invocation.bool("systemd-cgroup") || invocation.string("cgroup-manager") == "systemd" else {
            return
        }
        throw RuntimeError("`--systemd-cgroup` is not supported yet; use the `cgroupfs` manager")
    }

    private func number(_ flag: String, most: UInt64) throws(RuntimeError) -> UInt32 {
        let value: UInt64?
        do throws(UsageError) { value = try invocation.unsigned(flag) } catch {
            throw RuntimeError(error.message)
        }
        guard let value else { return 0 }
        guard value <= most else { throw RuntimeError("`--\(flag)`: \(value) is more than \(most)") }
        return UInt32(value)
    }

    private func create() throws(RuntimeError) { try runtime.create(try request()) }

    private func runContainer() throws(RuntimeError) -> Int32 {
        var request = try request()
        if invocation.bool("detach") {
            try runtime.runDetached(request)
            return 0
        }
        var terminal: ForegroundTerminal?
        if request.consoleSocket == nil {
            (terminal, request.consoleDescriptor) = try ForegroundTerminal.make(isInteractive: true)
        }
        return try runtime.run(request, keep: invocation.bool("keep"), terminal: terminal).shellStatus
    }

    private func kill() throws(RuntimeError) {
        let name = invocation.positionals.count > 1 ? invocation.positionals[1] : "TERM"
        // kill(2): 0 asks only whether there is somebody.
        guard let signal = name == "0" ? 0 : SignalName.number(name) else {
            throw RuntimeError("`\(name)` is no signal; give a name such as `TERM` or a number from 1 to 64")
        }
        try runtime.kill(id, signal: signal, all: invocation.bool("all"))
    }

    private func delete() throws(RuntimeError) {
        try runtime.delete(id, force: invocation.bool("force"))
    }

    // MARK: exec

    private func exec() throws(RuntimeError) -> Int32 {
        var request = ExecRequest(id: id, process: try process())
        request.consoleSocket = invocation.string("console-socket")
        request.pidFile = invocation.string("pid-file")
        request.pidfdSocket = invocation.string("pidfd-socket")
        request.preservedDescriptors = try number("preserve-fds", most: 4096)
        request.cgroup = invocation.strings("cgroup").last.map { String($0.split(separator: ":").last ?? "") }
        request.ignoresPause = invocation.bool("ignore-paused")
        let detach = invocation.bool("detach")
        var terminal: ForegroundTerminal?
        if request.process.terminal, request.consoleSocket == nil, !detach {
            (terminal, request.consoleDescriptor) = try ForegroundTerminal.make(isInteractive: true)
        }
        return try runtime.exec(request, detach: detach, terminal: terminal)?.shellStatus ?? 0
    }

    private func process() throws(RuntimeError) -> ProcessSpec {
        if let path = invocation.string("process") {
            let bytes: [UInt8]
            do throws(SyscallError) { bytes = try Files.read(path, limit: 16 << 20) } catch {
                throw RuntimeError("cannot read `\(path)`: \(error.number.text)")
            }
            do throws(JSONError) { return try ProcessSpec.decode(bytes) } catch {
                throw RuntimeError("`\(path)`: \(error)")
            }
        }
        let arguments = Array(invocation.positionals.dropFirst())
        guard !arguments.isEmpty else {
            throw RuntimeError("`exec` needs a command to run, or `--process FILE`")
        }
        var process = try runtime.process(of: id)
        process.args = arguments
        process.terminal = invocation.bool("tty")
        for entry in invocation.strings("env") {
            // getenv(3) finds the first of a name.
            let name = entry.prefix { $0 != "=" }
            process.env.removeAll { $0.prefix { $0 != "=" } == name }
            process.env.append(entry)
        }
        if let directory = invocation.string("cwd") { process.cwd = directory }
        if invocation.bool("no-new-privs") { process.noNewPrivileges = true }
        if let user = invocation.string("user") { process.user = try UserArgument.parse(user) }
        for group in invocation.strings("additional-gids") {
            process.user.additionalGids.append(try UserArgument.number(group))
        }
        add(invocation.strings("cap"), to: &process)
        return process
    }

    private func add(_ names: [String], to process: inout ProcessSpec) {
        guard !names.isEmpty else { return }
        var capabilities = process.capabilities ?? CapabilitiesSpec()
        capabilities.bounding += names
        capabilities.effective += names
        capabilities.permitted += names
        process.capabilities = capabilities
    }
}

/// `UID[:GID]`, strictly numbers: a name could be anything the image's /etc/passwd says (CVE-2016-3697).
enum UserArgument {
    static func parse(_ text: String) throws(RuntimeError) -> UserSpec {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first else {
            throw RuntimeError("`--user`: `\(text)` is not `UID[:GID]`")
        }
        return UserSpec(
            uid: try number(String(first)), gid: parts.count == 2 ? try number(String(parts[1])) : 0)
    }

    static func number(_ text: String) throws(RuntimeError) -> UInt32 {
        guard let value = UInt32(text), text.utf8.allSatisfy({ (48...57).contains($0) }), value != UInt32.max
        else {
            throw RuntimeError("`--user`: `\(text)` is no user or group number from 0 to 4294967294")
        }
        return value
    }
}
