// SPDX-License-Identifier: Apache-2.0
// Commands of the peers which Roost refuses, with all of their flags: callers probe for them with `--help`,
// and who uses one is told why it does not work.
import CommandLine

extension RuntimeCommands {
    static func unsupportedCommands() -> [Command] {
        let noCriu = Flag.Status.refused("needs CRIU, which Roost does not use")
        return [
            Command(
                "checkpoint", summary: "Save a running container", group: unsupported, status: noCriu,
                details: checkpoint),
            Command(
                "restore", summary: "Restore a saved container", group: unsupported, status: noCriu,
                details: restore),
        ]
    }

    private static func criuFlags() -> [Flag] {
        [
            Flag("image-path", .value("DIR"), help: "Where the saved files are"),
            Flag("work-path", .value("DIR"), help: "Where CRIU writes its log"),
            Flag("parent-path", .value("DIR"), help: "An earlier save to build on"),
            Flag("tcp-established", help: "Allow open TCP connections"),
            Flag("tcp-close", help: "Close TCP connections"),
            Flag("ext-unix-sk", help: "Allow connected Unix sockets"),
            Flag("shell-job", help: "Allow a process of the caller's session"),
            Flag("lazy-pages", help: "Move memory when it is first used"),
            Flag("file-locks", help: "Allow file locks"),
            Flag("manage-cgroups-mode", .value("MODE"), help: "How CRIU treats cgroups"),
            Flag("empty-ns", .list("NAMESPACE"), help: "Leave a namespace's contents out"),
            Flag("auto-dedup", help: "Drop pages saved twice"),
            Flag("link-remap", help: "Allow deleted files by linking them again"),
        ]
    }

    private static func checkpoint() -> Command.Details {
        Command.Details(
            arguments: [id],
            flags: criuFlags() + [
                Flag("leave-running", help: "Do not stop the container"),
                Flag("tcp-skip-in-flight", help: "Skip TCP connections not yet open"),
                Flag("status-fd", .value("FD"), help: "Write to this descriptor when ready for lazy pages"),
                Flag("page-server", .value("ADDRESS:PORT"), help: "Send memory to a server"),
                Flag("pre-dump", help: "Save memory only and leave the container running"),
            ])
    }

    private static func restore() -> Command.Details {
        Command.Details(
            arguments: [id],
            flags: criuFlags() + [
                Flag("bundle", short: "b", .value("DIR"), help: "The bundle", default: "."),
                Flag("detach", short: "d", help: "Leave the container running and exit"),
                Flag("pid-file", .value("FILE"), help: "Write the process's number here"),
                Flag("console-socket", .value("SOCKET"), help: "Send the terminal's descriptor here"),
                Flag("no-pivot", help: "Change the root without pivot_root"),
                Flag("no-subreaper", help: "Do not adopt the orphans of the container"),
                Flag("lsm-profile", .value("TYPE:NAME"), help: "Security label of the processes"),
                Flag("lsm-mount-context", .value("CONTEXT"), help: "Security label of the mounts"),
            ])
    }
}
