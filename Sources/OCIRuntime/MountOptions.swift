// SPDX-License-Identifier: Apache-2.0
// The option strings of config.json's mounts. See runtime-spec config.md#linux-mount-options, mount(8).
internal import Kernel
internal import OCISpec

/// The options of one mount, understood.
struct MountOptions: Equatable {
    var own = MountAttributes()
    var recursive = MountAttributes(isRecursive: true)
    var propagation: [MountAttributes] = []
    var isBind = false
    var isRecursiveBind = false
    var isRemount = false
    /// Options of the file system itself; an empty value is a flag.
    var data: [StringPair] = []

    /// MOUNT_ATTR_ bits of mount_setattr(2) by the option that sets them.
    static let attributes: [(name: String, bit: UInt64, isSet: Bool)] = [
        ("ro", 1, true), ("rw", 1, false), ("nosuid", 2, true), ("suid", 2, false), ("nodev", 4, true),
        ("dev", 4, false), ("noexec", 8, true), ("exec", 8, false), ("nodiratime", 0x80, true),
        ("diratime", 0x80, false), ("nosymfollow", 0x20_0000, true), ("symfollow", 0x20_0000, false),
    ]
    /// The access time is a field of three bits, not a flag: setting one value clears the others.
    static let accessTimes: [(name: String, value: UInt64)] = [
        ("relatime", 0), ("noatime", 0x10), ("strictatime", 0x20), ("norelatime", 0x20), ("atime", 0),
        ("nostrictatime", 0),
    ]
    static let accessTimeMask: UInt64 = 0x70
    static let propagations: [(name: String, flag: UInt64)] = [
        ("unbindable", 1 << 17), ("private", 1 << 18), ("slave", 1 << 19), ("shared", 1 << 20),
    ]
    /// Flags of the file system (fsconfig(2) takes them by name), and those that change nothing today.
    static let superblockFlags: [String] = ["sync", "dirsync", "lazytime", "mand"]
    static let ignored: [String] = [
        "defaults", "async", "nolazytime", "nomand", "silent", "loud", "iversion", "noiversion", "auto",
        "noauto",
        "nofail", "_netdev",
    ]
    /// Of fstab(5) and of other file systems: accepted, and nothing to boast of.
    static let notInSpecification: [String] = [
        "iversion", "noiversion", "auto", "noauto", "nofail", "_netdev",
    ]
    /// Known to the specification, not honoured yet.
    static let refused: [String] = ["idmap", "ridmap", "tmpcopyup"]

    /// Every name that `features` lists.
    static var names: [String] {
        var all = ["bind", "rbind", "remount"]
        for entry in attributes { all += ["\(entry.name)", "r\(entry.name)"] }
        for entry in accessTimes { all += ["\(entry.name)", "r\(entry.name)"] }
        for entry in propagations { all += ["\(entry.name)", "r\(entry.name)"] }
        all += superblockFlags + ignored.filter { !notInSpecification.contains($0) }
        return all.sorted()
    }

    /// Understands the options of `mounts[index]`.
    init(_ options: [String], index: Int) throws(RuntimeError) {
        for option in options { try add(option, index: index) }
    }

    private mutating func add(_ option: String, index: Int) throws(RuntimeError) {
        switch option {
        case "bind": isBind = true
        case "rbind": (isBind, isRecursiveBind) = (true, true)
        case "remount": isRemount = true
        case "": break
        default:
            if addAttribute(option, to: &own) || addPropagation(option) { return }
            if Self.refused.contains(where: { option == $0 || option.hasPrefix($0 + "=") }) {
                throw RuntimeError(
                    "`mounts[\(index)].options`: `\(option)` is not supported yet; leave it out")
            }
            if option.utf8.first == UInt8(ascii: "r"),
                addAttribute(String(option.dropFirst()), to: &recursive)
            {
                return
            }
            if Self.ignored.contains(where: { $0 == option }) { return }
            addData(option)
        }
    }

    private func addAttribute(_ name: String, to change: inout MountAttributes) -> Bool {
        if let entry = Self.attributes.first(where: { $0.name == name }) {
            change.set = entry.isSet ? change.set | entry.bit : change.set & ~entry.bit
            change.clear = entry.isSet ? change.clear & ~entry.bit : change.clear | entry.bit
            return true
        }
        guard let entry = Self.accessTimes.first(where: { $0.name == name }) else { return false }
        change.set = change.set & ~Self.accessTimeMask | entry.value
        change.clear |= Self.accessTimeMask
        return true
    }

    private mutating func addPropagation(_ name: String) -> Bool {
        let isRecursive = name.first == "r"
        let plain = isRecursive ? String(name.dropFirst()) : name
        guard let entry = Self.propagations.first(where: { plain == $0.name }) else { return false }
        propagation.append(MountAttributes(propagation: entry.flag, isRecursive: isRecursive))
        return true
    }

    private mutating func addData(_ option: String) {
        guard let equals = option.firstIndex(of: "=") else {
            data.append(StringPair(key: option, value: ""))
            return
        }
        data.append(
            StringPair(key: String(option[..<equals]), value: String(option[option.index(after: equals)...])))
    }
}
