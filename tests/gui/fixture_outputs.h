// SPDX-License-Identifier: GPL-3.0-or-later
// A lecture that goes to many places and records single inputs.
#pragma once

#include "fixture.h"

namespace kakehashi::testing {

// The stream with its spare line, an overflow room and a web meeting.
inline Snapshot lecture_to_many() {
  Snapshot s = lecture();
  s.outputs[0].line = LineWord::Tight;
  OutputStatus spare = s.outputs[0];
  spare.id = "spare";
  spare.name = name("YouTube（予備）", "YouTube (spare)");
  spare.backup_of = "main";
  spare.line = LineWord::None;
  spare.state = OutputState::Reconnecting;
  spare.reason =
      name("配信先までネットワークが届いていません。LANケーブルまたはWi-Fiを確認してください。",
           "The network does not reach the server. Check the network cable or the Wi-Fi.");
  OutputStatus room = s.outputs[0];
  room.id = "room";
  room.name = name("別会場（2階）", "Overflow room");
  room.scope = AudienceScope::Internal;
  room.line = LineWord::Ample;
  OutputStatus meeting;
  meeting.id = "meeting";
  meeting.name = name("Web会議", "Web meeting");
  meeting.scope = AudienceScope::Internal;
  meeting.always = true;
  meeting.enabled = false;
  s.outputs.insert(s.outputs.end(), {spare, room, meeting});
  s.record.iso = {{"cam_main", name("メインカメラ", "Main camera"), "m.mkv", 2'100'000'000, 0, {}},
                  {"cam_wide", name("引きカメラ", "Wide camera"), "w.mkv", 1'900'000'000, 0, {}},
                  {"cam_sign", name("手話カメラ", "Sign camera"), "", 0, 31,
                   name("このパソコンの力が足りず、休んでいます。個別録画を減らしてください。",
                        "This PC is too slow, so it rests. Record fewer inputs by themselves.")}};
  EncodeStatus main;
  main.id = "main";
  main.name = name("本線", "Program");
  main.width = 1920;
  main.height = 1080;
  main.target_kbps = main.most_kbps = 6000;
  main.why = name("GPU の符号化は使えません。CPU で符号化しています。",
                  "No GPU encoder works here: the CPU encodes.");
  s.encodes = {main};
  return s;
}

}  // namespace kakehashi::testing
