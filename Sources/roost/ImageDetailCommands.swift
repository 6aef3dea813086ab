// SPDX-License-Identifier: Apache-2.0
// The rows of `inspect`, `history` and `image tree`: what images are.
import CommandLine
import OCIRuntime

enum ImageDetailCommands {
    /// Verbs that stand by themselves.
    static func alone() -> [Command] {
        [
            Command("history", summary: "Show how an image came about", details: history),
            Command("inspect", summary: "Print all that is known of something") { inspect(hasType: true) },
        ]
    }

    /// Verbs below `image`.
    static func verbs() -> [Command] {
        [
            Command("history", summary: "Show how an image came about", details: history),
            Command("inspect", summary: "Print all that is known of an image") { inspect(hasType: false) },
            Command("tree", summary: "Show the layers of an image", details: tree),
        ]
    }

    /// Nil when the command is none of these.
    static func run(_ verb: String, _ invocation: Invocation) throws(RuntimeError) -> Int32? {
        switch verb {
        case "history": return try ImageHistoryCommand(invocation).run()
        case "inspect": return try ImageInspectCommand(invocation).run()
        case "tree": return try ImageTreeCommand(invocation).run()
        default: return nil
        }
    }

    private static func inspect(hasType: Bool) -> Command.Details {
        let format = Flag("format", short: "f", .value("FORMAT"), help: "`json`, or a template")
        let flags =
            hasType
            ? [
                format, Flag("size", short: "s", help: "Print the sizes of containers"),
                Flag("type", .value("TYPE"), help: "Look among these only", choices: ["image", "container"]),
            ]
            : [format, Flag("platform", .value("OS/ARCH"), help: "Only if the image is for this platform")]
        return Command.Details(
            arguments: [Argument(hasType ? "NAME" : "IMAGE", help: "Names or ids", maximum: nil)],
            flags: flags,
            examples: [
                Example("roost inspect --format '{{json .Config.Env}}' alpine", "Print one thing only")
            ])
    }

    private static func history() -> Command.Details {
        Command.Details(
            arguments: [Argument("IMAGE", help: "The image")],
            flags: [
                Flag("format", .value("FORMAT"), help: "`table`, `json`, or a template"),
                Flag(
                    "human", short: "H", help: "Sizes and dates for people; off: bytes and RFC 3339",
                    default: "true"),
                Flag("no-trunc", help: "Show everything whole"),
                Flag("quiet", short: "q", help: "Print ids only"),
            ],
            examples: [Example("roost history --no-trunc alpine", "See whole commands")])
    }

    private static func tree() -> Command.Details {
        Command.Details(
            description: """
                Show the layers of an image, the topmost first: the chain ID that the layer is stored under, \
                its size, the step that made it, and which other images have it too.
                """,
            arguments: [Argument("IMAGE", help: "The image")])
    }
}
