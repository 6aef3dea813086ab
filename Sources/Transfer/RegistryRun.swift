// SPDX-License-Identifier: Apache-2.0
// Moves calls from one exchange to the next, several at once on one thread, until all are done or one fails:
// then none goes on.
internal import TransferProtocol

/// What a call does when an exchange is over.
enum RegistryStep {
    case again
    case done
    case next(RegistryCall)
}

extension RegistryClient {
    /// Makes all calls, `atMost` of them at once. The first error ends all.
    func run(_ calls: [RegistryCall], atMost: Int) throws(RegistryError) {
        var waiting = Array(calls.reversed())
        var active: [RegistryCall] = []
        // Also breaks the circle of a call, its exchange and what that asks back.
        defer { for call in active { call.exchange = nil } }
        while true {
            while active.count < atMost, let call = waiting.popLast() {
                call.place = call.asksMirrors ? firstPlace(from: 0) : registryPlace
                active.append(call)
            }
            if active.isEmpty { return }
            try startDue(active)
            let over = web.step(milliseconds: pause(active))
            guard let over, let index = active.firstIndex(where: { $0.isOn(over) }) else { continue }
            switch try settle(active[index], over) {
            case .again: break
            case .done: active.remove(at: index)
            case .next(let call):
                call.place = active[index].place
                active[index] = call
            }
        }
    }

    private func startDue(_ calls: [RegistryCall]) throws(RegistryError) {
        let now = HTTPWeb.clock()
        for call in calls where call.exchange == nil && call.notBefore <= now { try start(call) }
    }

    /// How long nothing need be done but move data.
    private func pause(_ calls: [RegistryCall]) -> Int32 {
        let now = HTTPWeb.clock()
        var pause: Int64 = 1000
        for call in calls where call.exchange == nil { pause = min(pause, max(call.notBefore - now, 0)) }
        return Int32(pause)
    }

    private func start(_ call: RegistryCall) throws(RegistryError) {
        let request: HTTPRequest
        switch call.stage {
        case .target: request = targetRequest(call)
        case .token(let challenge): request = try redirected(tokenRequest(challenge, call), call)
        }
        call.exchange = try HTTPExchange(request, on: web) { (head) throws(RegistryError) in
            try Self.use(head, call)
        }
    }

    private func targetRequest(_ call: RegistryCall) -> HTTPRequest {
        let first: HTTPAddress
        switch call.target {
        case .path(let path): first = places[call.place].address(of: path)
        case .address(let address): first = address
        }
        var request = HTTPRequest(method: call.isReduced ? "GET" : call.method, address: first)
        request.fields = call.fields
        if !call.isReduced { request.body = call.body }
        if let download = call.download, download.received > 0 {
            request.fields.append(("Range", "bytes=\(download.received)-"))
        }
        request.patience = call.patience
        request.trust = places[call.place].trust
        // Who asks is told to the registry alone, wherever it sends us.
        let isRegistry = HTTPText.same(first.origin, places[call.place].address.origin)
        if isRegistry, let value = tokens.value(call.place, call.scopeKey) {
            request.fields.append(("Authorization", value))
        }
        return redirected(request, call)
    }

    /// The request as the last redirect has it: another host learns nothing of who asks.
    private func redirected(_ request: HTTPRequest, _ call: RegistryCall) -> HTTPRequest {
        guard let address = call.redirected else { return request }
        var moved = request
        if !HTTPText.same(address.origin, request.address.origin) {
            moved.fields.removeAll { $0.name == "Authorization" }
        }
        moved.address = address
        return moved
    }

    /// What becomes of a body, by its head.
    private static func use(_ head: HTTPHead, _ call: RegistryCall) throws(RegistryError) -> HTTPBodyUse {
        guard (200..<300).contains(head.status) else { return .begin(limit: 64 << 10) }
        if call.isAtToken { return .keep(limit: 1 << 20) }
        guard let download = call.download else { return .keep(limit: call.limit) }
        try download.accept(head)
        return .hand { (bytes) throws(RegistryError) in try download.take(bytes) }
    }

    /// The first place that is asked from `index` on: mirrors that failed are left out.
    func firstPlace(from index: Int) -> Int {
        (index..<places.count).first { !places[$0].isPassedOver } ?? registryPlace
    }

    /// The first place that is no mirror.
    var registryPlace: Int { places.firstIndex { !$0.endpoint.isMirror } ?? 0 }
}

extension RegistryCall {
    /// Whether this is the exchange that is under way.
    fileprivate func isOn(_ other: HTTPExchange) -> Bool {
        exchange.map { ObjectIdentifier($0) == ObjectIdentifier(other) } ?? false
    }
}
