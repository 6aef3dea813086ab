# SPDX-License-Identifier: Apache-2.0
# Says what the files of a root file system of `odd:latest` are, a line each. Its argument is the root.
import os, sys
os.chdir(sys.argv[1])
def show(path):
    try: s = os.lstat(path)
    except FileNotFoundError: return print(path[:20], "absent")
    kinds = {4: "dir", 8: "file", 10: "link", 2: "char", 6: "block", 1: "fifo"}
    kind = kinds[s.st_mode >> 12]
    parts = [path[:20], kind, oct(s.st_mode & 0o7777)[2:], f"{s.st_uid}:{s.st_gid}"]
    if kind == "file": parts += [str(s.st_size), str(s.st_nlink)]
    if kind in ("char", "block"): parts.append(f"{os.major(s.st_rdev)}:{os.minor(s.st_rdev)}")
    if kind == "link": parts.append(str(len(os.readlink(path))))
    if kind == "dir": parts.append(",".join(sorted(n[:12] for n in os.listdir(path))))
    for key in sorted(os.listxattr(path)) if kind != "link" else []:
        value = os.getxattr(path, key).decode("latin-1") if key.startswith("user") else "set"
        parts.append(f"{key}={value}")
    print(*parts)
for path in ("private", "private/old", "private/new", "opaque", "gone", "gone-directory", ".wh.never",
    "returned", "becomes-directory", "becomes-file", "linked", "linked/first", "linked/second", "shared",
    "shared/target", "implied", "implied/by/nobody", "implied/by/nobody/file", "sparse",
    "devices/null", "devices/loop", "devices/pipe", "xattr", "setuid", "setgid", "sticky",
    "capability", "long-link", "ünïcode ☃", "new\nline", "large-owner", "time"):
    show(path)
print("one file", os.lstat("linked/first").st_ino == os.lstat("linked/second").st_ino)
wanted = bytearray(8 << 20)
wanted[1 << 20:(1 << 20) + 4096] = b"A" * 4096
wanted[6 << 20:(6 << 20) + 512] = b"B" * 512
print("holes", os.lstat("sparse").st_blocks * 512 < 1 << 20, open("sparse", "rb").read() == wanted)
print("time", os.lstat("time").st_mtime)
long = [name for name in os.listdir(".") if name.startswith("long-d")]
print("names", [len(name) for name in long], [len(name) for name in os.listdir(long[0])])
for path in ("returned", "linked/first", "becomes-file"): print(open(path).read().strip())
