# SPDX-License-Identifier: Apache-2.0
"""Layers that try to write, link or delete outside of their root, and such as are no proper tar.

What would have got out is called `roost-escaped`, or lies in the directory /tmp/roost-escape.
"""
from standin.tarball import (END, base256, block, character, directory, entry, fifo, file, hardlink, header,
                             octal, padded, symlink, tar)

from .content import Image, layer

ESCAPED = "roost-escaped"
OUTSIDE = "/tmp/roost-escape"
UP = "../" * 12


def image(*tars):
    """A small honest layer below these."""
    return Image([layer(tar(directory("etc"), file("etc/first", "first\n"), directory("tmp", 0o1777)))] +
                 [layer(data) for data in tars])


def overlay_attributes(prefix):
    return {f"{prefix}.overlay.{name}": value for name, value in
            (("opaque", "y"), ("redirect", "/etc"), ("metacopy", ""), ("whiteout", "y"), ("origin", "x"))}


def pax_record(key, value):
    """One record with its own length in front."""
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    while length != len(str(length)) + len(rest):
        length = len(str(length)) + len(rest)
    return str(length).encode() + rest


def raw_pax(*records):
    data = b"".join(records)
    return header(b"PaxHeader", octal(len(data)), b"x") + padded(data)


OTHER_ATTRIBUTES = {"security.selinux": "a:b:c", "security.ima": "x", "security.evm": "x",
                    "trusted.other": "x", "system.unknown": "x", "nonsense": "x"}
SMALL = file("after", "after\n")

TARS = {
    # Names.
    "tar-dotdot": lambda: [tar(file(UP + ESCAPED, "x"), SMALL)],
    "tar-dotdot-inside": lambda: [tar(file("etc/../../" + ESCAPED, "x"), SMALL)],
    "tar-dotdot-directory": lambda: [tar(directory(UP + "tmp/roost-escape/made"), SMALL)],
    "tar-absolute": lambda: [tar(file("/" + ESCAPED, "x"), file(OUTSIDE + "/" + ESCAPED, "x"), SMALL)],
    "tar-nul": lambda: [tar(raw_pax(pax_record(b"path", b"etc/passwd\0/../x")), file("short"), SMALL)],
    "tar-empty-name": lambda: [tar(header(b"", octal(0)), SMALL)],
    "tar-root-link": lambda: [tar(symlink(".", OUTSIDE), SMALL)],
    "tar-root-file": lambda: [tar(file("./", "x"), SMALL)],
    "tar-root-mode": lambda: [tar(directory("./", 0o700, owner=(5, 6)), SMALL)],
    "tar-control": lambda: [tar(file("a\nb\x1b[31mred\x07", "x"), SMALL)],
    "tar-not-utf8": lambda: [tar(header(b"latin-\xe9", octal(0)), SMALL)],
    "tar-component": lambda: [tar(file("c" * 256, "x"), SMALL)],
    # Links, then writing through them.
    "tar-symlink": lambda: [tar(symlink("out", OUTSIDE), file("out/" + ESCAPED, "x"))],
    "tar-symlink-up": lambda: [tar(symlink("out", UP + OUTSIDE[1:]), file("out/" + ESCAPED, "x"))],
    "tar-symlink-file": lambda: [tar(symlink("out", OUTSIDE + "/" + ESCAPED), file("out", "x"))],
    "tar-symlink-lower": lambda: [tar(symlink("out", OUTSIDE)), tar(file("out/" + ESCAPED, "x"))],
    "tar-symlink-chain": lambda: [tar(symlink("a", "b"), symlink("b", "c"), symlink("c", OUTSIDE),
                                      file("a/" + ESCAPED, "x"))],
    "tar-symlink-loop": lambda: [tar(symlink("a", "b"), symlink("b", "a"), file("a/x", "x"))],
    "tar-symlink-mode": lambda: [tar(symlink("out", OUTSIDE), directory("out", 0o777, owner=(5, 6)))],
    "tar-hardlink": lambda: [tar(hardlink("passwd", "/etc/passwd"), hardlink("up", UP + "etc/passwd"))],
    "tar-hardlink-through": lambda: [tar(symlink("out", "/etc"), hardlink("passwd", "out/passwd"))],
    "tar-hardlink-write": lambda: [tar(symlink("out", OUTSIDE + "/" + ESCAPED), hardlink("in", "out"),
                                       file("in", "x"))],
    "tar-hardlink-self": lambda: [tar(hardlink("self", "self"))],
    "tar-hardlink-missing": lambda: [tar(hardlink("link", "nowhere"))],
    "tar-hardlink-directory": lambda: [tar(directory("d"), hardlink("link", "d"))],
    "tar-hardlink-lower": lambda: [tar(symlink("out", "/etc")), tar(hardlink("passwd", "out/passwd"))],
    "tar-directory-to-link": lambda: [tar(directory("d"), file("d/file")), tar(symlink("d", OUTSIDE)),
                                      tar(file("d/" + ESCAPED, "x"))],
    "tar-directory-to-link-inside": lambda: [tar(directory("d"), symlink("d", OUTSIDE),
                                                 file("d/" + ESCAPED, "x"))],
    "tar-link-opaque": lambda: [tar(symlink("d", OUTSIDE)), tar(file("d/.wh..wh..opq"), file("d/new"))],
    "tar-link-whiteout": lambda: [tar(symlink("d", OUTSIDE)), tar(file("d/.wh.kept"))],
    "tar-file-parent": lambda: [tar(file("a", "x"), file("a/b", "x"))],
    "tar-over-directory": lambda: [tar(directory("d"), file("d/x"), file("d", "now a file\n"))],
    # Whiteouts.
    "tar-whiteout-slash": lambda: [tar(file(".wh.../x"), file("etc/.wh.../x"), SMALL)],
    "tar-whiteout-empty": lambda: [tar(file(".wh."), SMALL)],
    "tar-whiteout-dot": lambda: [tar(file(".wh.."), SMALL)],
    "tar-whiteout-dotdot": lambda: [tar(file("etc/.wh..."), SMALL)],
    "tar-whiteout-directory": lambda: [tar(directory(".wh.etc"), file(".wh.etc/x"), SMALL)],
    "tar-whiteout-up": lambda: [tar(file(UP + "tmp/roost-escape/.wh.kept"), SMALL)],
    "tar-whiteout-own": lambda: [tar(file("new", "x"), file(".wh.new"), SMALL)],
    "tar-whiteout-metadata": lambda: [tar(directory(".wh..wh.plnk"), file(".wh..wh.aufs"), SMALL)],
    "tar-whiteout-device": lambda: [tar(character("etc/first", 0, 0), SMALL)],
    # Attributes, devices, modes.
    "tar-trusted-xattrs": lambda: [tar(directory("etc", xattrs=overlay_attributes("trusted")),
                                       file("x", "x", xattrs=overlay_attributes("trusted")))],
    "tar-user-xattrs": lambda: [tar(directory("etc", xattrs=overlay_attributes("user") | {"user.good": "1"}),
                                    file("x", "x", xattrs=overlay_attributes("user") | {"user.good": "1"}))],
    "tar-security-xattrs": lambda: [tar(file("x", "x", xattrs=OTHER_ATTRIBUTES))],
    "tar-large-xattr": lambda: [tar(file("x", "x", xattrs={"user.large": "v" * (1 << 20)}))],
    "tar-capability-garbage": lambda: [tar(file("x", "x", xattrs={"security.capability": "garbage"}))],
    "tar-devices": lambda: [tar(character("mem", 1, 1), block("disk", 8, 0), character("null", 1, 3),
                                fifo("pipe"))],
    "tar-setuid": lambda: [tar(file("setuid", "x", mode=0o4755), file("setgid", "x", mode=0o2755),
                               directory("sticky", 0o1777))],
    "tar-mode": lambda: [tar(header(b"mode", octal(0), mode=b"7777777\0"), SMALL)],
    "tar-owner": lambda: [tar(file("x", "x", owner=(2**32 - 1, 2**32 - 1)), SMALL)],
    "tar-owner-negative": lambda: [tar(file("x", "x", pax={"uid": "-1", "gid": "-1"}), SMALL)],
    "tar-time": lambda: [tar(file("x", "x", pax={"mtime": "99999999999999999999"}), SMALL)],
    # No proper tars.
    "tar-truncated": lambda: [tar(file("whole", "x"), file("half", b"h" * 5000))[:3000]],
    "tar-truncated-header": lambda: [tar(file("whole", "x"))[:1024] + b"half a header" * 8],
    "tar-no-end": lambda: [file("whole", "x")],
    "tar-after-end": lambda: [tar(file("before", "x")) + tar(file("behind-the-end", "x"))],
    "tar-one-zero-block": lambda: [file("before", "x") + bytes(512) + file("behind", "x") + END],
    "tar-trailing-garbage": lambda: [tar(file("before", "x")) + b"garbage" * 5000],
    "tar-checksum": lambda: [file("good", "x") + file("bad", "x")[:148] + b"000000\0 " +
                             file("bad", "x")[156:] + END],
    "tar-garbage": lambda: [b"no tar at all, but long enough to be one. " * 100],
    "tar-empty": lambda: [b""],
    "tar-negative": lambda: [tar(header(b"negative", base256(-512)), SMALL)],
    "tar-pax-size": lambda: [tar(raw_pax(pax_record(b"size", b"9" * 20)), file("short"), SMALL)],
    "tar-pax-broken": lambda: [tar(raw_pax(b"99999 path=x\n"), file("short"), SMALL)],
    "tar-type": lambda: [tar(entry("unknown", b"Z", b"what is this"), SMALL)],
}


def build(name):
    return image(*TARS[name]())
