// SPDX-License-Identifier: GPL-3.0-or-later
// Captions in a running station, from a command and from a feed to the picture.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "station/door/client.h"
#include "station/engine.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("captions come onto program, from the desk and from a file, and go again") {
  TempDir dir;
  std::ofstream(dir / "feed.txt") << "";
  Show show;
  show.id = "ceremony";
  show.title = {"式典", "Ceremony"};
  show.canvas = {640, 360, Rate{30, 1}};
  Input input;
  input.id = "cam";
  input.source = SourceSpec{"test", {{"pattern", std::string("lecture")}, {"beep", false}}};
  show.inputs = {input};
  Scene scene;
  scene.id = "s_cam";
  scene.layout = "full";
  scene.slots = {{"main", "cam"}};
  show.scenes = {scene};
  Overlay caption;
  caption.id = "o_caption";
  caption.kind = "caption";
  caption.settings["prepared"] = std::string("式辞を申し上げます。\n本日はありがとうございます。");
  caption.settings["feed"] = std::string("file:feed.txt");
  show.overlays = {caption};
  show.encode.video_kbps = 500;

  EngineOptions options;
  options.socket_path = dir / "door";
  options.media_folder = dir.path();
  options.record.folder = dir.path();
  MonotonicClock clock;
  auto engine = Engine::open(show, options, clock);
  REQUIRE_MESSAGE(engine.ok(), (engine.ok() ? "" : engine.error().message));
  auto desk = DoorClient::connect(options.socket_path);
  REQUIRE(desk.ok());
  REQUIRE((*desk)->subscribe(20).ok());
  auto views = (*desk)->pictures();
  REQUIRE(views.ok());
  const PictureView* program = nullptr;
  for (const auto& v : *views)
    if (v->name() == "program") program = v.get();
  REQUIRE(program);

  // White letters on a dark plate in the band (96, 846, 1728 x 180 of 1920 x 1080).
  std::vector<std::uint8_t> picture;
  const auto lettered = [&] {
    std::uint64_t seen = 0;
    if (!program->read(picture, seen)) return false;
    int white = 0, dark = 0;
    for (int y = 310; y < 340; ++y)
      for (int x = 34; x < 200; ++x) {
        const int v = picture[static_cast<std::size_t>(y * 640 + x)];
        white += v > 220;
        dark += v < 60;
      }
    return white > 200 && dark > 1000;
  };
  const auto status = [&] { return (*engine)->snapshot().captions.at(0); };
  CHECK(wait_until([&] { return (*engine)->snapshot().inputs[0].signal == SignalState::Live; }));
  CHECK_FALSE(lettered());
  CHECK(status().lines == 2);

  // A prepared line brings its overlay with it.
  REQUIRE((*desk)->send(ShowCaption{"o_caption", 1}).ok());
  CHECK((*engine)->snapshot().overlays.at(0).on);
  CHECK(wait_until(lettered));
  CHECK(status().next == "本日はありがとうございます。");
  REQUIRE((*desk)->send(ShowCaption{"o_caption", 0}).ok());
  CHECK(wait_until([&] { return !lettered(); }));

  std::ofstream(dir / "feed.txt", std::ios::app) << "ただいまから始めます。\n";
  CHECK(wait_until(
      [&] { return status().shown == std::vector<std::string>{"ただいまから始めます。"}; }));
  CHECK(wait_until(lettered));
  REQUIRE((*desk)->send(AddCaption{"o_caption", "拍手"}).ok());
  CHECK(wait_until([&] { return status().shown.size() == 2; }));
  CHECK_FALSE((*desk)->send(ShowCaption{"o_caption", 9}).ok());
  CHECK_FALSE((*desk)->send(AddCaption{"nobody", "x"}).ok());
}
