// SPDX-License-Identifier: Apache-2.0
// Names and numbers of the kernel: signals, capabilities, limits, errors, the state of a process, time.
import Testing

@testable import Kernel

@Suite("Names") struct NameTests {
    @Test(
        "signals go by name with or without SIG, in any case, by real-time offset and by number",
        arguments: [
            ("SIGTERM", 15), ("TERM", 15), ("term", 15), ("sigkill", 9), ("HUP", 1), ("SYS", 31),
            ("SIGUSR1", 10),
            ("SIGUSR2", 12), ("CHLD", 17), ("CLD", 17), ("IOT", 6), ("POLL", 29), ("WINCH", 28), ("15", 15),
            ("1", 1),
            ("64", 64), ("RTMIN", 34), ("SIGRTMIN", 34), ("rtmin+3", 37), ("RTMIN+30", 64), ("RTMAX", 64),
            ("RTMAX-30", 34), ("0", nil), ("65", nil), ("-9", nil), ("", nil), ("SIG", nil),
            ("SIGSIGTERM", nil),
            ("RTMIN+31", nil), ("RTMAX-31", nil), ("RTMIN+", nil), ("RTMIN-1", nil), ("TERMINATE", nil),
            (" TERM", nil),
        ] as [(String, Int32?)])
    func signals(text: String, number: Int32?) {
        #expect(SignalName.number(text) == number)
    }

    @Test(
        "a capability has the bit of its number",
        arguments: [
            ("CAP_CHOWN", 0), ("CAP_KILL", 5), ("CAP_NET_BIND_SERVICE", 10), ("CAP_SYS_ADMIN", 21),
            ("CAP_AUDIT_WRITE", 29),
        ])
    func capabilities(name: String, bit: UInt64) throws {
        let set = try #require(CapabilitySet(name: name))

        #expect(set.rawValue == 1 << bit)
        #expect(set.names == [name])
    }

    @Test(
        "a name without CAP_, unknown or in small letters is no capability",
        arguments: ["CHOWN", "cap_chown", "CAP_", "CAP_NONE", "", "0"])
    func noCapability(name: String) {
        #expect(CapabilitySet(name: name) == nil)
    }

    @Test("the names of a set are in the order of their numbers, in capitals")
    func capabilityOrder() throws {
        let set = try #require(CapabilitySet(name: "CAP_SYS_ADMIN")).union(
            try #require(CapabilitySet(name: "CAP_CHOWN")))

        #expect(set.names == ["CAP_CHOWN", "CAP_SYS_ADMIN"])
        #expect(CapabilitySet([]).names.isEmpty)
        #expect(CapabilitySet.knownNames.allSatisfy { CapabilitySet(name: $0) != nil })
        #expect(CapabilitySet.knownNames.contains("CAP_SYS_ADMIN"))
    }

    @Test(
        "resource limits have the kernel's numbers",
        arguments: [
            ("RLIMIT_CPU", 0), ("RLIMIT_NOFILE", 7), ("RLIMIT_AS", 9), ("RLIMIT_RTTIME", 15),
            ("RLIMIT_NONE", nil), ("NOFILE", nil), ("", nil),
        ]
            as [(String, UInt32?)])
    func resources(name: String, number: UInt32?) {
        #expect(Resource(name: name)?.number == number)
    }

    @Test("this process has a soft limit no higher than its hard one", arguments: Resource.names)
    func current(name: String) throws {
        let limits = try #require(Resource(name: name)).current()

        #expect(limits.soft <= limits.hard)
    }

    @Test("an error number has a name and a text that begins with a small letter")
    func errors() {
        #expect(ErrorNumber.noEntry.name == "ENOENT")
        #expect(ErrorNumber.noEntry.text == "no such file or directory")
        #expect(ErrorNumber.notPermitted.description == "EPERM (operation not permitted)")
        #expect(
            SyscallError("mount_setattr", "/proc", .notPermitted).description
                == "mount_setattr `/proc`: EPERM (operation not permitted)")
        #expect(SyscallError("poll", "", .invalid).description == "poll: EINVAL (invalid argument)")
        #expect(!ErrorNumber(4095).name.isEmpty)
        #expect(!ErrorNumber(4095).text.isEmpty)
    }

    @Test("the time is RFC 3339 in UTC with nine digits of a second")
    func timestamp() {
        let text = Array(Clock.timestamp().utf8)
        let form = Array("dddd-dd-ddTdd:dd:dd.dddddddddZ".utf8)

        #expect(text.count == form.count)
        for (got, wanted) in zip(text, form) {
            if wanted == UInt8(ascii: "d") {
                #expect((48...57).contains(got))
            } else {
                #expect(got == wanted)
            }
        }
        #expect(Clock.timestamp() <= Clock.timestamp())
        #expect(Clock.timestamp() > "2024-01-01")
    }
}

@Suite("ProcessStatus") struct ProcessStatusTests {
    private func line(_ name: String, _ state: String) -> [UInt8] {
        Array("42 (\(name)) \(state) 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654321 100 200\n".utf8)
    }

    @Test(
        "a name may hold parentheses, blanks and a false state",
        arguments: ["sh", "a) b (c", ") Z 1 2 3", "(", "))", " ", "", "a\nb"])
    func names(name: String) {
        #expect(ProcessStatus.parse(line(name, "S")) == ProcessStatus(startTime: 987_654_321, isDead: false))
    }

    @Test(
        "a zombie and a process being reaped are dead",
        arguments: [("R", false), ("D", false), ("T", false), ("Z", true), ("X", true)])
    func dead(state: String, isDead: Bool) {
        #expect(ProcessStatus.parse(line("sh", state))?.isDead == isDead)
    }

    @Test("a line cut short is nothing", arguments: ["", "42 (sh", "42 (sh)", "42 (sh) ", "42 (sh) S 1 2 3"])
    func short(text: String) {
        #expect(ProcessStatus.parse(Array(text.utf8)) == nil)
    }

    @Test("this process is found by its start, not by another's")
    func own() throws {
        let pid = ThisProcess.pid
        let status = try #require(ProcessStatus.read(pid))

        let mine = try ProcessHandle.find(pid: pid, startTime: status.startTime)?.pid
        let stranger = try ProcessHandle.find(pid: pid, startTime: status.startTime + 1)?.pid

        #expect(mine == pid)
        #expect(stranger == nil)
        #expect(!status.isDead)
    }

    @Test(
        "seconds become the date that date(1) gives",
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"), (951_782_399, "2000-02-28T23:59:59.000000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000000Z"),
            (951_868_800, "2000-03-01T00:00:00.000000000Z"),
            (1_735_689_599, "2024-12-31T23:59:59.000000000Z"),
            (1_772_323_200, "2026-03-01T00:00:00.000000000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000000Z"),
        ])
    func date(seconds: Int64, text: String) {
        #expect(Clock.timestamp(seconds: seconds, nanoseconds: 0) == text)
    }
}
