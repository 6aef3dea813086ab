# SPDX-License-Identifier: Apache-2.0
"""Images whose content tests know to the byte, made entry by entry; README.md lists what is in them."""
import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

from . import debian, layout
from .layout import DOCKER, OCI, PATH
from .tarball import (block, character, directory, fifo, file, from_tree, hardlink, sparse, symlink, tar)


def compressed(data, how="gzip", types=OCI):
    """A tar -> (descriptor, diff ID)."""
    if how == "gzip":
        blob = gzip.compress(data, 6, mtime=0)
    elif how == "zstd":
        blob = subprocess.run(["zstd", "-q", "-3"], input=data, stdout=subprocess.PIPE, check=True).stdout
    else:
        blob = data
    return layout.put(blob, types[how]), layout.digest_of(data)


def busybox():
    """The entries of a root that has a shell."""
    with tempfile.TemporaryDirectory() as place:
        debian.busybox(Path(place))
        return from_tree(Path(place))


BUSYBOX_CONFIG = {"Env": [PATH], "Cmd": ["sh"]}


def layers(root):
    """500 layers; each has a file of its own and its number in `last`."""
    made = [compressed(tar(root))]
    for number in range(1, 500):
        made.append(compressed(tar(file(f"numbers/{number}", f"{number}\n"), file("last", f"{number}\n"))))
    return {"layers:500": layout.put_image(made, BUSYBOX_CONFIG)}


LONG = "long-" + "d" * 195 + "/" + "n" * 255


def odd_lower():
    return tar(
        directory("etc"), directory("private", 0o700, owner=(1000, 1001), xattrs={"user.kept": "lower"}),
        file("private/old", "old\n", owner=(1000, 1001)),
        directory("opaque"), file("opaque/hidden", "hidden\n"), directory("opaque/below"),
        file("gone", "gone\n"), directory("gone-directory"), file("gone-directory/file", "gone\n"),
        file("returned", "first\n"), directory("linked"), file("linked/first", "one\n", mode=0o640),
        hardlink("linked/second", "linked/first"), directory("shared", 0o750, owner=(7, 8)),
        file("shared/target", "target\n", mode=0o604, owner=(3, 4), xattrs={"user.origin": "lower"}),
        file("becomes-directory", "file\n"), directory("becomes-file"), file("becomes-file/inside", "x\n"))


def odd_middle():
    return tar(
        file("private/new", "new\n"), file("opaque/.wh..wh..opq"), file("opaque/shown", "shown\n"),
        file(".wh.gone"), file(".wh.gone-directory"), file(".wh.returned"), file(".wh.never"),
        sparse("sparse", 8 << 20, {1 << 20: b"A" * 4096, 6 << 20: b"B" * 512}),
        directory("devices"), character("devices/null", 1, 3), block("devices/loop", 7, 7),
        fifo("devices/pipe", 0o600),
        file("xattr", "x\n", xattrs={"user.x": "value", "user.empty": ""}),
        file("setuid", "s\n", mode=0o4755, owner=(12, 34)), directory("setgid", 0o2775, owner=(0, 50)),
        directory("sticky", 0o1777),
        # cap_net_raw=ep, version 2 of capability.h's vfs_cap_data.
        file("capability", "c\n", mode=0o755,
             xattrs={"security.capability": "\x01\0\0\x02" + "\0\x20\0\0" + "\0" * 12}),
        directory(LONG.rpartition("/")[0]), file(LONG, "long\n"), symlink("long-link", "t" * 300),
        file("\u00fcn\u00efcode \u2603", "name\n"), file("new\nline", "name\n"),
        file("large-owner", "o\n", owner=(3000000, 4000000)), file("time", "t\n", time=1234567890.25),
        directory("becomes-directory"), file("becomes-directory/inside", "in\n"),
        file("becomes-file", "file now\n"))


def odd_upper():
    return tar(file("returned", "again\n"), file("implied/by/nobody/file", "deep\n"),
               file("opaque/later", "later\n"))


def odd(root):
    made = [compressed(tar(root))] + [compressed(data) for data in (odd_lower(), odd_middle(), odd_upper())]
    # podman refuses both: a hard link to a lower layer's file, and a name that comes twice (the last counts).
    link = compressed(tar(hardlink("shared/link", "shared/target")))
    twice = compressed(tar(file("twice", "first\n"), file("twice", "second\n")))
    return {"odd:latest": layout.put_image(made, BUSYBOX_CONFIG),
            "odd:link": layout.put_image(made + [link], BUSYBOX_CONFIG),
            "odd:twice": layout.put_image([made[0], twice], BUSYBOX_CONFIG)}


def multi(root, types=OCI):
    """An index; each platform's image says in /platform which it is. Busybox is this machine's everywhere."""
    first = compressed(tar(root), types=types)
    manifests = []
    for architecture, variant in (("amd64", None), ("arm64", "v8"), ("arm", "v7")):
        more = {"variant": variant} if variant else {}
        name = "/".join(filter(None, ("linux", architecture, variant)))
        image = layout.put_image([first, compressed(tar(file("platform", name + "\n")), types=types)],
                                 BUSYBOX_CONFIG, types, architecture=architecture, **more)
        manifests.append({**image, "platform": {"os": "linux", "architecture": architecture, **more}})
    return layout.put_index(manifests, types)


def docker2(root):
    """Docker's media types: a manifest of schema 2, and a list of them."""
    made = [compressed(tar(root), types=DOCKER), compressed(tar(file("schema", "2\n")), types=DOCKER)]
    return {"docker2:latest": layout.put_image(made, BUSYBOX_CONFIG, DOCKER),
            "docker2:list": multi(root, DOCKER)}


def zstd(root):
    """One layer of each kind."""
    made = [compressed(tar(root), "zstd"), compressed(tar(file("second", "gzip\n"))),
            compressed(tar(file("third", "tar\n")), "tar"),
            compressed(tar(file("fourth", "zstd\n" * 100000)), "zstd")]
    return {"zstd:latest": layout.put_image(made, BUSYBOX_CONFIG)}


def user(root):
    """What `run` takes from a config; the tags differ in User only."""
    accounts = ("root:x:0:0:root:/root:/bin/sh\napp:x:1234:2345:an app:/home/app:/bin/sh\n",
                "root:x:0:\napp:x:2345:\nstaff:x:50:app\nother:x:60:\n")
    made = [compressed(tar(root)),
            compressed(tar(directory("home/app", owner=(1234, 2345)), file("etc/passwd", accounts[0]),
                           file("etc/group", accounts[1])))]
    config = {
        "WorkingDir": "/srv/app/data", "Entrypoint": ["/bin/echo", "entry"], "Cmd": ["command", "two words"],
        "Env": [PATH, "GREETING=hello world", "EMPTY="], "Volumes": {"/data": {}},
        "ExposedPorts": {"8080/tcp": {}}, "Labels": {"purpose": "tests", "org.example.key": "a=b"},
        "StopSignal": "SIGUSR1",
    }
    tags = {"latest": "app", "number": "4321:8765", "group": "app:other", "missing": "nobody-here"}
    return {f"user:{tag}": layout.put_image(made, {**config, "User": name}) for tag, name in tags.items()}


IMAGES = {"layers": layers, "odd": odd, "multi": lambda root: {"multi:latest": multi(root)},
          "zstd": zstd, "docker2": docker2, "user": user}


def build(name):
    """Makes an image unless it is there, as these files and busybox are now."""
    root = busybox()
    sources = [Path(__file__).with_name(source).read_text() for source in ("tailored.py", "tarball.py")]
    recipe = layout.recipe_of(sources, layout.digest_of(root))
    made = layout.read_stamp(name)
    if made and made["recipe"] == recipe and all(map(layout.is_whole, made["references"].values())):
        return
    print(f"making {name}", file=sys.stderr, flush=True)
    layout.write_stamp(name, {"recipe": recipe, "references": IMAGES[name](root)})
