// SPDX-License-Identifier: Apache-2.0
// The table of commands that talk to a registry and are no pull: push, login, logout, search.
import CommandLine
import OCIRuntime

enum RegistryCommands {
    /// Verbs that stand by themselves.
    static func alone() -> [Command] {
        [
            below(),
            Command("login", summary: "Log in to a registry", group: "Common Commands", details: login),
            Command("logout", summary: "Log out from a registry", group: "Common Commands", details: logout),
            Command(
                "search", summary: "Search a registry for images", group: "Common Commands", details: search),
        ]
    }

    /// `push`, which stands below `image` too.
    static func below() -> Command {
        Command("push", summary: "Upload an image to a registry", group: "Common Commands", details: push)
    }

    /// Carries out one of them; nil when the command is none of these.
    static func run(_ path: String, _ invocation: Invocation) throws(RuntimeError) -> Int32? {
        switch path {
        case "push", "image push": return try PushCommand(invocation).run()
        case "login": return try LoginCommand(invocation).run()
        case "logout": return try LogoutCommand(invocation).run()
        case "search": return try SearchCommand(invocation).run()
        default: return nil
        }
    }

    private static func push() -> Command.Details {
        Command.Details(
            arguments: [Argument("NAME[:TAG]", help: "The image, by the name that it is to have")],
            flags: [
                Flag("all-tags", short: "a", help: "Push every tag of the repository"),
                Flag("platform", .value("OS/ARCH"), help: "Push only an image of this platform"),
                Flag("quiet", short: "q", help: "Print the name only"),
                Flag(
                    "disable-content-trust", help: "Do not sign", default: "true",
                    status: .ignored("Roost does not sign with docker's notary")),
            ],
            examples: [
                Example("roost push localhost:5000/app:1.0", "Have the image in the registry on this host")
            ])
    }

    private static func login() -> Command.Details {
        Command.Details(
            description: """
                Show a registry who you are, and keep the credential in docker's `config.json` or with the \
                credential helper that is set there.
                """,
            arguments: [Argument("SERVER", help: "The registry; Docker Hub by default", minimum: 0)],
            flags: [
                Flag("username", short: "u", .value("NAME"), help: "The user"),
                Flag(
                    "password", short: "p", .value("PASSWORD"), help: "The password; seen in `ps`"),
                Flag("password-stdin", help: "Read the password from standard input"),
            ],
            examples: [
                Example("roost login -u me --password-stdin ghcr.io <token", "Log in without a question")
            ])
    }

    private static func logout() -> Command.Details {
        Command.Details(
            arguments: [Argument("SERVER", help: "The registry; Docker Hub by default", minimum: 0)])
    }

    private static func search() -> Command.Details {
        Command.Details(
            description: """
                Search Docker Hub, or the registry that TERM begins with. One that has no search is asked \
                for its list of repositories.
                """,
            arguments: [Argument("TERM", help: "What to look for: `WORD` or `HOST[:PORT]/WORD`")],
            flags: [
                Flag("filter", short: "f", .list("FILTER"), help: "Only: `stars=N`, `is-official=true`"),
                Flag("format", .value("FORMAT"), help: "`table`, `json`, or a template"),
                Flag("limit", .value("N"), help: "The most results, 1 to 100", default: "25"),
                Flag("no-trunc", help: "Show descriptions whole"),
            ],
            examples: [Example("roost search --filter is-official=true nginx", "Find the official image")])
    }
}
