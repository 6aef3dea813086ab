// SPDX-License-Identifier: Apache-2.0
// Reads a name of an image by docker's grammar, on bytes; what is wrong is told with its place.
// Source: https://github.com/distribution/reference/blob/v0.6.0/regexp.go

extension ImageReference {
    /// Reads a name; what it leaves out is `docker.io`, `library/` and, without a digest, the tag `latest`.
    public init(_ text: String) throws(ReferenceError) {
        try self.init(text, defaultTag: Self.defaultTag)
    }

    /// Reads a name, and gives it `defaultTag` when it has neither tag nor digest.
    public init(_ text: String, defaultTag: String?) throws(ReferenceError) {
        do {
            self = try ReferenceReader(bytes: Array(text.utf8)).read(defaultTag: defaultTag)
        } catch {
            throw ReferenceError(reference: Self.printable(text), reason: error.text)
        }
    }

    /// A text for a message: not too long, and without what a terminal would obey.
    private static func printable(_ text: String) -> String {
        var short: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars.prefix(80) {
            let isControl = scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
            short.append(isControl ? "?" : scalar)
        }
        var result = ""
        result.unicodeScalars.append(contentsOf: short)
        return text.unicodeScalars.count > 80 ? result + "…" : result
    }
}

/// What is wrong with a name.
private struct Fault: Error {
    var text: String
}

/// A name's bytes, taken apart.
private struct ReferenceReader {
    let bytes: [UInt8]

    func read(defaultTag: String?) throws(Fault) -> ImageReference {
        guard !bytes.isEmpty else { throw Fault(text: "it is empty; give a name such as `ubuntu:24.04`") }
        guard bytes.count <= 1024 else { throw Fault(text: "it has \(bytes.count) bytes, more than 1024") }
        guard !ByteClass.isID(bytes[...]) else {
            throw Fault(text: "64 hexadecimal digits are an image's id, not a name")
        }
        let (named, digest) = try splitDigest()
        let (name, tag) = try splitTag(named)
        let (domain, path) = splitDomain(name)
        try checkDomain(domain)
        try checkPath(path)
        var host = domain.isEmpty ? ImageReference.defaultDomain : text(domain)
        if host == "index.docker.io" { host = ImageReference.defaultDomain }
        var repository = text(path)
        if host == ImageReference.defaultDomain, !path.contains(UInt8(ascii: "/")) {
            repository = "library/" + repository
        }
        let length = host.utf8.count + 1 + repository.utf8.count
        guard length <= ImageReference.longestName else {
            throw Fault(
                text: "registry and repository have \(length) bytes, more than \(ImageReference.longestName)")
        }
        return ImageReference(
            domain: host, path: repository, tag: tag ?? (digest == nil ? defaultTag : nil), digest: digest)
    }

    private func text(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }

    /// The byte at fault and where it is, counted from 1.
    private func fault(_ index: Int, in part: StaticString) -> Fault {
        guard index < bytes.count else { return Fault(text: "the \(part) ends too early") }
        let byte = bytes[index]
        let shown = (0x21..<0x7f).contains(byte) ? "`\(text(bytes[index...index]))`" : "byte \(byte)"
        return Fault(text: "\(shown) at \(index + 1) cannot stand there in the \(part)")
    }

    private func splitDigest() throws(Fault) -> (ArraySlice<UInt8>, ContentDigest?) {
        guard let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return (bytes[...], nil) }
        guard let digest = ContentDigest(text(bytes[(at + 1)...])) else {
            throw Fault(text: "after `@` comes `sha256:` and 64 hexadecimal digits")
        }
        return (bytes[..<at], digest)
    }

    /// A tag begins at the last colon that no `/` follows.
    private func splitTag(_ named: ArraySlice<UInt8>) throws(Fault) -> (ArraySlice<UInt8>, String?) {
        guard let colon = named.lastIndex(of: UInt8(ascii: ":")),
            !named[colon...].contains(UInt8(ascii: "/"))
        else { return (named, nil) }
        let tag = named[(colon + 1)...]
        guard !tag.isEmpty else { throw Fault(text: "no tag comes after `:`") }
        guard tag.count <= ImageReference.longestTag else {
            throw Fault(text: "the tag has \(tag.count) bytes, more than \(ImageReference.longestTag)")
        }
        for index in tag.indices {
            let byte = tag[index]
            let isMiddle = byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            guard ByteClass.isWord(byte) || isMiddle && index > tag.startIndex else {
                throw fault(index, in: "tag")
            }
        }
        return (named[..<colon], text(tag))
    }

    /// What stands before the first `/` is a registry if it has a dot, a colon or a capital, or is `localhost`.
    private func splitDomain(_ name: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else {
            return (name[..<name.startIndex], name)
        }
        let first = name[..<slash]
        let isDomain =
            first.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") || ByteClass.isCapital($0) }
            || first.elementsEqual("localhost".utf8)
        return isDomain ? (first, name[(slash + 1)...]) : (name[..<name.startIndex], name)
    }

    private func checkDomain(_ domain: ArraySlice<UInt8>) throws(Fault) {
        guard !domain.isEmpty else { return }
        var host = domain
        if domain.first == UInt8(ascii: "[") {
            host = try checkAddress(domain)
        } else {
            let end = domain.firstIndex(of: UInt8(ascii: ":")) ?? domain.endIndex
            try checkLabels(domain[..<end])
            host = domain[end...]
        }
        guard let colon = host.first else { return }
        guard colon == UInt8(ascii: ":") else { throw fault(host.startIndex, in: "registry's name") }
        let port = host.dropFirst()
        guard !port.isEmpty else { throw Fault(text: "no port comes after the registry's `:`") }
        for index in port.indices where !ByteClass.isDigit(port[index]) {
            throw fault(index, in: "registry's port")
        }
        guard let number = Int(text(port)), (1...65535).contains(number) else {
            throw Fault(text: "the registry's port `\(text(port.prefix(20)))` is not from 1 to 65535")
        }
    }

    /// Checks `[v6 address]`; what follows it is given back.
    private func checkAddress(_ domain: ArraySlice<UInt8>) throws(Fault) -> ArraySlice<UInt8> {
        guard let end = domain.firstIndex(of: UInt8(ascii: "]")), end > domain.startIndex + 1 else {
            throw Fault(text: "the registry's address has no end; write `[address]:port`")
        }
        for index in (domain.startIndex + 1)..<end
        where !ByteClass.isHex(domain[index]) && domain[index] != UInt8(ascii: ":") {
            throw fault(index, in: "registry's address")
        }
        return domain[(end + 1)...]
    }

    /// Letters, digits and inner hyphens between dots.
    private func checkLabels(_ name: ArraySlice<UInt8>) throws(Fault) {
        guard !name.isEmpty else { throw fault(name.startIndex, in: "registry's name") }
        for index in name.indices {
            let byte = name[index]
            if ByteClass.isAlphanumeric(byte) { continue }
            let isInner =
                index > name.startIndex && index + 1 < name.endIndex
                && (byte == UInt8(ascii: "-") && name[index - 1] != UInt8(ascii: ".")
                    && name[index + 1] != UInt8(ascii: ".")
                    || byte == UInt8(ascii: ".") && name[index + 1] != UInt8(ascii: "."))
            guard isInner else { throw fault(index, in: "registry's name") }
        }
    }

    /// Small letters and digits, between them one `.`, one or two `_`, any number of `-`; `/` between parts.
    private func checkPath(_ path: ArraySlice<UInt8>) throws(Fault) {
        guard !path.isEmpty else { throw Fault(text: "it names no repository") }
        var index = path.startIndex
        while true {
            index = takeAlphanumeric(path, index)
            guard index > path.startIndex, ByteClass.isSmallAlphanumeric(path[index - 1]) else {
                throw pathFault(path, index)
            }
            guard index < path.endIndex else { return }
            if path[index] == UInt8(ascii: "/") {
                index += 1
            } else {
                index = takeSeparator(path, index)
            }
            guard index < path.endIndex, ByteClass.isSmallAlphanumeric(path[index]) else {
                throw pathFault(path, index)
            }
        }
    }

    private func takeAlphanumeric(_ path: ArraySlice<UInt8>, _ start: Int) -> Int {
        path[start...].firstIndex { !ByteClass.isSmallAlphanumeric($0) } ?? path.endIndex
    }

    private func takeSeparator(_ path: ArraySlice<UInt8>, _ start: Int) -> Int {
        let byte = path[start]
        let end = path[start...].firstIndex { $0 != byte } ?? path.endIndex
        switch byte {
        case UInt8(ascii: "."): return start + 1
        case UInt8(ascii: "_"): return min(end, start + 2)
        case UInt8(ascii: "-"): return end
        default: return start
        }
    }

    private func pathFault(_ path: ArraySlice<UInt8>, _ index: Int) -> Fault {
        guard index < path.endIndex else {
            return Fault(text: "the repository's name may not end in `\(text(path.suffix(1)))`")
        }
        guard ByteClass.isCapital(path[index]) else { return fault(index, in: "repository's name") }
        let small = path.map { ByteClass.isCapital($0) ? $0 | 0x20 : $0 }
        let suggestion = bytes[..<path.startIndex] + small + bytes[path.endIndex...]
        let isName = (try? ReferenceReader(bytes: Array(suggestion)).read(defaultTag: nil)) != nil
        return Fault(
            text: "the repository's name must be in small letters"
                + (isName ? "; try `\(text(suggestion))`" : ""))
    }
}

/// Classes of ASCII bytes.
private enum ByteClass {
    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    static func isSmallAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isSmall(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isSmallAlphanumeric(byte) || isCapital(byte) }
    static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
    static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
    static func isID(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 64
            && bytes.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }
}
