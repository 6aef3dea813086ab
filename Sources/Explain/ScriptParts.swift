// SPDX-License-Identifier: Apache-2.0
// The parts of the script that are the same for every plan: functions of bash for what mount(8) and
// mknod(1) do not do inside a root that is not trusted, and the last process's few lines of perl.

enum ScriptParts {
    /// What the script needs, checked before anything is made.
    static let start = #"""
        set -euo pipefail
        export LC_ALL=C
        umask 022

        [[ $EUID == 0 ]] || { echo "run this as root" >&2; exit 1; }
        # Where no program makes a system call, perl does. Numbers differ between architectures.
        case $HOSTTYPE in
            x86_64) keyctl=250 execve=59 sigaction=13 sethostname=170 setdomainname=171 bpf=321 ;;
            aarch64) keyctl=219 execve=221 sigaction=134 sethostname=161 setdomainname=162 bpf=280 ;;
            *) echo "the numbers of system calls on $HOSTTYPE are not in this script" >&2; exit 1 ;;
        esac
        """#

    /// Paths and mounts inside the new root.
    static let functions = #"""
        # place directory|file|real|existing PATH: sets `place` to PATH inside the new root. Links are followed
        # inside it only (real: none may be there); what is missing is made (existing: an error).
        place() {
            local kind=$1 rest=$2 part target links=0
            place=$root
            while :; do
                rest=${rest#"${rest%%[!/]*}"}
                [[ -n $rest ]] || return 0
                part=${rest%%/*}
                rest=${rest:${#part}}
                case $part in
                    .) continue ;;
                    ..) [[ $place == "$root" ]] || place=${place%/*}; continue ;;
                esac
                if [[ -L $place/$part ]]; then
                    [[ $kind != real ]] && (( ++links <= 40 )) || { echo "a link at $place/$part" >&2; return 1; }
                    target=$(readlink -n -- "$place/$part"; echo .)
                    target=${target%.}
                    [[ $target != /* ]] || place=$root
                    rest=$target$rest
                    continue
                fi
                place+=/$part
                [[ -e $place ]] || case $kind in
                    existing) return 1 ;;
                    file) if [[ $rest == *[!/]* ]]; then mkdir -- "$place"; else : >"$place"; fi ;;
                    *) mkdir -- "$place" ;;
                esac
            done
        }
        # like SOURCE: the kind of place that SOURCE can be mounted on.
        like() { if [[ -d $1 ]]; then echo directory; else echo file; fi; }
        # attributes PATH OPTIONS: changes these options of the mount at PATH and no others, mount_setattr(2).
        attributes() {
            local now
            now=$(findmnt -nr -o VFS-OPTIONS --mountpoint "$1" | tail -n 1)
            if [[ $2 == *atime* ]]; then now=${now/,relatime/}; now=${now/,noatime/}; fi
            mount --options-mode ignore -o "remount,bind,$now,$2" "$1"
        }
        # all_attributes PATH OPTIONS: the same, for the mounts below too.
        all_attributes() {
            local each
            while IFS= read -r each; do
                attributes "$(printf '%b' "$each")" "$2"
            done < <(findmnt -nrR -o TARGET --mountpoint "$1")
        }
        # node PATH b|c|p MODE UID GID [MAJOR MINOR]: a device, unless it is there. Where the kernel refuses
        # mknod(2), the host's is bound.
        node() {
            place directory "/${1%/*}"
            local file=$place/${1##*/}
            if [[ -e $file || -L $file ]]; then
                [[ -$2 == -p || $(stat -c %t:%T -- "$file") == "$(printf '%x:%x' "$6" "$7")" ]] ||
                    { echo "$file is another device" >&2; return 1; }
            elif mknod -m "$3" -- "$file" "$2" "${@:6}" 2>/dev/null; then
                chown -h -- "$4:$5" "$file"
            else
                : >"$file"
                mount --bind -- "/dev/${1##*/}" "$file"
            fi
        }
        # link NAME TARGET: a link in /dev, unless something is there.
        link() {
            place directory /dev
            [[ -e $place/$1 || -L $place/$1 ]] || ln -s -- "$2" "$place/$1"
        }
        # mask PATH: hides a file behind /dev/null, a directory behind an empty one.
        mask() {
            place existing "$1" || return 0
            if [[ ! -d $place ]]; then
                mount --bind /dev/null "$place"
            elif [[ -n ${empty-} ]]; then
                mount --bind "$empty" "$place"
                return
            else
                empty=$place
                mount -t tmpfs -o nosuid,nodev,noexec,size=4096,nr_inodes=1,mode=0555 none "$place"
            fi
            attributes "$place" ro
        }
        # lock PATH: a second mount of PATH upon itself, read-only.
        lock() {
            place existing "$1" || return 0
            mount --rbind -- "$place" "$place"
            all_attributes "$place" ro
        }
        """#

    /// perl -e: joins a new session keyring, then becomes the rest of its arguments.
    static let keyring = #"""
        syscall(shift() + 0, 1, 0) >= 0 or die "keyctl: $!\n"; exec { $ARGV[0] } @ARGV;
        """#

    /// perl -e: a device program, loaded (BPF_PROG_LOAD, of type BPF_PROG_TYPE_CGROUP_DEVICE) and attached to a
    /// group (BPF_PROG_ATTACH, BPF_CGROUP_DEVICE, BPF_F_ALLOW_MULTI). See bpf(2).
    static let deviceList = #"""
        my ($bpf, $group, $program) = (shift() + 0, shift, pack("H*", shift));
        my $load = pack("LLPpLLQLL", 15, length($program) / 8, $program, "GPL", 0, 0, 0, 0, 0);
        my $list = syscall($bpf, 5, $load, length $load);
        $list >= 0 or die "bpf: $!\n";
        open(my $directory, "<", $group) or die "$group: $!\n";
        my $attach = pack("LLLL", fileno $directory, $list, 6, 2);
        syscall($bpf, 8, $attach, length $attach) == 0 or die "bpf: $!\n";
        """#

    /// perl -e: the last process. It holds all it needs in memory, since the host's files go out of its reach.
    static let become = #"""
        my ($execve, $sigaction, $first, $variables, $candidates) = splice @ARGV, 0, 5;
        my @environment = splice @ARGV, 0, $variables;
        my @files = splice @ARGV, 0, $candidates;
        open my $ready, ">&=", 199 or die "gate: $!\n";
        open my $gate, "<&=", 198 or die "gate: $!\n";
        syswrite $ready, "ready\n";
        sysread($gate, my $byte, 1) or exit 1;
        syscall(436, $first + 0, 0xffffffff, 4) == 0 or die "close_range: $!\n";
        # What is ignored stays so past execve(2): perl ignores SIGFPE, and env(1) cannot reach 32 and 33.
        syscall($sigaction + 0, $_, my $default = "\0" x 32, 0, 8) for 8, 32, 33;
        my ($argv, $envp) = (pack("p*", @ARGV, undef), pack("p*", @environment, undef));
        for (@files) { next unless -f && -x _; syscall($execve + 0, $_, $argv, $envp); die "execve $_: $!\n" }
        print STDERR "no program at @files\n"; exit 127;
        """#

    /// A group with processes belongs to somebody, who would be killed with ours.
    static let makeCgroup = #"""
        mkdir -p -- "$cgroup"
        grep -q "^populated 0" "$cgroup/cgroup.events" || { echo "$cgroup has processes already" >&2; exit 1; }
        grouped=1

        """#

    /// Two pipes to the child: at one end of each is a gate.
    static let birth = #"""
        names=(child place like attributes all_attributes node link mask lock)
        birth+=(bash -c "$(declare -p root execve sigaction sethostname setdomainname; declare -f "${names[@]}"); child")
        exec {input}<&0 {output}>&1
        coproc box { exec "${birth[@]}" 198<&0 199>&1 0<&"$input" 1>&"$output" {input}<&- {output}>&-; }
        exec {ready}<&"${box[0]}" {gate}>&"${box[1]}"
        first=$box_PID
        read -r pid <&"$ready" || lost

        """#

    /// What is done in the end, however that comes.
    static let cleaning = #"""
        cleanup() {
            if [[ -n $first ]] && kill -0 "$first" 2>/dev/null; then kill -KILL "${pid:-$first}" || :; wait "$first" || :; fi
            if [[ -n $grouped ]]; then
                echo 1 >"$cgroup/cgroup.kill" || :
                for _ in {1..100}; do rmdir -- "$cgroup" 2>/dev/null && break; sleep 0.02; done
            fi
            if [[ -n $claimed ]]; then rm -rf -- "$state" "${written[@]}"; fi
        }
        first='' pid='' claimed='' grouped=''
        trap cleanup EXIT
        trap 'exit 129' HUP
        trap 'exit 130' INT
        trap 'exit 143' TERM
        # The child ended before its time, with a message of its own.
        lost() { wait "$first" || exit; exit 1; }
        # What comes after pivot_root: the host's programs, in the child's mount namespace.
        inside() { nsenter --mount="/proc/$pid/ns/mnt" -- "$@"; }

        """#
}
