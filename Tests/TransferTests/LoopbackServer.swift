// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server on 127.0.0.1 that answers as a test wants, also wrongly: it can announce more than
// it sends, and cut the connection anywhere. One request a connection.
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

final class LoopbackServer: Sendable {
    struct Request: Sendable {
        var method = ""
        var target = ""
        var fields: [String: String] = [:]
        var body: [UInt8] = []
        var line: String { method + " " + target }
    }

    struct Reply: Sendable {
        var status = 200
        var fields: [(String, String)] = []
        var body: [UInt8] = []
        /// What `Content-Length` says, when that is not true.
        var announced: Int?
        /// Sent in place of all.
        var raw: [UInt8]?
    }

    typealias Handler = @Sendable (Request) -> Reply

    let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])
    private let handler: Handler

    var requests: [Request] { seen.withLock { $0 } }
    var lines: [String] { requests.map(\.line) }
    var url: String { "http://127.0.0.1:\(port)" }

    /// Answers each request when its body is there.
    /// Without `listens` the port is taken, but nobody answers there.
    init(listens: Bool = true, _ handler: @escaping Handler) {
        self.handler = handler
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(fd, $0, length)
                if listens { _ = listen(fd, 64) }
                _ = getsockname(fd, $0, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard listens else { return }
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(fd, nil, nil)
                guard connection >= 0 else { return }
                guard let self else { close(connection); return }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard var (request, rest) = readHead(connection) else { return }
        let length = Int(request.fields["content-length"] ?? "") ?? 0
        while rest.count < length, let part = readSome(connection) { rest += part }
        request.body = Array(rest.prefix(length))
        let whole = request
        seen.withLock { $0.append(whole) }
        send(connection, handler(request), isHead: request.method == "HEAD")
        shutdown(connection, Int32(SHUT_WR))
        // Else the answer may be lost by a reset.
        while readSome(connection) != nil {}
    }

    private func send(_ connection: Int32, _ reply: Reply, isHead: Bool) {
        if let raw = reply.raw { return write(connection, raw) }
        var head = "HTTP/1.1 \(reply.status) Status\r\nConnection: close\r\n"
        head += "Content-Length: \(reply.announced ?? reply.body.count)\r\n"
        for (name, value) in reply.fields { head += "\(name): \(value)\r\n" }
        write(connection, Array((head + "\r\n").utf8) + (isHead ? [] : reply.body))
    }

    private func write(_ connection: Int32, _ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return Glibc.send(connection, base + done, buffer.count - done, 0x4000)
            }
            if put <= 0 { return }
            done += put
        }
    }

    private func readSome(_ connection: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let got = read(connection, &buffer, buffer.count)
        return got > 0 ? Array(buffer.prefix(got)) : nil
    }

    private func readHead(_ connection: Int32) -> (Request, [UInt8])? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while true {
            guard let part = readSome(connection) else { return nil }
            bytes += part
            // TLS is not spoken here, and what begins with this byte never ends as HTTP does.
            if bytes.first == 0x16 { return nil }
            let found = bytes.indices.first { bytes[$0...].starts(with: end) }
            guard let found else { continue }
            var request = Request()
            for (index, line) in String(decoding: bytes[..<found], as: UTF8.self).components(
                separatedBy: "\r\n"
            ).enumerated() {
                let words = line.components(separatedBy: index == 0 ? " " : ": ")
                if index == 0 {
                    request.method = words[0]
                    request.target = words[1]
                } else if words.count > 1 {
                    request.fields[words[0].lowercased()] = words[1...].joined(separator: ": ")
                }
            }
            return (request, Array(bytes[(found + 4)...]))
        }
    }
}
