// SPDX-License-Identifier: GPL-3.0-or-later
// Every part of a Show with values that are not the defaults, in the order a file is read.
#pragma once

namespace kakehashi::testing {

inline constexpr const char* kFullEvent = R"({
  "kakehashi_event": 1, "id": "full", "title": {"ja": "行事", "en": "Event"},
  "canvas": {"width": 1280, "height": 720, "fps": "30000/1001"}, "venue": "hall.json",
  "inputs": [
    {"id": "cam", "name": "カメラ", "delay_ms": 33.3, "source": {"kind": "camera", "device": "serial:1"},
     "masks": [{"shape": "ellipse", "cover": "blur", "rect": [0.1, 0.2, 0.3, 0.4], "colour": "#102030"}],
     "backup": "net"},
    {"id": "mic", "video": false, "audio": true, "microphone": true},
    {"id": "net", "source": {"kind": "network", "uri": "rtsp://10.0.0.5/stream", "latency_ms": 80.0,
     "protocol": "udp"}},
    {"id": "tone", "audio": true, "source": {"kind": "test", "tone_hz": 440}},
    {"id": "sign_cam"},
    {"id": "guest", "video": false, "audio": true, "microphone": true, "partner": "zoom",
     "sound": {"set": "remote", "trim_db": 3.5, "invert": true, "mono": true, "high_pass_hz": 150,
       "noise_db": 6, "gate": {"threshold_db": -60, "range_db": 4},
       "eq": {"low": {"shape": "bell", "hz": 110, "gain_db": -2, "q": 0.8},
              "low_mid": {"shape": "low_shelf", "hz": 320, "gain_db": 1.5, "q": 1.2},
              "high_mid": {"shape": "high_shelf", "hz": 2800, "gain_db": 2, "q": 1},
              "high": {"shape": "high_shelf", "hz": 9000, "gain_db": -1, "q": 0.5}},
       "compressor": {"ratio": 2.5, "threshold_db": -30, "attack_ms": 5, "release_ms": 90, "makeup_most_db": 3},
       "delay_ms": 12.5, "pan": -0.25, "rights": "check", "follow_picture": true, "automix": true,
       "priority_db": 3, "rider_db": 4, "group": "far", "duck_db": 5}}],
  "scenes": [
    {"id": "a", "name": "全景", "key": 1, "layers": [{"input": "cam"},
      {"input": "net", "rect": [-10, 20, 640, 360], "fit": "fill", "crop": [0.1, 0, 0.25, 0.05],
       "opacity": 0.5, "z": 3, "flip_horizontal": true, "flip_vertical": true, "turn": "left",
       "correction": {"brightness": 0.1, "contrast": 1.2, "saturation": 0.9, "gamma": 1.1,
                      "red_gain": 1.05, "blue_gain": 0.95},
       "chroma_key": {"colour": "#0000FF", "similarity": 0.3, "smoothness": 0.2, "spill": 0.4},
       "masks": [{"rect": [-0.1, 0, 0.5, 0.5]}], "corner_radius": 12,
       "border": {"width": 4, "colour": "#FF4B00"},
       "shadow": {"x": 6, "y": 8, "blur": 16, "opacity": 0.5}}, {"input": "sign_cam", "opacity": 0.1}]},
    {"id": "b", "key": 9, "card": "wait", "sound": "A_CARD"},
    {"id": "c", "layout": "slide_speaker", "slots": {"speaker": "cam", "slide": "net"}, "fallback": "tone",
     "when": "net", "else": "a", "aux": "b"}],
  "overlays": [
    {"id": "o", "name": "𠮷田 太郎", "kana": "よしだ", "affiliation": "課長",
     "rect": [10, 20, 300, 40], "fade_ms": 0, "hold_s": 7.5},
    {"id": "row", "kind": "name_row", "label": {"ja": "登壇者", "en": "Panel"}, "people": [
      {"name": "佐藤 一郎", "affiliation": "町会長"}, {"name": "鈴木 花子", "kana": "すずき はなこ"}]},
    {"id": "qr", "kind": "qr", "url": "https://forms.office.com/r/AbCdEfGh1234567890XyZ", "text": "アンケート"},
    {"id": "left", "kind": "countdown", "minutes": 15, "text": "残り"},
    {"id": "start", "kind": "countdown", "to": "14:00"},
    {"id": "sub", "kind": "caption", "prepared": "一行目\n二行目", "size": 88, "lines": 3, "hold_s": 0}],
  "cards": [{"id": "wait", "kind": "break", "title": "お待ちください", "body": "1\n2", "contact": "03",
             "phone": "03-0000-0000", "url": "https://example.lg.jp/", "qr": true,
             "countdown_to": "2026-11-22T14:00", "logo": "logo.svg", "background": "#0a0B0c"}],
  "emergency_card": "wait", "first_scene": "b", "mix_ms": 700, "dip_colour": "#FFFFFF",
  "sign_language": true, "venue_bus": {"scene": "a", "overlays": false}, "aux_bus": {"scene": "c"},
  "genlock": true,
  "sound": {"speech": {"lufs": -23, "tolerance_lu": 1}, "music": {"lufs": -20}, "most_dbtp": -2,
    "venue": ["guest", "tone"], "snapshots": [
      {"id": "A_CARD", "name": {"ja": "ふた", "en": "Card"}, "open": ["tone"], "mics_off": true, "music": true,
       "venue": ["tone"]}, {"id": "A_MC", "open": ["mic"]}]},
  "encode": {"codec": "hevc", "width": 1280, "height": 720, "video_kbps": 2500, "quality": 23, "maker": "vaapi",
    "preset": "veryfast", "keyframe_seconds": 1, "keyframe_on_take": true, "vbv_ms": 300, "filler": true,
    "captions": false, "audio_kbps": 128},
  "encodes": [{"id": "light", "name": {"ja": "軽い映像", "en": "Light"}, "width": 640, "height": 360, "video_kbps": 700}],
  "destinations": [{"id": "d", "kind": "rtmp", "url": "rtmps://host/app", "key_name": "k", "scope": "public",
                    "enabled": false}, {"id": "e", "kind": "mkv", "folder": "/srv/copy", "encode": "light", "lead": true},
                    {"id": "f", "kind": "rtmp", "url": "rtmps://spare/app", "scope": "public", "backup_of": "d"}],
  "record": {"with_stream": false, "clean": true, "folder": "/srv/rec", "second_folder": "/srv/usb",
    "format": "fmp4", "finalise": false, "encode": "light", "iso": ["cam", "mic"]},
  "script": [{"at_s": 1.5, "scene": "a", "transition": "push_up"}, {"at_s": 2, "overlay": "o", "on": false},
    {"at_s": 3, "sound": "A_MC"}]
})";

}  // namespace kakehashi::testing
