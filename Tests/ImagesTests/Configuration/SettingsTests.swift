// SPDX-License-Identifier: Apache-2.0
// Settings: which file counts, what each key is read as, and what a wrong one is told.
import Foundation
import Kernel
import OCISpec
import Testing

@testable import Images

@Suite("Settings")
struct SettingsTests {
    let place: TemporaryDirectory
    let files: SettingsFiles

    init() throws {
        place = try TemporaryDirectory()
        files = SettingsFiles(
            own: [place.path + "/host.json", place.path + "/user.json"], docker: place.path + "/daemon.json")
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: place.path + "/" + name, atomically: false, encoding: .utf8)
    }

    private func read(_ text: String) throws -> Settings {
        var settings = Settings()
        try settings.read(Array(text.utf8), file: "/f")
        return settings
    }

    @Test("without a file there are the defaults")
    func defaults() throws {
        let settings = try files.load()

        #expect(settings == Settings())
        #expect(
            settings.concurrentDownloads == 3 && settings.concurrentUploads == 5
                && settings.downloadAttempts == 5)
    }

    @Test("the user's file replaces the host's key by key, and dockerd's is not read")
    func layers() throws {
        try write("host.json", #"{"registry-mirrors": ["https://a.example"], "max-concurrent-downloads": 7}"#)
        try write("user.json", #"{"registry-mirrors": ["https://b.example/"]}"#)
        try write("daemon.json", #"{"registry-mirrors": ["https://c.example"], "dns": ["8.8.8.8"]}"#)

        let settings = try files.load()

        #expect(settings.mirrors.map(\.text) == ["https://b.example"])
        #expect(settings.concurrentDownloads == 7)
        #expect(settings.nameServers == [])
    }

    @Test("dockerd's file counts where there is none of our own, but for where it keeps its data")
    func docker() throws {
        try write("daemon.json", #"{"dns": ["your_dns_address", "8.8.8.8"], "data-root": "/var/lib/docker"}"#)

        let settings = try files.load()

        #expect(settings.nameServers == ["your_dns_address", "8.8.8.8"])
        #expect(settings.dataRoot == nil)
    }

    @Test("even an empty file of our own stands for dockerd's")
    func empty() throws {
        try write("user.json", " \n")
        try write("daemon.json", #"{"dns": ["8.8.8.8"]}"#)

        #expect(try files.load() == Settings())
    }

    @Test("a file that cannot be read is an error, dockerd's a warning")
    func unreadable() throws {
        try FileManager.default.createDirectory(
            atPath: place.path + "/daemon.json", withIntermediateDirectories: false)
        #expect(try files.load().warnings.count == 1)

        try FileManager.default.createDirectory(
            atPath: place.path + "/user.json", withIntermediateDirectories: false)
        let error = #expect(throws: ImageError.self) { _ = try files.load() }
        #expect(error?.description == "cannot read the settings in `\(place.path)/user.json`: is a directory")
    }

    @Test("every key that has a meaning is read")
    func all() throws {
        let settings = try read(
            """
            {"registry-mirrors": ["http://m.example:5000/a/b/"], "insecure-registries": ["10.0.0.0/8", "http://R:1"],
             "dns": ["1.1.1.1"], "dns-search": ["a"], "dns-opts": ["ndots:2"], "log-driver": "json-file",
             "default-ulimits": {"nofile": {"Name": "nofile", "Hard": -1, "Soft": 64}, "core": {"soft": 0, "hard": 0}},
             "log-opts": {"max-size": "10m"}, "data-root": "/data", "max-concurrent-downloads": 1,
             "max-concurrent-uploads": 0, "max-download-attempts": 9}
            """)

        let mirror = try #require(settings.mirrors.first)
        #expect(mirror.text == "http://m.example:5000/a/b" && !mirror.isEncrypted)
        #expect(mirror.authority == "m.example:5000" && mirror.host.port == 5000)
        #expect(
            settings.insecureRegistries
                == [
                    .network(try #require(NetworkPrefix("10.0.0.0/8"))),
                    .host(try #require(RegistryHost("r:1"))),
                ])
        #expect(settings.nameServers == ["1.1.1.1"] && settings.searchDomains == ["a"])
        #expect(settings.resolverOptions == ["ndots:2"] && settings.logDriver == "json-file")
        #expect(
            settings.defaultLimits
                == [
                    DefaultLimit(name: "nofile", soft: 64, hard: -1),
                    DefaultLimit(name: "core", soft: 0, hard: 0),
                ])
        #expect(settings.logOptions == [StringPair(key: "max-size", value: "10m")])
        #expect(settings.dataRoot == "/data" && settings.concurrentDownloads == 1)
        #expect(settings.concurrentUploads == 5 && settings.downloadAttempts == 9 && settings.warnings == [])
    }

    @Test(
        "a wrong value is told with its file and place",
        arguments: [
            ("{", "the text ends too early"), ("[]", "expected an object"),
            (#"{"dns": "a"}"#, "dns: expected an array"),
            (
                #"{"registry-mirrors": ["https://a", "ftp://b"]}"#,
                "registry-mirrors[1]: `ftp://b` is no mirror's"
            ),
            (#"{"registry-mirrors": ["https://u:p@b"]}"#, "registry-mirrors[0]"),
            (#"{"registry-mirrors": ["https://b?x"]}"#, "neither `?` nor `#`"),
            (#"{"registry-mirrors": ["https://"]}"#, "no HOST[:PORT]"),
            (#"{"registry-mirrors": ["https://a b"]}"#, "blanks"),
            (#"{"insecure-registries": ["a/b"]}"#, "insecure-registries[0]: `a/b` is neither"),
            (#"{"insecure-registries": [""]}"#, "insecure-registries[0]"),
            (#"{"max-concurrent-downloads": -1}"#, "max-concurrent-downloads: `-1` is negative"),
            (#"{"max-concurrent-downloads": 3000000000}"#, "max-concurrent-downloads: expected an integer"),
            (#"{"data-root": "x"}"#, "data-root: `x` is no absolute path"),
            (#"{"default-ulimits": {"a": {"Soft": 2, "Hard": 1}}}"#, "default-ulimits.a: `Soft` is more"),
            (#"{"default-ulimits": {"a": {"Soft": -1, "Hard": 1}}}"#, "default-ulimits.a: `Soft` is more"),
            (#"{"default-ulimits": {"a": {"Soft": 2}}}"#, "default-ulimits.a: missing `Hard`"),
            (
                #"{"default-ulimits": {"a": {"Soft": 2, "Hard": 2, "x": 1}}}"#,
                "default-ulimits.a.x: a limit has"
            ),
            (#"{"log-opts": {"max-file": 3}}"#, "log-opts.max-file: expected a string"),
            (#"{"dns": [], "dns": []}"#, "duplicate key `dns`"),
        ])
    func wrong(text: String, message: String) {
        let error = #expect(throws: ImageError.self) { _ = try read(text) }

        #expect(error?.description.hasPrefix("cannot read the settings in `/f`: ") == true)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("a key of dockerd that means nothing here is passed over, whatever it holds")
    func known() throws {
        let text = SettingsKeys.all.filter { $0.hasPrefix("ip") || $0 == "hosts" }
            .map { "\"\($0)\": {\"a\": [1.5, null]}" }.joined(separator: ",")

        #expect(try read("{\(text)}") == Settings())
    }

    @Test(
        "an unknown key is one warning, with the key that was meant",
        arguments: [
            ("registry-mirror", "; did you mean `registry-mirrors`?"),
            ("insecure-registry", "; did you mean `insecure-registries`?"), ("DNS", ""),
            ("dnss", "; did you mean `dns`?"),
            ("x", ""), ("data_root", "; did you mean `data-root`?"),
        ])
    func unknown(key: String, hint: String) throws {
        let settings = try read(#"{"\#(key)": {"a": 1}, "dns": ["1.1.1.1"]}"#)

        #expect(settings.warnings == ["`/f`: `\(key)` is no key of daemon.json\(hint)"])
        #expect(settings.nameServers == ["1.1.1.1"])
    }

    @Test(
        "the files are the host's and the user's",
        arguments: [
            (["HOME": "/h"], "/h/.config/roost/config.json"),
            (["HOME": "/h", "XDG_CONFIG_HOME": "/x"], "/x/roost/config.json"),
            (["HOME": "/h", "XDG_CONFIG_HOME": "x"], "/h/.config/roost/config.json"), ([:], nil),
        ] as [([String: String], String?)])
    func standard(environment: [String: String], user: String?) {
        let files = SettingsFiles.standard { environment[$0] }

        #expect(files.own == ["/etc/roost/config.json"] + (user.map { [$0] } ?? []))
        #expect(files.docker == "/etc/docker/daemon.json")
    }

    @Test(
        "a registry is insecure by name, by network or because it is this machine",
        arguments: [
            ("a.example:5000", true), ("a.example", false), ("A.EXAMPLE:5000", true), ("b.example", true),
            ("b.example:5000", false), ("10.1.2.3:5000", true), ("11.1.2.3", false), ("[fd00::1]:5000", true),
            ("[fe00::1]", false), ("localhost", true), ("localhost:5000", true), ("127.5.5.5:1", true),
            ("[::1]:5000", true), ("localhost.example", false), ("[::2]", false), ("128.0.0.1", false),
        ])
    func insecure(registry: String, isInsecure: Bool) throws {
        let settings = try read(
            #"{"insecure-registries": ["a.example:5000", "b.example", "10.0.0.0/8", "fd00::/8"]}"#)

        #expect(settings.isInsecure(try #require(RegistryHost(registry))) == isInsecure)
    }
}
