# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the public base images, made with debootstrap and apt: each step is a layer."""
import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from . import layout
from .layout import CACHE, PATH, LayerFile

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
ENTRYPOINT = Path(__file__).with_name("postgres-entrypoint")


def install(packages):
    # What a container has no terminal or disk for: dpkg need not sync, nobody is asked.
    return ("echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe; apt-get update -q; "
            f"DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends {packages}; "
            "rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /etc/dpkg/dpkg.cfg.d/unsafe")


PIP = ("rm -f /usr/lib/python3*/EXTERNALLY-MANAGED; ln -sf python3 /usr/bin/python; "
       "printf '[global]\\ncert = /etc/ssl/certs/ca-certificates.crt\\nroot-user-action = ignore\\n' "
       ">/etc/pip.conf")
SITE = ("mkdir -p /usr/share/nginx/html; ln -sf /dev/stdout /var/log/nginx/access.log; "
        "ln -sf /dev/stderr /var/log/nginx/error.log; rm -rf /etc/nginx/sites-enabled/*; "
        "printf 'server { listen 80; root /usr/share/nginx/html; }\\n' >/etc/nginx/conf.d/default.conf; "
        "printf '<h1>Welcome to nginx!</h1>\\n' >/usr/share/nginx/html/index.html")
STARTUP = ("cat >/usr/local/bin/docker-entrypoint.sh <<'END'\n" + ENTRYPOINT.read_text() +
           "END\nchmod 755 /usr/local/bin/docker-entrypoint.sh")

# name -> (base, steps, config, references). A step is a function below, or a script for the image's /bin/sh.
IMAGES = {
    "debian": (None, ["debootstrap"], {"Cmd": ["bash"]},
               ["debian:12", "debian:latest", "ubuntu:latest", "ubuntu:22.04"]),
    "busybox": (None, ["busybox"], {"Cmd": ["sh"]}, ["busybox:latest", "alpine:latest", "alpine:3.10"]),
    "hello-world": (None, ["hello"], {"Cmd": ["/hello"]}, ["hello-world:latest"]),
    "python": ("debian", [install("ca-certificates"), install("python3 python3-pip python3-venv"), PIP],
               {"Cmd": ["python3"], "Env": [PATH, "LANG=C.UTF-8"]},
               ["python:3", "python:3.8-slim", "python:3.7", "python:3.6.3", "python:2.7-slim",
                "python:latest"]),
    "nginx": ("debian", [install("nginx-light"), SITE],
              {"Cmd": ["nginx", "-g", "daemon off;"], "ExposedPorts": {"80/tcp": {}},
               "StopSignal": "SIGQUIT"},
              ["nginx:latest"]),
    "redis": ("debian", [install("redis-server"), "mkdir -p /data; chown redis:redis /data"],
              {"Cmd": ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no"],
               "ExposedPorts": {"6379/tcp": {}}, "Volumes": {"/data": {}}, "WorkingDir": "/data"},
              ["redis:latest", "redis:3.2-alpine"]),
    "postgres": ("debian", [install("postgresql gosu"), STARTUP],
                 {"Entrypoint": ["docker-entrypoint.sh"], "ExposedPorts": {"5432/tcp": {}},
                  "Volumes": {"/var/lib/postgresql/data": {}}, "StopSignal": "SIGINT"}, ["postgres:latest"]),
}


def run(*arguments, **options):
    # Whoever is asked for images prints results: what tools say goes to stderr.
    return subprocess.run(arguments, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, **options)


def debootstrap(tree):
    run("debootstrap", "--variant=minbase", "bookworm", str(tree))
    for place in ("var/cache/apt/archives", "var/lib/apt/lists", "var/log"):
        shutil.rmtree(tree / place, ignore_errors=True)
        (tree / place).mkdir(parents=True)
    (tree / "var/cache/apt/archives/partial").mkdir()
    for node in (tree / "dev").iterdir():
        if not node.is_dir() and not node.is_symlink():
            node.unlink()
    if CERTIFICATES.exists():
        (tree / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
        shutil.copy(CERTIFICATES, tree / "etc/ssl/certs/ca-certificates.crt")


def busybox(tree):
    program = shutil.which("busybox") or sys.exit("`busybox` is missing; install busybox-static")
    (tree / "bin").mkdir()
    shutil.copy(program, tree / "bin/busybox")
    for applet in subprocess.check_output([program, "--list"], text=True).split():
        if applet != "busybox":
            (tree / "bin" / applet).symlink_to("busybox")
    for place in ("etc", "tmp", "root", "home", "var", "usr/bin", "dev", "proc", "sys", "run"):
        (tree / place).mkdir(parents=True, exist_ok=True)
    (tree / "tmp").chmod(0o1777)
    (tree / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n"
                                     "nobody:x:65534:65534:nobody:/:/bin/false\n")
    (tree / "etc/group").write_text("root:x:0:\nnogroup:x:65534:\n")


def hello(tree):
    text = "\\nHello from a container!\\n" \
           "This message shows that your installation appears to be working correctly.\\n\\n"
    source = '#include <unistd.h>\nint main(void) { static const char text[] = "' + text + \
             '"; return write(1, text, sizeof text - 1) < 0; }\n'
    subprocess.run(["gcc", "-Os", "-static", "-s", "-x", "c", "-o", str(tree / "hello"), "-"],
                   input=source.encode(), check=True)


ROOTS = {"debootstrap": debootstrap, "busybox": busybox, "hello": hello}


@contextlib.contextmanager
def merged(lower, upper):
    """The layers as one tree; what is written to it lands in `upper`."""
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        work, root = Path(scratch) / "work", Path(scratch) / "root"
        work.mkdir()
        root.mkdir()
        options = f"lowerdir={':'.join(lower)},upperdir={upper},workdir={work},redirect_dir=off"
        mounts = [("-t", "overlay", "-o", options, "overlay", root)]
        mounts += [("--bind", "/dev", root / "dev"), ("-t", "proc", "proc", root / "proc")]
        try:
            for mount in mounts:
                run("mount", *map(str, mount))
            if (root / "etc/resolv.conf").exists():
                run("mount", "--bind", "/etc/resolv.conf", str(root / "etc/resolv.conf"))
            yield root
        finally:
            for place in ("etc/resolv.conf", "proc", "dev", ""):
                subprocess.run(["umount", "-l", str(root / place)], stderr=subprocess.DEVNULL)


def run_script(script, lower, upper):
    environment = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    environment |= {"PATH": PATH[5:], "HOME": "/root"}
    with merged(lower, upper) as root:
        # No service may start here.
        policy = root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        run("chroot", str(root), "/bin/sh", "-ec", script, env=environment)
        policy.unlink()
    with contextlib.suppress(FileNotFoundError):
        (upper / "usr/sbin/policy-rc.d").unlink()


def is_opaque(path):
    try:
        return os.getxattr(path, "trusted.overlay.opaque") == b"y"
    except OSError:
        return False


def add(tar, path, name):
    """One entry; what an overlay's upper directory says becomes whiteouts."""
    status = path.lstat()
    if stat.S_ISSOCK(status.st_mode):
        return
    if stat.S_ISCHR(status.st_mode) and status.st_rdev == 0:
        tar.addfile(tarfile.TarInfo(str(Path(name).parent / (".wh." + path.name))))
        return
    entry = tar.gettarinfo(str(path), arcname=name)
    with contextlib.suppress(OSError):
        capability = os.getxattr(path, "security.capability", follow_symlinks=False)
        entry.pax_headers["SCHILY.xattr.security.capability"] = capability.decode("utf-8", "surrogateescape")
    if entry.isreg():
        with open(path, "rb") as file:
            tar.addfile(entry, file)
    else:
        tar.addfile(entry)
    if entry.isdir() and is_opaque(path):
        tar.addfile(tarfile.TarInfo(name + "/.wh..wh..opq"))


def pack(tree):
    """A tree -> (descriptor, diff ID)."""
    file = LayerFile()
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for root, directories, files in os.walk(tree):
            directories.sort()
            for name in sorted(directories + files):
                path = Path(root) / name
                add(tar, path, str(path.relative_to(tree)))
    return file.finish()


def make_layer(name, number, step, lower):
    tree = CACHE / "trees" / f"{name}-{number}"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    tree.chmod(0o755)
    if step in ROOTS:
        ROOTS[step](tree)
    else:
        run_script(step, lower, tree)
    return [*pack(tree), str(tree)]


def build(name):
    """Makes an image, its base first, unless it is there. Returns its stamp."""
    base, steps, config, names = IMAGES[name]
    parent = build(base) if base else {"layers": [], "config": {}}
    recipe = layout.recipe_of(steps, config, names, [layer[1] for layer in parent["layers"]])
    made = layout.read_stamp(name)
    if made and made["recipe"] == recipe and all(map(layout.is_whole, made["references"].values())) \
            and all(Path(layer[2]).exists() for layer in made["layers"]):
        return made
    print(f"making {name}", file=sys.stderr, flush=True)
    layers = list(parent["layers"])
    for number, step in enumerate(steps):
        layers.append(make_layer(name, number, step, [layer[2] for layer in reversed(layers)]))
    config = {"Env": [PATH], **parent["config"], **config}
    descriptor = layout.put_image([layer[:2] for layer in layers], config)
    made = {"recipe": recipe, "layers": layers, "config": config,
            "references": {reference: descriptor for reference in names}}
    layout.write_stamp(name, made)
    return made
