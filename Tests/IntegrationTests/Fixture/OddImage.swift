// SPDX-License-Identifier: Apache-2.0
// What the files of `odd:latest` are, from the table of Tests/Images/README.md: one script that looks, one
// text that it must print.
import Foundation
import TestSupport

enum OddImage {
    /// For the host's python3; its argument is the root file system.
    private static let script = """
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
            "capability", "long-link", "ünïcode ☃", "new\\nline", "large-owner", "time"):
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
        """

    /// Looks at a root file system of `odd:latest`.
    static func look(_ box: ImageBox, _ rootfs: String) throws -> [String] {
        try box.run(["python3", "-c", script, rootfs]).lines
    }

    static let expected = [
        "private dir 700 1000:1001 new,old user.kept=lower",
        "private/old file 644 1000:1001 4 1",
        "private/new file 644 0:0 4 1",
        "opaque dir 755 0:0 later,shown",
        "gone absent",
        "gone-directory absent",
        ".wh.never absent",
        "returned file 644 0:0 6 1",
        "becomes-directory dir 755 0:0 inside",
        "becomes-file file 644 0:0 9 1",
        "linked dir 755 0:0 first,second",
        "linked/first file 640 0:0 4 2",
        "linked/second file 640 0:0 4 2",
        "shared dir 750 7:8 target",
        "shared/target file 604 3:4 7 1 user.origin=lower",
        "implied dir 755 0:0 by",
        "implied/by/nobody dir 755 0:0 file",
        "implied/by/nobody/fi file 644 0:0 5 1",
        "sparse file 644 0:0 8388608 1",
        "devices/null char 666 0:0 1:3",
        "devices/loop block 660 0:0 7:7",
        "devices/pipe fifo 600 0:0",
        "xattr file 644 0:0 2 1 user.x=value",
        "setuid file 4755 12:34 2 1",
        "setgid dir 2775 0:50 ",
        "sticky dir 1777 0:0 ",
        "capability file 755 0:0 2 1 security.capability=set",
        "long-link link 777 0:0 300",
        "ünïcode ☃ file 644 0:0 5 1",
        "new",
        "line file 644 0:0 5 1",
        "large-owner file 644 3000000:4000000 2 1",
        "time file 644 0:0 2 1",
        "one file True",
        "holes True True",
        "time 1234567890.25",
        "names [200] [255]",
        "again", "one", "file now",
    ]
}
