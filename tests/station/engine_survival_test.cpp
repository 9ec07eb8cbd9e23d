// SPDX-License-Identifier: GPL-3.0-or-later
// The whole station on air to a receiver while one of its two cameras dies, hangs, lies and comes
// back. Counted, not timed.
#include <random>

#include "station/ingest.h"
#include "tests/station/engine_rig.h"
#include "tests/support/pretend_device.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

Show event() {
  Show show = small_show("survival", {"行事", "Event"});
  for (const std::string id : {"sick", "well"}) {
    show.inputs.push_back(test_input(id, SourceSpec{id, {}}));
    show.scenes.push_back(whole_scene("s_" + id, id));
  }
  show.inputs[0].backup = "well";
  Destination d;
  d.id = "practice";
  d.name = {"練習", "Practice"};
  show.destinations.push_back(d);
  return show;
}

struct Rig : EngineRig {
  PretendDevice sick, well;
  std::unique_ptr<Ingest> receiver;

  Rig() {
    IngestOptions listen;
    listen.listen = "rtmp://127.0.0.1:0/live";
    auto started = Ingest::start(listen);
    REQUIRE(started);
    receiver = std::move(*started);
    Show show = event();
    show.destinations[0].settings["url"] = receiver->url();
    sick.period = well.period = Duration::milliseconds(20);
    sick.patience = well.patience = Duration::milliseconds(1500);
    EngineOptions options = without_door();
    options.find_kind = [this](const std::string& name) {
      return name == "sick" ? sick.kind() : well.kind();
    };
    open(show, std::move(options));
    wish(GoLive{});
  }
  ~Rig() {
    sick.let_go();
    engine.reset();
    CHECK(wait_until([&] { return sick.at_rest() && well.at_rest(); }));
  }
};

}  // namespace

TEST_CASE(
    "one camera dies in every way: the other one, the programme and the session do not notice") {
  Rig rig;
  REQUIRE(rig.comes([](const Snapshot& s) {
    return all_live(s) && !s.outputs.empty() && s.outputs[0].state == OutputState::Live &&
           s.outputs[0].video_packets > 10;
  }));
  for (const Mood mood : {Mood::Missing, Mood::OpensHanging, Mood::Silent}) {
    CAPTURE(static_cast<int>(mood));
    if (mood == Mood::OpensHanging)
      rig.sick.mood = Mood::Missing;  // opened only after a loss
    else
      rig.sick.mood = mood;
    REQUIRE(rig.comes([](const Snapshot& s) { return s.inputs[0].signal != SignalState::Live; }));
    rig.sick.mood = mood;
    REQUIRE(rig.comes([](const Snapshot& s) { return s.inputs[0].stand_in == "well"; }));
    const Snapshot lost = rig.engine->snapshot();
    REQUIRE(lost.program == "s_sick");
    CHECK(lost.inputs[1].signal == SignalState::Live);
    rig.sick.mood = Mood::Well;
    rig.sick.let_go();
    REQUIRE(rig.comes([](const Snapshot& s) {
      return s.inputs[0].signal == SignalState::Live && s.inputs[0].stand_in.empty();
    }));
    rig.sick.hold();
  }
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.inputs[0].restarts >= 3);
  CHECK(s.inputs[1].restarts == 0);
  CHECK(rig.well.asked == 1);
  CHECK(rig.sick.opened >= 4);
  CHECK(s.outputs[0].reconnects == 0);
  CHECK(s.outputs[0].dropped == 0);
  // Every tick made a picture, and each was encoded and sent.
  CHECK(s.health.ticks - s.health.skipped_pictures <= s.outputs[0].video_packets + 60);
  CHECK(rig.engine->command(StopLive{}));
  REQUIRE(wait_until([&] { return !rig.receiver->receiving(); }));
  rig.receiver->stop();
  const IngestReport r = rig.receiver->report();
  CHECK(r.publisher_sessions == 1);
  CHECK(r.decode_errors == 0);
  CHECK(r.dts_backwards == 0);
  CHECK(r.pictures_received >= s.outputs[0].video_packets);
  CHECK(r.pictures_decoded + r.pictures_skipped == r.pictures_received);
}
