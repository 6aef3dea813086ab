// SPDX-License-Identifier: Apache-2.0
// `--help` in docker's layout: usage, summary, aliases, options in two columns, commands by group.

extension CommandLineProgram {
    /// The help of the command at a path, of the program for the empty path or one that does not exist.
    /// Lines are at most `width` columns, which is at least 80, unless one word is longer.
    public func help(for path: [String], width: Int = 80) -> String {
        let page = HelpPage(width: max(width, 80))
        guard let command = command(at: path) else { return programHelp(page) }
        let details = command.details()
        let names = canonicalPath(path)
        let display = ([name] + names).joined(separator: " ")
        var text = page.usage(usageLines(for: details, displayPath: display))
        text += page.paragraphs(details.description.isEmpty ? command.summary : details.description)
        if let note = page.note(on: command.status) { text += "\n" + note }
        if !command.aliases.isEmpty {
            let parent = display.dropLast(command.name.count)
            let all = ([command.name] + command.aliases).map { parent + $0 }
            text += "\nAliases:\n  " + all.joined(separator: ", ") + "\n"
        }
        text += page.commands(details.subcommands)
        text += page.options("Options", details.flags)
        if !details.examples.isEmpty {
            text += "\nExamples:\n"
            for example in details.examples { text += "  \(example.command)\n      \(example.meaning)\n" }
        }
        if !details.subcommands.isEmpty { text += page.footer(display) }
        return text
    }

    private func programHelp(_ page: HelpPage) -> String {
        var text = page.usage(["\(name) [OPTIONS] COMMAND"])
        text += page.paragraphs(summary)
        text += page.commands(commands)
        text += page.options("Global Options", globalFlags)
        return text + page.footer(name)
    }

    /// Aliases in a path replaced by the names.
    func canonicalPath(_ path: [String]) -> [String] {
        path.indices.compactMap { command(at: Array(path[...$0]))?.name }
    }

    /// Usage lines with the path in front.
    func usageLines(for details: Command.Details, displayPath: String) -> [String] {
        if !details.usage.isEmpty { return details.usage.map { "\(displayPath) \($0)" } }
        var words = [displayPath]
        if !details.flags.isEmpty { words.append("[OPTIONS]") }
        words += details.subcommands.isEmpty ? details.arguments.map { $0.usage } : ["COMMAND"]
        return [words.joined(separator: " ")]
    }
}

/// The parts of a page of help.
private struct HelpPage {
    let width: Int

    func usage(_ lines: [String]) -> String {
        "Usage:  " + lines.joined(separator: "\n        ") + "\n"
    }

    func paragraphs(_ text: String) -> String {
        var result = ""
        for paragraph in splitParagraphs(text) {
            result += "\n" + wrap(paragraph, width).joined(separator: "\n") + "\n"
        }
        return result
    }

    func note(on status: Flag.Status) -> String? {
        switch status {
        case .honoured: nil
        case .ignored(let reason): "No effect: \(reason)\n"
        case .refused(let reason): "Refused: \(reason)\n"
        }
    }

    func commands(_ all: [Command]) -> String {
        let shown = all.filter { !$0.isHidden }
        let column = (shown.map { $0.name.count }.max() ?? 0) + 2
        var groups: [String] = []
        for command in shown where !groups.contains(command.group) { groups.append(command.group) }
        var text = ""
        for group in groups {
            text += "\n\(group.isEmpty ? "Commands" : group):\n"
            for command in shown where command.group == group {
                text += row("  " + padded(command.name, column), command.summary)
            }
        }
        return text
    }

    func options(_ title: String, _ declared: [Flag]) -> String {
        let implicit = Flag.implicitHelp(beside: declared).map { [$0] } ?? []
        let shown = declared.filter { !$0.isHidden } + implicit
        let heads = shown.map(Self.head)
        let column = (heads.map { $0.count }.max() ?? 0) + 3
        var text = "\n\(title):\n"
        for (flag, head) in zip(shown, heads) {
            text += row("  " + padded(head, column), flag.explanation)
        }
        return text
    }

    func footer(_ display: String) -> String {
        "\nRun '\(display) COMMAND --help' for more information on a command.\n"
    }

    private static func head(_ flag: Flag) -> String {
        let short = flag.short.map { "-\($0), " } ?? "    "
        return short + "--\(flag.name)" + (flag.placeholder.map { " " + $0 } ?? "")
    }

    /// Two columns; what does not fit goes on under the second one, two columns further in.
    private func row(_ head: String, _ text: String) -> String {
        let room = max(width - head.count, 24)
        let first = wrap(text, room)
        guard first.count > 1 else { return head + text + "\n" }
        let tail = wrap(String(text.dropFirst(first[0].count + 1)), room - 2)
        let indent = String(repeating: " ", count: head.count + 2)
        return head + first[0] + "\n" + tail.map { indent + $0 + "\n" }.joined()
    }

    private func padded(_ text: String, _ column: Int) -> String {
        text + String(repeating: " ", count: max(0, column - text.count))
    }
}

extension Flag {
    /// The help with choices, default and status appended.
    var explanation: String {
        var text = help
        if !choices.isEmpty { text += " (\(choices.joined(separator: ", ")))" }
        if let defaultText { text += " (default \(defaultText))" }
        switch status {
        case .honoured: break
        case .ignored(let reason): text += " (no effect: \(reason))"
        case .refused(let reason): text += " (refused: \(reason))"
        }
        return text
    }
}

/// Paragraphs are separated by an empty line; a single line break is a space.
func splitParagraphs(_ text: String) -> [String] {
    var result: [String] = []
    var words: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if !line.isEmpty {
            words.append(line)
        } else if !words.isEmpty {
            result.append(words.joined(separator: " "))
            words = []
        }
    }
    if !words.isEmpty { result.append(words.joined(separator: " ")) }
    return result
}

/// Breaks at single spaces; a word longer than the width stands alone.
func wrap(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if line.isEmpty {
            line = String(word)
        } else if line.count + 1 + word.count <= width {
            line += " " + word
        } else {
            lines.append(line)
            line = String(word)
        }
    }
    lines.append(line)
    return lines
}
