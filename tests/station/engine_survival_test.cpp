// SPDX-License-Identifier: GPL-3.0-or-later
// The whole station on air to a receiver while one of its two cameras dies, hangs, lies and comes
// back. Counted, not timed.
#include <doctest/doctest.h>

#include <random>

#include "station/engine.h"
#include "station/ingest.h"
#include "tests/support/pretend_device.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

Show event() {
  Show show;
  show.id = "survival";
  show.title = {"行事", "Event"};
  show.canvas = {320, 180, Rate{30, 1}};
  for (const char* id : {"sick", "well"}) {
    Input input;
    input.id = id;
    input.name = {id, id};
    input.source = SourceSpec{id, {}};
    show.inputs.push_back(input);
    Scene scene;
    scene.id = std::string("s_") + id;
    Layer layer;
    layer.input = id;
    layer.rect = {0, 0, 320, 180};
    scene.layers.push_back(layer);
    show.scenes.push_back(scene);
  }
  show.inputs[0].backup = "well";
  show.encode.video_kbps = 400;
  show.record.with_stream = false;
  Destination d;
  d.id = "practice";
  d.name = {"練習", "Practice"};
  show.destinations.push_back(d);
  return show;
}

struct Rig {
  PretendDevice sick, well;
  TempDir folder;
  MonotonicClock clock;
  std::unique_ptr<Ingest> receiver;
  std::unique_ptr<Engine> engine;

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
    EngineOptions options;
    options.open_door = false;
    options.outputs.record_folder = folder.path();
    options.find_kind = [this](const std::string& name) {
      return name == "sick" ? sick.kind() : well.kind();
    };
    auto opened = Engine::open(show, std::move(options), clock);
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
    engine = std::move(*opened);
    REQUIRE(engine->command(GoLive{}));
  }
  ~Rig() {
    sick.let_go();
    engine.reset();
    CHECK(wait_until([&] { return sick.at_rest() && well.at_rest(); }));
  }
  template <class Condition>
  bool comes(Condition condition) {
    return wait_until([&] { return condition(engine->snapshot()); }, 20s);
  }
};

}  // namespace

TEST_CASE(
    "one camera dies in every way: the other one, the programme and the session do not notice") {
  Rig rig;
  REQUIRE(rig.comes([](const Snapshot& s) {
    return s.inputs[0].signal == SignalState::Live && s.inputs[1].signal == SignalState::Live &&
           !s.outputs.empty() && s.outputs[0].state == OutputState::Live &&
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
