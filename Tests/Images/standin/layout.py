# SPDX-License-Identifier: Apache-2.0
"""The OCI image layout that holds the stand-ins: blobs, manifests, the index; and what was made from what."""
import fcntl
import gzip
import hashlib
import json
import os
import platform
from pathlib import Path

CACHE = Path(os.environ.get("STANDINS_CACHE") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "standin-images")
LAYOUT = CACHE / "oci"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
REFERENCE = "org.opencontainers.image.ref.name"
# A fixed date: what is made twice is the same twice.
CREATED = "2024-01-01T00:00:00Z"
SECONDS = 1704067200

OCI = {
    "manifest": "application/vnd.oci.image.manifest.v1+json",
    "index": "application/vnd.oci.image.index.v1+json",
    "config": "application/vnd.oci.image.config.v1+json",
    "tar": "application/vnd.oci.image.layer.v1.tar",
    "gzip": "application/vnd.oci.image.layer.v1.tar+gzip",
    "zstd": "application/vnd.oci.image.layer.v1.tar+zstd",
}
DOCKER = {
    "manifest": "application/vnd.docker.distribution.manifest.v2+json",
    "index": "application/vnd.docker.distribution.manifest.list.v2+json",
    "config": "application/vnd.docker.container.image.v1+json",
    "gzip": "application/vnd.docker.image.rootfs.diff.tar.gzip",
}


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def blob_path(digest):
    return LAYOUT / "blobs/sha256" / digest.removeprefix("sha256:")


def put(data, media_type):
    """Stores bytes; returns their descriptor."""
    digest = digest_of(data)
    path = blob_path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_bytes(data)
        temporary.rename(path)
    return {"mediaType": media_type, "digest": digest, "size": len(data)}


class HashedFile:
    """A file that hashes what is written to it."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.hash = hashlib.sha256()
        self.size = 0

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)
        return self.file.write(data)

    def flush(self):
        self.file.flush()

    def close(self):
        self.file.close()


class LayerFile:
    """A layer as it is written: a tar goes in, a gzip blob and the diff ID come out; no memory is kept."""

    def __init__(self):
        self.temporary = LAYOUT / "blobs/sha256" / f"layer-{os.getpid()}.tmp"
        self.temporary.parent.mkdir(parents=True, exist_ok=True)
        self.file = HashedFile(self.temporary)
        self.gzip = gzip.GzipFile(fileobj=self.file, mode="wb", compresslevel=6, mtime=0, filename="")
        self.hash = hashlib.sha256()

    def write(self, data):
        self.hash.update(data)
        self.gzip.write(data)
        return len(data)

    def finish(self):
        """Returns (descriptor, diff ID)."""
        self.gzip.close()
        self.file.close()
        digest = "sha256:" + self.file.hash.hexdigest()
        self.temporary.rename(blob_path(digest))
        return ({"mediaType": OCI["gzip"], "digest": digest, "size": self.file.size},
                "sha256:" + self.hash.hexdigest())


def put_image(layers, config, types=OCI, os_name="linux", architecture=ARCHITECTURE, **platform_members):
    """Layers are pairs of (descriptor, diff ID). Returns the manifest's descriptor."""
    image = {
        "created": CREATED, "architecture": architecture, "os": os_name, **platform_members, "config": config,
        "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in layers]},
        "history": [{"created": CREATED, "created_by": f"layer {n}"} for n in range(len(layers))],
    }
    manifest = {
        "schemaVersion": 2, "mediaType": types["manifest"],
        "config": put(json.dumps(image).encode(), types["config"]), "layers": [layer for layer, _ in layers],
    }
    return put(json.dumps(manifest).encode(), types["manifest"])


def put_index(manifests, types=OCI):
    index = {"schemaVersion": 2, "mediaType": types["index"], "manifests": manifests}
    return put(json.dumps(index).encode(), types["index"])


def children(descriptor):
    """The descriptors that a manifest or an index names."""
    if descriptor["mediaType"] not in (OCI["manifest"], OCI["index"], DOCKER["manifest"], DOCKER["index"]):
        return []
    content = json.loads(blob_path(descriptor["digest"]).read_bytes())
    return content.get("manifests") or [content["config"], *content["layers"]]


def is_whole(descriptor):
    """Whether it and everything that it names is there."""
    return blob_path(descriptor["digest"]).exists() and all(map(is_whole, children(descriptor)))


def recipe_of(*parts):
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def stamp_path(name):
    return CACHE / "made" / (name + ".json")


def read_stamp(name):
    """What was made under this name: its recipe, and a descriptor for each reference. None when nothing."""
    path = stamp_path(name)
    return json.loads(path.read_text()) if path.exists() else None


def write_stamp(name, stamp):
    path = stamp_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(stamp))
    temporary.rename(path)


def write_index(names):
    """index.json of everything that was made under these names."""
    entries = []
    for stamp in filter(None, map(read_stamp, names)):
        for reference, descriptor in stamp["references"].items():
            annotations = {REFERENCE: "docker.io/library/" + reference}
            entries.append({**descriptor, "annotations": annotations})
    LAYOUT.mkdir(parents=True, exist_ok=True)
    (LAYOUT / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    temporary = LAYOUT / "index.json.tmp"
    temporary.write_text(json.dumps({"schemaVersion": 2, "mediaType": OCI["index"], "manifests": entries}))
    temporary.rename(LAYOUT / "index.json")


def references():
    """What index.json names: {`busybox:latest`: descriptor}."""
    path = LAYOUT / "index.json"
    entries = json.loads(path.read_text())["manifests"] if path.exists() else []
    return {entry["annotations"][REFERENCE].removeprefix("docker.io/library/"):
            {key: entry[key] for key in ("mediaType", "digest", "size")} for entry in entries}


def lock():
    """Held until the process ends: two that make images at once make each once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    file = open(CACHE / "lock", "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
