// SPDX-License-Identifier: Apache-2.0
// Objects with open keys: read in the order of the text, written in the order of the list.

import JSON

extension JSONReader {
    /// Reads an object whose values are all strings.
    mutating func pairs() throws(JSONError) -> [StringPair] {
        try dictionary { (key, reader) throws(JSONError) in
            StringPair(key: key, value: try reader.string())
        }
    }
}

extension JSONWriter {
    /// Writes a key and an object of strings, unless that is empty.
    mutating func pairs(_ name: String, _ pairs: [StringPair]) {
        guard !pairs.isEmpty else { return }
        key(name)
        object { writer in
            for pair in pairs { writer.member(pair.key, pair.value) }
        }
    }

    /// Writes a key and an object made of the key and the value of each element, unless that is empty.
    mutating func dictionary<Element>(
        _ name: String, _ elements: [Element], _ entry: (Element) -> (String, (inout JSONWriter) -> Void)
    ) {
        guard !elements.isEmpty else { return }
        key(name)
        object { writer in
            for element in elements {
                let (key, write) = entry(element)
                writer.key(key)
                write(&writer)
            }
        }
    }
}
