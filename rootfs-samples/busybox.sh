#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# busybox.sh DEST - makes a root file system of Debian's static busybox in DEST (1 MB).
# Needs no privilege, may be run again, and touches nothing else.
set -eu

[ $# = 1 ] && [ -n "$1" ] || { echo "usage: $0 DEST" >&2; exit 2; }
dest=$1
busybox=${BUSYBOX:-/bin/busybox}
[ -x "$busybox" ] || { echo "busybox.sh: no $busybox; install busybox-static." >&2; exit 1; }
if ldd "$busybox" 2>/dev/null | grep -q '/ld-'; then
    echo "busybox.sh: $busybox is not static; install busybox-static." >&2
    exit 1
fi

umask 022
for dir in bin dev etc proc root run sys tmp usr/bin var; do mkdir -p "$dest/$dir"; done
chmod 700 "$dest/root"
chmod 1777 "$dest/tmp"
ln -sfn bin "$dest/sbin"

cp -f "$busybox" "$dest/bin/busybox.new"
chmod 755 "$dest/bin/busybox.new"
mv -f "$dest/bin/busybox.new" "$dest/bin/busybox"
# In its own shell, whose ln is no program to start: 400 of them take a slow machine half a minute.
"$busybox" sh -c 'cd "$1" || exit 1
    for applet in $("$2" --list); do
        [ "$applet" = busybox ] || ln -sfn busybox "$applet" || exit 1
    done' sh "$dest/bin" "$busybox"

cat >"$dest/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/:/bin/false
app:x:1000:1000:app:/tmp:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
PASSWD
cat >"$dest/etc/group" <<'GROUP'
root:x:0:
daemon:x:1:
tty:x:5:
app:x:1000:
nogroup:x:65534:
GROUP
echo 'PRETTY_NAME="busybox sample"' >"$dest/etc/os-release"
