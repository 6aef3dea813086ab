// SPDX-License-Identifier: Apache-2.0
// Addresses, and where a Location leads.
import Testing

@testable import Transfer

@Suite("Addresses")
struct HTTPAddressTests {
    @Test(
        "an address is taken apart",
        arguments: [
            ("http://h", "http://h", "/"), ("HTTPS://Reg.Example:443/v2/", "https://reg.example", "/v2/"),
            ("http://h:5000/a?b=c#d", "http://h:5000", "/a?b=c"), ("https://h?x=1", "https://h", "/?x=1"),
            ("https://[::1]:5000/a", "https://[::1]:5000", "/a"), ("http://h:80/", "http://h", "/"),
        ])
    func reads(text: String, origin: String, target: String) {
        let address = HTTPAddress(text)

        #expect(address?.origin == origin)
        #expect(address?.target == target)
    }

    @Test(
        "what is no plain address is refused",
        arguments: [
            "", "h", "ftp://h/", "file:///etc/passwd", "http:/h", "http://", "http:///a", "http://u:p@h/",
            "http://h:0/", "http://h:65536/", "http://h:99999999999999999999/", "http://h:/", "http://h/a b",
            "http://h\\@g/", "http://h/\r\nX: y", "http://h/é", "http://[::1/", "http://h:5x/",
        ])
    func refuses(text: String) {
        #expect(HTTPAddress(text) == nil)
    }

    @Test(
        "a Location is joined to the address where it was found",
        arguments: [
            ("/x", "https://h/x"), ("https://g/y?z", "https://g/y?z"), ("//g/y", "https://g/y"),
            ("c", "https://h/a/c"), ("../c", "https://h/c"), ("../../../c", "https://h/c"),
            ("./", "https://h/a/"),
            ("?q=/../", "https://h/a/b?q=/../"), ("", "https://h/a/b?k"), ("#f", "https://h/a/b?k"),
            ("/p/../q/./r?../s", "https://h/q/r?../s"), ("..", "https://h/"),
        ])
    func joins(location: String, result: String) {
        #expect(HTTPAddress("https://h/a/b?k")?.joined(location)?.text == result)
    }

    @Test(
        "a Location to another scheme leads nowhere",
        arguments: ["file:///etc/passwd", "javascript:x", "ftp://h/"])
    func joinsNot(location: String) {
        #expect(HTTPAddress("https://h/a")?.joined(location) == nil)
    }

    @Test(
        "TLS never leads to an address without it",
        arguments: [
            ("https://h/", "http://h/", false), ("https://h/", "https://g/", true),
            ("http://h/", "https://h/", true),
            ("http://h/", "http://g/", true),
        ])
    func leads(here: String, there: String, allowed: Bool) throws {
        let there = try #require(HTTPAddress(there))

        #expect(HTTPAddress(here)?.mayLead(to: there) == allowed)
    }

    @Test(
        "plain HTTP stays at the port that was named",
        arguments: [("https://h/a", "http://h/a"), ("https://h:5000/", "http://h:5000/")])
    func plain(secure: String, plain: String) {
        #expect(HTTPAddress(secure)?.plain.text == plain)
    }

    @Test("what is shown has no query, and a value added to it is encoded")
    func shown() throws {
        let address = try #require(HTTPAddress("https://h/a?X-Signature=secret"))

        #expect(address.shown == "https://h/a")
        #expect(address.adding("d", "a:b&c").text == "https://h/a?X-Signature=secret&d=a%3Ab%26c")
        #expect(HTTPAddress("https://h/a")?.adding("d", "e").text == "https://h/a?d=e")
    }
}
