// SPDX-License-Identifier: Apache-2.0
// The rows of `save`, `load` and `import`.
import CommandLine
import OCIRuntime

enum ArchiveCommands {
    /// Below `image`, and by themselves.
    static func verbs() -> [Command] {
        [
            Command("import", summary: "Make an image of the tar of a root filesystem", details: importing),
            Command("load", summary: "Take images from an archive", details: load),
            Command("save", summary: "Write images into an archive", details: save),
        ]
    }

    /// Nil when the command is none of these.
    static func run(_ verb: String, _ invocation: Invocation) throws(RuntimeError) -> Int32? {
        switch verb {
        case "import": return try ImportCommand(invocation).run()
        case "load": return try LoadCommand(invocation).run()
        case "save": return try SaveCommand(invocation).run()
        default: return nil
        }
    }

    private static func save() -> Command.Details {
        Command.Details(
            description: """
                Write images with all their layers into one tar archive, to standard output or a file. A name \
                without a tag stands for all its tags.
                """,
            arguments: [Argument("IMAGE", help: "Names or ids", maximum: nil)],
            flags: [
                Flag(
                    "format", .value("FORMAT"), help: "Who is to read it", default: "docker-archive",
                    choices: ["docker-archive", "oci-archive", "oci"]),
                Flag("output", short: "o", .value("FILE"), help: "Write to a file, not to standard output"),
            ],
            examples: [
                Example("roost save -o images.tar alpine busybox", "Write two images into a file"),
                Example("roost save alpine | ssh host docker load", "Give an image to another host"),
            ])
    }

    private static func load() -> Command.Details {
        Command.Details(
            description: """
                Take images from an archive that `save` of Roost, docker, podman or skopeo wrote, compressed \
                or not.
                """,
            flags: [
                Flag("input", short: "i", .value("FILE"), help: "Read from a file, not from standard input"),
                Flag("platform", .value("OS/ARCH"), help: "The platform, where the archive has several"),
                Flag("quiet", short: "q", help: "Do not draw progress"),
            ],
            examples: [Example("roost load -i images.tar", "Have the archive's images in the store")])
    }

    private static func importing() -> Command.Details {
        Command.Details(
            description: "Make an image of one layer from a tar, compressed or not, and print its id.",
            arguments: [
                Argument("FILE|-", help: "The tar; `-` is standard input"),
                Argument("REPOSITORY[:TAG]", help: "The image's name", minimum: 0),
            ],
            flags: [
                Flag(
                    "change", short: "c", .list("INSTRUCTION"),
                    help: "Apply a line of a Dockerfile: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `HEALTHCHECK`,"
                        + " `LABEL`, `ONBUILD`, `STOPSIGNAL`, `USER`, `VOLUME`, `WORKDIR`"),
                Flag("message", short: "m", .value("TEXT"), help: "A note for the image's history"),
                Flag("platform", .value("OS/ARCH"), help: "The platform of what is in the tar"),
            ],
            examples: [
                Example("roost import -c 'CMD sh' root.tar.gz mine:1", "Make an image that starts a shell"),
                Example("curl -L URL | roost import - mine:1", "Make an image of what a server has"),
            ])
    }
}
