// SPDX-License-Identifier: GPL-3.0-or-later
// What the program has to look like, as pictures. No letters here: those are in painter_test.
#include <doctest/doctest.h>

#include "tests/mixer/golden.h"
#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::Stage;
using testing::unlike_golden;

TEST_CASE("golden: fit modes") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  for (const auto& [fit, name] : {std::pair{FitMode::Fit, "fit"}, std::pair{FitMode::Fill, "fill"},
                                  std::pair{FitMode::Stretch, "stretch"}}) {
    Scene scene = Stage::scene("one", {Stage::layer("cam", {0, 0, 480, 270})});
    scene.layers[0].fit = fit;
    CHECK(unlike_golden(*mixer.scene(s.inputs(), scene), std::string("scene-") + name) == "");
  }
}

TEST_CASE("golden: two layers with order, opacity and crop") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  Scene scene = Stage::scene("two", {Stage::layer("cam", {300, 120, 200, 150}, 2),
                                     Stage::layer("slides", {0, 0, 480, 270}),
                                     Stage::layer("remote", {20, 150, 240, 100}, 1)});
  scene.layers[0].crop = {0.2, 0.1, 0.2, 0.1};
  scene.layers[0].fit = FitMode::Fill;
  scene.layers[2].opacity = 0.6;
  CHECK(unlike_golden(*mixer.scene(s.inputs(), scene), "layers") == "");
}

TEST_CASE("golden: four in a square") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  const Scene scene = Stage::scene(
      "quad",
      {Stage::layer("cam", {0, 0, 240, 134}), Stage::layer("slides", {240, 0, 240, 134}),
       Stage::layer("remote", {0, 134, 240, 136}), Stage::layer("cam", {240, 134, 240, 136})});
  CHECK(unlike_golden(*mixer.scene(s.inputs(), scene), "quad") == "");
}

TEST_CASE("golden: a mix at 0, 25, 50, 75 and 100 percent") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  s.mix_to("talk");
  const MediaTime start = s.now;
  for (const int percent : {0, 25, 50, 75, 100}) {
    s.now = start + Duration::milliseconds(5 * percent);
    CHECK(unlike_golden(*mixer.program(s.inputs()), "mix-" + std::to_string(percent)) == "");
  }
}

}  // namespace
}  // namespace kakehashi
