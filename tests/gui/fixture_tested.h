// SPDX-License-Identifier: GPL-3.0-or-later
// The lecture of fixture.h in the check stage: tested, under test, stopped.
#pragma once

#include "fixture.h"

namespace kakehashi::testing {

inline EquipmentItem tested(const char* id, Text n, Verdict v, Text found, Text cause = {},
                            Text action = {}) {
  EquipmentItem i;
  i.id = id;
  i.name = std::move(n);
  i.verdict = v;
  i.found = std::move(found);
  i.cause = std::move(cause);
  i.action = std::move(action);
  return i;
}

inline Snapshot lecture_tested() {
  Snapshot s = lecture_being_prepared();
  EquipmentProgress& e = s.equipment;
  e.html = "/home/staff/kakehashi/equipment/2026-11-22.html";
  e.result.items = {
      tested("camera.cam_main", name("メインカメラ 映像", "Main camera: picture"), Verdict::Pass,
             name("1920×1080 30コマ コマ落ち 0", "1920x1080 30 fps, no drops")),
      tested("camera.slide_pc", name("スライドPC 映像", "Slide PC: picture"), Verdict::Fail,
             name("真っ黒です", "It is black"),
             name("コピー防止（HDCP）の可能性が高いです", "Probably copy protection (HDCP)"),
             name("講師PCの画面複製を やり直す", "Set up mirroring on the presenter's PC again")),
      tested("camera.cam_wide", name("引きカメラ 映像", "Wide camera: picture"), Verdict::Caution,
             name("10秒に 1回 途切れます", "Breaks once in 10 seconds"),
             name("ケーブルの接触が疑われます", "The cable may be loose"),
             name("HDMIケーブルを 替える", "Change the HDMI cable")),
      tested("sound.mic_pa", name("会場PAライン 音量", "Hall PA line: level"), Verdict::Pass,
             name("ちょうど良い（−17）音割れなし", "Good (-17), no clipping")),
      tested("network.main", name("YouTube への回線", "Line to YouTube"), Verdict::Pass,
             name("余裕あり（必要の3.1倍）", "Plenty (3.1 times what is needed)")),
      tested("machine.clock", name("時計", "Clock"), Verdict::Pass,
             name("ずれ 0.02秒", "0.02 s off")),
      tested("sound.loop", name("往復の音", "Loop"), Verdict::Skipped, {},
             name("出力と入力がつながっていません", "Output and input are not connected"))};
  e.result.items[3].figures = {{"offset_ms", -12, "ms"}};
  for (EquipmentItem& item : e.result.items) {
    item.part = item.id.starts_with("machine") ? "machine" : item.id;
    if (item.id.starts_with("camera")) item.picture = "/tmp/" + item.id + ".jpg";
  }
  e.result.items[2].figures = {{"fps", 29.4, "fps"}, {"lost_device", 3, ""}};
  e.result.items[2].device = "Cam Link 4K (USB 3)";
  e.result.items[2].again = "2026-11-22T10:05:00+09:00";
  e.result.items[2].tables = {{name("機材が出せる形式", "Formats it offers"),
                               {name("形式", "Format"), name("大きさ", "Size")},
                               {{{name("MJPEG", "MJPEG"), name("1920×1080", "1920x1080")}},
                                {{name("YUY2", "YUY2"), name("1280×720", "1280x720")}}}}};
  e.result.compared_with = "2026-09-06T10:00:00+09:00";
  e.result.differences = {
      {name("スライドPCのつなぎ先", "Port of the slide PC"), name("USB 2", "USB 2"),
       name("USB 3", "USB 3"), true},
      {name("回線", "Line"), name("2.9倍", "2.9 times"), name("3.1倍", "3.1 times"), false}};
  return s;
}

inline Snapshot lecture_under_test() {
  Snapshot s = lecture_tested();
  EquipmentProgress& e = s.equipment;
  e.running = true;
  e.progress = 0.6;
  e.seconds_left = 40;
  e.now = name("カメラを1台ずつ試しています", "Testing each camera alone");
  e.html.clear();
  e.result.differences.clear();
  e.result.items[5].verdict = Verdict::Running;
  e.result.items[6].verdict = Verdict::Waiting;
  return s;
}

inline Snapshot lecture_test_stopped() {
  Snapshot s = lecture_tested();
  EquipmentProgress& e = s.equipment;
  e.result.stopped = true;
  for (EquipmentItem& item : e.result.items) {
    if (item.verdict == Verdict::Fail) item.verdict = Verdict::Pass;
    if (!item.id.starts_with("network") && !item.id.starts_with("machine")) continue;
    item.verdict = Verdict::Skipped;
    item.stopped = true;
    item.cause = name("試験が途中で止められたため、確かめていません。", "The test was stopped.");
  }
  e.refusal = name("機材テストを中止しました。", "The equipment test was stopped.");
  return s;
}

}  // namespace kakehashi::testing
