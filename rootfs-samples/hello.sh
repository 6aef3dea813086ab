#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hello.sh DEST - makes a root file system in DEST that holds one static program, /hello.
# The smallest thing a container can run: no shell, no library, no /etc.
set -eu

[ $# = 1 ] && [ -n "$1" ] || { echo "usage: $0 DEST" >&2; exit 2; }
dest=$1
cc=${CC:-cc}
command -v "$cc" >/dev/null || { echo "hello.sh: no C compiler; install gcc and libc6-dev." >&2; exit 1; }

umask 022
for dir in dev proc sys tmp; do mkdir -p "$dest/$dir"; done
chmod 1777 "$dest/tmp"
"$cc" -static -Os -s -x c -o "$dest/hello.new" - <<'PROGRAM'
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    char host[65] = "";
    gethostname(host, sizeof host - 1);
    printf("hello from pid %d, uid %d on %s\n", (int)getpid(), (int)getuid(), host);
    return 0;
}
PROGRAM
mv -f "$dest/hello.new" "$dest/hello"
