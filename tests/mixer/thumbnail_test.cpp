// SPDX-License-Identifier: GPL-3.0-or-later
// Tiles of the multiview, out of every format a source may have.
#include <doctest/doctest.h>

#include "mixer/convert.h"
#include "mixer/video_mixer.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::make_frame;
using testing::sample;

testing::Rgb scenery(int x, int y) {  // soft, so that a tile can be compared sample by sample
  return {0.5 + 0.4 * std::sin(x * 0.012), 0.5 + 0.4 * std::cos(y * 0.015),
          0.5 + 0.4 * std::sin((x + y) * 0.009)};
}

FramePtr tile_of(const VideoFrame& frame, int w, int h) {
  FramePool pool(PixelFormat::I420, w, h, 1);
  {
    FrameBuilder b = std::move(*pool.acquire());
    fill(picture_of(b), {200, 30, 220});  // what was in the buffer before must not show
  }
  return make_thumbnail(frame, pool);
}

TEST_CASE("a tile shows the picture in the program's colours, from any format and size") {
  for (const auto format : {PixelFormat::I420, PixelFormat::NV12, PixelFormat::Y42B,
                            PixelFormat::YUY2, PixelFormat::UYVY, PixelFormat::BGRx})
    for (const auto matrix : {ColorMatrix::Bt601, ColorMatrix::Bt709})
      for (const auto range : {ColorRange::Limited, ColorRange::Full})
        for (const auto& size : {std::pair{640, 360}, std::pair{641, 361}, std::pair{333, 251}}) {
          const int w = size.first, h = size.second;
          const FramePtr frame = make_frame({format, w, h, matrix, range}, scenery);
          const FramePtr tile = tile_of(*frame, 160, 90);
          CAPTURE(static_cast<int>(format));
          CAPTURE(w);
          // Where the picture lies in the tile: whole height, width by its shape.
          const double scale = h / 90.0, wide = w / scale, left = std::max(0.0, (160 - wide) / 2);
          for (int y = 3; y < 87; y += 7)
            for (int x = static_cast<int>(left) + 5; x < static_cast<int>(left + wide) - 5;
                 x += 9) {
              const auto exact = testing::codes(scenery(static_cast<int>((x - left + 0.5) * scale),
                                                        static_cast<int>((y + 0.5) * scale)),
                                                ColorMatrix::Bt709, ColorRange::Limited);
              REQUIRE(std::abs(sample(*tile, 0, x, y) - exact[0]) <= 8);
              REQUIRE(std::abs(sample(*tile, 1, x / 2, y / 2) - exact[1]) <= 8);
              REQUIRE(std::abs(sample(*tile, 2, x / 2, y / 2) - exact[2]) <= 8);
            }
        }
}

TEST_CASE("a tile of another shape has black bars, and a large one is not thinned out") {
  const FramePtr tall = testing::plain(240, 320, 0xFFFFFF);
  const FramePtr tile = tile_of(*tall, 160, 90);
  CHECK(sample(*tile, 0, 10, 45) == 16);
  CHECK(sample(*tile, 1, 5, 20) == 128);
  CHECK(sample(*tile, 0, 80, 45) == 235);

  // Every second line black: half as high would be all of one kind if lines were left out.
  const FramePtr lines = make_frame({PixelFormat::I420, 160, 90},
                                    [](int, int y) { return testing::hex(y % 2 ? 0xFFFFFF : 0); });
  CHECK(std::abs(sample(*tile_of(*lines, 120, 68), 0, 60, 30) - 125) <= 60);
}

}  // namespace
}  // namespace kakehashi
