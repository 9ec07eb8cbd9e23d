#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command under a Linux kernel of its own that has camera, sound and
# network-impairment drivers, while it sees this machine's files, programs and
# current directory.  See README.md beside this file.
# shellcheck disable=SC2034,SC2054,SC2317  # kernel.sh's; commas are QEMU's; reached by traps
set -euo pipefail

me=${0##*/}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

backend=${KAKEHASHI_LAB_BACKEND:-auto}
cache=${KAKEHASHI_LAB_CACHE:-${HOME:?}/.cache/kakehashi-lab}
limit=${KAKEHASHI_LAB_TIMEOUT:-300}
mem=${KAKEHASHI_LAB_MEM:-2048}
cpus=${KAKEHASHI_LAB_CPUS:-$(nproc)}
pin=${KAKEHASHI_LAB_PIN:-}
stock=${KAKEHASHI_LAB_KERNEL:-linux-image-amd64}
source_pkg=${KAKEHASHI_LAB_SOURCE:-linux-source-6.1}
vivid=${KAKEHASHI_LAB_VIVID-n_devs=3 node_types=0x1,0x1,0x1 num_inputs=1,1,1 input_types=0x0,0x0,0x3}
aloop=${KAKEHASHI_LAB_ALOOP-enable=1,1 index=0,1 id=LabA,LabB pcm_substreams=4,4}
loopback=${KAKEHASHI_LAB_V4L2LOOPBACK-video_nr=10,11 card_label=LabFeed0,LabFeed1 exclusive_caps=1,1}

log='' verbose=0 virtual_time=0 setup=0 cached=0 udev=0 rw_cwd=1
rw=() keep_env=()

usage() {
    cat <<END
usage: $me [option...] [--] COMMAND [ARG...]
       $me --setup            only fill the cache for the chosen backend

  --backend NAME    auto, kvm, tcg (stock Debian kernel under QEMU) or uml
                    (user-mode Linux built from Debian's kernel source)
  --timeout SEC     stop everything after SEC seconds, start included ($limit)
  --mem MIB         memory of the machine ($mem)
  --cpus N          processors, QEMU only ($cpus)
  --pin N           host processor to stay on, uml only (the idlest; '-' for any)
  --rw DIR          also write through to DIR; may be repeated
  --no-rw-cwd       writes to the current directory stay in the lab too
  --env NAME[=VAL]  hand an environment variable in; may be repeated
  --vivid ARGS      module options of the virtual cameras; '' for none
  --aloop ARGS      module options of the loopback sound cards; '' for none
  --loopback ARGS   module options of v4l2loopback (uml only); '' for none
  --udev            run udev inside: /dev/v4l/by-path, events when devices come and go
  --cached          never build or download a kernel; without one exit 77
  --virtual-time    time stands still while anything computes (uml only)
  --log FILE        keep the kernel's log in FILE
  -v                say which kernel, how long the start took, how it ended

Exit status: the command's own; 124 when time ran out; 125 when the lab broke;
77 where this machine cannot run it (standard error says why).
END
}

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "$*"; exit 125; }
cannot() { say "cannot run here: $*"; exit 77; }

while (($#)); do
  case $1 in
  --backend) backend=${2:?}; shift 2 ;;
  --timeout) limit=${2:?}; shift 2 ;;
  --mem) mem=${2:?}; shift 2 ;;
  --cpus) cpus=${2:?}; shift 2 ;;
  --pin) pin=${2:?}; shift 2 ;;
  --rw) rw+=("$(cd "${2:?}" && pwd -P)"); shift 2 ;;
  --no-rw-cwd) rw_cwd=0; shift ;;
  --env) keep_env+=("${2:?}"); shift 2 ;;
  --vivid) vivid=${2?}; shift 2 ;;
  --aloop) aloop=${2?}; shift 2 ;;
  --loopback) loopback=${2?}; shift 2 ;;
  --virtual-time) virtual_time=1; shift ;;
  --log) log=${2:?}; shift 2 ;;
  --setup) setup=1; shift ;;
  --cached) cached=1; shift ;;
  --udev) udev=1; shift ;;
  -v) verbose=1; shift ;;
  -h | --help) usage; exit 0 ;;
  --) shift; break ;;
  -*) usage >&2; exit 125 ;;
  *) break ;;
  esac
done
(($# || setup)) || { usage >&2; exit 125; }

# --- what this machine can do ---------------------------------------------

lacks() { # prints the commands that are not here
  local c
  for c; do command -v "$c" >/dev/null || printf '%s ' "$c"; done
}
guest_needs=(busybox modprobe ip)
qemu_needs=("${guest_needs[@]}" qemu-system-x86_64 cpio depmod dpkg-deb apt-get)
uml_needs=("${guest_needs[@]}" gcc make flex bison bc xz strip depmod dpkg-deb apt-get)

# A /dev/kvm without hardware virtualization behind it (a paravirtual one in a
# cloud machine) interprets a stock kernel, slowly, and stops at the first
# instruction that its interpreter lacks.  So it does not count.
kvm_usable() { [[ -r /dev/kvm && -w /dev/kvm ]] && grep -qwE 'vmx|svm' /proc/cpuinfo; }

# shellcheck source=tests/lab/kernel.sh
. "$here/kernel.sh"

if [[ $backend == auto ]]; then
  if ((virtual_time)); then
    backend=uml
  elif kvm_usable && [[ -z $(lacks "${qemu_needs[@]}") ]]; then
    backend=kvm
  elif [[ -x $(uml_dir)/linux || -z $(lacks "${uml_needs[@]}") ]]; then
    backend=uml
  else
    backend=tcg
  fi
fi

[[ $virtual_time == 0 || $backend == uml ]] || die "virtual time needs the uml backend"

need() { # PROGRAM...
  local lack
  lack=$(lacks "$@")
  [[ -z $lack ]] || cannot "for the $backend backend these programs are missing: $lack"
}
have_kernel() { # the cache holds it, or may be filled
  [[ $cached == 0 || -e $kernel ]] || cannot "no $backend kernel in $cache; $me --setup makes it (with a network)"
}
case $backend in
kvm | tcg)
  need "${qemu_needs[@]}"
  kernel=$cache/$stock-$(sum_of make_stock </dev/null)
  have_kernel
  in_fresh_dir "$kernel" make_stock
  initrd=$kernel/initrd-$(sum_of make_initrd </dev/null)
  [[ -e $initrd ]] || make_initrd "$kernel" "$initrd"
  share=9p
  ;;
uml)
  need "${guest_needs[@]}"
  kernel=$(uml_dir)
  have_kernel
  in_fresh_dir "$kernel" make_uml
  share=hostfs
  ;;
*) die "no such backend: $backend" ;;
esac
((setup)) && { say "ready: $backend, kernel $(ls "$kernel/lib/modules")"; exit 0; }

# The user-mode kernel has one processor, yet each trap of its programs is two
# switches between host processes: on one host processor that costs a third of
# what it costs across two.
idlest() {
  local a
  a=$(grep -E '^cpu[0-9]' /proc/stat)
  sleep 0.1
  { echo "$a"; grep -E '^cpu[0-9]' /proc/stat; } |
    awk -v ok=" $(taskset -pc $$ | sed 's/.*: //') " '
      function allowed(n, p, r, i, k) {
        k = split(ok, p, ",")
        for (i = 1; i <= k; i++) {
          if (split(p[i], r, "-") == 1) r[2] = r[1]
          if (n >= r[1] + 0 && n <= r[2] + 0) return 1
        }
        return 0
      }
      $1 in idle { n = substr($1, 4) + 0
        if (allowed(n) && (best == "" || $5 - idle[$1] > most)) { most = $5 - idle[$1]; best = n } }
      { idle[$1] = $5 }
      END { print best == "" ? 0 : best }'
}

# --- one run ---------------------------------------------------------------

run=$(mktemp -d "${TMPDIR:-/tmp}/kakehashi-lab.XXXXXX")
pids=()
cleanup() {
  local p
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
  [[ -z $log || ! -e $run/kernel.log ]] || cp "$run/kernel.log" "$log" || true
  rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cwd=$(pwd -P)
((rw_cwd)) && [[ $cwd != / ]] && rw=("$cwd" "${rw[@]}")

q() { # quoted for any shell
  local one="'\\''"
  printf "'%s'" "${1//\'/$one}"
}

# The command and its environment, as files that the lab's bash reads.
{
  for name in PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM TZ LD_LIBRARY_PATH \
    $(compgen -e | grep -E '^(LC_|KAKEHASHI_|GST_|ALSA_|ASAN_|UBSAN_|TSAN_|LSAN_)' || true); do
    [[ -z ${!name+x} ]] || printf 'export %s=%s\n' "$name" "$(q "${!name}")"
  done
  for name in "${keep_env[@]}"; do
    if [[ $name == *=* ]]; then
      printf 'export %s=%s\n' "${name%%=*}" "$(q "${name#*=}")"
    elif [[ -n ${!name+x} ]]; then
      printf 'export %s=%s\n' "$name" "$(q "${!name}")"
    fi
  done
  printf 'export KAKEHASHI_LAB_BACKEND=%s\n' "$backend"
  printf 'cd %s || exit 125\nexec' "$(q "$cwd")"
  for word; do printf ' %s' "$(q "$word")"; done
  printf '\n'
} >"$run/command"

# Second stage: runs as process 1 with the host's files as its root.
{
  printf 'share=%s vivid=%s aloop=%s loopback=%s\n' \
    "$share" "$(q "$vivid")" "$(q "$aloop")" "$(q "$loopback")"
  printf 'modules=%s run=%s\n' "$(q "$kernel/lib/modules")" "$(q "$run")"
  printf 'udev=%d\n' "$udev"
  printf 'attach_all() {\n  :\n'
  for i in "${!rw[@]}"; do
    printf '  attach lab%s %s %s\n' "$i" "$(q "${rw[i]}")" "$(q "${rw[i]}")"
  done
  printf '}\n'
  cat "$here/guest.sh"
} >"$run/start"

started=$(date +%s%N)
bounded=(timeout -k 5 "$limit")
case $backend in
kvm | tcg)
  mkfifo "$run/out" "$run/err"
  cat "$run/out" & readers=($!)
  cat "$run/err" >&2 & readers+=($!)
  args=(-nodefaults -display none -no-reboot -M q35 -m "$mem" -smp "$cpus"
    -kernel "$kernel/vmlinuz" -initrd "$initrd"
    -chardev file,id=k,path="$run/kernel.log" -serial chardev:k
    -device virtio-serial-pci -device virtio-rng-pci
    -chardev file,id=o,path="$run/out",append=on -device virtserialport,chardev=o,name=lab.out
    -chardev file,id=e,path="$run/err",append=on -device virtserialport,chardev=e,name=lab.err
    -virtfs local,path=/,mount_tag=labroot,security_model=none,readonly=on,multidevs=remap
    -virtfs local,path="${run//,/,,}",mount_tag=labrun,security_model=none,multidevs=remap)
  for i in "${!rw[@]}"; do
    args+=(-virtfs local,path="${rw[i]//,/,,}",mount_tag=lab"$i",security_model=none,multidevs=remap)
  done
  if [[ $backend == kvm ]]; then
    args+=(-accel kvm -cpu host)
  else
    args+=(-accel tcg,thread=multi -cpu max)
  fi
  args+=(-append "console=ttyS0 quiet loglevel=4 panic=-1 reboot=t mitigations=off lab.start=$run/start")
  "${bounded[@]}" qemu-system-x86_64 "${args[@]}" </dev/null >"$run/vm.log" 2>&1 & vm=$!
  ;;
uml)
  # First stage: an overlay over the read-only host root, then into it.
  {
    printf '#!/bin/sh\nstart=%s\n' "$(q "$run/start")"
    cat <<'END'
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs -o mode=755,size=80% lab /mnt
mkdir /mnt/up /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work lab /mnt/root
mkdir -p /mnt/root/.host
cd /mnt/root && pivot_root . .host
exec chroot . /bin/sh -c 'umount -l /.host; rmdir /.host; exec /bin/sh "$1"' sh "$start"
END
  } >"$run/first"
  chmod +x "$run/first"
  args=(mem="${mem}M" rootfstype=hostfs rootflags=/ ro init="$run/first"
    uml_dir="$run/uml" umid=lab quiet loglevel=4 panic=-1
    con=null con0=null,fd:5 ssl=null ssl0=null,fd:6 ssl1=null,fd:7)
  ((virtual_time)) && args+=(time-travel=inf-cpu)
  mkfifo "$run/out" "$run/err" "$run/klog"
  cat "$run/out" & readers=($!)
  cat "$run/err" >&2 & readers+=($!)
  cat "$run/klog" >"$run/kernel.log" & readers+=($!)
  on=()
  if [[ $pin != - ]] && command -v taskset >/dev/null; then
    on=(taskset -c "${pin:-$(idlest)}")
  fi
  "${bounded[@]}" "${on[@]}" "$kernel/linux" "${args[@]}" </dev/null >"$run/vm.log" 2>&1 \
    5>"$run/klog" 6>"$run/out" 7>"$run/err" & vm=$!
  ;;
esac
pids+=("$vm")
code=0
wait "$vm" || code=$?
ended=$(date +%s%N)
pids=()
wait "${readers[@]}" || true

if [[ -s $run/status ]]; then
  status=$(<"$run/status")
elif ((code == 124 || code == 137)); then
  say "stopped after $limit s"
  status=124
elif [[ ! -e $run/up ]] && grep -qis ptrace "$run/vm.log"; then
  tail -n 3 "$run/vm.log" >&2
  cannot "ptrace is forbidden (in a container: allow SYS_PTRACE)"
else
  say "the lab stopped before the command ended; the last of its log:"
  tail -n 20 "$run/vm.log" "$run/kernel.log" >&2 || true
  status=125
fi
if ((verbose)); then
  say "$(printf '%s, kernel %s, command began at %s s and ended at %s s of guest time, %d.%d s in all, status %s' \
    "$backend" "$(ls "$kernel/lib/modules")" "$(cat "$run/up" 2>/dev/null)" "$(cat "$run/down" 2>/dev/null)" \
    $(((ended - started) / 1000000000)) $(((ended - started) / 100000000 % 10)) "$status")"
fi
exit "$status"
