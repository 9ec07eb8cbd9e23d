// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts in a running station: what 手話あり and bindings made of them is on air, in the tally and
// on the desk's pictures.
#include <algorithm>

#include <doctest/doctest.h>

#include "core/layout_table.h"
#include "station/door/client.h"
#include "station/engine.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

Show lesson(bool sign) {
  Show show;
  show.id = "lesson";
  show.title = {"講座", "Lesson"};
  show.canvas = {320, 180, Rate{30, 1}};
  show.encode.video_kbps = 500;
  show.sign_language = sign;
  for (const char* id : {"cam_main", "sign_cam", "remote_pc"}) {
    Input input;
    input.id = id;
    input.name = {id, id};
    if (std::string(id) != "remote_pc")
      input.source = SourceSpec{"test", {{"pattern", std::string("person")}}};
    show.inputs.push_back(input);
  }
  const auto add = [&](const char* id, const char* layout, std::vector<SlotFill> slots) -> Scene& {
    Scene& scene = show.scenes.emplace_back();
    scene.id = id;
    scene.layout = layout;
    scene.slots = std::move(slots);
    return scene;
  };
  add("speaker", "full", {{"main", "cam_main"}});
  Scene& two = add("two", "two_up", {{"left", "cam_main"}, {"right", "remote_pc"}});
  two.when = "remote_pc";
  two.otherwise = "speaker";
  return show;
}

}  // namespace

TEST_CASE("scenes are arranged when an event opens, and again when another is loaded") {
  TempDir dir;
  EngineOptions options;
  options.socket_path = dir / "door";
  options.record.folder = dir.path();
  MonotonicClock clock;
  auto engine = Engine::open(lesson(false), options, clock);
  REQUIRE_MESSAGE(engine.ok(), (engine.ok() ? "" : engine.error().message));
  Snapshot s = (*engine)->snapshot();
  REQUIRE(s.scenes.size() == 2);
  CHECK(s.scenes[0].layout == "full");
  CHECK(s.scenes[0].inputs == std::vector<std::string>{"cam_main"});
  CHECK(s.scenes[1].id == "two");  // nobody plays the remote guest
  CHECK(s.scenes[1].inputs == std::vector<std::string>{"cam_main"});

  REQUIRE((*engine)->load(lesson(true)).ok());
  s = (*engine)->snapshot();
  for (const SceneStatus& scene : s.scenes) {
    CHECK(scene.layout == "main_sign");
    CHECK(scene.inputs == std::vector<std::string>{"cam_main", "sign_cam"});
  }
  CHECK(s.program == "speaker");
}

TEST_CASE("a desk sees every layout with this event's own pictures") {
  TempDir dir;
  EngineOptions options;
  options.socket_path = dir / "door";
  options.record.folder = dir.path();
  MonotonicClock clock;
  auto engine = Engine::open(lesson(true), options, clock);
  REQUIRE(engine.ok());
  auto desk = DoorClient::connect(options.socket_path);
  REQUIRE(desk.ok());
  REQUIRE((*desk)->subscribe(10).ok());
  auto views = (*desk)->pictures();
  REQUIRE(views.ok());
  int seen = 0;
  for (const auto& layout : layouts()) {
    const auto view = std::find_if(views->begin(), views->end(), [&](const auto& v) {
      return v->name() == "layout." + layout.id;
    });
    const bool of_pictures = !layout.slots.empty() && layout.id != "card_qr";
    CHECK((view != views->end()) == of_pictures);
    if (view == views->end()) continue;
    ++seen;
    INFO(layout.id);
    // Grey between the slots has no colour; a person before a blue wall has.
    CHECK(wait_until([&] {
      std::vector<std::uint8_t> i420;
      std::uint64_t number = 0;
      if (!(*view)->read(i420, number)) return false;
      const auto luma = static_cast<std::size_t>((*view)->width()) * (*view)->height();
      return std::any_of(i420.begin() + static_cast<std::ptrdiff_t>(luma), i420.end(),
                         [](std::uint8_t c) { return c > 140; });
    }));
  }
  CHECK(seen == 8);
}
