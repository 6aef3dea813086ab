// SPDX-License-Identifier: Apache-2.0
// Mounts, devices and walls of the script. An attribute goes to the mount only, as mount_setattr(2) has it:
// `mount -o ro` would make the whole file system read-only.
internal import Kernel
internal import OCISpec
internal import Plan

extension Script {
    mutating func addMounts(_ step: ContainerStep) throws(ScriptError) {
        switch step {
        case .propagation(let path, _, let name):
            explain(step)
            let isRecursive = path == "/"
            line("mount --make-\(isRecursive ? "r" : "")\(name) \(quoted(path))")
        case .root(let path):
            explain(step)
            line("mount --rbind -- \(quoted(path)) \"$root\"")
        case .overlayRoot(let path, let overlay):
            explain(step)
            line("mkdir -p -- \(quoted(overlay.upper)) \(quoted(overlay.work)) \(quoted(path))")
            line("mount -t overlay -o \(quoted(overlay.options)) overlay \"$root\"")
        case .mount(let mount):
            explain(step)
            add(mount)
        case .rootAttributes(let change, _): addRootAttributes(step, change)
        case .pivot:
            explain(step)
            line(
                "# Done from outside, once this process has loaded the rest of what it needs: see the host's part."
            )
            addPivot(step)
        case .changeRoot:
            throw ScriptError("`--format sh` cannot do without pivot_root(2); leave `--no-pivot` out")
        default: addInside(step)
        }
    }

    private mutating func add(_ mount: PlannedMount) {
        let destination = quoted(mount.destination)
        let kind = mount.kind == .realDirectory ? "real" : "directory"
        var changes = mount.changes
        switch mount.origin {
        case .tree(let path, let isRecursive):
            line("place \"$(like \(quoted(path)))\" \(destination)")
            line("mount \(isRecursive ? "--rbind" : "--bind") -- \(quoted(path)) \"$place\"")
        case .fileSystem(let type, let options):
            line("place \(kind) \(destination)")
            // The rest of the first change is what a new mount has anyway.
            let own = changes.firstIndex { !$0.isRecursive && $0.propagation == 0 }
            var words: [String] = []
            if let own {
                words = Self.words(MountAttributes(set: changes[own].set & ~1))
                changes[own] = MountAttributes(set: changes[own].set & 1)
            }
            let source = options.first { $0.key == "source" }?.value ?? "none"
            words += options.filter { $0.key != "source" }
                .map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }
            let flags = words.isEmpty ? "" : " -o " + quoted(words.joined(separator: ","))
            line("mount -i -t \(quoted(type))\(flags) -- \(quoted(source)) \"$place\"")
        case .existing:
            line("place existing \(destination)")
        }
        for change in changes where !change.isEmpty { add(change, to: "\"$place\"") }
    }

    private mutating func add(_ change: MountAttributes, to place: String) {
        let words = Self.words(change).joined(separator: ",")
        if !words.isEmpty {
            line("\(change.isRecursive ? "all_attributes" : "attributes") \(place) \(words)")
        }
        if let name = Self.propagation(change) { line("mount --make-\(name) \(place)") }
    }

    private mutating func addRootAttributes(_ step: ContainerStep, _ change: MountAttributes) {
        explain(step)
        guard let name = Self.propagation(change) else { return add(change, to: "\"$root\"") }
        line("# Done from outside, between pivot_root and the end of the old root.")
        outside += Self.comment(step.explanation, step.label.lesson, indent: "")
        outside += "inside mount --no-canonicalize --make-\(name) \"/proc/$pid/root\"\n"
    }

    private mutating func addPivot(_ step: ContainerStep) {
        outside += Self.comment(step.explanation, step.label.lesson, indent: "")
        outside += """
            inside bash -c 'cd -- "$0" && pivot_root . .' "$root"
            # The old root lies on top now, and is what joining the namespace leads to.

            """
        outsideEnd = "inside bash -c 'mount --make-rslave / && umount -l /'\n"
    }

    private mutating func addInside(_ step: ContainerStep) {
        explain(step)
        switch step {
        case .device(let device): line("node " + quoted(Self.words(device)))
        case .deviceLinks:
            for (name, target) in [
                ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
                ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
            ] { line("link \(name) \(target)") }
        case .sysctl(let path, let value): line("printf %s \(quoted(value)) >\(quoted("/proc/sys/" + path))")
        case .readOnlyPath(let path): line("lock \(quoted(path))")
        case .maskedPath(let path): line("mask \(quoted(path))")
        case .makeWorkingDirectory(let path): line("place directory \(quoted(path))")
        default: break
        }
    }

    // MARK: words of mount(8) and mknod(1)

    /// Options that set and clear what `change` does.
    static func words(_ change: MountAttributes) -> [String] {
        var words: [String] = []
        for (bit, set, clear) in [
            (UInt64(1), "ro", "rw"), (2, "nosuid", "suid"), (4, "nodev", "dev"), (8, "noexec", "exec"),
            (0x80, "nodiratime", "diratime"), (0x20_0000, "nosymfollow", "symfollow"),
        ] {
            if change.set & bit != 0 {
                words.append(set)
            } else if change.clear & bit != 0 {
                words.append(clear)
            }
        }
        switch change.set & 0x70 {
        case 0x10: words.append("noatime")
        case 0x20: words.append("strictatime")
        default: if change.clear & 0x70 != 0 { words.append("relatime") }
        }
        return words
    }

    private static func propagation(_ change: MountAttributes) -> String? {
        let prefix = change.isRecursive ? "r" : ""
        switch change.propagation {
        case 1 << 17: return prefix + "unbindable"
        case 1 << 18: return prefix + "private"
        case 1 << 19: return prefix + "slave"
        case 1 << 20: return prefix + "shared"
        default: return nil
        }
    }

    /// PATH TYPE MODE UID GID [MAJOR MINOR], as `node` of the script takes them.
    private static func words(_ device: PlannedDevice) -> [String] {
        let type =
            switch device.mode & 0o170000 {
            case 0o020000: "c"
            case 0o060000: "b"
            default: "p"
            }
        let words = [
            device.path, type, "0" + String(device.mode & 0o7777, radix: 8), "\(device.uid)", "\(device.gid)",
        ]
        if type == "p" { return words }
        let major = device.device >> 8 & 0xfff | device.device >> 32 & ~0xfff
        let minor = device.device & 0xff | device.device >> 12 & ~0xff & 0xffff_ffff
        return words + ["\(major)", "\(minor)"]
    }
}
