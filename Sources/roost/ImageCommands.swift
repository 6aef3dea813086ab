// SPDX-License-Identifier: Apache-2.0
// The table of commands about images: docker's verbs, by themselves and below `image`.
import CommandLine
import OCIRuntime

/// A command about images, by the path of words that it is called with.
enum ImageCommands {
    /// Verbs that stand by themselves.
    static func alone() -> [Command] {
        [
            Command(
                "pull", summary: "Download an image from a registry", group: "Common Commands", details: pull),
            Command("images", summary: "List images", group: "Common Commands", details: list),
            Command("rmi", summary: "Remove one or more images", details: remove),
            Command("tag", summary: "Give an image another name", details: tag),
            Command("image", summary: "Manage images", group: "Management Commands", details: group),
        ] + RegistryCommands.alone() + ArchiveCommands.verbs() + ImageDetailCommands.alone()
    }

    private static func group() -> Command.Details {
        Command.Details(
            description: "Manage images.",
            subcommands: [
                Command("ls", aliases: ["list"], summary: "List images", details: list),
                Command("pull", summary: "Download an image from a registry", details: pull),
                RegistryCommands.below(),
                Command("rm", aliases: ["remove"], summary: "Remove one or more images", details: remove),
                Command("tag", summary: "Give an image another name", details: tag),
                Command("prune", summary: "Remove images that nothing uses", details: prune),
            ] + ArchiveCommands.verbs() + ImageDetailCommands.verbs() + ImageBundleCommands.verbs())
    }

    /// Carries out one of them; nil when the command is none of these.
    static func run(_ invocation: Invocation) throws(RuntimeError) -> Int32? {
        let path = invocation.commandPath
        let isBelow = path.count == 2 && path[0] == "image"
        let verb = isBelow ? path[1] : path.first ?? ""
        if let status = try ArchiveCommands.run(verb, invocation) { return status }
        if let status = try ImageDetailCommands.run(verb, invocation) { return status }
        if isBelow, let status = try ImageBundleCommands.run(verb, invocation) { return status }
        let words = isBelow ? "image " + verb : verb
        switch words {
        case "pull", "image pull": return try PullCommand(invocation).run()
        case "images", "image ls": return try ImageListCommand(invocation).run()
        case "rmi", "image rm": return try ImageRemoveCommand(invocation).run()
        case "tag", "image tag": return try ImageTagCommand(invocation).run()
        case "image prune": return try ImagePruneCommand(invocation).run()
        default: return try RegistryCommands.run(words, invocation)
        }
    }

    private static func pull() -> Command.Details {
        Command.Details(
            arguments: [Argument("NAME[:TAG|@DIGEST]", help: "The image")],
            flags: [
                Flag("all-tags", short: "a", help: "Download every tag of the repository"),
                Flag("platform", .value("OS/ARCH"), help: "The platform of the image"),
                Flag("quiet", short: "q", help: "Print the name only"),
                Flag(
                    "disable-content-trust", help: "Do not verify signatures", default: "true",
                    status: .ignored("Roost verifies digests, not signatures of docker's notary")),
            ],
            examples: [Example("roost pull alpine", "Have docker.io/library/alpine:latest in the store")])
    }

    private static func list() -> Command.Details {
        Command.Details(
            arguments: [Argument("REPOSITORY[:TAG]", help: "Only these", minimum: 0)],
            flags: [
                Flag("all", short: "a", help: "Images in between too; there are none"),
                Flag("digests", help: "Show digests"),
                Flag(
                    "filter", short: "f", .list("FILTER"),
                    help: "Only what fits: `dangling=true`, `reference=…`"),
                Flag("format", .value("FORMAT"), help: "`table`, `json`, or a template"),
                Flag("no-trunc", help: "Show ids whole"),
                Flag("quiet", short: "q", help: "Print ids only"),
            ],
            examples: [Example("roost images --format '{{.Repository}}:{{.Tag}}'", "Print names only")])
    }

    private static func remove() -> Command.Details {
        Command.Details(
            arguments: [Argument("IMAGE", help: "Names or ids", maximum: nil)],
            flags: [
                Flag("force", short: "f", help: "Take all names of an id; no error for what is not there"),
                Flag("no-prune", help: "Leave blobs and layers in the store"),
            ])
    }

    private static func tag() -> Command.Details {
        Command.Details(
            arguments: [
                Argument("SOURCE_IMAGE[:TAG]", help: "The image"),
                Argument("TARGET_IMAGE[:TAG]", help: "Its further name"),
            ])
    }

    private static func prune() -> Command.Details {
        Command.Details(
            flags: [
                Flag(
                    "all", short: "a",
                    help: "All images that no container uses, not only those without a name"),
                Flag("filter", .list("FILTER"), help: "Only what fits: `until=…`, `label=…`"),
                Flag("force", short: "f", help: "Do not ask"),
            ])
    }
}
