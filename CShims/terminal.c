// SPDX-License-Identifier: Apache-2.0
// Unix sockets that carry descriptors, pipes, terminals. See unix(7), cmsg(3), ioctl_tty(2).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "CShims.h"

int shim_socketpair(int *pair)
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 ? -errno : 0;
}

int shim_pipe(int *pair)
{
    return pipe2(pair, O_CLOEXEC) < 0 ? -errno : 0;
}

// A path may be longer than sun_path: connect through the directory's descriptor then.
int shim_connect_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char directory[4096];
    int directory_fd = -1, status = 0;
    size_t length = strlen(path);
    if (length < sizeof address.sun_path) {
        memcpy(address.sun_path, path, length + 1);
    } else {
        const char *slash = strrchr(path, '/');
        if (!slash || (size_t)(slash - path) >= sizeof directory)
            return -ENAMETOOLONG;
        memcpy(directory, path, (size_t)(slash - path));
        directory[slash - path] = 0;
        directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (directory_fd < 0)
            return -errno;
        int n = snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s",
            directory_fd, slash + 1);
        if (n < 0 || (size_t)n >= sizeof address.sun_path)
            status = -ENAMETOOLONG;
    }
    int fd = status ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 && !status)
        status = -errno;
    if (!status && connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        status = -errno;
    if (directory_fd >= 0)
        close(directory_fd);
    if (status && fd >= 0)
        close(fd);
    return status ? status : fd;
}

int shim_send_fd(int socket, int fd, const char *text)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = (void *)text, .iov_len = strlen(text)};
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int shim_receive_fd(int socket)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    char text[256];
    struct iovec part = {.iov_base = text, .iov_len = sizeof text};
    struct msghdr message = {.msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (got < 0)
        return -errno;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        return -ENOMSG;
    int fd;
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

int shim_is_terminal(int fd)
{
    return isatty(fd);
}

int shim_window_size(int fd, uint16_t *rows, uint16_t *columns)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return -errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int shim_set_window_size(int fd, uint16_t rows, uint16_t columns)
{
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(fd, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

int shim_terminal_raw(int fd, void *saved, size_t size)
{
    struct termios settings;
    if (size < sizeof settings)
        return -EINVAL;
    if (tcgetattr(fd, &settings) < 0)
        return -errno;
    memcpy(saved, &settings, sizeof settings);
    cfmakeraw(&settings);
    return tcsetattr(fd, TCSANOW, &settings) < 0 ? -errno : 0;
}

int shim_terminal_restore(int fd, const void *saved)
{
    struct termios settings;
    memcpy(&settings, saved, sizeof settings);
    return tcsetattr(fd, TCSANOW, &settings) < 0 ? -errno : 0;
}
