// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include "station/encode_road.h"

using namespace kakehashi;

TEST_CASE("an encode keeps the canvas's shape where one side is left open") {
  EncodeSettings s;
  const Canvas canvas{1920, 1080, {30, 1}};
  CHECK(encode_canvas(s, canvas) == canvas);
  s.height = 720;
  CHECK(encode_canvas(s, canvas).width == 1280);
  s.height = 0;
  s.width = 854;
  CHECK(encode_canvas(s, canvas).height == 480);
}
