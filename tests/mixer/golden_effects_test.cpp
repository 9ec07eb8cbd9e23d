// SPDX-License-Identifier: GPL-3.0-or-later
// What every effect of a layer has to look like.
#include <doctest/doctest.h>

#include "tests/mixer/golden.h"
#include "tests/mixer/keyed_speaker.h"
#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::Stage;
using testing::unlike_golden;

// Slides with the camera before them, the camera with this look.
std::string golden_of_look(const LayerLook& look, const std::string& name,
                           Rect rect = {200, 90, 240, 160}, FitMode fit = FitMode::Fill) {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  Scene scene = Stage::scene(
      "look", {Stage::layer("slides", {0, 0, 480, 270}), Stage::layer("cam", rect, 1)});
  scene.layers[1].look = look;
  scene.layers[1].fit = fit;
  return unlike_golden(*mixer.scene(s.inputs(), scene), "effect-" + name);
}

Mask mask(Mask::Shape shape, Mask::Cover cover, double x, double y, double w, double h) {
  Mask m;
  m.shape = shape;
  m.cover = cover;
  m.x = x;
  m.y = y;
  m.w = w;
  m.h = h;
  return m;
}

TEST_CASE("golden: frame of a layer") {
  LayerLook look;
  look.corner_radius = 24;
  CHECK(golden_of_look(look, "rounded") == "");
  look = {};
  look.border = {6, 0xFFFFFF};
  CHECK(golden_of_look(look, "border") == "");
  look = {};
  look.shadow = {6, 8, 10, 0.6};
  CHECK(golden_of_look(look, "shadow") == "");
}

TEST_CASE("golden: flips and turns") {
  LayerLook look;
  look.masks = {mask(Mask::Shape::Rectangle, Mask::Cover::Solid, 0.05, 0.05, 0.2, 0.15)};
  look.flip_horizontal = true;
  CHECK(golden_of_look(look, "flip-horizontal", {200, 90, 240, 160}, FitMode::Fit) == "");
  look.flip_horizontal = false;
  look.flip_vertical = true;
  CHECK(golden_of_look(look, "flip-vertical", {200, 90, 240, 160}, FitMode::Fit) == "");
  look.flip_vertical = false;
  for (const auto& [turn, name] : {std::pair{Turn::Right, "turn-right"},
                                   {Turn::Half, "turn-half"},
                                   {Turn::Left, "turn-left"}}) {
    look.turn = turn;
    CHECK(golden_of_look(look, name, {200, 90, 240, 160}, FitMode::Fit) == "");
  }
}

TEST_CASE("golden: privacy masks") {
  LayerLook look;
  look.masks = {mask(Mask::Shape::Rectangle, Mask::Cover::Solid, 0.1, 0.2, 0.25, 0.3),
                mask(Mask::Shape::Ellipse, Mask::Cover::Solid, 0.5, 0.3, 0.3, 0.5)};
  CHECK(golden_of_look(look, "mask-solid") == "");
  look.masks[0].cover = look.masks[1].cover = Mask::Cover::Blur;
  CHECK(golden_of_look(look, "mask-blur") == "");
}

TEST_CASE("golden: colour correction") {
  LayerLook look;
  look.correction = {0.08, 1.2, 1.4, 1.3, 1.15, 0.85};
  CHECK(golden_of_look(look, "correction") == "");
  look.correction = {};
  look.correction.saturation = 0;
  CHECK(golden_of_look(look, "grey") == "");
}

TEST_CASE("golden: a speaker before slides") {
  Stage s;
  s.frames[0] = testing::make_frame({PixelFormat::YUY2, 480, 270}, testing::speaker_before_wall);
  VideoMixer mixer(s.show.canvas, 4);
  Scene scene = Stage::scene(
      "key", {Stage::layer("slides", {0, 0, 480, 270}), Stage::layer("cam", {0, 0, 480, 270}, 1)});
  scene.layers[1].look.key.on = true;
  CHECK(unlike_golden(*mixer.scene(s.inputs(), scene), "effect-key") == "");
}

TEST_CASE("golden: all of it at once") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  s.show.inputs[2].masks = {mask(Mask::Shape::Rectangle, Mask::Cover::Solid, 0.05, 0.1, 0.3, 0.3)};
  Scene scene = Stage::scene("all", {Stage::layer("slides", {0, 0, 480, 270}),
                                     Stage::layer("remote", {24, 24, 200, 130}, 1),
                                     Stage::layer("cam", {200, 90, 256, 160}, 2)});
  LayerLook& remote = scene.layers[1].look;
  remote.corner_radius = 16;
  remote.border = {3, 0x22384A};
  remote.flip_horizontal = true;
  scene.layers[1].fit = FitMode::Fill;
  scene.layers[1].opacity = 0.8;
  LayerLook& cam = scene.layers[2].look;
  cam.turn = Turn::Left;
  cam.corner_radius = 30;
  cam.border = {5, 0xFFFFFF};
  cam.shadow = {5, 7, 9, 0.7};
  cam.correction.contrast = 1.2;
  cam.masks = {mask(Mask::Shape::Ellipse, Mask::Cover::Blur, 0.3, 0.3, 0.3, 0.4)};
  scene.layers[2].fit = FitMode::Fill;
  CHECK(unlike_golden(*mixer.scene(s.inputs(), scene), "effect-all") == "");
}

}  // namespace
}  // namespace kakehashi
