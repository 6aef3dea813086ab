// SPDX-License-Identifier: Apache-2.0
// Plans written down: text, JSON, and one page without anything from outside.
import Foundation
import JSON
import OCIRuntime
import OCISpec
import Plan
import Testing

@testable import Explain

@Suite("A plan on paper") struct PaperTests {
    private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private func populated() throws -> [TimedStep] { try Plans.populated().timeline }

    @Test("host and child stand in the order of time: nobody passes a gate before it is opened")
    func timeline() throws {
        let steps = try populated().map { "\($0.side) \($0.label.kind)" }
        let order = [
            "host claim", "host begin", "host makeCgroup", "host giveStreams", "host clone", "host record",
            "child session", "child gate", "host hook", "host hook", "host openGate", "child hook",
            "child pivot", "child gate", "host openGate", "child hook", "child execute", "host hook",
            "host cleanUp", "host hook",
        ]

        var rest = steps[...]
        for wanted in order {
            let found = try #require(rest.firstIndex(of: wanted), "\(wanted) in \(Array(rest))")
            rest = rest[(found + 1)...]
        }
        #expect(rest.isEmpty)
        #expect(steps.filter { $0 == "host openGate" }.count == 2)
        #expect(steps.filter { $0 == "child gate" }.count == 2)
    }

    @Test("no step of a plan is left out or shown twice")
    func complete() throws {
        let plan = try Plans.populated()
        let steps = plan.timeline

        #expect(steps.filter { $0.side == .host }.map(\.explanation) == plan.host.map(\.explanation))
        #expect(steps.filter { $0.side == .child }.map(\.explanation) == plan.container.map(\.explanation))
    }

    @Test("every step names its kind and a lesson")
    func lessons() throws {
        let steps = try populated()

        for step in steps {
            #expect(!step.label.kind.isEmpty)
        }
        #expect(Set(steps.map(\.label.lesson)).count == Lesson.allCases.count - 1)
    }

    @Test("every lesson that a step may name is a page, and every page is such a lesson")
    func pages() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.checkout + "/docs/lessons")
        let pages = names.filter { $0.hasSuffix(".md") && $0 != "README.md" }

        #expect(Set(pages.map { "docs/lessons/" + $0 }) == Set(Lesson.allCases.map(\.path)))
    }

    @Test("the text has four lines for each step and no control character")
    func text() throws {
        let plan = try Plans.plan { $0.hostname = "a\u{1b}[31m\nb" }
        let lines = PlanText.write(plan).split(separator: "\n")

        #expect(lines.count == plan.timeline.count * 4)
        #expect(lines.contains { $0.contains("host name `a\\u{1b}[31m\\nb`") })
        #expect(lines.contains { $0.contains("docs/lessons/04-root.md") })
    }

    @Test("the JSON is an array of steps with these keys in this order")
    func json() throws {
        let plan = try Plans.plan { $0.hostname = "a\"\n\u{1b}" }
        let text = PlanJSON.write(plan)
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let steps = try #require(parsed as? [[String: Any]])
        let keys = ["number", "side", "kind", "what", "call", "why", "source", "lesson"]

        #expect(steps.count == plan.timeline.count)
        #expect(steps.map { $0["number"] as? Int } == Array(1...steps.count))
        #expect(steps.allSatisfy { Set($0.keys) == Set(keys) })
        #expect(steps.contains { $0["what"] as? String == "host name `a\"\n\u{1b}`" })
        let first = text.split(separator: "}")[0]
        let places = keys.map { first.range(of: "\"\($0)\":")?.lowerBound }
        #expect(places == places.sorted { ($0 ?? first.endIndex) < ($1 ?? first.endIndex) })
    }

    @Test("the page is well-formed, and has nothing from outside")
    func page() throws {
        let text = try PlanFormat.html.write(Plans.populated(), title: "roost run <b>")

        #expect(unbalanced(text) == nil)
        for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.contains("prefers-color-scheme:dark"))
        #expect(text.contains("roost run &lt;b&gt;"))
    }

    @Test("the page shows each step's four fields, the gates, the namespaces and the mounts")
    func content() throws {
        let plan = try Plans.populated()
        let text = try PlanFormat.html.write(plan, title: "t")

        for step in plan.timeline {
            let words = step.explanation
            #expect(text.contains(inline(words.what)) && text.contains(escaped(words.call)))
            #expect(text.contains(inline(words.why)) && text.contains(inline(words.source)))
        }
        #expect(text.components(separatedBy: "the gate opens").count == 3)
        #expect(
            text.contains("host name: its own")
                && text.contains("queues, shared memory: joined, /proc/1/ns/ipc"))
        #expect(text.contains("<li><code>/data</code> <span class=\"tag\">bind of /srv</span>"))
    }

    @Test("no value gets out of its place in the page", arguments: Hostile.values)
    func hostilePage(_ value: String) throws {
        let plan = try Plans.plan {
            $0.process?.args = ["sh", value]
            $0.process?.cwd = "/" + value
            $0.mounts.append(MountSpec(destination: "/d" + value, source: "/s" + value, options: ["rbind"]))
        }
        let text = try PlanFormat.html.write(plan, title: value)

        #expect(unbalanced(text) == nil)
        #expect(!text.contains("<script") && !text.contains("<img"))
    }

    /// The first tag that does not fit, or nil.
    private func unbalanced(_ text: String) -> String? {
        let empty = ["meta", "!DOCTYPE"]
        var open: [Substring] = []
        for part in text.split(separator: "<").dropFirst() {
            guard let end = part.firstIndex(of: ">") else { return String(part) }
            let tag = part[..<end]
            let name = tag.drop { $0 == "/" }.prefix { $0 != " " && $0 != "/" && $0 != ">" }
            if tag.hasSuffix("/") || empty.contains(String(name)) { continue }
            if !tag.hasPrefix("/") { open.append(name) } else if open.popLast() != name { return String(tag) }
        }
        return open.last.map(String.init)
    }
}
