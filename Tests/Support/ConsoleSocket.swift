// SPDX-License-Identifier: Apache-2.0
// The caller's end of --console-socket. See unix(7).
import Foundation
import Glibc

/// A Unix socket that takes the descriptor a runtime sends.
package final class ConsoleSocket {
    private let listener: Int32
    /// The first descriptor that came.
    package private(set) var master: Int32 = -1
    /// How many came.
    package private(set) var descriptors = 0
    /// How many bytes came with them.
    package private(set) var payload = 0

    package init(_ path: String) throws {
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 1) == 0 else {
            throw FixtureError("cannot listen on \(path): errno \(errno)")
        }
    }

    deinit {
        close(listener)
        if master >= 0 { close(master) }
    }

    /// Accepts and receives by SCM_RIGHTS.
    package func receive() throws {
        var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 10_000) == 1 else {
            throw FixtureError("nobody connected to the console socket")
        }
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var data = [UInt8](repeating: 0, count: 256)
        // cmsghdr of 16 bytes and descriptors: room for more than the one that may come.
        var control = [UInt8](repeating: 0, count: 16 + 4 * 8)
        let received = data.withUnsafeMutableBytes { data in
            control.withUnsafeMutableBytes { control in
                var vector = iovec(iov_base: data.baseAddress, iov_len: data.count)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return recvmsg(connection, &message, Int32(MSG_CMSG_CLOEXEC))
                }
            }
        }
        guard received > 0 else { throw FixtureError("no descriptor came: errno \(errno)") }
        payload = Int(received)
        let length = control.withUnsafeBytes { $0.load(as: Int.self) }
        let all = (0..<max(0, (length - 16) / 4)).map { index in
            control.withUnsafeBytes { $0.load(fromByteOffset: 16 + 4 * index, as: Int32.self) }
        }
        descriptors = all.count
        master = all.first ?? -1
    }

    package func type(_ text: String) { _ = write(master, text, text.utf8.count) }

    /// Reads until `text` came, or the end.
    package func read(until text: String) -> String {
        var all = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !all.contains(text) {
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 5000) == 1 else { return all + "(time is up)" }
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return all
    }
}
