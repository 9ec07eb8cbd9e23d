# SPDX-License-Identifier: GPL-3.0-or-later
# Second stage of the lab's start: runs as process 1 with the host's files as its root, after what
# run.sh puts before it: share, vivid, aloop, loopback, modules, run, udev and attach_all.
# shellcheck shell=sh disable=SC2154,SC2086,SC2034  # set by run.sh; module options are several words
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null || mount -t tmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lab /run/lock
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
[ -e /dev/stdin ] || ln -s fd/0 /dev/stdin
[ -e /dev/stdout ] || ln -s fd/1 /dev/stdout
[ -e /dev/stderr ] || ln -s fd/2 /dev/stderr

attach() { # TAG DIR POINT: a host folder, written through
  mkdir -p "$3"
  case $share in
  9p) mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=mmap "$1" "$3" ;;
  hostfs) mount -t hostfs -o "$2" none "$3" ;;
  esac || echo "lab: $3 is not written through"
}
attach labrun "$run" /run/lab
attach_all
version=$(uname -r)
mkdir -p "/lib/modules/$version"
mount --bind "$modules/$version" "/lib/modules/$version"
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
modprobe -q configfs; mount -t configfs configfs /sys/kernel/config 2>/dev/null
ip link set lo up
hostname lab 2>/dev/null
[ -z "$vivid" ] || modprobe vivid $vivid || echo "lab: no vivid"
[ -z "$aloop" ] || modprobe snd-aloop $aloop || echo "lab: no snd-aloop"
[ -z "$loopback" ] || modprobe -q v4l2loopback $loopback || true
if [ "$udev" = 1 ]; then
  /lib/systemd/systemd-udevd --daemon && udevadm trigger && udevadm settle || echo "lab: no udev"
fi
case $share in
9p) for p in /sys/class/virtio-ports/*; do
    case $(cat "$p/name") in
    lab.out) out=/dev/${p##*/} ;;
    lab.err) err=/dev/${p##*/} ;;
    esac
  done ;;
hostfs) out=/dev/ttyS0 err=/dev/ttyS1
  for t in $out $err; do stty raw -echo <$t; done ;;
esac
mkfifo /run/out /run/err
cat /run/out >$out & o=$!
cat /run/err >$err & e=$!
cut -d' ' -f1 /proc/uptime >/run/lab/up
( exec bash /run/lab/command ) </dev/null >/run/out 2>/run/err
echo $? >/run/status
# What the command left running may hold its output open: do not wait long.
for i in 1 2 3 4 5 6 7 8 9 10; do
  kill -0 $o 2>/dev/null || kill -0 $e 2>/dev/null || break
  sleep 0.2
done
cut -d' ' -f1 /proc/uptime >/run/lab/down
cp /run/status /run/lab/status
sync
exec busybox poweroff -f
