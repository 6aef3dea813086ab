// SPDX-License-Identifier: Apache-2.0
// Instructions of `--change`.
import OCISpec
import Testing

@testable import Images

@Suite("changes of configurations") struct ConfigurationChangeTests {
    private func changed(_ lines: String...) throws -> ImageDefaults {
        var defaults = ImageDefaults(env: ["PATH=/bin", "A=old"], workingDir: "/srv")
        for line in lines { try defaults.apply(line) }
        return defaults
    }

    @Test("programs, as a list or as a line for the shell")
    func programs() throws {
        let defaults = try changed("CMD [\"a\", \"b c\"]", "entrypoint  date -u ", "CMD")

        #expect(try changed("CMD [\"a\", \"b c\"]").cmd == ["a", "b c"])
        #expect(defaults.entrypoint == ["/bin/sh", "-c", "date -u"])
        #expect(defaults.cmd == [])
    }

    @Test("pairs, quoted and escaped; the last one counts")
    func pairs() throws {
        let defaults = try changed("ENV A=\"b c\" D=e\\ f", "ENV G h  i", "LABEL x='y z' x=1 w=")

        #expect(defaults.env == ["PATH=/bin", "A=b c", "D=e f", "G=h  i"])
        #expect(defaults.labels == [StringPair(key: "x", value: "1"), StringPair(key: "w", value: "")])
    }

    @Test("ports, volumes, single words")
    func words() throws {
        let defaults = try changed(
            "EXPOSE 80 53/UDP 8000-8002", "VOLUME /a /b", "VOLUME [\"/c d\"]", "USER app:1", "WORKDIR data",
            "STOPSIGNAL SIGINT", "ONBUILD RUN true")

        #expect(defaults.exposedPorts == ["80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp"])
        #expect(defaults.volumes == ["/a", "/b", "/c d"])
        #expect(defaults.user == "app:1" && defaults.workingDir == "/srv/data")
        #expect(defaults.stopSignal == "SIGINT" && defaults.onBuild == ["RUN true"])
    }

    @Test("health checks")
    func health() throws {
        let check = try changed("HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f localhost").healthcheck

        #expect(check?.test == ["CMD-SHELL", "curl -f localhost"])
        #expect(check?.interval == 90_000_000_000 && check?.retries == 3)
        #expect(try changed("HEALTHCHECK NONE").healthcheck?.test == ["NONE"])
        #expect(try changed("HEALTHCHECK CMD [\"a\"]").healthcheck?.test == ["CMD", "a"])
    }

    @Test(
        "what cannot be",
        arguments: [
            "", "RUN true", "ENV", "ENV A", "ENV =b A=c", "EXPOSE x", "EXPOSE 0", "EXPOSE 90-80",
            "EXPOSE 80/icmp", "EXPOSE 70000", "CMD [\"a\"", "USER a b", "LABEL x=\"y", "HEALTHCHECK",
            "HEALTHCHECK CMD",
            "HEALTHCHECK --interval=x CMD a", "HEALTHCHECK --retries=-1 CMD a",
            "HEALTHCHECK --interval=999999h999999h999999h CMD a",
        ])
    func refused(_ line: String) {
        #expect(throws: ImageError.self) { try changed(line) }
    }
}
