#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves the lab: cameras, sound cards, error injection, unplugging and network
# impairment, through the programs people use.  usage: check.sh [run.sh option...]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

if [[ ${1-} != --inside ]]; then
  dir=$(mktemp -d "${TMPDIR:-/tmp}/lab-check.XXXXXX")
  trap 'rm -rf "$dir"' EXIT
  g++ -std=c++17 -O2 -o "$dir/pa_roundtrip" "$here/pa_roundtrip.cpp" -lportaudio 2>/dev/null ||
    echo "(no PortAudio check: it does not build here)"
  cd "$dir" || exit
  "$here/run.sh" --timeout 400 "$@" -v bash "$here/check.sh" --inside
  status=$?
  [[ -e made-inside && ! -e /etc/lab-check ]] || { echo "FAIL files: only the current directory may change"; status=1; }
  exit "$status"
fi

passed=0 failed=0
ok() { passed=$((passed + 1)); echo "ok    $1${2:+: $2}"; }
bad() { failed=$((failed + 1)); echo "FAIL  $1${2:+: $2}"; }
judge() { # NAME DETAIL AWK-CONDITION
  if awk "BEGIN{exit !($3)}"; then ok "$1" "$2"; else bad "$1" "$2 (want $3)"; fi
}
have() { command -v "$1" >/dev/null; }
now() { date +%s%N; }
since() { echo $((($(now) - $1) / 1000000)); }

cam=/dev/video0 hdmi=/dev/video2
set_webcam() { v4l2-ctl -d $cam --set-fmt-video=width=640,height=360,pixelformat=YUYV --set-parm=30 >/dev/null; }
fps_of() { grep -o '[0-9.]* fps' | tail -n 1 | cut -d' ' -f1; }
touch /etc/lab-check made-inside

n=$(v4l2-ctl --list-devices 2>/dev/null | grep -c '^vivid')
judge "virtual cameras" "$n" "$n==3"
set_webcam
f=$(v4l2-ctl -d $cam --stream-mmap --stream-count=75 2>&1 | fps_of)
judge "webcam 640x360, v4l2-ctl" "$f fps" "$f>29 && $f<31"
if have gst-launch-1.0; then
  gst-launch-1.0 -v v4l2src device=$cam num-buffers=150 ! video/x-raw,format=YUY2,width=640,height=360,framerate=30/1 ! \
    fpsdisplaysink video-sink=fakesink text-overlay=false >gst.log 2>&1
  f=$(grep -o 'average: [0-9.]*' gst.log | tail -n 1 | cut -d' ' -f2)
  judge "webcam 640x360, GStreamer" "${f:-0} fps" "${f:-0}>28.5 && ${f:-0}<32"
fi
if have ffmpeg; then
  n=$(ffmpeg -hide_banner -nostdin -f v4l2 -framerate 30 -video_size 640x360 -i $cam -t 2 -f null - 2>&1 |
    tr '\r' '\n' | sed -n 's/^frame= *\([0-9]*\).*/\1/p' | tail -n 1)
  judge "webcam 640x360, ffmpeg" "${n:-0} frames in 2 s" "${n:-0}>56 && ${n:-0}<63"
fi
i=$(v4l2-ctl -d $hdmi --list-dv-timings | awk '/Index:/ {i = $2; w = h = 0} /Active width: 1920/ {w = 1}
  /Active height: 1080/ {h = w} /\(30.00 frames/ && h {print i; exit}')
v4l2-ctl -d $hdmi --set-dv-bt-timings index="$i" >/dev/null
v4l2-ctl -d $hdmi --set-fmt-video=pixelformat=NV12 >/dev/null
f=$(v4l2-ctl -d $hdmi --stream-mmap --stream-count=75 2>&1 | fps_of)
judge "HDMI input 1920x1080 NV12" "$f fps" "$f>29 && $f<31"

v4l2-ctl -d $cam --set-ctrl percentage_of_dropped_buffers=20
last=$(v4l2-ctl -d $cam --stream-mmap --stream-count=60 --verbose 2>&1 | sed -n 's/.*seq: *\([0-9]*\).*/\1/p' | tail -n 1)
v4l2-ctl -d $cam --set-ctrl percentage_of_dropped_buffers=0
judge "dropped buffers" "60 frames up to number $last" "$last>62"
for e in "fatal_streaming_error" "disconnect"; do
  v4l2-ctl -d $cam --stream-mmap >s.log 2>&1 &
  p=$!
  sleep 2
  t=$(now)
  c=$e
  [[ $e == disconnect ]] || c=inject_$e
  v4l2-ctl -d $cam --set-ctrl "$c=1"
  wait $p
  t=$(since "$t")
  judge "$e" "$(tr -d '<' <s.log | grep . | tail -n 1), after $t ms" "$t<3000"
done
f=$(v4l2-ctl -d $cam --stream-mmap --stream-count=75 2>&1 | fps_of)
judge "the same camera again" "${f:-0} fps" "${f:-0}>29 && ${f:-0}<31"
v4l2-ctl -d $cam --stream-mmap >s.log 2>&1 &
p=$!
sleep 2
t=$(now)
echo vivid.0 >/sys/bus/platform/drivers/vivid/unbind
wait $p
if [[ ! -e $cam ]]; then ok "cameras unplugged" "$(since "$t") ms"; else bad "cameras unplugged"; fi
echo vivid.0 >/sys/bus/platform/drivers/vivid/bind
sleep 0.5
set_webcam
f=$(v4l2-ctl -d $cam --stream-mmap --stream-count=75 2>&1 | fps_of)
judge "cameras plugged in" "${f:-0} fps" "${f:-0}>29 && ${f:-0}<31"

if [[ -e /dev/video10 ]] && have ffmpeg; then
  ffmpeg -hide_banner -nostdin -loglevel error -re -f lavfi -i testsrc2=s=1280x720:r=30 -t 20 -c:v mjpeg -q:v 6 \
    -f v4l2 /dev/video10 2>feed.log &
  p=$!
  sleep 4
  n=$(ffmpeg -hide_banner -nostdin -f v4l2 -input_format mjpeg -i /dev/video10 -t 3 -vsync passthrough -f null - 2>r.log | cat
    tr '\r' '\n' <r.log | sed -n 's/^frame= *\([0-9]*\).*/\1/p' | tail -n 1)
  kill $p
  wait $p
  judge "MJPEG camera 1280x720 (v4l2loopback)" "${n:-0} frames in 3 s" "${n:-0}>80 && ${n:-0}<95"
fi

n=$(arecord -l | grep -c '^card.*device 1')
judge "loopback sound cards" "$n" "$n==2"
arecord -q -D hw:LabA,1 -f S16_LE -r 48000 -c 2 -d 3 rec.wav &
p=$!
aplay -q -D hw:LabA,0 -f S16_LE -r 48000 -c 2 -d 4 <(perl -e 'for (0 .. 191999) {
  $v = 16384 * sin($_ * 2 * 3.14159265 * 1000 / 48000); print pack("s<s<", $v, $v) }')
wait $p
peak=$(od -An -v -td2 -w4 -j 96044 rec.wav | awk '{ if ($1 > m) m = $1 } END { print m + 0 }')
judge "aplay to arecord" "peak $peak of 16384" "$peak>16000 && $peak<16500"
if [[ -x ./pa_roundtrip ]]; then
  # 10 ms buffers where the tick is 1 ms (uml), 21 ms where it is 4 ms.
  frames=480
  [[ $KAKEHASHI_LAB_BACKEND == uml ]] || frames=1024
  if out=$(./pa_roundtrip '(hw:0,0)' '(hw:0,1)' $frames 2>/dev/null); then
    ok "PortAudio, $frames frames" "$(tail -n 1 <<<"$out")"
  else
    bad "PortAudio, $frames frames" "$(tail -n 1 <<<"$out")"
  fi
fi
arecord -q -D hw:LabB,1 -f S16_LE -r 48000 -c 2 rec.wav 2>a.log &
p=$!
sleep 3
t=$(now)
echo snd_aloop.1 >/sys/bus/platform/drivers/snd_aloop/unbind
wait $p
n=$(grep -c Loopback /proc/asound/pcm)
judge "sound card unplugged" "$(tail -n 1 a.log), after $(since "$t") ms" "$n==2"
echo snd_aloop.1 >/sys/bus/platform/drivers/snd_aloop/bind
judge "sound card plugged in" "$(grep -c Loopback /proc/asound/pcm) devices" "$(grep -c Loopback /proc/asound/pcm)==4"

tc qdisc add dev lo root netem delay 40ms loss 1%
out=$(python3 - <<'P'
import socket, threading, time
r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
r.bind(("127.0.0.1", 0))
r.settimeout(0.5)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
late = []
def take():
  try:
    while True:
      d = float(r.recv(100))
      late.append(time.monotonic() - d)
  except socket.timeout:
    pass
t = threading.Thread(target=take)
t.start()
for _ in range(2000):
  s.sendto(repr(time.monotonic()).encode(), r.getsockname())
  time.sleep(0.002)
t.join()
print(2000 - len(late), round(1000 * sorted(late)[len(late) // 2], 1))
P
)
tc qdisc del dev lo root
judge "netem delay 40ms loss 1%" "lost ${out% *} of 2000, median delay ${out#* } ms" "${out% *}>3 && ${out% *}<60 && ${out#* }>39.9 && ${out#* }<45"

echo "$passed passed, $failed failed"
((failed == 0))
