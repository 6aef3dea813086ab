// SPDX-License-Identifier: Apache-2.0
// Completion for bash: one function that walks the words before the cursor to the command they name.

extension CommandLineProgram {
    func bashCompletion() -> String {
        let nodes = completionNodes()
        let function = completionFunction
        return """
            # bash completion for \(name)
            \(function)() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
                local path=\(shellQuoted(name)) args=0 i=1 word
                if [[ $cur == = ]]; then
                    cur=
                elif [[ $prev == = ]]; then
                    prev=${COMP_WORDS[COMP_CWORD-2]}
                fi
                while (( i < COMP_CWORD )); do
                    word=${COMP_WORDS[i]}
                    (( i++ ))
                    case "$path $word" in
            \(bashMoves(nodes))
                    *' -'*) [[ ${COMP_WORDS[i]} == = ]] && (( i += 2 )) ;;
                    *) (( args++ )) ;;
                    esac
                    if (( args )); then
                        case $path in
            \(bashStops(nodes))
                        esac
                    fi
                done
                COMPREPLY=()
                case "$path $prev" in
            \(bashValues(nodes))
                esac
                local flags= words=
                case $path in
            \(bashWords(nodes))
                esac
                if [[ $cur == -* ]]; then
                    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
                elif [[ -n $words ]] && (( ! args )); then
                    COMPREPLY=($(compgen -W "$words" -- "$cur"))
                else
                    compopt -o default 2>/dev/null
                fi
            }
            complete -F \(function) \(shellQuoted(name))

            """
    }

    /// Steps to a command below, and past the value of a flag.
    private func bashMoves(_ nodes: [CompletionNode]) -> String {
        var lines: [String] = []
        for node in nodes {
            for command in node.commands {
                let patterns = ([command.name] + command.aliases).map { shellQuoted("\(node.path) \($0)") }
                let below = shellQuoted("\(node.path) \(command.name)")
                lines.append("\(patterns.joined(separator: "|"))) path=\(below) ;;")
            }
            let patterns = node.flags.filter { $0.takesValue }.flatMap { $0.spellings }
                .map { shellQuoted("\(node.path) \($0)") }
            if !patterns.isEmpty {
                lines.append(
                    "\(patterns.joined(separator: "|")))\n            "
                        + "[[ ${COMP_WORDS[i]} == = ]] && (( i++ ))\n            (( i++ )) ;;")
            }
        }
        return indented(lines)
    }

    /// Behind the first argument of such a command words belong to another program.
    private func bashStops(_ nodes: [CompletionNode]) -> String {
        let paths = nodes.filter { $0.stopsAtFirstArgument }.map { shellQuoted($0.path) }
        let pattern = paths.isEmpty ? "''" : paths.joined(separator: "|")
        return indented(["\(pattern)) compopt -o default 2>/dev/null; COMPREPLY=(); return ;;"])
    }

    private func bashValues(_ nodes: [CompletionNode]) -> String {
        var lines: [String] = []
        for node in nodes {
            for flag in node.flags where flag.takesValue {
                let pattern = flag.spellings.map { shellQuoted("\(node.path) \($0)") }.joined(separator: "|")
                let words = shellQuoted(flag.choices.joined(separator: " "))
                let action =
                    flag.choices.isEmpty
                    ? (flag.takesPath ? "compopt -o default 2>/dev/null; return" : "return")
                    : "COMPREPLY=($(compgen -W \(words) -- \"$cur\")); return"
                lines.append("\(pattern)) \(action) ;;")
            }
        }
        return lines.isEmpty ? indented(["'') ;;"]) : indented(lines)
    }

    private func bashWords(_ nodes: [CompletionNode]) -> String {
        indented(
            nodes.map { node in
                let flags = node.flags.flatMap { $0.spellings }.joined(separator: " ")
                let names = node.commands.isEmpty ? node.argumentChoices : node.commands.map { $0.name }
                let words = shellQuoted(names.joined(separator: " "))
                return "\(shellQuoted(node.path))) flags=\(shellQuoted(flags)) words=\(words) ;;"
            })
    }

    private func indented(_ lines: [String]) -> String {
        lines.map { "        " + $0 }.joined(separator: "\n")
    }
}
