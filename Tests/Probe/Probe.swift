// SPDX-License-Identifier: Apache-2.0
// Confines itself as roost-transfer does, then tries what it must not be able to do, and prints the outcome:
// `NAME ERRNO` a line, 0 when it worked. Started by SandboxTests: STORE OUTSIDE WAY.
// Only a debug build does anything: Embedded Swift has no module of the C library.

#if hasFeature(Embedded)

    @main
    struct Probe {
        static func main() {}
    }

#else

    import BlobStore
    import Glibc
    import Kernel
    import Transfer

    @main
    struct Probe {
        static func main() {
            guard CommandLine.arguments.count == 4, let store = try? BlobStore.open(CommandLine.arguments[1])
            else { exit(2) }
            let outside = CommandLine.arguments[2]
            // What a program has open anyway.
            let number = store.directory.number
            let result: Sandbox.Report
            do throws(LayerError) {
                result = try Sandbox.confine(store, withoutLandlock: CommandLine.arguments[3] == "mounts")
            } catch {
                tell("confine", 1)
                exit(1)
            }
            tell("landlock", result.hasLandlock ? 1 : 0)
            tell("mounts", result.hasReadOnlyMounts ? 1 : 0)
            tryFiles(number, outside)
            tryCalls()
            tryThread()
            // Last, since it is the end.
            _ = execl("/bin/true")
            tell("execve", errno)
        }

        static func tell(_ name: StaticString, _ number: Int32) {
            var line = "\(name) \(number)\n"
            line.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
        }

        static func outcome(_ name: StaticString, _ result: Int32) { tell(name, result < 0 ? errno : 0) }

        static func tryFiles(_ store: Int32, _ outside: String) {
            outcome("inside", openat(store, "ingest/probe", O_CREAT | O_WRONLY, 0o600))
            outcome("rename", renameat(store, "ingest/probe", store, "blobs/sha256/probe"))
            outcome("outside", open(outside + "/new", O_CREAT | O_WRONLY, 0o600))
            outcome("above", openat(store, "../outside/new", O_CREAT | O_WRONLY, 0o600))
            outcome("truncate", open(outside + "/old", O_WRONLY | O_TRUNC))
            outcome("unlink", unlinkat(AT_FDCWD, outside + "/old", 0))
            outcome("null", open("/dev/null", O_RDONLY))
            outcome("resolver", open("/etc/nsswitch.conf", O_RDONLY))
        }

        static func tryCalls() {
            outcome("unix", socket(AF_UNIX, 1, 0))
            outcome("inet", socket(AF_INET, 1, 0))
            outcome("packet", socket(AF_PACKET, 3, 0))
            outcome("kill", kill(getppid(), 0))
            outcome("fork", fork())
            outcome("chroot", chroot("/"))
            outcome("mount", mount("none", "/", nil, 32, nil))
            outcome("setuid", setuid(65534))
            outcome("tty", ioctl(1, 0x5412, 0))
        }

        static func tryThread() {
            var thread = pthread_t()
            let result = pthread_create(&thread, nil, { _ in nil }, nil)
            if result == 0 { pthread_join(thread, nil) }
            tell("thread", result)
        }

        static func execl(_ path: String) -> Int32 {
            path.withCString { name in
                var arguments: [UnsafeMutablePointer<CChar>?] = [UnsafeMutablePointer(mutating: name), nil]
                return execv(name, &arguments)
            }
        }
    }

#endif
