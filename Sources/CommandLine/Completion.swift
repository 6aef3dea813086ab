// SPDX-License-Identifier: Apache-2.0
// What the completion scripts of all shells share: the table flattened to nodes, and quoting.
// The scripts are static text: pressing Tab starts no process of ours.

/// A shell that completion can be written for.
public enum Shell: String, Sendable, CaseIterable {
    /// Bash 4.2 and later.
    case bash
    /// Zsh 5 and later.
    case zsh
    /// Fish 3 and later.
    case fish
}

extension CommandLineProgram {
    /// A script which completes commands, flags and their choices, for the shell to source.
    public func completion(for shell: Shell) -> String {
        switch shell {
        case .bash: bashCompletion()
        case .zsh: zshCompletion()
        case .fish: fishCompletion()
        }
    }

    /// A shell function's name made of the program's.
    var completionFunction: String {
        "_" + String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// The program and every visible command, parents first.
    func completionNodes() -> [CompletionNode] {
        let implicit = Flag.implicitHelp(beside: globalFlags).map { [$0] } ?? []
        let root = CompletionNode(
            path: name, flags: globalFlags.filter { !$0.isHidden } + implicit,
            commands: commands.filter { !$0.isHidden }, arguments: [], stopsAtFirstArgument: false)
        return [root]
            + allCommands().map { path, command in
                let details = command.details()
                let implicit = Flag.implicitHelp(beside: details.flags).map { [$0] } ?? []
                return CompletionNode(
                    path: ([name] + path).joined(separator: " "),
                    flags: details.flags.filter { !$0.isHidden } + implicit,
                    commands: details.subcommands.filter { !$0.isHidden },
                    arguments: details.arguments, stopsAtFirstArgument: details.stopsAtFirstArgument)
            }
    }
}

/// A place on the command line where something can be completed.
struct CompletionNode {
    let path: String
    let flags: [Flag]
    let commands: [Command]
    let arguments: [Argument]
    let stopsAtFirstArgument: Bool

    /// The words of the first argument when they are known.
    var argumentChoices: [String] { arguments.first?.choices ?? [] }
}

extension Flag {
    /// `-n` and `--name`, aliases too.
    var spellings: [String] {
        (short.map { ["-\($0)"] } ?? []) + ["--\(name)"] + aliases.map { "--\($0)" }
    }

    /// Whether the value is a path, by its placeholder.
    var takesPath: Bool {
        switch placeholder {
        case "FILE", "PATH", "SOCKET", "DIR", "SRC:DST[:OPTIONS]": true
        default: false
        }
    }
}

/// A word in single quotes as POSIX shells read it.
func shellQuoted(_ text: String) -> String {
    var result = "'"
    for character in text { result += character == "'" ? "'\\''" : String(character) }
    return result + "'"
}
