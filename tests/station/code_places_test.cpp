// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/code_places.h"

#include <doctest/doctest.h>

#include "core/frame_code.h"

using namespace kakehashi;

namespace {

Show one_layer(Rect rect, FitMode fit, Crop crop = {}) {
  Show show;
  Input cam;
  cam.id = "cam";
  cam.source = SourceSpec{"test", {}};
  show.inputs = {cam};
  Scene scene;
  Layer layer;
  layer.input = "cam";
  layer.rect = rect;
  layer.fit = fit;
  layer.crop = crop;
  scene.layers = {layer};
  show.scenes = {scene, scene};
  return show;
}

}  // namespace

TEST_CASE("a full-screen test source has its code where it paints it, named once for many scenes") {
  const auto places = code_places(one_layer({0, 0, 1920, 1080}, FitMode::Fit));
  REQUIRE(places.size() == 1);
  CHECK(places[0] == frame_code_rect(1920, 1080));
}

TEST_CASE("at half size and beside bars the code moves along") {
  const Rect full = frame_code_rect(1920, 1080);
  const auto places = code_places(one_layer({100, 100, 960, 740}, FitMode::Fit));
  REQUIRE(places.size() == 1);
  CHECK(places[0].x == 100 + full.x / 2);
  CHECK(places[0].y == 200 + full.y / 2);
  CHECK(places[0].w == full.w / 2);
}

TEST_CASE("a code that is cut or that is not a test source's is not looked for") {
  CHECK(code_places(one_layer({0, 0, 600, 1080}, FitMode::Fill)).empty());
  CHECK(code_places(one_layer({0, 0, 1920, 1080}, FitMode::Fit, {0.1, 0, 0, 0})).empty());
  Show show = one_layer({0, 0, 1920, 1080}, FitMode::Fit);
  show.inputs[0].source->kind = "camera";
  CHECK(code_places(show).empty());
}
