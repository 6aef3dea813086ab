// SPDX-License-Identifier: Apache-2.0
// roost: parse, call, print. Exit status 125 when Roost itself fails, 126 and 127 when the program
// cannot be executed or found, else the program's own.
import CommandLine
import Kernel
import OCIRuntime

/// The version of both programs.
let version = "0.1.0"

@main
struct Program {
    static func main() {
        let program = Commands.program(version: version, versionText: "roost version \(version)")
        ThisProcess.expectChildren()
        let arguments = ThisProcess.arguments()
        do throws(UsageError) {
            let outcome = try program.parse(arguments)
            if let text = try program.builtInText(for: outcome) {
                writeText(text.hasSuffix("\n") ? text : text + "\n", to: 1)
                ThisProcess.exit(0)
            }
            guard case .invocation(let invocation) = outcome else { ThisProcess.exit(0) }
            do throws(RuntimeError) {
                ThisProcess.exit(try dispatch(invocation))
            } catch {
                writeText("roost: \(error.description)\n", to: 2)
                // docker's 125 means that no container was made; other commands fail with 1.
                let isRun = ["run", "explain"].contains(invocation.commandPath.first ?? "")
                ThisProcess.exit(isRun ? status(of: error.code) : 1)
            }
        } catch {
            writeText("roost: \(error.description)\n", to: 2)
            ThisProcess.exit(125)
        }
    }

    private static func dispatch(_ invocation: Invocation) throws(RuntimeError) -> Int32 {
        if invocation.commandPath == ["version"] {
            writeText("roost version \(version)\n", to: 1)
            return 0
        }
        if invocation.commandPath == ["explain", "filter"] {
            return try ExplainFilterCommand(invocation).run()
        }
        if let status = try ImageCommands.run(invocation) { return status }
        if invocation.commandPath.first == "explain" { return try ExplainCommand(invocation).run() }
        return try RunCommand(invocation).run()
    }

    private static func status(of code: RuntimeError.Code) -> Int32 {
        switch code {
        case .notExecutable: 126
        case .programNotFound: 127
        case .failed, .notFound: 125
        }
    }
}
