// SPDX-License-Identifier: Apache-2.0
// `roost search`.
import CommandLine
import Images
import JSON
import Kernel
import OCIRuntime
import OCISpec
import TransferProtocol

struct SearchCommand {
    let invocation: Invocation

    init(_ invocation: Invocation) { self.invocation = invocation }

    func run() throws(RuntimeError) -> Int32 {
        let limit = Int32(invocation.string("limit") ?? "25") ?? 0
        guard (1...100).contains(limit) else {
            throw RuntimeError("limit \(invocation.string("limit") ?? "") is outside the range of [1, 100]")
        }
        let filters = try filters()
        let (domain, words) = try Self.split(invocation.positionals.first ?? "")
        var request = TransferRequest(.search)
        request.words = words
        request.limit = limit
        request.endpoints = [try endpoint(domain)]
        var found: [FoundImage] = []
        do throws(TransferFailure) {
            try TransferProgram.ask(request) { event in
                switch event {
                case .found(let image): found.append(image)
                case .notice(let text): writeText("roost: \(text)\n", to: 2)
                default: break
                }
            }
        } catch { throw RuntimeError(error.message) }
        let chosen = found.filter { image in filters.allSatisfy { $0.takes(image) } }
        let format = invocation.string("format")
        try ListOutput(titles: Self.titles, columns: ["Name", "Description", "StarCount", "IsOfficial"])
            .print(Self.byStars(chosen).map { row($0, isJSON: format == "json") }, format: format)
        return 0
    }

    private static let titles: [(field: String, title: String)] = [
        ("Name", "NAME"), ("Description", "DESCRIPTION"), ("StarCount", "STARS"),
        ("IsOfficial", "OFFICIAL"), ("IsAutomated", "AUTOMATED"),
    ]

    private func endpoint(_ domain: String) throws(RuntimeError) -> Endpoint {
        var endpoint = try RegistryAccess(invocation).registry(domain)
        // Docker Hub searches at another address than it serves.
        if domain == ImageReference.defaultDomain { endpoint.url = "https://index.docker.io" }
        return endpoint
    }

    /// `HOST[:PORT]/WORD`: what is before the first slash is a registry when it could be no user's name.
    private static func split(_ term: String) throws(RuntimeError) -> (domain: String, words: String) {
        guard let slash = term.firstIndex(of: "/") else { return (ImageReference.defaultDomain, term) }
        let first = String(term[..<slash])
        guard first == "localhost" || first.utf8.contains(where: { $0 == 0x2e || $0 == 0x3a }) else {
            return (ImageReference.defaultDomain, term)
        }
        let domain = try imaging { () throws(ImageError) in try RegistryHost.domain(ofServer: first) }
        return (domain, String(term[term.index(after: slash)...]))
    }

    private static func byStars(_ images: [FoundImage]) -> [FoundImage] {
        images.enumerated().sorted { one, other in
            one.element.stars == other.element.stars
                ? one.offset < other.offset : one.element.stars > other.element.stars
        }.map { $0.element }
    }

    private func row(_ image: FoundImage, isJSON: Bool) -> JSONTree {
        let official = isJSON ? (image.isOfficial ? "true" : "false") : (image.isOfficial ? "[OK]" : "")
        let values: [(String, String)] = [
            ("Description", description(image.description)), ("IsAutomated", isJSON ? "false" : ""),
            ("IsOfficial", official), ("Name", image.name), ("StarCount", "\(image.stars)"),
        ]
        return .object(values.map { JSONTree.Member($0.0, .string($0.1)) })
    }

    /// One line, of 45 characters at most: what a stranger wrote does not move the cursor.
    private func description(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 })
        if !invocation.bool("no-trunc"), scalars.count > 45 { scalars = scalars.prefix(44) + ["…"] }
        var line = ""
        line.unicodeScalars.append(contentsOf: scalars)
        return line
    }

    // MARK: filters

    private enum Filter {
        case stars(Int64)
        case official(Bool)
        case automated(Bool)

        func takes(_ image: FoundImage) -> Bool {
            switch self {
            case .stars(let least): image.stars >= least
            case .official(let wanted): image.isOfficial == wanted
            // Docker Hub builds nothing by itself any more.
            case .automated(let wanted): !wanted
            }
        }
    }

    private func filters() throws(RuntimeError) -> [Filter] {
        var filters: [Filter] = []
        for text in invocation.strings("filter") {
            guard let equals = text.firstIndex(of: "=") else {
                throw RuntimeError("`--filter`: `\(text)` is not `NAME=VALUE`")
            }
            let (name, value) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
            switch name {
            case "stars":
                guard let least = Int64(value) else {
                    throw RuntimeError("`--filter`: `\(value)` is no number of stars")
                }
                filters.append(.stars(least))
            case "is-official": filters.append(.official(try Self.bool(name, value)))
            case "is-automated": filters.append(.automated(try Self.bool(name, value)))
            default:
                throw RuntimeError(
                    "`--filter`: invalid filter `\(name)`; there are `stars`, `is-official`, `is-automated`"
                )
            }
        }
        return filters
    }

    private static func bool(_ name: String, _ value: String) throws(RuntimeError) -> Bool {
        switch value {
        case "true", "1": return true
        case "false", "0": return false
        default: throw RuntimeError("`--filter`: `\(name)` is `true` or `false`, not `\(value)`")
        }
    }
}
