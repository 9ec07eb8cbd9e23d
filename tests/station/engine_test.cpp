// SPDX-License-Identifier: GPL-3.0-or-later
// The whole station in this process on the real clock, with the built-in test sources, no door and
// no window.
#include <filesystem>
#include <thread>

#include "encoder/decoder.h"
#include "tests/station/engine_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr double kSilent = -60;  // dBFS

// Two cameras and a microphone that hums, 320 x 180.
Show small_event() {
  Show show = small_show("small", {"小さな行事", "A small event"});
  show.inputs = {test_input("cam", test_pattern("bars")),
                 test_input("slides", test_pattern("lecture")),
                 test_input("mic", test_pattern("bars"))};
  Input& mic = show.inputs.back();
  mic.video = false;
  mic.audio = mic.microphone = true;
  mic.source->settings["tone_hz"] = 440.0;
  show.scenes = {whole_scene("s_cam", "cam"), whole_scene("s_slides", "slides")};
  Overlay title;
  title.id = "title";
  title.people = {{"中村 さくら", "", ""}};
  title.rect = {16, 120, 240, 40};
  show.overlays.push_back(title);
  return show;
}

struct Rig : EngineRig {
  explicit Rig(const Show& show = small_event()) {
    EngineOptions options = without_door();
    options.read_show = [this](const std::string& path) -> Result<Show> {
      if (const auto it = files.find(path); it != files.end()) return it->second;
      return Error{ErrorKind::NotFound, path + ": no such event"};
    };
    open(show, std::move(options));
  }
  ~Rig() { engine.reset(); }

  std::map<std::string, Show> files;
};

double loudest(const Snapshot& s) { return std::max(s.sound.peak_db[0], s.sound.peak_db[1]); }

}  // namespace

TEST_CASE("an opened event runs and says so") {
  Rig rig;
  REQUIRE(rig.comes([](const Snapshot& s) { return all_live(s) && s.health.blocks > 20; }));
  REQUIRE(rig.runs_on(10));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.event_id == "small");
  CHECK(s.title.ja == "小さな行事");
  CHECK(s.canvas == small_event().canvas);
  CHECK(s.program == "s_cam");
  CHECK(s.preview == "s_slides");
  REQUIRE(s.scenes.size() == 2);
  CHECK(s.scenes[1].inputs == std::vector<std::string>{"slides"});
  CHECK(s.health.encoder_held_frames == 0);
  CHECK(s.health.encoder.find("264") != std::string::npos);
  CHECK(s.messages.empty());
  CHECK_FALSE(s.live);
  CHECK_FALSE(s.record.recording);
  CHECK(rig.engine->snapshot().sequence > s.sequence);
}

TEST_CASE("wishes change the program; what cannot be is refused with a sentence") {
  Rig rig;
  rig.wish(Take{});
  rig.wish(SetOverlay{"title", true});
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.program == "s_slides");
  CHECK(s.preview == "s_cam");
  CHECK(s.takes == 1);
  CHECK(s.overlays.at(0).on);
  const Status refused = rig.engine->command(SelectPreview{"nowhere"});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("nowhere") != std::string::npos);
  CHECK_FALSE(rig.engine->command(LoadEvent{"missing.json"}).ok());
  CHECK(rig.engine->snapshot().program == "s_slides");
  rig.wish(Quit{});
  CHECK(rig.engine->quit_requested());
}

TEST_CASE("the emergency card closes every microphone until somebody opens it again") {
  Rig rig;
  REQUIRE(rig.comes([](const Snapshot& s) { return loudest(s) > -30; }));
  rig.wish(EmergencyOn{});
  REQUIRE(rig.comes([](const Snapshot& s) {  // the desk's meter still hears it, nobody else does
    return s.emergency && loudest(s) < kSilent && s.strips.at(0).peak_db[0] > -30;
  }));
  CHECK_FALSE(rig.engine->command(Take{}).ok());
  rig.wish(EmergencyOff{{}});
  rig.runs_on(15);
  CHECK(loudest(rig.engine->snapshot()) < kSilent);
  rig.wish(SetMute{"mic", false});
  CHECK(rig.comes([](const Snapshot& s) { return loudest(s) > -30; }));
}

TEST_CASE("a recording plays from start to end") {
  Rig rig;
  rig.wish(StartRecord{});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.record.recording && s.record.bytes > 0; }));
  REQUIRE(rig.runs_on(60));
  rig.wish(Take{});
  REQUIRE(rig.runs_on(15));
  const Status canvas_refused = [&] {
    Show other = small_event();
    other.id = "other";
    other.canvas.width = 640;
    return rig.engine->load(other);
  }();
  CHECK_FALSE(canvas_refused.ok());
  CHECK(rig.engine->snapshot().event_id == "small");
  rig.wish(StopRecord{});
  const Snapshot last = rig.engine->snapshot();
  const auto skipped = last.health.skipped_pictures;  // on a starved machine
  CHECK_FALSE(rig.engine->snapshot().record.recording);
  const std::string path = rig.engine->last_recording();
  rig.engine.reset();
  REQUIRE(path.rfind(rig.folder.path(), 0) == 0);
  const auto check = check_recording(path);
  REQUIRE(check);
  CAPTURE(check->seconds);
  CAPTURE(check->pictures);
  CAPTURE(last.health.late_blocks);
  CAPTURE(last.health.blocks);
  CAPTURE(last.health.late_ticks);
  CAPTURE(skipped);
  CHECK(check->errors == 0);
  CHECK(check->pictures + skipped >= 60);
  CHECK(check->seconds > 2);
  CHECK(check->sound_samples > 2 * kSampleRate);
}

TEST_CASE("marks are refused without a recording, and kept with one") {
  Rig rig;
  CHECK_FALSE(rig.engine->command(Mark{MarkerKind::Incident, true, ""}).ok());
  rig.wish(StartRecord{});
  rig.wish(Mark{MarkerKind::OffRecord, true, ""});
  CHECK(rig.engine->snapshot().record.off_record);
  rig.wish(Mark{MarkerKind::OffRecord, false, ""});
  rig.wish(Mark{MarkerKind::Chapter, true, "質疑"});
  const RecordStatus r = rig.engine->snapshot().record;
  CHECK_FALSE(r.off_record);
  REQUIRE(r.markers.size() == 2);
  CHECK(r.markers[1].note == "質疑");
}

TEST_CASE("another event is gone over to on air: what both have runs on") {
  Rig rig;
  REQUIRE(rig.comes([](const Snapshot& s) { return all_live(s) && s.inputs[0].captured > 30; }));
  rig.wish(StartRecord{});
  REQUIRE(rig.comes([](const Snapshot& s) { return !s.record.path.empty(); }));
  rig.wish(Take{});
  const Snapshot before = rig.engine->snapshot();
  Show next = small_event();
  next.id = "next";
  next.inputs[1].source->settings["pattern"] = std::string("moving");
  next.inputs.push_back(test_input("guest", test_pattern("bars")));
  next.scenes.push_back(whole_scene("s_guest", "guest"));
  rig.files["next.json"] = next;
  rig.wish(LoadEvent{"next.json"});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.event_id == "next" && all_live(s); }));
  const Snapshot after = rig.engine->snapshot();
  CHECK(after.inputs.size() == 4);
  CHECK(after.inputs[0].captured >= before.inputs[0].captured);  // kept, not opened again
  CHECK(after.health.ticks > before.health.ticks);               // the same loop
  CHECK(after.record.recording);
  CHECK(after.record.path == before.record.path);
  REQUIRE(rig.comes([&](const Snapshot& s) { return s.boards > before.boards; }));
  rig.wish(SelectPreview{"s_guest"});
  CHECK(rig.runs_on(5));
}

TEST_CASE("off air the canvas may change; the loops start anew") {
  Rig rig;
  Show wide = small_event();
  wide.canvas.width = 640;
  REQUIRE(rig.engine->load(wide).ok());
  CHECK(rig.engine->snapshot().canvas.width == 640);
  CHECK(rig.runs_on(10));
  Show broken = small_event();
  broken.encode.preset = "no such preset";
  CHECK_FALSE(rig.engine->load(broken).ok());
  CHECK(rig.engine->snapshot().canvas.width == 640);
  CHECK(rig.runs_on(10));  // a refused event leaves the running one as it was
}

TEST_CASE("wishes are carried out while another event's letters are painted") {
  Rig rig;
  Show next = small_event();
  next.id = "next";
  for (int i = 0; i < 300; ++i) {
    HoldingCard card;
    card.id = "card" + std::to_string(i);
    card.title = "しばらくお待ちください";
    card.body = "ただいま休憩中です。";
    next.cards.push_back(card);
  }
  std::atomic<bool> done{false};
  std::thread loading([&] {
    CHECK(rig.engine->load(next).ok());
    done = true;
  });
  int meanwhile = 0;
  for (bool on = true; !done; on = !on) {
    rig.wish(SetOverlay{"title", on});
    ++meanwhile;
  }
  loading.join();
  CHECK(meanwhile > 3);  // were they held up, the first few would have waited for the end
  CHECK(rig.engine->snapshot().event_id == "next");
}

TEST_CASE("on air without a server the show goes on and says what is wrong; quitting is refused") {
  Show show = small_event();
  Destination nowhere;
  nowhere.id = "nowhere";
  nowhere.name = {"どこにもない", "Nowhere"};
  nowhere.settings["url"] =
      "rtmp://127.0.0.1:" + std::to_string(kakehashi::testing::free_port()) + "/live";
  show.destinations.push_back(nowhere);
  Rig rig(show);
  rig.wish(GoLive{});
  REQUIRE(rig.comes([](const Snapshot& s) {
    return s.live && s.outputs.at(0).state == OutputState::Reconnecting;
  }));
  CHECK_FALSE(rig.engine->command(Quit{}).ok());
  CHECK(rig.runs_on(10));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.practice);
  const auto told = std::any_of(s.messages.begin(), s.messages.end(),
                                [](const Message& m) { return m.id == "output.nowhere"; });
  CHECK(told);
  rig.wish(StopLive{});
  CHECK_FALSE(rig.engine->snapshot().live);
}

TEST_CASE("an overlay that cannot be painted is told, and the show runs with all the others") {
  Show show = small_event();
  for (const char* kind : {"logo", "clock"}) {
    Overlay overlay;
    overlay.id = kind;
    overlay.kind = kind;
    overlay.label = {"もの", "Thing"};
    overlay.rect = {16, 16, 120, 40};
    overlay.settings = {{"file", std::string("no-such-file.png")}, {"seconds", true}};
    show.overlays.push_back(overlay);
  }
  Rig rig(show);
  REQUIRE(rig.comes(all_live));
  for (const char* id : {"title", "logo", "clock"}) rig.wish(SetOverlay{id, true});
  REQUIRE(rig.runs_on(45));
  const Snapshot s = rig.engine->snapshot();
  const auto told = std::find_if(s.messages.begin(), s.messages.end(),
                                 [](const Message& m) { return m.id == "overlay.logo.paint"; });
  REQUIRE(told != s.messages.end());
  CHECK(told->what.ja.find("no-such-file.png") != std::string::npos);
  CHECK_FALSE(told->action.ja.empty());
  CHECK(std::none_of(s.messages.begin(), s.messages.end(), [](const Message& m) {
    return m.id == "overlay.clock.paint" || m.id == "overlay.title.paint";
  }));
}
