// SPDX-License-Identifier: Apache-2.0
// The place an error names.

import JSON
import Testing

@Suite("JSONError")
struct ErrorTests {
    @Test("the place is the path of keys and indexes")
    func place() {
        let error = JSONError("expected an unsigned integer").within(.key("hard")).within(.index(2))
            .within(.key("rlimits")).within(.key("process"))

        #expect(error.description == "process.rlimits[2].hard: expected an unsigned integer")
        #expect(error.path == [.key("process"), .key("rlimits"), .index(2), .key("hard")])
    }

    @Test("a key that is no plain word is quoted")
    func quoted() {
        let error = JSONError("expected a string").within(.key("a.b/c")).within(.key("annotations"))

        #expect(error.description == #"annotations["a.b/c"]: expected a string"#)
    }

    @Test("an error of form names the line and the column too")
    func position() {
        let error = skipError(Array("{\n  \"a\": [1,\n    x]\n}".utf8))

        #expect(error?.description == "a[1]: expected a value (line 3, column 5)")
        #expect(error?.position?.line == 3)
    }

    @Test("a missing key is named at its object")
    func missing() throws {
        let bytes = Array(#"{"a":[{}]}"#.utf8)
        let error = #expect(throws: JSONError.self) {
            try JSONReader.read(bytes.span) { (reader) throws(JSONError) in
                try reader.object { (_, reader) throws(JSONError) in
                    try reader.array { (reader) throws(JSONError) in
                        var name: String?
                        try reader.object { (_, reader) throws(JSONError) in name = try reader.string() }
                        _ = try reader.required(name, "name")
                    }
                }
            }
        }

        #expect(error?.description == "a[0]: missing `name`")
    }
}
