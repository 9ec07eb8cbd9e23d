// SPDX-License-Identifier: GPL-3.0-or-later
// The second buses of a running station: what windows see, what the clean recording holds.
#include <filesystem>

#include "encoder/decoder.h"
#include "station/door/client.h"
#include "tests/station/engine_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// Two cameras, "bars" (grey at the left) and "lecture", a title that lies over both.
Show two_scenes() {
  Show show = small_show("buses", {"区民講座", "Course"});
  for (const char* id : {"bars", "lecture"}) {
    show.inputs.push_back(test_input(id, test_pattern(id)));
    show.scenes.push_back(whole_scene(id, id));
  }
  Overlay title;
  title.id = "title";
  title.people = {{"中村 さくら", "", "みどり区"}};
  title.rect = {16, 100, 288, 60};
  title.hold = Duration{};
  title.fade = Duration{};
  show.overlays.push_back(title);
  show.encode.video_kbps = 2000;
  return show;
}

struct Rig : EngineRig {
  explicit Rig(const Show& show = two_scenes()) {
    open(show, with_door());
    REQUIRE(comes(all_live));
  }
};

// Somebody who looks at one bus, as the hall's screen does.
struct Window {
  Window(Rig& rig, Bus bus) {
    auto connected = DoorClient::connect(rig.folder / "door");
    REQUIRE(connected.ok());
    client = std::move(*connected);
    REQUIRE(client->subscribe(1, bus).ok());
    auto views = client->pictures();
    REQUIRE(views.ok());
    for (auto& v : *views)
      if (v->name() == bus_name(bus)) view = std::move(v);
    REQUIRE(view);
  }
  // The newest picture's luma, when there is a new one.
  bool look() { return view->read(i420, seen); }
  std::uint8_t luma(int x, int y) const {
    return i420[static_cast<std::size_t>(y) * static_cast<std::size_t>(view->width()) +
                static_cast<std::size_t>(x)];
  }
  template <class Condition>
  bool sees(Condition condition) {
    return wait_until([&] { return look() && condition(*this); }, 10s);
  }

  std::unique_ptr<DoorClient> client;
  std::unique_ptr<PictureView> view;
  std::vector<std::uint8_t> i420;
  std::uint64_t seen = 0;
};

bool same(const Window& a, const Window& b) {  // but for the moving code of a test picture
  int different = 0;
  for (int y = 0; y < 180; y += 3)
    for (int x = 0; x < 320; x += 3) different += std::abs(a.luma(x, y) - b.luma(x, y)) > 8;
  return different < 200;
}

}  // namespace

TEST_CASE("the hall's window shows its own scene, the web meeting's the program's other one") {
  Show show = two_scenes();
  show.scenes[0].aux = "lecture";
  Rig rig(show);
  Window program(rig, Bus::Program), hall(rig, Bus::Venue), meeting(rig, Bus::Aux);
  REQUIRE(program.sees([](const Window&) { return true; }));
  REQUIRE(hall.sees([&](const Window& w) { return same(w, program); }));
  REQUIRE(meeting.sees([&](const Window& w) { return !same(w, program); }));
  CHECK(rig.engine->snapshot().desks == 3);

  rig.wish(SetBusScene{Bus::Venue, "lecture"});
  CHECK(hall.sees([&](const Window& w) { return same(w, meeting); }));
  CHECK(rig.engine->snapshot().venue_scene == "lecture");
  rig.wish(EmergencyOn{});
  CHECK(hall.sees([&](const Window& w) { return !same(w, meeting); }));
  CHECK(program.sees([&](const Window& w) { return same(w, hall); }));
  CHECK(meeting.sees([&](const Window& w) { return same(w, hall); }));
}

TEST_CASE("a window that has closed leaves no old picture for the next one") {
  Rig rig;
  {
    Window hall(rig, Bus::Venue);
    REQUIRE(hall.sees([](const Window& w) { return w.luma(20, 20) > 100; }));
  }
  Window program(rig, Bus::Program);
  auto views = program.client->pictures();
  REQUIRE(views.ok());
  for (auto& v : *views)
    if (v->name() == "venue") program.view = std::move(v);
  program.seen = 0;
  CHECK(program.sees([](const Window& w) { return w.luma(20, 20) == 16; }));
}

TEST_CASE("the clean recording has no title while the program's has, and the same sound") {
  Show show = two_scenes();
  show.record.clean = true;
  show.inputs[0].audio = true;
  show.inputs[0].source->settings["tone_hz"] = 440.0;
  Rig rig(show);
  rig.wish(StartRecord{});
  REQUIRE(rig.runs_on(20));
  rig.wish(SetOverlay{"title", true});
  REQUIRE(rig.runs_on(45));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.record.recording);
  REQUIRE(s.record.clean_path.ends_with("-clean.mkv"));
  CHECK(s.record.clean_reason.ja.empty());
  CHECK(s.overlays.at(0).shown_seconds > 1.0);
  rig.wish(StopRecord{});
  const std::string program = rig.engine->last_recording();
  const std::string clean = rig.engine->snapshot().record.clean_path;
  CHECK(rig.runs_on(5));  // the mixer lives on without the clean road
  rig.engine.reset();

  // Where the title's plate lies: how much the last picture differs from the first there.
  const auto changed = [](const std::string& path, FileCheck& check) {
    std::vector<std::uint8_t> first, last;
    const auto done = check_recording(path, [&](const DecodedPicture& p) {
      last.clear();
      for (int y = 116; y < 144; ++y)
        last.insert(last.end(), p.luma + static_cast<std::ptrdiff_t>(y) * p.stride + 40,
                    p.luma + static_cast<std::ptrdiff_t>(y) * p.stride + 100);
      if (first.empty()) first = last;
    });
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    check = *done;
    double sum = 0;
    for (std::size_t i = 0; i < last.size(); ++i) sum += std::abs(last[i] - first[i]);
    return sum / static_cast<double>(std::max<std::size_t>(1, last.size()));
  };
  FileCheck of_program, of_clean;
  const double in_program = changed(program, of_program), in_clean = changed(clean, of_clean);
  CAPTURE(in_program);
  CAPTURE(in_clean);
  CHECK(in_program > 20);
  CHECK(in_clean < in_program / 4);
  CHECK(of_clean.errors == 0);
  CHECK(of_clean.pictures + 15 >= of_program.pictures);
  CHECK(of_clean.sound_samples > kSampleRate);
}

TEST_CASE("without the wish there is no second file") {
  Show show = two_scenes();
  Rig rig(show);
  rig.wish(StartRecord{});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.record.recording && s.record.bytes > 0; }));
  CHECK(rig.engine->snapshot().record.clean_path.empty());  // not asked for: no second file
  rig.wish(StopRecord{});
  int files = 0;
  for ([[maybe_unused]] const auto& f : std::filesystem::directory_iterator(rig.folder.path()))
    files += f.path().extension() == ".mkv";
  CHECK(files == 1);
}
