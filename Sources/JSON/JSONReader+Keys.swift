// SPDX-License-Identifier: Apache-2.0
// Keys of objects: compared as bytes where they lie, and refused when an object has one twice.

/// A key, as a range of the reader's bytes; ask `matches` or `text` of the reader that made it.
public struct JSONKey: Sendable {
    @usableFromInline let start: Int
    @usableFromInline let end: Int
    @usableFromInline let escaped: Bool

    @usableFromInline
    init(start: Int, end: Int, escaped: Bool) {
        self.start = start
        self.end = end
        self.escaped = escaped
    }
}

/// The keys one open object has had: first on the reader's stack behind a small filter, then in a set.
@usableFromInline
struct KeyScope {
    @usableFromInline let base: Int
    @usableFromInline var filter: UInt64 = 0
    @usableFromInline var many: Set<[UInt8]> = []

    @usableFromInline
    init(base: Int) { self.base = base }
}

extension JSONReader {
    /// Whether a key is `name`.
    @inlinable
    public func matches(_ key: JSONKey, _ name: StaticString) -> Bool {
        if key.escaped { return bytewise(key) == Array("\(name)".utf8) }
        return equal(key.start, key.end, name)
    }

    /// The key as text; throws when it holds NUL.
    public func text(of key: JSONKey) throws(JSONError) -> String {
        let text = plain(key)
        guard !key.escaped || !text.utf8.contains(0) else { throw JSONError("a key holds NUL") }
        return text
    }

    @usableFromInline
    func component(_ key: JSONKey) -> JSONError.Component { .key(plain(key)) }

    /// A key without escapes, as bytes: `String` would also call canonically equivalent keys the same.
    @usableFromInline
    func bytewise(_ key: JSONKey) -> [UInt8] { Array(plain(key).utf8) }

    @usableFromInline
    func plain(_ key: JSONKey) -> String {
        key.escaped ? unescaped(key) : slice(key.start, key.end)
    }

    /// Takes a key and its colon.
    @usableFromInline
    mutating func nextKey(_ scope: inout KeyScope) throws(JSONError) -> JSONKey {
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            throw syntaxError(at < bytes.count ? "expected a key" : "the text ends too early")
        }
        let key = try scanString("")
        guard isNew(key, &scope) else { throw JSONError("duplicate key `\(plain(key))`") }
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw syntaxError("expected `:`") }
        at &+= 1
        return key
    }

    private mutating func isNew(_ key: JSONKey, _ scope: inout KeyScope) -> Bool {
        let count = openKeys.count &- scope.base
        if count >= 32 { return isNewAmongMany(key, &scope) }
        // An escaped key can equal one of any spelling: it, and every key after it, is compared with all.
        let bit = key.escaped ? UInt64.max : UInt64(1) << UInt64(signature(key) & 63)
        if scope.filter & bit != 0 || (key.escaped && count > 0) {
            for index in scope.base..<openKeys.count where same(openKeys[index], key) { return false }
        }
        scope.filter |= bit
        openKeys.append(key)
        return true
    }

    private mutating func isNewAmongMany(_ key: JSONKey, _ scope: inout KeyScope) -> Bool {
        if scope.many.isEmpty {
            for index in scope.base..<openKeys.count { scope.many.insert(bytewise(openKeys[index])) }
        }
        return scope.many.insert(bytewise(key)).inserted
    }

    private func signature(_ key: JSONKey) -> Int {
        guard key.start < key.end else { return 0 }
        return (key.end &- key.start) &* 11 ^ Int(bytes[key.start]) ^ Int(bytes[key.end &- 1]) &* 5
    }

    private func same(_ one: JSONKey, _ other: JSONKey) -> Bool {
        if one.escaped || other.escaped { return bytewise(one) == bytewise(other) }
        let count = one.end &- one.start
        guard other.end &- other.start == count else { return false }
        for index in 0..<count where bytes[one.start &+ index] != bytes[other.start &+ index] {
            return false
        }
        return true
    }
}
