// SPDX-License-Identifier: Apache-2.0
// Addresses, networks and hosts as text.
import Testing

@testable import Images

@Suite("Addresses and hosts")
struct NetworkAddressTests {
    @Test(
        "an address is read",
        arguments: [
            ("1.2.3.4", [1, 2, 3, 4]), ("0.0.0.0", [0, 0, 0, 0]), ("255.255.255.255", [255, 255, 255, 255]),
            ("::", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("::1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            ("fe80::", [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("2001:DB8::a:b", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xa, 0, 0xb]),
            ("1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]),
            ("64:ff9b::1.2.3.4", [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
            ("::ffff:1.2.3.4", [1, 2, 3, 4]), ("::FFFF:7f00:1", [127, 0, 0, 1]),
        ] as [(String, [UInt8])])
    func address(text: String, bytes: [UInt8]) {
        #expect(NetworkAddress(text)?.bytes == bytes)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.0x4", "1..3.4", "+1.2.3.4", "1.2.3.4 ",
            ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1%eth0",
            "[::1]",
            "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", "::-1", "::+1", "1:", ":1",
        ])
    func noAddress(text: String) { #expect(NetworkAddress(text) == nil) }

    @Test(
        "a network holds its own addresses only",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/8", "10.9.9.9", true), ("192.168.1.0/25", "192.168.1.127", true),
            ("192.168.1.0/25", "192.168.1.128", false), ("1.2.3.4/32", "1.2.3.4", true),
            ("1.2.3.4/32", "1.2.3.5", false), ("0.0.0.0/0", "200.1.1.1", true), ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
            ("2001:db8::/33", "2001:db8:7fff::", true),
            ("2001:db8::/33", "2001:db8:8000::", false), ("::/0", "1::", true),
            ("::ffff:10.0.0.0/104", "10.2.3.4", true), ("::ffff:10.0.0.0/104", "11.2.3.4", false),
        ])
    func network(text: String, address: String, isInside: Bool) throws {
        let network = try #require(NetworkPrefix(text))

        #expect(network.contains(try #require(NetworkAddress(address))) == isInside)
    }

    @Test(
        "what is no network is refused",
        arguments: [
            "", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "a/8", "::/129",
            "10.0.0.0/8/8", "10.0.0.0/0008", "::ffff:1.2.3.4/95",
        ])
    func noNetwork(text: String) { #expect(NetworkPrefix(text) == nil) }

    @Test(
        "a host and its port are told apart",
        arguments: [
            ("a.example", "a.example", nil), ("A.Example:5000", "a.example", 5000),
            ("localhost", "localhost", nil),
            ("1.2.3.4:80", "1.2.3.4", 80), ("[::1]", "::1", nil), ("[FE80::1]:443", "fe80::1", 443),
            ("::1", "::1", nil), ("my_host-1:65535", "my_host-1", 65535),
        ] as [(String, String, UInt16?)])
    func host(text: String, host: String, port: UInt16?) throws {
        let registry = try #require(RegistryHost(text))

        #expect(registry.host == host && registry.port == port)
    }

    @Test(
        "what is no host is refused",
        arguments: [
            "", ":", ":80", "a:", "a:0", "a:65536", "a:+80", "a:80:80", "a/b", "..", ".", "a..b", "-a", "a b",
            "a@b",
            "[a]", "[1.2.3.4]", "[::1", "[::1]x", "[::1]:", "é.example", "a?b",
            String(repeating: "a", count: 301),
        ])
    func noHost(text: String) { #expect(RegistryHost(text) == nil) }

    @Test("one place written in two ways is one")
    func equal() {
        #expect(RegistryHost("[0:0::1]:5000") == RegistryHost("[::1]:5000"))
        #expect(RegistryHost("a.example") == RegistryHost("A.EXAMPLE"))
        #expect(RegistryHost("a.example") != RegistryHost("a.example:443"))
        #expect(RegistryHost("1.2.3.4") != RegistryHost("1.2.3.5"))
    }

    @Test(
        "what login is given becomes a reference's registry",
        arguments: [
            ("", "docker.io"), ("docker.io", "docker.io"), ("https://index.docker.io/v1/", "docker.io"),
            ("registry-1.docker.io", "docker.io"), ("http://a.example:5000/v2/", "a.example:5000"),
            ("[::1]:5000", "[::1]:5000"), ("index.docker.io:5000", "index.docker.io:5000"),
        ])
    func server(text: String, domain: String) throws {
        #expect(try RegistryHost.domain(ofServer: text) == domain)
    }

    @Test("what is no registry is no server", arguments: ["https://", "a b", "../x", "ftp://a.example"])
    func noServer(text: String) {
        #expect(throws: ImageError.self) { _ = try RegistryHost.domain(ofServer: text) }
    }
}
