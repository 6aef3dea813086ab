// SPDX-License-Identifier: Apache-2.0
// The raw calls answer a number or a negated errno, and do what their man pages say, as far as that needs
// no privilege. What needs it runs in the integration tests.
import CShims
import Glibc
import Testing

@Suite("Raw calls") struct RawCallTests {
    @Test("a call that fails gives a negated errno")
    func failures() {
        #expect(shim_mount(nil, "/no/such", nil, 1 << 18, nil) < 0)
        #expect(shim_unmount("/no/such", 0) < 0)
        #expect(shim_pivot_root("/no/such", "/no/such") < 0)
        #expect([-ENODEV, -EPERM].contains(shim_fsopen("no-such-type")))
        #expect(shim_fsconfig(-1, 0, "a", nil) == -EINVAL)
        #expect(shim_fsmount(-1, 0) < 0)
        #expect(shim_open_tree(-100, "/no/such", 0) == -ENOENT)
        #expect(shim_move_mount(-1, -1) < 0)
        #expect(shim_mount_setattr(-1, 1, 0, 0, 0) < 0)
        #expect(shim_setns(-1, 0) == -EBADF)
        #expect(shim_unshare(1) == -EINVAL)
        #expect(shim_pidfd_open(-1) == -EINVAL)
        #expect(shim_pidfd_signal(-1, 0) == -EBADF)
        #expect(shim_close_range(2, 1, 0) == -EINVAL)
        #expect(shim_prctl(-1, 0, 0) == -EINVAL)
        #expect(shim_seccomp(99, 0, nil) == -EINVAL)
        #expect(shim_epoll_control(-1, 1, 0, 1) == -EBADF)
    }

    @Test("capabilities may be given up, never gained")
    func capset() {
        var mine: UInt64 = 0
        #expect(shim_effective_capabilities(&mine) == 0)
        #expect(shim_capset(.max, .max, .max) == -EPERM)
        #expect(shim_capset(mine, mine, 0) == 0)
    }

    @Test("epoll tells which descriptor is ready, and no other")
    func epoll() {
        var pipes: [Int32] = [-1, -1, -1, -1]
        pipes.withUnsafeMutableBufferPointer { list in
            guard let base = list.baseAddress else { return }
            #expect(shim_pipe(base) == 0 && shim_pipe(base + 2) == 0)
        }
        let epoll = shim_epoll_create()
        defer { for fd in pipes + [epoll] { _ = shim_close(fd) } }
        for fd in [pipes[0], pipes[2]] { #expect(shim_epoll_control(epoll, 1, fd, 1) == 0) }
        var ready = Array(repeating: shim_poll(fd: 0, events: 0, revents: 0), count: 4)

        let before = shim_epoll_wait(epoll, &ready, 4, 0)
        #expect(shim_write(pipes[3], "x", 1) == 1)
        let after = shim_epoll_wait(epoll, &ready, 4, 1000)

        #expect(before == 0)
        #expect(after == 1)
        #expect(ready[0].fd == pipes[2] && ready[0].revents == 1)
    }

    @Test("a tree of the host and a new file system are opened close-on-exec where that is allowed")
    func descriptors() {
        for fd in [shim_open_tree(-100, "/", 0), shim_fsopen("tmpfs")] where fd >= 0 {
            #expect(fcntl(fd, F_GETFD) == FD_CLOEXEC)
            _ = shim_close(fd)
        }
        #expect(shim_close_range(1 << 20, 1 << 21, 4) == 0)
    }

    @Test("seccomp names the actions that this kernel knows")
    func seccomp() {
        var allow: UInt32 = 0x7fff_0000
        var unknown: UInt32 = 0x1234_0000

        #expect(shim_seccomp(2, 0, &allow) == 0)
        #expect(shim_seccomp(2, 0, &unknown) == -EOPNOTSUPP)
    }
}
