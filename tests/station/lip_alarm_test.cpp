// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/lip_alarm.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

Snapshot hall(std::optional<double> picture_late_ms = {}, double room_ms = 0) {
  Snapshot s;
  InputStatus camera;
  camera.id = "cam";
  camera.name = {"演台カメラ", "lectern camera"};
  camera.video = true;
  camera.signal = SignalState::Live;
  InputStatus microphone;
  microphone.id = "mic";
  microphone.name = {"司会マイク", "MC microphone"};
  microphone.audio = microphone.microphone = true;
  microphone.signal = SignalState::Live;
  microphone.room_ms = room_ms;
  s.inputs = {camera, microphone};
  if (picture_late_ms) {
    EquipmentItem item;
    item.id = "offset.cam.mic";
    item.verdict = Verdict::Caution;
    item.figures = {{"offset_ms", *picture_late_ms, "ms"}};
    s.equipment.result.items = {item};
  }
  return s;
}

std::vector<Message> alarms(Snapshot s) {
  add_lip_alarms(s);
  return s.messages;
}

}  // namespace

TEST_CASE("sound more than 40 ms early or 60 ms late is told, with who and by how much") {
  CHECK(alarms(hall()).empty());
  CHECK(alarms(hall(39)).empty());
  CHECK(alarms(hall(-59)).empty());
  auto told = alarms(hall(85));
  REQUIRE(told.size() == 1);
  CHECK(told[0].id == "lips.mic");
  CHECK(told[0].severity == Severity::Caution);
  CHECK(told[0].what.ja.find("司会マイクの音が演台カメラの映像より約85ミリ秒早く") == 0);
  CHECK(told[0].action.en.find("measure picture against sound") != std::string::npos);
  told = alarms(hall(-61));
  REQUIRE(told.size() == 1);
  CHECK(told[0].what.en.find("about 61 ms after the picture of lectern camera") !=
        std::string::npos);
}

TEST_CASE("what the test has set right is told no more") {
  Snapshot s = hall(85);
  s.equipment.result.items[0].verdict = Verdict::Pass;  // written to the delay settings
  CHECK(alarms(s).empty());
}

TEST_CASE("a device that is always late is told by what it needs now, together with the camera's") {
  CHECK(alarms(hall({}, 60)).empty());
  auto told = alarms(hall({}, 75));
  REQUIRE(told.size() == 1);
  CHECK(told[0].what.ja.find("映像より約75ミリ秒遅れています") != std::string::npos);
  CHECK(alarms(hall(50, 30)).empty());  // the picture is late as well
  told = alarms(hall(-50, 30));
  REQUIRE(told.size() == 1);
  CHECK(told[0].what.ja.find("約80ミリ秒遅れています") != std::string::npos);
  Snapshot gone = hall({}, 75);
  gone.inputs[1].signal = SignalState::Lost;
  CHECK(alarms(gone).empty());
}
