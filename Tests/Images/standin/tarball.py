# SPDX-License-Identifier: Apache-2.0
"""Tars entry by entry, the same bytes every time; also such as no tar program would write."""
import io
import tarfile

from .layout import SECONDS

END = bytes(1024)


def entry(name, kind=tarfile.REGTYPE, data=b"", mode=0o644, link="", owner=(0, 0), device=(0, 0), pax=(),
          time=SECONDS, xattrs=()):
    """One entry with what it holds, as bytes."""
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname, info.size, info.mtime = kind, mode, link, len(data), time
    info.uid, info.gid = owner
    info.devmajor, info.devminor = device
    info.pax_headers = dict(pax) | {"SCHILY.xattr." + key: value for key, value in dict(xattrs).items()}
    return info.tobuf(tarfile.PAX_FORMAT) + padded(data)


def padded(data):
    return data + bytes(-len(data) % 512)


def file(name, data=b"", **attributes):
    return entry(name, data=data if isinstance(data, bytes) else data.encode(), **attributes)


def directory(name, mode=0o755, **attributes):
    return entry(name, tarfile.DIRTYPE, mode=mode, **attributes)


def symlink(name, target, **attributes):
    return entry(name, tarfile.SYMTYPE, link=target, mode=0o777, **attributes)


def hardlink(name, target, **attributes):
    return entry(name, tarfile.LNKTYPE, link=target, **attributes)


def character(name, major, minor, mode=0o666):
    return entry(name, tarfile.CHRTYPE, device=(major, minor), mode=mode)


def block(name, major, minor, mode=0o660):
    return entry(name, tarfile.BLKTYPE, device=(major, minor), mode=mode)


def fifo(name, mode=0o644):
    return entry(name, tarfile.FIFOTYPE, mode=mode)


def sparse(name, size, pieces):
    """A file of `size` bytes with {offset: bytes}, as GNU tar writes it in PAX format 1.0."""
    numbers = [len(pieces) + 1]
    for offset, data in pieces.items():
        numbers += [offset, len(data)]
    numbers += [size, 0]
    table = padded("".join(f"{number}\n" for number in numbers).encode())
    pax = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": name,
           "GNU.sparse.realsize": str(size)}
    return entry("GNUSparseFile.0/" + name, data=table + b"".join(pieces.values()), pax=pax)


def header(name=b"", size=b"", kind=b"0", link=b"", mode=b"0000644\0", magic=b"ustar\x0000"):
    """A bare header with fields as they are given; its checksum is right."""
    fields = [name.ljust(100, b"\0"), mode, b"0000000\0" * 2, size.ljust(12, b"\0"), b"%011o\0" % SECONDS,
              b" " * 8, kind, link.ljust(100, b"\0"), magic]
    whole = b"".join(fields).ljust(512, b"\0")
    return whole[:148] + b"%06o\0 " % sum(whole) + whole[156:]


def octal(size):
    return b"%011o\0" % size


def base256(number):
    """A number too large, or too small, for octal digits."""
    return (number & (1 << 96) - 1 | 1 << 95).to_bytes(12, "big")


def tar(*entries):
    return b"".join(entries) + END


def from_tree(tree):
    """A directory's files, without the end."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(tree.rglob("*")):
            info = archive.gettarinfo(str(path), arcname=str(path.relative_to(tree)))
            info.mtime, info.uid, info.gid, info.uname, info.gname = SECONDS, 0, 0, "", ""
            if info.isreg():
                with open(path, "rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)
        end = archive.offset
    return buffer.getvalue()[:end]
