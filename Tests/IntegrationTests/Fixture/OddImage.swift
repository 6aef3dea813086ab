// SPDX-License-Identifier: Apache-2.0
// What the files of `odd:latest` are, from the table of Tests/Images/README.md: what
// Tests/tools/odd-image.py says of them.
import Foundation
import TestSupport

enum OddImage {
    /// Looks at a root file system of `odd:latest`.
    static func look(_ box: ImageBox, _ rootfs: String) throws -> [String] {
        try box.run(["python3", Programs.package + "/Tests/tools/odd-image.py", rootfs]).lines
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
