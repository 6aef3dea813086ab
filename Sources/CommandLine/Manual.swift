// SPDX-License-Identifier: Apache-2.0
// Man pages in roff's man macros, from the same rows as `--help`. See groff_man(7) and man-pages(7).

extension CommandLineProgram {
    /// The man page of the command at a path, or of the program for the empty path; nil when there is no
    /// such command. It is pure ASCII and carries no date, so that it is the same from build to build.
    public func roff(for path: [String]) -> String? {
        if path.isEmpty { return programPage() }
        guard let command = command(at: path) else { return nil }
        let names = canonicalPath(path)
        let details = command.details()
        let display = ([name] + names).joined(separator: " ")
        var page = header([name] + names, summary: command.summary)
        page += synopsis(usageLines(for: details, displayPath: display))
        page += description(details.description.isEmpty ? command.summary + "." : details.description)
        page += statusNote(command.status)
        page += arguments(details.arguments)
        page += commandList(details.subcommands)
        page += options("OPTIONS", details.flags)
        page += examples(details.examples)
        let parents = names.indices.map { ([name] + names[..<$0]).joined(separator: "-") }
        let children = details.subcommands.map { ([name] + names + [$0.name]).joined(separator: "-") }
        return page + seeAlso(parents + children)
    }

    private func programPage() -> String {
        var page = header([name], summary: summary)
        page += synopsis(["\(name) [OPTIONS] COMMAND [ARG...]"])
        page += description(summary + ".")
        page += commandList(commands)
        page += options("GLOBAL OPTIONS", globalFlags)
        return page + seeAlso(commands.filter { !$0.isHidden }.map { "\(name)-\($0.name)" })
    }

    private func header(_ words: [String], summary: String) -> String {
        let title = words.joined(separator: "-")
        let foot = roffQuoted("\(name) \(version)")
        return ".TH \(roffQuoted(title.uppercased())) \"1\" \"\" \(foot) \"User Commands\"\n"
            + ".SH NAME\n\(roffEscaped(title)) \\- \(roffEscaped(summary))\n"
    }

    private func synopsis(_ lines: [String]) -> String {
        ".SH SYNOPSIS\n.nf\n" + lines.map { roffLine($0) }.joined() + ".fi\n"
    }

    private func description(_ text: String) -> String {
        let paragraphs = splitParagraphs(text).map { roffLine($0) }
        return ".SH DESCRIPTION\n" + paragraphs.joined(separator: ".PP\n")
    }

    private func statusNote(_ status: Flag.Status) -> String {
        switch status {
        case .honoured: ""
        case .ignored(let reason): ".PP\n" + roffLine("No effect: \(reason).")
        case .refused(let reason): ".PP\n" + roffLine("Refused: \(reason).")
        }
    }

    private func arguments(_ arguments: [Argument]) -> String {
        let explained = arguments.filter { !$0.help.isEmpty || !$0.choices.isEmpty }
        if explained.isEmpty { return "" }
        return ".SH ARGUMENTS\n"
            + explained.map { argument in
                let choices = argument.choices.isEmpty ? "" : " (\(argument.choices.joined(separator: ", ")))"
                return ".TP\n\\fI\(roffEscaped(argument.name))\\fR\n" + roffLine(argument.help + choices)
            }.joined()
    }

    private func commandList(_ commands: [Command]) -> String {
        let shown = commands.filter { !$0.isHidden }
        if shown.isEmpty { return "" }
        return ".SH COMMANDS\n"
            + shown.map { ".TP\n\\fB\(roffEscaped($0.name))\\fR\n" + roffLine($0.summary) }.joined()
    }

    private func options(_ title: String, _ declared: [Flag]) -> String {
        let implicit = Flag.implicitHelp(beside: declared).map { [$0] } ?? []
        return ".SH \(title)\n"
            + (declared.filter { !$0.isHidden } + implicit).map { flag in
                let names = flag.displayName.split(separator: " ").map {
                    $0.hasSuffix(",")
                        ? "\\fB\(roffEscaped($0.dropLast()))\\fR," : "\\fB\(roffEscaped($0))\\fR"
                }
                let value = flag.placeholder.map { " \\fI\(roffEscaped($0))\\fR" } ?? ""
                return ".TP\n\(names.joined(separator: " "))\(value)\n" + roffLine(flag.explanation)
            }.joined()
    }

    private func examples(_ examples: [Example]) -> String {
        if examples.isEmpty { return "" }
        return ".SH EXAMPLES\n"
            + examples.map { example in
                roffLine(example.meaning + ":") + ".PP\n.RS 4\n.nf\n" + roffLine(example.command)
                    + ".fi\n.RE\n"
            }.joined(separator: ".PP\n")
    }

    private func seeAlso(_ pages: [String]) -> String {
        if pages.isEmpty { return "" }
        let references = pages.map { "\\fB\(roffEscaped($0))\\fR(1)" }
        return ".SH SEE ALSO\n" + references.joined(separator: ",\n") + "\n"
    }
}

/// Text as roff prints it unchanged: every character that roff or a Unicode device would change is named.
func roffEscaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": result += "\\(rs"
        case "-": result += "\\-"
        case "'": result += "\\(aq"
        case "\"": result += "\\(dq"
        case "`": result += "\\(ga"
        case "^": result += "\\(ha"
        case "~": result += "\\(ti"
        case "\n", "\r", "\t": result += " "
        case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "]"
        }
    }
    return result
}

/// One line of running text: a leading dot must not become a request.
private func roffLine(_ text: String) -> String {
    let escaped = roffEscaped(text.drop { $0 == " " })
    if escaped.isEmpty { return "\\&\n" }
    return (escaped.hasPrefix(".") ? "\\&" : "") + escaped + "\n"
}

private func roffQuoted(_ text: String) -> String { "\"\(roffEscaped(text))\"" }
