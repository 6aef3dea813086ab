# SPDX-License-Identifier: Apache-2.0
"""docker-registry's storage, made from the image layout without a copy: blobs are links to the layout's."""
from pathlib import Path

from . import layout
from .layout import DOCKER, OCI

MANIFESTS = (OCI["manifest"], OCI["index"], DOCKER["manifest"], DOCKER["index"])


def write_link(place, digest):
    place.mkdir(parents=True, exist_ok=True)
    (place / "link").write_text(digest)


def add_content(top, repository, descriptor, done):
    """A blob or manifest and everything that it names, into one repository."""
    digest = descriptor["digest"]
    if digest in done:
        return
    done.add(digest)
    hexadecimal = digest.removeprefix("sha256:")
    data = top / "blobs/sha256" / hexadecimal[:2] / hexadecimal / "data"
    if not data.is_symlink():
        data.parent.mkdir(parents=True)
        data.symlink_to(layout.blob_path(digest))
    kind = "_manifests/revisions" if descriptor["mediaType"] in MANIFESTS else "_layers"
    write_link(repository / kind / "sha256" / hexadecimal, digest)
    for child in layout.children(descriptor):
        add_content(top, repository, child, done)


def fill(directory, names):
    """Puts images into the storage: pairs of (name with tag in the registry, descriptor)."""
    top = Path(directory) / "docker/registry/v2"
    done = {}
    for name, descriptor in names:
        repository, tag = name.rsplit(":", 1)
        place = top / "repositories" / repository
        add_content(top, place, descriptor, done.setdefault(repository, set()))
        tags = place / "_manifests/tags" / tag
        write_link(tags / "current", descriptor["digest"])
        write_link(tags / "index/sha256" / descriptor["digest"].removeprefix("sha256:"), descriptor["digest"])
