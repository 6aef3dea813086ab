# SPDX-License-Identifier: Apache-2.0
"""Images in memory: layers, a config, a manifest; each part can be made to say what is not so."""
import gzip
import hashlib
import json

from standin.layout import ARCHITECTURE, CREATED, OCI, digest_of
from standin.tarball import directory, file, tar


class Stream:
    """Bytes that are made anew each time they are read: too many to keep."""

    def __init__(self, make):
        self.make = make
        self.measured = None

    def measure(self):
        if self.measured is None:
            digest, size = hashlib.sha256(), 0
            for chunk in self.make():
                digest.update(chunk)
                size += len(chunk)
            self.measured = "sha256:" + digest.hexdigest(), size
        return self.measured


def digest(content):
    return content.measure()[0] if isinstance(content, Stream) else digest_of(content)


def size(content):
    return content.measure()[1] if isinstance(content, Stream) else len(content)


def pieces(content, start=0, end=None):
    """The bytes from `start` up to `end`, in handy pieces."""
    source = content.make() if isinstance(content, Stream) else \
        (content[at:at + 65536] for at in range(0, len(content), 65536))
    at = 0
    for piece in source:
        first, last = max(start - at, 0), len(piece) if end is None else min(end - at, len(piece))
        at += len(piece)
        if first < last:
            yield piece[first:last]
        if end is not None and at >= end:
            return


def noise(count, seed="noise"):
    """Bytes that do not compress, the same ones every time."""
    return hashlib.shake_128(seed.encode()).digest(count)


class Layer:
    def __init__(self, content, diff_id, kind="gzip"):
        self.content, self.diff_id, self.media_type = content, diff_id, OCI.get(kind, kind)

    def descriptor(self):
        return {"mediaType": self.media_type, "digest": digest(self.content), "size": size(self.content)}


def layer(data):
    """A tar as an ordinary layer."""
    return Layer(gzip.compress(data, 6, mtime=0), digest_of(data))


class Image:
    """What a repository has: `blobs` by digest, `manifests` by digest, and `top`, which all tags mean."""

    def __init__(self, layers, edit_manifest=None, edit_config=None):
        config = {"created": CREATED, "architecture": ARCHITECTURE, "os": "linux", "config": {"Cmd": ["sh"]},
                  "rootfs": {"type": "layers", "diff_ids": [each.diff_id for each in layers]}}
        if edit_config:
            edit_config(config)
        self.blobs, self.manifests, self.layers = {}, {}, layers
        self.config = json.dumps(config).encode()
        self.config_digest = digest_of(self.config)
        self.blobs[self.config_digest] = self.config
        for each in layers:
            self.blobs[digest(each.content)] = each.content
        manifest = {
            "schemaVersion": 2, "mediaType": OCI["manifest"],
            "config": {"mediaType": OCI["config"], "digest": self.config_digest, "size": len(self.config)},
            "layers": [each.descriptor() for each in layers],
        }
        if edit_manifest:
            edit_manifest(manifest)
        self.put_top(json.dumps(manifest).encode(), OCI["manifest"])

    def put_top(self, content, media_type):
        self.top = digest(content)
        self.manifests[self.top] = (content, media_type)

    def manifest(self, reference):
        return self.manifests.get(reference if ":" in reference else self.top)

    def replace(self, old, content):
        """Other bytes under the same digest."""
        self.blobs[old] = content
        return self


def honest_layers():
    """Small, and large enough to be cut: the second is 256 KiB and does not compress."""
    return [layer(tar(directory("etc"), file("etc/first", "first\n"))),
            layer(tar(file("second", noise(256 << 10))))]


def honest(edit_manifest=None, edit_config=None):
    return Image(honest_layers(), edit_manifest, edit_config)
