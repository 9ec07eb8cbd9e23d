# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: makes the lab's kernels, once each, and keeps them in $cache.
# shellcheck shell=bash disable=SC2154,SC2015  # run.sh's variables; both failures end in the last line

# What is made is kept under a name that changes with how it is made.
sum_of() { # FUNCTION... [FILE on stdin]
  { declare -f "$@"; cat; } | sha256sum | cut -c1-12
}
uml_dir() {
  printf '%s/uml-%s-%s' "$cache" "${source_pkg#linux-source-}" \
    "$(sum_of make_uml make_uml_loopback < <(sed /SPDX/d "$here/uml.config"))"
}

# --- filling the cache -----------------------------------------------------

get_package() { # NAME: downloads it into the current directory
  local apt=(apt-get -qq -o APT::Sandbox::User="$(id -un)")
  "${apt[@]}" download "$1" >/dev/null 2>&1 && return
  ((EUID)) || "${apt[@]}" update >/dev/null 2>&1 || true
  "${apt[@]}" download "$1" >/dev/null || die "cannot download the package $1"
}

# The newest image package that a meta package stands for, or the name itself.
image_package() {
  local real
  real=$(apt-cache depends "$1" 2>/dev/null |
    sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
  printf '%s' "${real:-$1}"
}

in_fresh_dir() { # DIR FUNCTION: makes DIR whole or not at all, one at a time
  local dir=$1 make=$2 tmp status
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
  if [[ ! -e $dir ]]; then
    tmp=$(mktemp -d "$cache/new.XXXXXX")
    # shellcheck disable=SC2064  # this folder, now
    trap "rm -rf '$tmp'" EXIT
    set +e
    (set -e; cd "$tmp"; "$make") >&2
    status=$?
    set -e
    ((status == 0)) || die "could not make $dir"
    mv "$tmp" "$dir"
    trap - EXIT
  fi
  exec 9>&-
}

make_stock() {
  local pkg
  pkg=$(image_package "$stock")
  say "unpacking $pkg (once)"
  get_package "$pkg"
  dpkg-deb -x ./*.deb all
  mv all/boot/vmlinuz-* vmlinuz
  mv all/boot/config-* config
  mkdir lib
  if [[ -d all/usr/lib/modules ]]; then mv all/usr/lib/modules lib/; else mv all/lib/modules lib/; fi
  local ver
  ver=$(ls lib/modules)
  (cd "lib/modules/$ver/kernel/drivers" && rm -rf gpu infiniband scsi iio staging mtd target edac \
    net/ethernet net/wireless)
  rm -rf all ./*.deb
  depmod -b . "$ver"
}

# Modules the start itself needs, in load order; the rest come from the cache
# folder once the host's files are mounted.
make_initrd() { # DIR
  local dir=$1 ver tree
  ver=$(ls "$dir/lib/modules")
  tree=$(mktemp -d "$cache/new.XXXXXX")
  if ldd "$(command -v busybox)" >/dev/null 2>&1; then
    die "the start of the $backend backend needs a static busybox"
  fi
  mkdir -p "$tree"/{bin,m,proc,sys,dev,lower,rw,new}
  cp "$(command -v busybox)" "$tree/bin/busybox"
  local m f
  for m in virtio_pci 9pnet_virtio 9p overlay virtio_console virtio_rng; do
    modprobe -d "$dir" -S "$ver" --show-depends "$m" 2>/dev/null
  done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' |
    while read -r f; do
      case $f in
      *.xz) xz -dc "$f" >"$tree/m/$(basename "${f%.xz}")" ;;
      *) cp "$f" "$tree/m/" ;;
      esac
      f=${f##*/}
      printf '%s\n' "${f%.xz}"
    done >"$tree/m/order"
  cat >"$tree/init" <<'END'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
while read -r m; do $b insmod "/m/$m" || echo "lab: no $m"; done </m/order
o=trans=virtio,version=9p2000.L,msize=262144,cache=loose
$b mount -t 9p -o "ro,$o" labroot /lower || exec $b poweroff -f
$b mount -t tmpfs -o mode=755,size=80% lab /rw
$b mkdir /rw/up /rw/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/rw/up,workdir=/rw/work lab /new
start=$($b sed -n 's/.*lab\.start=\([^ ]*\).*/\1/p' /proc/cmdline)
$b umount /proc
exec $b switch_root /new /bin/sh "$start"
END
  chmod +x "$tree/init"
  (cd "$tree" && find . | cpio -o -H newc --quiet) >"$dir/initrd.new"
  mv "$dir/initrd.new" "$2"
  rm -rf "$tree"
}

make_uml() {
  local lack
  lack=$(lacks "${uml_needs[@]}")
  [[ -z $lack ]] || die "to build the uml kernel these are missing: $lack"
  say "building a user-mode kernel from $source_pkg (once, some minutes)"
  get_package "$source_pkg"
  dpkg-deb -x ./linux-source-*.deb deb
  mkdir src out
  tar -C src --strip-components=1 -xf deb/usr/src/linux-source-*.tar.xz \
    --exclude='*/Documentation/*/*' --exclude='*/drivers/gpu/drm/amd/include/*' \
    --exclude='*/tools/testing/*' --exclude='*/tools/perf/*' \
    --exclude='*/dts/*' --exclude='*/arch/[a-tvwyz]*.[chS]'
  rm -rf deb ./*.deb
  # A tick fine enough for 10 ms sound buffers and even frame times; ALSA,
  # which UML's menus leave out; and every frame rate at every size from the
  # virtual webcam, which otherwise offers 5 at most in 1080p.
  sed -i '/^config HZ$/,/default/s/default 100/default 1000/' src/arch/um/Kconfig
  sed -i -e '/^if !UML$/d' -e '/^endif # !UML$/d' src/sound/Kconfig
  sed -i 's/2 \* (VIVID_WEBCAM_SIZES - [^)]*)/VIVID_WEBCAM_IVALS/' \
    src/drivers/media/test-drivers/vivid/vivid-vid-cap.c
  # Room for the registers of processors with matrix tiles (AMX: 11008 bytes; the kernel's own room
  # ends at AVX-512): with less, every ptrace that sets them is refused and init dies.
  sed -i 's/HOST_FP_SIZE, 2696/HOST_FP_SIZE, 12288/' src/arch/x86/um/user-offsets.c
  local mk=(make -s -j"$(nproc)" -C src ARCH=um O="$PWD/out")
  KCONFIG_ALLCONFIG="$here/uml.config" "${mk[@]}" allnoconfig >build.log 2>&1 &&
    "${mk[@]}" linux modules >>build.log 2>&1 &&
    "${mk[@]}" INSTALL_MOD_PATH="$PWD" modules_install >>build.log 2>&1 ||
    { tail -n 30 build.log; return 1; }
  strip -g -o linux out/linux
  cp out/.config config
  local ver
  ver=$(ls lib/modules)
  make_uml_loopback "$ver" || say "no v4l2loopback for this kernel; going on without"
  rm -f "lib/modules/$ver/build" "lib/modules/$ver/source"
  depmod -b . "$ver"
  rm -rf src out lb
}

make_uml_loopback() {
  mkdir lb && (cd lb && get_package v4l2loopback-dkms && dpkg-deb -x ./*.deb .) || return 1
  make -s -C src ARCH=um O="$PWD/out" M="$(echo "$PWD"/lb/usr/src/v4l2loopback-*)" \
    modules >>build.log 2>&1 || { tail -n 12 build.log; return 1; }
  install -Dm644 -t "lib/modules/$1/extra" lb/usr/src/v4l2loopback-*/v4l2loopback.ko
}
