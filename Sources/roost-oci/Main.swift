// SPDX-License-Identifier: Apache-2.0
// roost-oci: parse, call, print. Exit status 1 for an error, 255 for a failed exec, else the program's.
import CBuild
import CommandLine
import Kernel
import OCIRuntime
import OCISpec

/// The version of both programs.
let version = "0.1.0"

@main
struct Program {
    static func main() {
        let program = RuntimeCommands.program(
            version: version,
            versionText:
                "roost-oci version \(version)\ncommit: \(String(cString: build_commit()))\nspec: 1.3.0")
        ThisProcess.expectChildren()
        let arguments = ThisProcess.arguments()
        do throws(UsageError) {
            let outcome = try program.parse(arguments)
            if let text = try program.builtInText(for: outcome) {
                writeText(text.hasSuffix("\n") ? text : text + "\n", to: 1)
                ThisProcess.exit(0)
            }
            guard case .invocation(let invocation) = outcome else { ThisProcess.exit(0) }
            let log = ErrorLog(invocation.globals)
            do throws(RuntimeError) {
                try log.open()
                ThisProcess.exit(try Dispatch(invocation, log).run())
            } catch {
                log.error(error.description)
                ThisProcess.exit(invocation.commandPath.first == "exec" ? 255 : 1)
            }
        } catch {
            ErrorLog(program.leadingFlags(of: arguments)).usage(error)
            ThisProcess.exit(error.commandPath == "roost-oci exec" ? 255 : 1)
        }
    }
}
