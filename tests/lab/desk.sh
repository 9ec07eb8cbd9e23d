#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The technician's morning, with real devices and a real mouse: the desk's Prepare page clicked in
# the lab. A role gets its camera, a microphone is found by tapping it, all cameras are unplugged
# and plugged again, a wrong device is taken back. Says what it waits for and fails where it does
# not come; with --to, photographs of each step.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$here/../.."
# shellcheck source=scripts/common
. scripts/common

usage() {
  cat <<'TEXT'
usage: tests/lab/desk.sh [--build FOLDER] [--size WxH] [--lang ja|en] [--scale X] [--to FOLDER] [--check]
  --build FOLDER  where kakehashi-station and kakehashi are (build/dev)
  --size WxH      of the display and the desk (1366x768)
  --to FOLDER     photographs of each step
  --check         also runs the quick equipment test from the page Check (a minute more)
TEXT
}

build_folder=build/dev size=1366x768 language=ja scale=1 photos="" check=0 inside=0
while (($#)); do
  case $1 in
    --build) build_folder=${2:?} && shift ;;
    --size) size=${2:?} && shift ;;
    --lang) language=${2:?} && shift ;;
    --scale) scale=${2:?} && shift ;;
    --to) photos=${2:?} && shift ;;
    --check) check=1 ;;
    --inside) inside=1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

if ((!inside)); then
  through=(--no-rw-cwd)
  if [[ $photos ]]; then
    mkdir -p "$photos"
    photos=$(cd "$photos" && pwd)
    through+=(--rw "$photos")
  fi
  for program in Xvfb xdotool import jq aplay; do
    command -v "$program" >/dev/null || { echo "skipped: no $program (scripts/install_packages)"; exit 77; }
  done
  options=(--inside --build "$build_folder" --size "$size" --lang "$language" --scale "$scale")
  ((check)) && options+=(--check)
  exec tests/lab/run.sh --udev --virtual-time --cached "${through[@]}" --timeout 900 \
    "$here/desk.sh" "${options[@]}" ${photos:+--to "$photos"}
fi

station=$build_folder/station/kakehashi-station
desk=$build_folder/gui/kakehashi
work=$(mktemp -d)
export XDG_CONFIG_HOME=$work XDG_RUNTIME_DIR=$work LIBGL_ALWAYS_SOFTWARE=1
chmod 700 "$work"
socket=$work/door.sock
jobs_of_ours=()
# shellcheck source=scripts/at_desk
. scripts/at_desk

step() { printf '%6.1f s  %s\n' "$(cut -d' ' -f1 /proc/uptime)" "$1"; }
shot() {
  [[ $photos ]] || return 0
  photograph "$photos/$1.png"
}
snapshot() { "$station" snapshot --json --socket "$socket"; }
# holds JQ: true in the snapshot.
holds() { snapshot | jq -e "$1" >/dev/null; }
device_of() { snapshot | jq -r --arg r "$1" '.devices[] | select(.role == $r) | .id'; }
free_device() { snapshot | jq -r --arg k "$1" '[.devices[] | select(.kind == $k and .role == "")][0].id'; }
unplug() { echo "$2" >"/sys/bus/platform/drivers/$1/unbind"; }
plug() { echo "$2" >"/sys/bus/platform/drivers/$1/bind"; }
# A second of knocking on the microphone behind the loopback card.
tap() { perl -e 'print pack("f<*", map { rand(0.5) } 1 .. 384000)' | aplay -q -D "hw:$1,0" -f FLOAT_LE -r 48000 -c 2; }

# The shipped lecture in a hall of its own, small enough for one processor.
jq --arg venue "$work/hall.json" '.canvas = {width: 640, height: 360, fps: 30} | .venue = $venue
  | .destinations = []' presets/events/lecture.json >"$work/lecture.json"
echo '{"kakehashi_venue": 1, "name": "大ホール", "bindings": {}}' >"$work/hall.json"

# Plain pictures, each its own, for whoever looks at the photographs.
for n in 0 1 2; do v4l2-ctl -d "$n" -c osd_text_mode=2 -c "test_pattern=$((n * 3))" || true; done 2>/dev/null

start_display "$size"
"$station" run "$work/lecture.json" --socket "$socket" --record-folder "$work" >"$work/station.log" 2>&1 &
jobs_of_ours+=("$!")
wait_for "the station's door" test -S "$socket"
wait_for "the devices" holds '[.devices[] | select(.kind == "camera")] | length >= 3'
printf 'scale = %s\n' "$scale" >"$work/kakehashi-desk.conf"
mkdir -p "$work/kakehashi" && printf 'scale = %s\nlanguage = %s\n' "$scale" "$language" >"$work/kakehashi/desk.conf"
start_desk "$size"

step "Prepare: what is plugged in, with live pictures"
press stage.prepare
wait_for "watching" holds .watching_devices
sleep 3
shot 1-plugged

step "the role, then its camera"
press role.cam_main
wanted=$(free_device camera)
press "device.$wanted"
wait_for "the lectern's camera" holds '.inputs[] | select(.id == "cam_main") | .signal == "live"'
[[ $(device_of cam_main) == "$wanted" ]]
jq -e '.bindings.cam_main.kind == "camera"' "$work/hall.json" >/dev/null
shot 2-bound

step "tap the microphone"
press role.mic_mc
wait_for "listening" item "device.$(free_device microphone)"
sleep 1
tap LabA &
tapping=$!
jobs_of_ours+=("$tapping")
loud() { snapshot | jq -re '[.devices[] | select(.kind == "microphone" and .peak_db > -30)][0].id'; }
wait_for "the tapped microphone" loud
shot 3-tapped
microphone=$(loud)
press "device.$microphone"
wait "$tapping"
wait_for "the host's microphone" holds '.inputs[] | select(.id == "mic_mc") | .signal == "live"'
shot 4-microphone

step "an output for the hall"
# The first output of the loopback card with this number.
output_on() { snapshot | jq -re --arg card "snd_aloop.$1" '[.sound_outputs[] | select(.id | contains($card))][0].id'; }
venue_plays() { holds '.sound_buses[] | select(.id == "venue") | .playing'; }
press role.outlet:venue
wait_for "the cards that play" output_on 1
output=$(output_on 1)
press "output.$output.1"
wait_for "the hall's sound" venue_plays
jq -e --arg port "$output" '.sound_outputs.venue.port == $port' "$work/hall.json" >/dev/null ||
  fail "会場ファイルに出口が入っていません" "the venue file does not say which output"
shot 4-outlet
# What goes to this card comes back as the host's microphone: refused in words, and nothing changes.
press "output.$(output_on 0).1"
sleep 2
shot 4-refused
venue_plays && jq -e --arg port "$output" '.sound_outputs.venue.port == $port' "$work/hall.json" >/dev/null ||
  fail "断るはずの出口に替わりました" "an output that is heard by the host's microphone was taken"

step "a wrong camera, and back with one press"
press role.cam_main
wrong=$(free_device camera)
press "device.$wrong"
wait_for "the wrong camera" holds ".devices[] | select(.id == \"$wrong\") | .role == \"cam_main\""
wait_for "something to take back" holds '.undo_role == "cam_main"'
shot 5-wrong
press role.back
wait_for "the right camera" holds ".devices[] | select(.id == \"$wanted\") | .role == \"cam_main\""
wait_for "its picture" holds '.inputs[] | select(.id == "cam_main") | .signal == "live"'
jq -e --arg w "$(snapshot | jq -r --arg w "$wanted" '.devices[] | select(.id == $w) | .identity.port')" \
  '.bindings.cam_main.port == $w' "$work/hall.json" >/dev/null || fail "会場ファイルが戻っていません" "the venue file was not taken back"

step "all cameras unplugged: the missing one is named"
unplug vivid vivid.0
wait_for "the name" holds '.messages[] | select(.id == "device.cam_main.missing")'
press role.cam_main
sleep 3
shot 6-unplugged

step "plugged again: back without a click"
plug vivid vivid.0
wait_for "the picture" holds '.inputs[] | select(.id == "cam_main") | .signal == "live"'
sleep 3
shot 7-back

if ((check)); then
  step "the equipment test"
  press stage.check
  press test.length.1
  press test.start
  sleep 8
  shot 8-testing
  patience=200
  wait_for "its end" holds '.equipment.running == false and .equipment.result != null'
  patience=30
  sleep 2
  shot 9-result
fi
step "done"
