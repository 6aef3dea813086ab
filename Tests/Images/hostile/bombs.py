# SPDX-License-Identifier: Apache-2.0
"""Layers that are small as they come and large once they are unpacked."""
import gzip
import hashlib
import subprocess
import zlib

from standin.layout import digest_of
from standin.tarball import base256, file, header, sparse, tar

from .content import Image, Layer, Stream, digest, layer

MEBIBYTE = 1 << 20
UNKNOWN = "sha256:" + "0" * 64


def zeros_file(mebibytes):
    """The header of a file of so many zeros."""
    return header(b"zeros", base256(mebibytes * MEBIBYTE))


def flushed(data, level=9):
    """Deflated, up to a byte's edge: such parts can be strung together."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush(zlib.Z_FULL_FLUSH)


def strung(first, repeated, count, last=b"", trailer=bytes(8)):
    """A gzip stream of `repeated` many times over; its check sum is wrong, but that is a long way off."""
    start, middle, end = flushed(first), flushed(repeated), zlib.compress(last, 9, -15)

    def make():
        yield b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + start
        batch = middle * 64
        for _ in range(count // 64):
            yield batch
        yield middle * (count % 64) + end + trailer

    return Stream(make)


def gzip_bomb(mebibytes):
    """A file of zeros; a thousandth of it comes."""
    return Image([Layer(strung(zeros_file(mebibytes), bytes(MEBIBYTE), mebibytes, bytes(1024)), UNKNOWN)])


def large(mebibytes):
    """The same, and true to the last byte: nothing is wrong with a large file."""
    tar_hash, check = hashlib.sha256(), 0
    for part in (zeros_file(mebibytes), *[bytes(MEBIBYTE)] * mebibytes, bytes(1024)):
        tar_hash.update(part)
        check = zlib.crc32(part, check)
    size = mebibytes * MEBIBYTE + 1536
    trailer = check.to_bytes(4, "little") + (size & 0xffffffff).to_bytes(4, "little")
    content = strung(zeros_file(mebibytes), bytes(MEBIBYTE), mebibytes, bytes(1024), trailer)
    return Image([Layer(content, "sha256:" + tar_hash.hexdigest())])


def zstd_bomb(mebibytes):
    """The same; four bytes make 128 KiB. See RFC 8878."""
    def make():
        first = zeros_file(mebibytes)
        # A window of 128 KiB; one raw block; then blocks that repeat a byte.
        yield b"\x28\xb5\x2f\xfd\x00\x38" + (len(first) << 3).to_bytes(3, "little") + first
        block = (1 << 1 | (128 << 10) << 3).to_bytes(3, "little") + b"\0"
        for _ in range(mebibytes):
            yield block * 8
        yield (1 | 1 << 1 | 1024 << 3).to_bytes(3, "little") + b"\0"

    return Image([Layer(Stream(make), UNKNOWN, "zstd")])


def repeated_entries(count):
    """The same empty file, so many times."""
    return Image([Layer(strung(b"", file("again") * 1000, max(1, count // 1000), bytes(1024)), UNKNOWN)])


def distinct_entries(count):
    """So many empty files of different names, all true; a million takes some seconds to make."""
    def raw():
        name = b"many/%010d"
        template = header(name % 0)
        # A check sum is a sum: only the digits change it.
        base = int(template[148:154], 8) - 10 * ord("0")
        for number in range(count):
            text = name % number
            total = base + sum(text[5:])
            yield text + template[len(text):148] + b"%06o\0 " % total + template[156:]
        yield bytes(1024)

    def make():
        deflate = zlib.compressobj(1, zlib.DEFLATED, 31)
        for part in raw():
            yield deflate.compress(part)
        yield deflate.flush()

    return Image([Layer(Stream(make), digest(Stream(raw)))])


def claimed_size(size=1 << 62):
    """A file that says it has 4 EiB and has nothing."""
    return Image([layer(header(b"claims", base256(size)) + bytes(1024))])


def holes(_=None):
    """A sparse file of 1 EiB, in a few hundred bytes."""
    return Image([layer(tar(sparse("holes", 1 << 60, {0: b"x"})))])


def long_pax(mebibytes):
    """A PAX header that long, of zeros."""
    return Image([Layer(strung(header(b"PaxHeader", base256(mebibytes * MEBIBYTE), b"x"), bytes(MEBIBYTE),
                               mebibytes), UNKNOWN)])


def long_name(size):
    return Image([layer(tar(file("n" * size, "name\n")))])


def long_gnu_name(size):
    """The same, as GNU tar writes it."""
    name = b"n" * size + b"\0"
    record = header(b"././@LongLink", base256(len(name)), b"L") + name + bytes(-len(name) % 512)
    return Image([layer(tar(record, file("short", "name\n")))])


def deep(levels):
    """Directories in directories."""
    return Image([layer(tar(file("d/" * levels + "file", "deep\n")))])


def many_layers(count):
    return Image([layer(tar(file(f"layer-{number}"))) for number in range(count)])


def no_layers(_=None):
    """An image of nothing: all fine."""
    return Image([])


def layers_twice(_=None):
    """One layer two times, another between them: all fine."""
    again, between = layer(tar(file("again", "again\n"))), layer(tar(file("between", "between\n")))
    return Image([again, between, again])


def zstd_frames(_=None):
    """Two frames and one to be skipped: all fine."""
    data = tar(file("framed", "frames\n" * 1000))
    parts = [subprocess.run(["zstd", "-q"], input=part, stdout=subprocess.PIPE, check=True).stdout
             for part in (data[:1000], data[1000:])]
    return Image([Layer(parts[0] + b"\x50\x2a\x4d\x18\x04\0\0\0skip" + parts[1], digest_of(data), "zstd")])


def mislabelled(_=None):
    """Zstandard that says it is gzip."""
    inner = zstd_frames().layers[0]
    return Image([Layer(inner.content, inner.diff_id, "gzip")])


def members(_=None):
    """Two gzip members: all fine."""
    data = tar(file("members", "members\n" * 1000))
    content = gzip.compress(data[:1000], mtime=0) + gzip.compress(data[1000:], mtime=0)
    return Image([Layer(content, digest_of(data))])


def damaged(change, kind="gzip", data=tar(file("damaged", "x" * 5000))):
    """A layer whose compressed bytes were changed before its digest was taken."""
    def make(_=None):
        if kind == "zstd":
            whole = subprocess.run(["zstd", "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout
        else:
            whole = gzip.compress(data, mtime=0)
        return Image([Layer(change(whole), digest_of(data), kind)])
    return make


IMAGES = {  # name -> (function, default number)
    "large": (large, 256), "bomb-gzip": (gzip_bomb, 10 << 10), "bomb-zstd": (zstd_bomb, 10 << 10),
    "bomb-size": (claimed_size, 1 << 62), "bomb-holes": (holes, None), "bomb-pax": (long_pax, 1 << 10),
    "bomb-layers": (many_layers, 5000),
    "entries": (repeated_entries, 10_000_000), "entries-distinct": (distinct_entries, 100_000),
    "name-pax": (long_name, MEBIBYTE), "name-gnu": (long_gnu_name, MEBIBYTE), "deep": (deep, 2000),
    "layers-none": (no_layers, None), "layers-twice": (layers_twice, None),
    "gzip-members": (members, None), "zstd-frames": (zstd_frames, None),
    "gzip-trailing": (damaged(lambda whole: whole + b"no gzip at all" * 10), None),
    "gzip-crc": (damaged(lambda whole: whole[:-8] + bytes(4) + whole[-4:]), None),
    "gzip-truncated": (damaged(lambda whole: whole[:-20]), None),
    "gzip-garbage": (damaged(lambda whole: whole[:12] + b"\xff" * 40), None),
    "gzip-none": (damaged(lambda _: b"this is plain text\n" * 100), None),
    "gzip-empty": (damaged(lambda _: b""), None),
    "gzip-is-zstd": (mislabelled, None),
    "zstd-truncated": (damaged(lambda whole: whole[:-10], "zstd"), None),
    "zstd-window": (damaged(lambda _: b"\x28\xb5\x2f\xfd\x00\xf8\x01\0\0", "zstd"), None),
}
