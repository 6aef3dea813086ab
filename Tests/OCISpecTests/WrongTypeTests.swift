// SPDX-License-Identifier: Apache-2.0
// Every field of every value, given what it does not take: the error must name that very field.

import JSON
import OCISpec
import Testing

/// The error of reading a text, or nil.
func decodeError<Value: JSONValue>(_ text: String, as _: Value.Type) -> JSONError? {
    do throws(JSONError) {
        _ = try Value.decode(Array(text.utf8))
        return nil
    } catch {
        return error
    }
}

@Suite("Fields of the wrong type")
struct WrongTypeTests {
    private static let replacements: [Tree] = [
        .object([]), .array([]), .string("nonsense"), .bool(true), .number(-1), .raw("1.5"), .raw("1e3"),
        .raw("99999999999999999999999"), .raw("\"a\\u0000b\""),
    ]

    /// Replaces each value of a text in turn; returns how many replacements were tried. The lists under `words`
    /// may be one string.
    func check<Value: JSONValue>(_ value: Value, words: [String] = []) throws -> Int {
        let bytes = value.encode()
        let tree = try JSONReader.read(bytes.span) { (reader) throws(JSONError) in try Tree.read(&reader) }
        var tried = 0
        for (path, old) in tree.places {
            for new in Self.replacements {
                let text = tree.replacing(path[...], with: new).text
                let error = decodeError(text, as: Value.self)
                // Of the right type, the value may be taken; if not, the error is its own or an inner one.
                if error == nil, old.hasType(of: new) { continue }
                if error == nil, case .string = new, case .key(let key) = path.last, words.contains(key) {
                    continue
                }
                #expect(error?.path == path, "\(new.text) -> \(error?.description ?? "accepted")")
                tried += 1
            }
        }
        return tried
    }

    @Test("config.json: a value of another type is refused at its place")
    func config() throws {
        #expect(try check(Populated.spec) > 2500)
    }

    @Test("state, listener state and features: a value of another type is refused at its place")
    func others() throws {
        #expect(try check(Populated.state) > 40)
        #expect(try check(Populated.processState) > 40)
        #expect(try check(Populated.features) > 300)
    }

    @Test("null counts as absent: it is taken, or the key it stands for is missing")
    func null() throws {
        let bytes = Populated.spec.encode()
        let tree = try JSONReader.read(bytes.span) { (reader) throws(JSONError) in try Tree.read(&reader) }
        for (path, _) in tree.places {
            guard case .key(let key) = path.last else { continue }
            let error = decodeError(tree.replacing(path[...], with: .raw("null")).text, as: RuntimeSpec.self)
            if let error {
                #expect(error.reason == "missing `\(key)`" && error.path == Array(path.dropLast()))
            }
        }
    }

    @Test("an unknown key is passed over, but must be JSON")
    func unknownKeys() {
        #expect(decodeError(#"{"ociVersion":"1.0.0","vm":{"x":[1,{}]}}"#, as: RuntimeSpec.self) == nil)
        let error = decodeError(#"{"ociVersion":"1.0.0","vm":{"x":[1,{]}}"#, as: RuntimeSpec.self)
        #expect(error?.place == "vm.x[1]")
    }
}
