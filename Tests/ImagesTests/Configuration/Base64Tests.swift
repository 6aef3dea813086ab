// SPDX-License-Identifier: Apache-2.0
// Base64 against the examples of RFC 4648 and against Foundation's.
import Foundation
import Testing

@testable import Images

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the examples of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test("every byte in every place is what Foundation makes of it")
    func foundation() {
        for length in 1...6 {
            for byte in UInt8.min...UInt8.max {
                let bytes = (0..<length).map { byte &+ UInt8($0) &* 37 }
                let text = Base64.encode(bytes)
                #expect(text == Data(bytes).base64EncodedString())
                #expect(Base64.decode(text) == bytes)
            }
        }
    }

    @Test(
        "what is not strict is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm8==", "Zh==", "Zm9=", "====", "=Zg=", "Z===", "Zg==Zg==",
            "Zg==\n",
            "Zm 9", "Zm-_", "Zm9v\n", "Zmév",
        ])
    func refused(text: String) { #expect(Base64.decode(text) == nil) }
}
