// SPDX-License-Identifier: Apache-2.0
// A plan as one page for a browser: no script, nothing from outside. PlanPage+Trees.swift has the
// namespaces and the mounts, PageStyle.swift the look.
internal import Plan

/// The page of one plan.
struct PlanPage {
    let plan: LaunchPlan
    let title: String

    init(_ plan: LaunchPlan, title: String) {
        self.plan = plan
        self.title = title
    }

    func write() -> String {
        let steps = plan.timeline
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(escaped(title))</title>
            <style>
            \(PageStyle.sheet)
            </style>
            </head>
            <body>
            <header>
            <p class="brand">A container on paper</p>
            <h1><code>\(escaped(title))</code></h1>
            <p>\(steps.count) steps, \(steps.count { $0.side == .child }) of them taken by the container’s first \
            process. Nothing has been carried out.</p>
            </header>
            <main>
            <section>
            <h2>What it gets of its own</h2>
            \(namespaces())
            </section>
            <section>
            <h2>What it sees of files</h2>
            \(mounts())
            </section>
            <section>
            <h2>The steps in the order of time</h2>
            <div class="timeline">
            <div class="lane host">Host: the runtime</div>
            <div class="lane child">Child: the container’s first process</div>
            \(rows(steps))</div>
            </section>
            </main>
            </body>
            </html>
            """ + "\n"
    }

    private func rows(_ steps: [TimedStep]) -> String {
        var text = ""
        for (index, step) in steps.enumerated() {
            let words = step.explanation
            text += """
                <article class="\(step.side.rawValue)" id="s\(index + 1)">
                <h3><span class="number">\(index + 1)</span> \(inline(words.what))</h3>
                <pre><code>\(escaped(words.call))</code></pre>
                <p>\(inline(words.why))</p>
                <p class="source">\(inline(words.source)) <span class="lesson">\(escaped(step.label.lesson.path))</span></p>
                </article>

                """
            text += crossing(after: step)
        }
        return text
    }

    /// Where control passes from one side to the other.
    private func crossing(after step: TimedStep) -> String {
        switch (step.side, step.label.kind) {
        case (.host, "clone"): arrow("the child is born", toChild: true)
        case (.child, "gate"): arrow("the child stands at the gate", toChild: false)
        case (.host, "openGate"): arrow("the gate opens", toChild: true)
        case (.child, "execute"): arrow("the program runs to its end", toChild: false)
        default: ""
        }
    }

    private func arrow(_ text: String, toChild: Bool) -> String {
        let line = toChild ? "M8 12H224" : "M232 12H16"
        let head = toChild ? "M224 6l12 6-12 6z" : "M16 6L4 12l12 6z"
        return """
            <div class="crossing"><svg viewBox="0 0 240 24" aria-hidden="true"><path class="line" d="\(line)"/>\
            <path d="\(head)"/></svg><span>\(text)</span></div>

            """
    }
}

/// Text for an element or an attribute.
func escaped(_ text: String) -> String {
    var result = ""
    for scalar in printable(text).unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// The same, with what stands between two backquotes as code.
func inline(_ text: String) -> String {
    let parts = escaped(text).split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return escaped(text) }
    var result = ""
    for (index, part) in parts.enumerated() {
        result += index % 2 == 1 ? "<code>\(part)</code>" : String(part)
    }
    return result
}
