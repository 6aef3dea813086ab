// SPDX-License-Identifier: Apache-2.0
// Completion for zsh: one function per command, each a call of `_arguments`. See zshcompsys(1).

extension CommandLineProgram {
    func zshCompletion() -> String {
        let functions = completionNodes().map(zshFunction).joined(separator: "\n")
        let root = completionFunction
        return """
            #compdef \(name)
            # zsh completion for \(name)
            \(functions)
            if [[ $funcstack[1] == \(root) ]]; then
                \(root) "$@"
            else
                compdef \(root) \(shellQuoted(name))
            fi

            """
    }

    private func zshFunction(_ node: CompletionNode) -> String {
        let specs = node.flags.flatMap(zshSpecs) + zshArguments(node)
        let isGroup = !node.commands.isEmpty
        var text = "\(zshName(node.path))() {\n"
        if isGroup { text += "    local curcontext=$curcontext state line\n    typeset -A opt_args\n" }
        let stop = isGroup || node.stopsAtFirstArgument ? " -A '-*'" : ""
        text += "    _arguments -s -S\(isGroup ? " -C" : "")\(stop) \\\n        "
        text += specs.joined(separator: " \\\n        ") + "\n"
        if isGroup { text += zshDispatch(node) }
        return text + "}\n"
    }

    private func zshDispatch(_ node: CompletionNode) -> String {
        var text = "    case $state in\n    command)\n        local -a commands=(\n"
        for command in node.commands {
            let row = "\(escaped(command.name, ":")):\(command.summary)"
            text += "            \(shellQuoted(row))\n"
        }
        text += "        )\n        _describe -t commands command commands ;;\n    rest)\n"
        text += "        case $line[1] in\n"
        for command in node.commands {
            let names = ([command.name] + command.aliases).map(shellQuoted).joined(separator: "|")
            text += "        \(names)) \(zshName("\(node.path) \(command.name)")) ;;\n"
        }
        return text + "        esac ;;\n    esac\n"
    }

    private func zshArguments(_ node: CompletionNode) -> [String] {
        if !node.commands.isEmpty { return ["'1: :->command'", "'*:: :->rest'"] }
        if !node.argumentChoices.isEmpty {
            let words = node.argumentChoices.joined(separator: " ")
            return [shellQuoted("1:\(escaped(node.arguments[0].name, ":")):(\(words))")]
        }
        return node.stopsAtFirstArgument ? ["'*::argument:_default'"] : ["'*:argument:_default'"]
    }

    private func zshSpecs(_ flag: Flag) -> [String] {
        let isRepeated: Bool
        switch flag.kind {
        case .list, .count: isRepeated = true
        case .boolean, .value: isRepeated = false
        }
        let exclusion = isRepeated ? "*" : "(\(flag.spellings.joined(separator: " ")))"
        return flag.spellings.map { spelling in
            let isLong = spelling.hasPrefix("--")
            let equals = flag.takesValue ? (isLong ? "=" : "+") : ""
            let help = escaped(flag.help, "[]:\\")
            return shellQuoted("\(exclusion)\(spelling)\(equals)[\(help)]\(zshValue(flag))")
        }
    }

    private func zshValue(_ flag: Flag) -> String {
        guard let placeholder = flag.placeholder else { return "" }
        let message = escaped(placeholder, ":\\")
        if !flag.choices.isEmpty { return ":\(message):(\(flag.choices.joined(separator: " ")))" }
        return ":\(message):" + (flag.takesPath ? "_files" : " ")
    }

    private func zshName(_ path: String) -> String {
        let words = path.split(separator: " ").dropFirst()
        let tail = words.joined(separator: "_").map { $0 == "-" ? "_" : $0 }
        return tail.isEmpty ? completionFunction : completionFunction + "__" + String(tail)
    }

    private func escaped(_ text: String, _ special: String) -> String {
        var result = ""
        for character in text {
            if special.contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }
}
