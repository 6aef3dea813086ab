// SPDX-License-Identifier: Apache-2.0
// From the index of a failed operation to a sentence that a person can act on.
internal import Kernel
internal import OCISpec
internal import Plan

enum LaunchDiagnosis {
    static func error(_ failure: LaunchFailure, _ step: ContainerStep?, root: String) -> RuntimeError {
        guard let step else { return RuntimeError("cannot make the container: \(failure.number.text)") }
        if let error = HostDiagnosis.error(failure, step) { return error }
        switch step {
        case .mount(let mount): return mountError(failure, mount, root: root)
        case .root(let path):
            let hint = failure.number == .notPermitted ? "; mounting needs CAP_SYS_ADMIN: run as root" : ""
            return RuntimeError("cannot use the root file system `\(path)`: \(failure.number.text)\(hint)")
        case .overlayRoot(let path, _):
            return RuntimeError("cannot mount the image's layers on `\(path)`: \(failure.number.text)")
        case .device(let device) where failure.detail == .notTheDevice:
            return RuntimeError(
                "`\(device.path)` in the root file system is something else than the device it must be;"
                    + " mount a tmpfs at `/dev`"
            )
        case .device(let device):
            return RuntimeError("cannot make the device `\(device.path)`: \(failure.number.text)")
        case .findProgram(let file, let candidates): return missing(file, candidates, failure.number)
        case .execute(let arguments, let environment):
            return ProgramDiagnosis.error(
                arguments.first ?? "", environment, failure.number, root: root)
        case .makeWorkingDirectory(let path):
            return RuntimeError("cannot make the working directory `\(path)`: \(failure.number.text)")
        case .workingDirectory(let path, _):
            let outside = failure.detail == .outside
            return RuntimeError(
                outside
                    ? "`process.cwd`: `\(path)` leads outside the root file system"
                    : "cannot enter the working directory `\(path)`: \(failure.number.text)")
        case .hook(let kind, let hook, let index):
            return RuntimeError(
                Runtime.sentence(
                    "\(kind.rawValue)[\(index)]", hook.path, failure.detail, failure.detailIndex,
                    failure.number))
        case .sysctl(let path, let value):
            return RuntimeError("cannot set the sysctl `\(path)` to `\(value)`: \(failure.number.text)")
        case .joinNamespace(let type, let path, _):
            return RuntimeError(
                "cannot join the \(type.rawValue) namespace `\(path)`: \(failure.number.text)")
        case .console:
            let hint =
                failure.detail == .notTheDevice || failure.number == .noEntry
                ? "; a terminal needs a `devpts` mount at `/dev/pts`" : ""
            return RuntimeError("cannot make the terminal: \(failure.number.text)\(hint)")
        case .seccomp:
            return RuntimeError(
                "cannot load the filter of system calls (`linux.seccomp`): \(failure.number.text)"
                    + (failure.number == .invalid ? "; this kernel may not know one of its flags" : ""))
        case .capabilities(_, let permitted, let inheritable) where failure.number == .notPermitted:
            let mine = (try? CapabilitySet.effective()) ?? []
            let lacking = permitted.union(inheritable).subtracting(mine).names
            return RuntimeError(
                "`process.capabilities`: this process has no \(lacking.joined(separator: ", ")) itself and cannot"
                    + " give it away; leave it out")
        case .gate: return RuntimeError("the runtime went away while the container was made")
        default:
            let explanation = step.explanation
            return RuntimeError(
                "cannot do this step of the container: \(explanation.what): \(failure.number.text)"
                    + " (`\(explanation.call)`, see \(explanation.source))"
            )
        }
    }

    private static func mountError(
        _ failure: LaunchFailure, _ mount: PlannedMount, root: String
    ) -> RuntimeError {
        let place = "`mounts[\(mount.index)]`"
        let text = failure.number.text
        switch failure.detail {
        case .notDirectory:
            return RuntimeError(
                "\(place): cannot mount a directory over `\(mount.destination)`, which is a file in the"
                    + " root file system (not a directory)"
            )
        case .notFile:
            return RuntimeError(
                "\(place): cannot mount a file over `\(mount.destination)`, which is a directory in the"
                    + " root file system"
            )
        case .symbolicLink:
            return RuntimeError(
                "\(place): `\(mount.destination)` is a symbolic link in the root file system; it must"
                    + " be a real directory"
            )
        case .inProc:
            return RuntimeError(
                "\(place): `\(mount.destination)` leads into `/proc` by a symbolic link in the root file"
                    + " system, where nothing may be mounted"
            )
        case .notTheDevice:
            return RuntimeError(
                "\(place): only a procfs may be mounted at `/proc`, and its source is none; leave it out, or"
                    + " choose another destination")
        case .openTarget:
            if failure.number == .notDirectory, let file = obstacle(on: mount.destination, root: root) {
                return RuntimeError(
                    "\(place): cannot mount at `\(mount.destination)`: `\(file)` is a file in the root file"
                        + " system (not a directory); choose another destination, or remove the file"
                )
            }
            return RuntimeError(
                "\(place): cannot open or make `\(mount.destination)` in the root file system: \(text)")
        case .option:
            if case .fileSystem(let type, let options) = mount.origin,
                Int(failure.detailIndex) < options.count
            {
                let option = options[Int(failure.detailIndex)]
                let written = option.value.isEmpty ? option.key : "\(option.key)=\(option.value)"
                return RuntimeError("\(place): `\(type)` refuses the option `\(written)`: \(text)")
            }
        default: break
        }
        switch mount.origin {
        case .tree(let path, _):
            return RuntimeError("\(place): cannot bind-mount `\(path)` at `\(mount.destination)`: \(text)")
        case .fileSystem(let type, _):
            if failure.number == .noDevice {
                return RuntimeError("\(place): this kernel has no file system `\(type)`")
            }
            return RuntimeError("\(place): cannot mount `\(type)` at `\(mount.destination)`: \(text)")
        case .existing:
            return RuntimeError("\(place): cannot change the mount at `\(mount.destination)`: \(text)")
        }
    }

    /// The first part of a path inside the root that is there and no directory.
    private static func obstacle(on path: String, root: String) -> String? {
        guard let directory = try? OwnedFileDescriptor.open(root, [.path, .directory]) else { return nil }
        var part = ""
        for name in path.split(separator: "/") {
            part += "/" + name
            guard let opened = try? OwnedFileDescriptor.openInRoot(part, root: directory.number, .path),
                let status = try? Files.status("", at: opened.number)
            else { return nil }
            if !status.isDirectory { return part }
        }
        return nil
    }

    private static func missing(_ file: String, _ candidates: [String], _ number: ErrorNumber) -> RuntimeError
    {
        if number == .noEntry {
            let place =
                file.contains("/")
                ? "stat \(file): no such file or directory" : "executable file not found in $PATH"
            return RuntimeError("exec: `\(file)`: \(place)", code: .programNotFound)
        }
        if number == .isDirectory {
            return RuntimeError("exec: `\(file)` is a directory: permission denied", code: .notExecutable)
        }
        if number == .permissionDenied {
            return RuntimeError(
                "exec: `\(file)`: permission denied; it is no executable file for this user",
                code: .notExecutable)
        }
        return RuntimeError("exec: `\(file)`: \(number.text)", code: .notExecutable)
    }
}

/// Why execve(2) refused a file that exists.
enum ProgramDiagnosis {
    static func error(
        _ file: String, _ environment: [String], _ number: ErrorNumber, root: String
    ) -> RuntimeError {
        let found = Credentials.candidates(file, environment).lazy.compactMap { read($0, root: root) }.first
        let head = found ?? []
        if let interpreter = shebang(head) {
            if number == .noEntry, interpreter.hasSuffix("\r") {
                return RuntimeError(
                    "exec: `\(file)`: its first line ends with a carriage return, so that its interpreter"
                        + " `\(interpreter.dropLast())\\r` does not exist: no such file or directory; save it"
                        + " with Unix line ends",
                    code: .programNotFound)
            }
            let what =
                number == .noEntry
                ? "its interpreter `\(interpreter)` (first line) does not exist: no such file or directory"
                : "its interpreter `\(interpreter)`: \(number.text)"
            return RuntimeError(
                "exec: `\(file)`: \(what)", code: number == .noEntry ? .programNotFound : .notExecutable)
        }
        if number == .noEntry, let loader = loader(head) {
            return RuntimeError(
                "exec: `\(file)`: its loader `\(loader)` does not exist: no such file or directory; the"
                    + " root file system lacks the C library that it was built for",
                code: .programNotFound)
        }
        if number == .notExecutableFormat {
            let isELF = head.starts(with: [0x7f, 0x45, 0x4c, 0x46])
            let why =
                isELF
                ? "built for another kind of processor, or damaged"
                : found?.isEmpty == true
                    ? "empty" : "neither an ELF program nor a script with `#!` in its first line"
            return RuntimeError("exec: `\(file)`: exec format error; it is \(why)", code: .notExecutable)
        }
        return RuntimeError(
            "exec: `\(file)`: \(number.text)", code: number == .noEntry ? .programNotFound : .notExecutable)
    }

    /// The first bytes, opened inside the root, a regular file only: a FIFO of the image must not be opened.
    private static func read(_ file: String, root: String) -> [UInt8]? {
        guard let directory = try? OwnedFileDescriptor.open(root, [.path, .directory]),
            let opened = try? OwnedFileDescriptor.openFileInRoot(file, root: directory.number)
        else { return nil }
        return try? opened.read(upTo: 4096)
    }

    static func shebang(_ head: [UInt8]) -> String? {
        guard head.starts(with: [0x23, 0x21]) else { return nil }
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        guard let word = line.split(whereSeparator: { $0 == 32 || $0 == 9 }).first else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    /// PT_INTERP of a 64-bit little-endian ELF file. See elf(5). Every offset is checked: it is the image's.
    static func loader(_ head: [UInt8]) -> String? {
        guard head.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return nil }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset <= head.count - size else { return nil }
            let value = (0..<size).reduce(UInt64(0)) { $0 | UInt64(head[offset + $1]) << UInt64(8 * $1) }
            return value > UInt64(head.count) ? nil : Int(value)
        }
        guard let table = number(32, 8), let size = number(54, 2), let count = number(56, 2) else {
            return nil
        }
        for index in 0..<count {
            let entry = table + index * size
            guard let type = number(entry, 4), type == 3 else { continue }
            guard let offset = number(entry + 8, 8) else { return nil }
            return String(decoding: head[offset...].prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }
}
