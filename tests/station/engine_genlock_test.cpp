// SPDX-License-Identifier: GPL-3.0-or-later
// Soft genlock in the whole station, on the real clock: a camera of 29.97 in a program of 30.
#include <cmath>
#include <filesystem>
#include <sstream>

#include "tests/station/engine_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

Input source(const char* id, double fps) {
  return test_input(id, SourceSpec{"test", {{"fps", fps}, {"beep", false}, {"tone_hz", 440.0}}});
}

// A camera of its own pace and a page that we grab ourselves, side by side.
Show event(double camera_fps) {
  Show show = small_show("lock", {"同期", "Lock"});
  show.inputs = {source("cam", camera_fps), source("page", 0)};
  show.inputs[1].audio = true;
  Scene scene;
  scene.id = "both";
  scene.name = {"both", "both"};
  for (int i = 0; i < 2; ++i) {
    Layer layer;
    layer.input = show.inputs[static_cast<std::size_t>(i)].id;
    layer.rect = {i * 160, 0, 160, 90};
    scene.layers.push_back(layer);
  }
  show.scenes = {scene};
  show.encode.video_kbps = 300;
  show.genlock = true;
  return show;
}

struct Rig : EngineRig {
  explicit Rig(const Show& show) { open(show, without_door()); }
};

std::vector<double> times_of(const std::string& path, const char* stream) {
  std::string text;
  REQUIRE(run({"ffprobe", "-v", "error", "-select_streams", stream, "-show_entries",
               "packet=pts_time", "-of", "csv=p=0", path},
              &text) == 0);
  std::istringstream lines(text);
  std::vector<double> times;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) times.push_back(std::stod(line));
  return times;
}

}  // namespace

TEST_CASE("the station locks to its camera; the page follows the moved ticks; times stay true") {
  Rig rig(event(29.97));
  REQUIRE(wait_until([&] { return rig.engine->snapshot().genlock.locked; }, 15s));
  REQUIRE(rig.engine->command(StartRecord{}).ok());
  REQUIRE(wait_until([&] { return rig.engine->snapshot().record.recording; }));
  const Snapshot before = rig.engine->snapshot();
  REQUIRE(wait_until(
      [&] { return rig.engine->snapshot().health.ticks >= before.health.ticks + 180; }, 20s));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.genlock.locked);
  CHECK(s.genlock.input == "cam");
  CHECK(s.genlock.ppm == doctest::Approx(-999).epsilon(0.05));
  CHECK(s.genlock.phase_ms < 13);
  CHECK(s.inputs[0].fps == doctest::Approx(29.97).epsilon(0.0005));
  CHECK(s.inputs[0].advice.ja.empty());
  // Grabbed 4 ms before the tick, where the ticks are now; free ticks would pass over its whole
  // period within 33 s.
  CHECK(s.inputs[1].age_ms < 9);
  CHECK(s.inputs[0].repeated - before.inputs[0].repeated <= 4);
  REQUIRE(rig.engine->command(StopRecord{}).ok());
  std::string file;
  REQUIRE(wait_until([&] {
    for (const auto& e : std::filesystem::recursive_directory_iterator(rig.folder.path()))
      if (e.path().extension() == ".mkv") file = e.path().string();
    return !file.empty() && !rig.engine->snapshot().record.recording;
  }));
  rig.engine.reset();
  const auto pictures = times_of(file, "v:0"), sound = times_of(file, "a:0");
  REQUIRE(pictures.size() > 150);
  REQUIRE(sound.size() > 200);
  const double span = pictures.back() - pictures.front();
  double longest = 0;
  for (std::size_t i = 1; i < pictures.size(); ++i)
    longest = std::max(longest, pictures[i] - pictures[i - 1]);
  if (longest < 0.04)  // nothing was left out
    CHECK(span / static_cast<double>(pictures.size() - 1) ==
          doctest::Approx(1.001 / 30).epsilon(0.0003));
  CHECK(std::abs(pictures.back() - sound.back()) < 0.2);
}

TEST_CASE("a 25 camera is told and not followed") {
  Rig rig(event(25));
  CHECK(wait_until([&] { return !rig.engine->snapshot().inputs[0].advice.ja.empty(); }, 15s));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.genlock.wanted);
  CHECK_FALSE(s.genlock.locked);
  CHECK(s.genlock.input.empty());
  CHECK(s.inputs[1].advice.ja.empty());
}
