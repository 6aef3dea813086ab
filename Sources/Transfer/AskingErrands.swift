// SPDX-License-Identifier: Apache-2.0
// Errands that only ask: whether a credential is taken, what there is by a word. No store is needed.
internal import TransferProtocol

/// Shows a credential to the registry.
enum LoginErrand {
    static func run(_ request: TransferRequest, _ report: ErrandReport) throws(TransferFailure) {
        let token = try asking { () throws(RegistryError) in
            try client(request, report).login()
        }
        report.tell(.authenticated(identityToken: token ?? ""))
    }

    fileprivate static func client(
        _ request: TransferRequest, _ report: ErrandReport
    ) throws(RegistryError) -> RegistryClient {
        try RegistryClient("", at: request.endpoints, RegistrySettings(agent: "roost")) { text in
            report.tell(.notice(text))
        }
    }
}

/// Looks for repositories by a word.
enum SearchErrand {
    static func run(_ request: TransferRequest, _ report: ErrandReport) throws(TransferFailure) {
        let results = try asking { () throws(RegistryError) in
            try find(request.words, Int(request.limit), LoginErrand.client(request, report))
        }
        for result in results {
            report.tell(
                .found(
                    FoundImage(
                        name: result.name, description: result.summary, stars: result.stars,
                        isOfficial: result.isOfficial)))
        }
    }

    /// Most registries have no search, but a list of their repositories.
    private static func find(
        _ words: String, _ limit: Int, _ client: RegistryClient
    ) throws(RegistryError) -> [SearchResult] {
        do throws(RegistryError) { return try client.search(words, limit: limit) } catch {
            guard error.reason == .notFound else { throw error }
        }
        let wanted = Array(HTTPText.lower(words).utf8)
        let names = try client.catalog().filter { contains(Array($0.utf8), wanted) }
        return names.prefix(limit).map { name in
            var result = SearchResult()
            result.name = name
            return result
        }
    }

    private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard text.count >= word.count else { return false }
        return (0...(text.count - word.count)).contains { text[$0...].starts(with: word) }
    }
}
