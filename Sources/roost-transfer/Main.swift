// SPDX-License-Identifier: Apache-2.0
// roost-transfer: moves image data in and out. Started by roost alone, with a request on a descriptor.
import Kernel
import Transfer

@main
struct Program {
    static func main() {
        let arguments = ThisProcess.arguments()
        guard let word = arguments.first else {
            writeText("roost-transfer: this program is run by `roost`\n", to: 2)
            ThisProcess.exit(125)
        }
        if word == "--version" {
            writeText("roost-transfer version 0.1.0\n" + Libraries.versions() + "\n", to: 1)
            ThisProcess.exit(0)
        }
        ThisProcess.exit(Errand.run())
    }
}
