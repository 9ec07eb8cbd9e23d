// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk is told about inputs that are lost.
#include "station/snapshot_maker.h"

#include <doctest/doctest.h>

#include "tests/station/hand_feed.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;

namespace {

const MediaTime kEpoch{1'000'000'000};

struct Rig {
  HandEvent event{kEpoch};
  MediaTime now = kEpoch + Duration::seconds(10);

  Rig() {
    event.show.inputs[0].name = {"スライド", "Slides"};
    event.show.inputs[1].name = {"講師カメラ", "Speaker camera"};
    event.show.inputs[0].backup = "black";
  }
  void lose_slides() {
    event.feeds[0]->signal = SignalState::Lost;
    event.feeds[1]->video().push(HandEvent::solid(now - Duration::milliseconds(20), 0));
  }
  Snapshot snapshot(bool live = true) const {
    Snapshot s = describe_moment(Moment{event.stage(), initial_state(event.show)}, {}, now, kEpoch);
    s.live = live;
    s.record.recording = true;
    s.messages = messages_for(s);
    return s;
  }
};

}  // namespace

TEST_CASE("a backup on air: named, told to the operator, and on air itself") {
  Rig rig;
  rig.lose_slides();
  const Snapshot s = rig.snapshot();
  CHECK(s.inputs[0].stand_in == "black");
  CHECK(s.inputs[1].stand_in.empty());
  REQUIRE(s.program == "white");
  CHECK(s.scenes[0].inputs == std::vector<std::string>{"white", "black"});
  CHECK(s.scenes[1].inputs == std::vector<std::string>{"black"});
  REQUIRE(s.messages.size() == 1);
  CHECK(s.messages[0].id == "input.white.lost");
  CHECK(s.messages[0].severity == Severity::Caution);
  CHECK(s.messages[0].what.ja ==
        "スライドの映像が来ていません。視聴者には講師カメラの映像を出しています。");
  CHECK(s.messages[0].what.en == "No picture from Slides. Viewers see Speaker camera instead.");
  CHECK(rig.snapshot(false).messages.front().what.ja.find("本線には") != std::string::npos);
}

TEST_CASE("without a picture of the backup viewers see the card, and that is a fault") {
  Rig rig;
  rig.lose_slides();
  rig.now = rig.now + Duration::milliseconds(1500);  // the backup's last picture is too old
  const Snapshot s = rig.snapshot();
  CHECK(s.inputs[0].stand_in.empty());
  CHECK(s.scenes[0].inputs == std::vector<std::string>{"white"});
  REQUIRE(s.messages.size() == 1);
  CHECK(s.messages[0].severity == Severity::Fault);
  CHECK(s.messages[0].what.ja ==
        "スライドの映像が来ていません。視聴者には名前の画面が見えています。");
  CHECK_FALSE(s.messages[0].action.ja.empty());
}

TEST_CASE("with a picture of its own nobody stands in") {
  Rig rig;
  rig.event.show_pictures(rig.now - Duration::milliseconds(20));
  const Snapshot s = rig.snapshot();
  CHECK(s.inputs[0].stand_in.empty());
  CHECK(s.scenes[0].inputs == std::vector<std::string>{"white"});
  CHECK(s.messages.empty());
}
