# SPDX-License-Identifier: Apache-2.0
# Sourced by run: the rows of a container with all of its walls, and what the walls cost. seccomp.json is
# docker's default profile for its 14 capabilities (`make filter` writes it).

# edit_bundle NAME EDIT: changes a bundle's configuration.
edit_bundle() {
    jq --slurpfile profile "$here/seccomp.json" "$2" "$out/$1/config.json" >"$out/$1/new"
    mv "$out/$1/new" "$out/$1/config.json"
}

# Both as `roost run` has them: docker's capabilities, no no_new_privs. walls has docker's filter and device
# list besides; bare has no filter, and a device list that allows everything, which is none.
prepare_walls() {
    local docker='.process.noNewPrivileges = false | .process.capabilities = (["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER",
        "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"]
        | map("CAP_" + .) | {bounding: ., effective: ., permitted: .})'
    local list='.linux.seccomp = $profile[0] | .linux.resources.devices = ([{allow: false, access: "rwm"}]
        + ([[1, 5], [1, 3], [1, 9], [1, 8], [5, 0], [5, 1]] | map({allow: true, type: "c", major: .[0], minor: .[1], access: "rwm"}))
        + [{allow: false, type: "c", major: 10, minor: 229, access: "rwm"}])'
    local open='.linux.resources.devices = [{allow: true, access: "rwm"}]' call
    bundle walls /bin/true
    edit_bundle walls "$docker | $list"
    bundle bare /bin/true
    edit_bundle bare "$docker | $open"
    cc -std=gnu17 -O2 -Wall -Wextra -Werror -static -o "$out/rootfs/bin/calls" "$here/calls.c" -lseccomp
    for call in getppid personality; do
        bundle "$call" /bin/calls $call
        edit_bundle $call "$docker | $list"
        bundle "$call-library" /bin/calls $call /profile
        edit_bundle $call-library "$docker | $open"
    done
    profile_lines >"$out/rootfs/profile"
}

# The profile as calls.c reads it.
profile_lines() {
    jq -r 'def action($a; $e): {SCMP_ACT_ALLOW: 2147418112, SCMP_ACT_ERRNO: (327680 + ($e // 1))}[$a];
        "default \(action(.defaultAction; .defaultErrnoRet))",
        (.architectures[] | "arch " + (ltrimstr("SCMP_ARCH_") | ascii_downcase)),
        (.syscalls[] | . as $rule | .names[] | ["rule", action($rule.action; $rule.errnoRet), .,
            ($rule.args // [] | .[] | .index, (.op | ltrimstr("SCMP_CMP_")), .value, .valueTwo // 0)] | join(" "))' "$here/seccomp.json"
}

wall_rows() {
    local a=("$ours" --root "$state/ours") t=$cache/trixie/usr
    wall_row "walls: run /bin/true, beside crun" 0.20 "$state/crun" "${preload[@]}" "$crun"
    wall_row "walls: run /bin/true, beside runc" 0.12 "$state/runc" "$(command -v runc)"
    if [ -e "$t/sbin/runc" ]; then
        # Warm: it keeps the filter that libseccomp made.
        wall_row "walls: run /bin/true, beside trixie's crun" 0.60 "$state/trixie" "${preload[@]}" "$t/bin/crun"
    fi
    time_row "walls: roost run, beside roost-oci run" 0.95 \
        "${ours%-oci}" --root "$state/roost" run --network none --rootfs "$out/rootfs" /bin/true -- "${a[@]}" run -b "$out/walls" w1
    ! wanted "walls: what they add, beside a bare run" || loopback >"$out/loopback"
    time_row "walls: what they add, beside a bare run" "+0.4 ms" \
        "${a[@]}" run -b "$out/walls" w2 -- "${a[@]}" run -b "$out/bare" w2
    call_row "walls: 10,000 getppid, beside libseccomp's filter" getppid
    call_row "walls: 10,000 personality, beside libseccomp's filter" personality
}

wall_row() { # NAME BAR ROOT PROGRAM...
    time_row "$1" "$2" "$ours" --root "$state/ours" run -b "$out/walls" w0 -- "${@:4}" --root "$3" run -b "$out/walls" w0
}

# A network namespace without it cannot be asked for, so that it is no difference of two runs: the 10th
# percentile of what the step itself took, in ms.
loopback() {
    local run
    for ((run = 0; run < runs; run++)); do
        "$ours" --root "$state/ours" run --explain -b "$out/walls" w3 2>&1 </dev/null | awk '/us  child  bring up `lo`/ { print $1 / 1000 }'
    done | sort -n | awk '{ all[NR] = $1 } END { print NR ? all[int((NR - 1) / 10) + 1] : "nan" }'
}

# The program inside measures; the two containers take turns.
call_row() { # NAME CALL
    wanted "$1" || return 0
    echo "bench: $1" >&2
    local round
    for ((round = 0; round < rounds; round++)); do
        echo "$("$ours" --root "$state/ours" run -b "$out/$2" w4) $("$ours" --root "$state/ours" run -b "$out/$2-library" w5)"
    done | awk -v name="$1" -v OFS='\t' '{
        ratio = $2 / $6; all = all (NR > 1 ? " " : "") sprintf("%.3f", ratio)
        if (NR == 1 || ratio > worst) { worst = ratio; figures = $1 OFS $2 OFS $3 OFS $4 OFS $5 OFS $6 OFS $7 OFS $8 }
    } END { print name, "1.0", sprintf("%.3f", worst), all, figures }' >>"$out/rows"
}
