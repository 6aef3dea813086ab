// SPDX-License-Identifier: Apache-2.0
// What a pull says to a registry, by the registry's own log: what is asked again, and what is told to whom.
import Foundation
import TestSupport
import Testing

extension PullTests {
    @Suite("what is said to a registry") struct PullConversationTests {
        private func requests(_ name: String) throws -> (box: PullBox, log: [ImageRegistry.Request]) {
            let box = try Lie(name).expectPulled()
            return (
                box,
                try PullBox.hostile.get().requests().filter { $0.path.contains("/lies/\(name)/\(box.id)/") }
            )
        }

        @Test("a download that breaks off goes on where it was", arguments: ["once", "steps"])
        func resumes(_ name: String) throws {
            let (_, log) = try requests(name)
            let ranges = log.compactMap { $0.range }

            #expect(ranges == (name == "once" ? ["bytes=100000-"] : ["bytes=100000-", "bytes=200000-"]))
        }

        @Test(
            "a registry that knows no ranges sends all again",
            arguments: ["once-ignores-range", "once-refuses-range"])
        func wholeAgain(_ name: String) throws {
            let (_, log) = try requests(name)

            #expect(log.compactMap { $0.range } == ["bytes=100000-"])
        }

        @Test(
            "a registry that is busy or broken is asked again, and not more than that",
            arguments: [
                ("busy", 1), ("busy-now-3", 3), ("busy-date", 1), ("busy-garbage", 1), ("fails-2", 2),
                ("fails-layer", 1), ("unavailable", 1),
            ])
        func again(_ name: String, _ times: Int) throws {
            let (_, log) = try requests(name)
            let manifests = log.filter { $0.path.contains("/manifests/") }

            #expect(manifests.filter { $0.status == 200 }.count == 1, "\(log)")
            #expect(manifests.count == (name == "fails-layer" ? 1 : times + 1))
            #expect(log.filter { $0.status == 200 }.count == 4)
            #expect(log.count == (name == "fails-layer" ? 6 : 4 * (times + 1)))
        }

        @Test(
            "who asks is told to the registry alone, wherever it leads",
            arguments: ["redirect", "redirect-host", "redirect-302"])
        func redirect(_ name: String) throws {
            let (_, log) = try requests(name)
            let elsewhere = log.filter { $0.path.hasPrefix("/_elsewhere/") }

            #expect(elsewhere.count == 3)
            #expect(elsewhere.allSatisfy { $0.authorization == nil && $0.status == 200 })
            #expect(log.contains { $0.authorization == "Bearer good-token" })
        }

        @Test("a redirect to the same host may be told")
        func sameHost() throws {
            let (_, log) = try requests("redirect-same")

            #expect(log.filter { $0.path.hasPrefix("/_elsewhere/") }.count == 3)
        }

        @Test(
            "a registry that is never content with a login is asked twice",
            arguments: ["login-loop", "login-loop-basic"])
        func loop(_ name: String) throws {
            let box = try PullBox()
            let registry = try PullBox.hostile.get()

            let outcome = try box.roost("pull", "\(registry.address)/lies/\(name)/\(box.id):latest")
            let log = try registry.requests().filter { $0.path.contains("/lies/\(name)/\(box.id)") }

            #expect(outcome.status == 1)
            #expect(log.filter { $0.path.contains("/manifests/") }.count <= 2, "\(log)")
        }

        @Test("a token that runs out is asked for again")
        func expires() throws {
            let (_, log) = try requests("login-expires")

            #expect(log.filter { $0.status == 401 }.count >= 1)
        }
    }
}
