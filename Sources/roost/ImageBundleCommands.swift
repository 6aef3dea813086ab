// SPDX-License-Identifier: Apache-2.0
// The rows of `image unpack`, `image mount` and `image unmount`: an image's files for other programs.
import CommandLine
import OCIRuntime

enum ImageBundleCommands {
    /// Verbs below `image`.
    static func verbs() -> [Command] {
        [
            Command("mount", summary: "Mount images on the host, to be read", details: mount),
            Command("unmount", aliases: ["umount"], summary: "Take mounts of images away", details: unmount),
            Command("unpack", summary: "Make a bundle of an image for any OCI runtime", details: unpack),
        ]
    }

    /// Nil when the command is none of these.
    static func run(_ verb: String, _ invocation: Invocation) throws(RuntimeError) -> Int32? {
        switch verb {
        case "mount": return try ImageMountCommand(invocation).run()
        case "unmount": return try ImageUnmountCommand(invocation).run()
        case "unpack": return try ImageUnpackCommand(invocation).run()
        default: return nil
        }
    }

    private static func unpack() -> Command.Details {
        Command.Details(
            description: """
                Make DIR with the files of all layers in `rootfs` and a `config.json`, which roost-oci, runc and \
                crun run. The files are a copy: what a container of the bundle changes is in no other.
                """,
            arguments: [
                Argument("IMAGE", help: "The image"),
                Argument("DIR", help: "The bundle; not there yet, or empty"),
            ],
            examples: [
                Example("roost image unpack alpine ./bundle", "Make a bundle for `roost-oci run -b ./bundle`")
            ])
    }

    private static func mount() -> Command.Details {
        Command.Details(
            description: """
                Mount images read-only below the store, and print where. Without an image, list what is \
                mounted. A mounted image cannot be removed.
                """,
            arguments: [Argument("IMAGE", help: "Names or ids", minimum: 0, maximum: nil)],
            examples: [Example("ls \"$(roost image mount alpine)\"", "Look into an image")])
    }

    private static func unmount() -> Command.Details {
        Command.Details(
            arguments: [Argument("IMAGE", help: "Names or ids", minimum: 0, maximum: nil)],
            flags: [Flag("all", short: "a", help: "Every mounted image")])
    }
}
