// SPDX-License-Identifier: Apache-2.0
// Registries of Tests/Images as children: one that has the stand-in images, and one that lies. Each has its
// own port and storage, and ends with the test run at the latest.
import Foundation
import Glibc

/// A registry on 127.0.0.1 that runs until `stop()`, or until nobody holds it.
package final class ImageRegistry {
    /// One request, as the hostile registry saw it. Headers that were not sent are nil.
    package struct Request {
        package let method: String
        package let path: String
        package let port: Int
        package let status: Int
        package let authorization: String?
        package let range: String?
    }

    package let port: Int
    /// Before the first `/` of a reference: `127.0.0.1:PORT`.
    package var address: String { "127.0.0.1:\(port)" }
    /// With `tls`: the authority that signed the certificate, in a directory as `--cert-dir` wants it.
    package var certificates: String { place + "/certificates" }
    /// The account of `Authentication`.
    package static let account = (name: "user", password: "pass:word")

    private let program: Spawned
    private let place: String
    private var hasStopped = false

    package enum Authentication: String {
        case basic
        /// Everybody may pull `library/...`; `private/...` and pushes want a login.
        case token
    }

    /// Debian's docker-registry with stand-in images as `library/NAME`, writable.
    /// - Parameter images: such as `busybox` or `user:number`; all that are made when nil.
    package convenience init(
        images: [String]? = nil, authentication: Authentication? = nil, tls: Bool = false,
        isReadOnly: Bool = false
    ) throws {
        let place = try directoryOfTheRun("roost-registry")
        try FileManager.default.createDirectory(
            atPath: place + "/certificates", withIntermediateDirectories: false)
        var flags = ["--log", place + "/log"]
        if let images { flags += ["--images"] + images }
        if let authentication { flags += ["--auth", authentication.rawValue] }
        if tls { flags += ["--tls", place + "/certificates/ca.crt"] }
        if isReadOnly { flags.append("--read-only") }
        try self.init("registry", flags, place)
    }

    /// The registry that lies: `lies/NAME`, `push/CONDUCT`.
    /// - Parameter ping: what GET /v2/ is answered, for clients that only log in when that wants it.
    package static func hostile(ping: String = "fine") throws -> ImageRegistry {
        let place = try directoryOfTheRun("roost-registry")
        return try ImageRegistry("hostile-registry", ["--log", place + "/log", "--ping", ping], place)
    }

    private init(_ name: String, _ flags: [String], _ place: String) throws {
        self.place = place
        let program = try Spawned(
            ["\(Programs.package)/Tests/Images/\(name)", "--end-with", String(getpid())] + flags,
            files: place + "/" + name, environment: ["TMPDIR": place])
        self.program = program
        guard eventually(seconds: 300, { program.output.hasSuffix("\n") || program.poll() != nil }),
            let port = Int(program.output.dropFirst("ready ".count).dropLast())
        else {
            program.signal(SIGKILL)
            throw FixtureError("\(name) does not start: \(program.wait())")
        }
        self.port = port
    }

    deinit { stop() }

    /// Ends it and waits for that; its storage is gone then.
    package func stop() {
        guard !hasStopped else { return }
        hasStopped = true
        program.signal(SIGTERM)
        _ = program.wait(seconds: 10)
    }

    /// What it logged so far: lines of the Combined Log Format, or of JSON from the hostile one.
    package var log: String { text(of: place + "/log") }

    /// The hostile registry's requests, of one repository when it is named.
    package func requests(of repository: String? = nil) throws -> [Request] {
        try log.split(separator: "\n").map { try Request(line: String($0)) }
            .filter { request in repository.map { request.path.contains("/\($0)/") } ?? true }
    }

    /// What `GET path` is answered, by plain HTTP: status line, headers, body.
    package func get(_ path: String) throws -> String {
        let connection = try connected()
        defer { close(connection) }
        let request = "GET \(path) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n"
        guard send(connection, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count
        else { throw FixtureError("cannot send to \(address): errno \(errno)") }
        var whole: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = recv(connection, &buffer, buffer.count, 0), count > 0 {
            whole += buffer.prefix(count)
        }
        return String(decoding: whole, as: UTF8.self)
    }

    private func connected() throws -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let reason = errno
            close(connection)
            throw FixtureError("cannot connect to \(self.address): errno \(reason)")
        }
        return connection
    }
}

extension ImageRegistry.Request {
    fileprivate init(line: String) throws {
        let members = try Config(line)
        guard let method = members["method"] as? String, let path = members["path"] as? String,
            let port = members["port"] as? Int, let status = members["status"] as? Int
        else { throw FixtureError("no request: \(line)") }
        self.init(
            method: method, path: path, port: port, status: status,
            authorization: members["authorization"] as? String, range: members["range"] as? String)
    }
}

/// The image layout that has the stand-in images, each named `docker.io/library/NAME`.
package let standinLayout: Result<String, FixtureError> = {
    do {
        let place = try directoryOfTheRun("roost-standins")
        let asked = try Spawned(
            [Programs.package + "/Tests/Images/standins", "layout"], files: place + "/standins"
        ).wait()
        guard asked.status == 0, let path = asked.lines.first else {
            return .failure(FixtureError("standins: \(asked)"))
        }
        return .success(path)
    } catch { return .failure(FixtureError("\(error)")) }
}()
