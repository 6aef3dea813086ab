// SPDX-License-Identifier: Apache-2.0
// Completion for fish: one `complete` per flag and command, each on the condition that the words before
// the cursor lead to its command.

extension CommandLineProgram {
    func fishCompletion() -> String {
        let nodes = completionNodes()
        let function = "_" + completionFunction + "_at"
        var text = "# fish completion for \(name)\n" + fishWalker(nodes, function)
        text += "complete -c \(fishQuoted(name)) -e\n"
        for node in nodes {
            let condition = fishQuoted("\(function) \(fishQuoted(node.path))")
            let start = "complete -c \(fishQuoted(name)) -n \(condition)"
            for command in node.commands {
                text += "\(start) -f -a \(fishQuoted(command.name)) -d \(fishQuoted(command.summary))\n"
            }
            if node.commands.isEmpty, !node.argumentChoices.isEmpty {
                text += "\(start) -f -a \(fishQuoted(node.argumentChoices.joined(separator: " ")))\n"
            }
            for flag in node.flags { text += start + fishFlag(flag) }
        }
        return text
    }

    private func fishFlag(_ flag: Flag) -> String {
        var text = " -l \(fishQuoted(flag.name))"
        if let short = flag.short { text += " -s \(fishQuoted(String(short)))" }
        for alias in flag.aliases { text += " -l \(fishQuoted(alias))" }
        if flag.takesValue {
            if flag.choices.isEmpty {
                text += flag.takesPath ? " -r -F" : " -x"
            } else {
                text += " -x -a \(fishQuoted(flag.choices.joined(separator: " ")))"
            }
        }
        return text + " -d \(fishQuoted(flag.help))\n"
    }

    /// A function which is true where the words before the cursor lead to the path it is given.
    private func fishWalker(_ nodes: [CompletionNode], _ function: String) -> String {
        var moves = ""
        for node in nodes {
            for command in node.commands {
                let patterns = ([command.name] + command.aliases)
                    .map { fishQuoted("\(node.path) \($0)") }.joined(separator: " ")
                moves +=
                    "            case \(patterns)\n                set path "
                    + fishQuoted("\(node.path) \(command.name)") + "\n"
            }
            let valued = node.flags.filter { $0.takesValue }.flatMap { $0.spellings }
            if !valued.isEmpty {
                let patterns = valued.map { fishQuoted("\(node.path) \($0)") }.joined(separator: " ")
                moves += "            case \(patterns)\n                set skip 1\n"
            }
            if node.stopsAtFirstArgument {
                moves +=
                    "            case \(fishQuoted("\(node.path) -*"))\n"
                    + "            case \(fishQuoted("\(node.path) *"))\n                return 1\n"
            }
        }
        return """
            function \(function)
                set -l path \(fishQuoted(name))
                set -l skip 0
                for word in (commandline -opc)[2..-1]
                    if test $skip = 1
                        set skip 0
                        continue
                    end
                    switch "$path $word"
            \(moves)        end
                end
                test "$path" = "$argv[1]"
            end

            """
    }

    private func fishQuoted(_ text: String) -> String {
        var result = "'"
        for character in text {
            if character == "'" || character == "\\" { result += "\\" }
            result.append(character)
        }
        return result + "'"
    }
}
