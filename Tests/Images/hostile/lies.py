# SPDX-License-Identifier: Apache-2.0
"""The lies that are told in answers and manifests: `NAME: Lie(image, answer, number)`.

`image(number)` makes what the repository has; `answer(request, honest answer)` changes what is said.
"""
import dataclasses
import json
from typing import Callable

from standin.layout import DOCKER, OCI, digest_of

from standin.tarball import file, tar

from .answers import challenge
from .content import Stream, honest, layer, noise, size


@dataclasses.dataclass
class Lie:
    image: Callable = lambda _: honest()
    answer: Callable = lambda _, answer: answer
    number: int | None = None


def only(*kinds):
    """For a function that concerns these kinds of requests."""
    def wrap(function):
        return lambda request, answer: function(request, answer) if request.kind in kinds else answer
    return wrap


def change(**members):
    return lambda _, answer: dataclasses.replace(answer, **members)


# --- digests, sizes, media types

def other_bytes(which):
    """The blob has other bytes than its digest says, as many."""
    def image(_):
        made = honest()
        digest = made.config_digest if which == "config" else made.layers[1].descriptor()["digest"]
        old = made.blobs[digest]
        changed = old.replace(b'"sh"', b'"ls"') if which == "config" else \
            layer(tar(file("second", noise(256 << 10, "other")))).content
        return made.replace(digest, changed[:len(old)].ljust(len(old), b"\0"))
    return image


def edited(edit):
    """The manifest is edited before its digest is taken. `edit(manifest, number)`."""
    return lambda number: honest(lambda manifest: edit(manifest, number))


def edit_layer(**members):
    return edited(lambda manifest, number: manifest["layers"][1].update(
        {key: number if value is ... else value for key, value in members.items()}))


def edit_config_descriptor(**members):
    return edited(lambda manifest, _: manifest["config"].update(members))


def other_diff_id(text):
    return honest(edit_config=lambda config: config["rootfs"]["diff_ids"].__setitem__(1, text))


def wrong_diff_id(_):
    return other_diff_id("sha256:" + "1" * 64)


def other_count(_):
    return honest(edit_config=lambda config: config["rootfs"]["diff_ids"].pop())


def with_top(make, media_type=OCI["manifest"]):
    """Something else in the manifest's place; `make(honest image, number)` gives bytes or a stream."""
    def image(number):
        made = honest()
        content = make(made, number)
        made.put_top(json.dumps(content).encode() if isinstance(content, dict) else content, media_type)
        return made
    return image


def descriptor(made, **more):
    content, media_type = made.manifests[made.top]
    return {"mediaType": media_type, "digest": made.top, "size": size(content), **more}


def index(*entries):
    return {"schemaVersion": 2, "mediaType": OCI["index"], "manifests": list(entries)}


def platform(os, architecture):
    return {"platform": {"os": os, "architecture": architecture}}


def foreign_index(made, _):
    return index(*(descriptor(made, **platform(*each)) for each in
                   (("windows", "amd64"), ("linux", "s390x"), ("linux", "mips64le"))))


def nested_index(made, number):
    """An index in an index in an index ..."""
    for _ in range(number):
        made.put_top(json.dumps(index(descriptor(made))).encode(), OCI["index"])
    return made.manifests[made.top][0]


SCHEMA1 = {"schemaVersion": 1, "name": "lies/schema1", "tag": "latest", "architecture": "amd64",
           "fsLayers": [{"blobSum": "sha256:" + "a" * 64}], "history": [{"v1Compatibility": "{}"}],
           "signatures": []}
ARTIFACT = edited(lambda manifest, _: (
    manifest.update(artifactType="application/vnd.example.thing"),
    manifest["config"].update(mediaType="application/vnd.oci.empty.v1+json")))


def endless(piece):
    def make():
        while True:
            yield piece
    return make


# Chunked, and a stream whose size nobody can ask for.
ENDLESS = dict(content=Stream(endless(b" " * 65536)), told=False)
GIGABYTE = dict(content=Stream(lambda: (b" " * 65536 for _ in range(16384))), told=1 << 30)

CONTENT = {
    "none": Lie(),
    "digest": Lie(other_bytes("layer")), "digest-config": Lie(other_bytes("config")),
    "digest-manifest": Lie(answer=only("manifest")(lambda _, answer: dataclasses.replace(
        answer, content=answer.content.replace(b'"schemaVersion": 2', b'"schemaVersion" :2')))),
    "digest-header": Lie(answer=only("manifest")(lambda _, answer: dataclasses.replace(
        answer, headers=answer.headers | {"Docker-Content-Digest": "sha256:" + "2" * 64}))),
    "digest-header-odd": Lie(answer=only("manifest")(lambda _, answer: dataclasses.replace(
        answer, headers=answer.headers | {"Docker-Content-Digest": "sha256:../../x"}))),
    "diff-id": Lie(wrong_diff_id), "diff-count": Lie(other_count),
    "size-longer": Lie(answer=only("layer")(lambda _, answer: dataclasses.replace(
        answer, content=answer.content + b"more" * 100))),
    "size-shorter": Lie(answer=only("layer")(lambda _, answer: dataclasses.replace(
        answer, content=answer.content[:-100]))),
    "size-chunked-longer": Lie(answer=only("layer")(lambda _, answer: dataclasses.replace(
        answer, content=answer.content + b"more" * 100, told=False))),
    "size-chunked": Lie(answer=only("layer", "config")(change(told=False))),
    "size-config-longer": Lie(answer=only("config")(lambda _, answer: dataclasses.replace(
        answer, content=answer.content + b" " * 100))),
    "length-longer": Lie(answer=only("layer")(lambda _, answer: dataclasses.replace(
        answer, told=size(answer.content) + 100, cut=size(answer.content)))),
    "endless-layer": Lie(answer=only("layer")(change(**ENDLESS))),
    "endless-config": Lie(answer=only("config")(change(**ENDLESS))),
    "endless-manifest": Lie(answer=only("manifest")(change(**ENDLESS))),
    "endless-token": Lie(answer=lambda request, answer: dataclasses.replace(answer, **ENDLESS)
                         if request.kind == "token" else challenge(request, "bearer")),
    "gigabyte-manifest": Lie(answer=only("manifest")(change(**GIGABYTE))),
    "gigabyte-config": Lie(answer=only("config")(change(**GIGABYTE))),
    "descriptor-longer": Lie(edited(lambda manifest, _: manifest["layers"][1].update(
        size=manifest["layers"][1]["size"] + 100))),
    "descriptor-shorter": Lie(edited(lambda manifest, _: manifest["layers"][1].update(
        size=manifest["layers"][1]["size"] - 100))),
    "descriptor-size": Lie(edit_layer(size=...), number=1 << 62),
    "descriptor-negative": Lie(edit_layer(size=-1)), "descriptor-text": Lie(edit_layer(size="12")),
    "config-size": Lie(edit_config_descriptor(size=1 << 40)),
    "type-header": Lie(answer=only("manifest")(change(headers={"Content-Type": "text/html"}))),
    "type-header-index": Lie(answer=only("manifest")(change(headers={"Content-Type": OCI["index"]}))),
    "type-none": Lie(answer=only("manifest")(change(headers={}))),
    "type-layer": Lie(edit_layer(mediaType="application/x-unknown")),
    "type-foreign": Lie(edit_layer(mediaType="application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                                   urls=["http://127.0.0.1:1/layer"])),
    "type-config": Lie(edit_config_descriptor(mediaType="application/x-unknown")),
    "type-body": Lie(edited(lambda manifest, _: manifest.update(mediaType=OCI["index"]))),
    "artifact": Lie(ARTIFACT),
    "schema1": Lie(with_top(lambda *_: SCHEMA1, "application/vnd.docker.distribution.manifest.v1+prettyjws")),
    "schema3": Lie(edited(lambda manifest, _: manifest.update(schemaVersion=3))),
    "html": Lie(with_top(lambda *_: b"<html>Please log in to the Wi-Fi</html>", "text/html")),
    "empty": Lie(with_top(lambda *_: b"")), "empty-object": Lie(with_top(lambda *_: b"{}")),
    "cut-json": Lie(with_top(lambda made, _: made.manifests[made.top][0][:-20])),
    "deep-json": Lie(with_top(lambda _, number: b"[" * number), number=1_000_000),
    "no-layers": Lie(edited(lambda manifest, _: manifest.update(layers=[]))),
    "null-layers": Lie(edited(lambda manifest, _: manifest.update(layers=None))),
    "config-garbage": Lie(lambda _: config_garbage()),
    "platform": Lie(with_top(foreign_index, OCI["index"])),
    "platform-config": Lie(lambda _: honest(edit_config=lambda config: config.update(architecture="s390x"))),
    "index-empty": Lie(with_top(lambda *_: index(), OCI["index"])),
    "index-nested": Lie(with_top(nested_index, OCI["index"]), number=100),
    "index-missing": Lie(with_top(lambda made, _: index(descriptor(made) | {"digest": "sha256:" + "3" * 64}),
                                  OCI["index"])),
    "docker-list": Lie(with_top(lambda made, _: index(descriptor(made)) | {"mediaType": DOCKER["index"]},
                                DOCKER["index"])),
}


def config_garbage():
    """A config that is no JSON; digest and size are right."""
    garbage = b"\x00\x01 no json"
    made = honest(lambda manifest: manifest["config"].update(digest=digest_of(garbage), size=len(garbage)))
    made.config_digest = digest_of(garbage)
    return made.replace(made.config_digest, garbage)


ODD_DIGESTS = {
    "path": "sha256:../../x", "path-long": "sha256:" + "../" * 20 + "etc/passwd",
    "path-absolute": "sha256:/etc/passwd", "short": "sha256:abc", "upper": "sha256:" + "A" * 64, "empty": "",
    "no-colon": "a" * 64, "unknown": "md5:" + "a" * 32, "sha512": "sha512:" + "a" * 128,
    "newline": "sha256:" + "a" * 63 + "\n",
}
for name, odd in ODD_DIGESTS.items():
    CONTENT[f"odd-layer-{name}"] = Lie(edit_layer(digest=odd))
    CONTENT[f"odd-config-{name}"] = Lie(edit_config_descriptor(digest=odd))
    CONTENT[f"odd-index-{name}"] = Lie(with_top(
        lambda made, _, odd=odd: index(descriptor(made) | {"digest": odd}), OCI["index"]))
    CONTENT[f"odd-diff-{name}"] = Lie(lambda _, odd=odd: other_diff_id(odd))
