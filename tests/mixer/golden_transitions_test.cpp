// SPDX-License-Identifier: GPL-3.0-or-later
// Every way between two scenes at 0, 25, 50, 75 and 100 percent, five pictures beside each other,
// each half the size of the stage so that the files stay small.
#include <doctest/doctest.h>

#include "tests/mixer/golden.h"
#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::Stage;

constexpr int kWidth = 240, kHeight = 134;

// Five pictures in one, left to right.
FramePtr in_a_row(const std::vector<FramePtr>& pictures) {
  const int w = kWidth * static_cast<int>(pictures.size());
  FramePool pool(PixelFormat::I420, w, kHeight, 1);
  FrameBuilder row = std::move(*pool.acquire());
  for (std::size_t i = 0; i < pictures.size(); ++i)
    for (int plane = 0; plane < 3; ++plane) {
      const int part = plane ? 2 : 1, at = static_cast<int>(i) * kWidth / part;
      for (int y = 0; y < kHeight / part; ++y)
        for (int x = 0; x < kWidth / part; ++x)
          row.plane(plane)[static_cast<std::ptrdiff_t>(y) * row.stride(plane) + at + x] =
              testing::sample(*pictures[i], plane, x, y);
    }
  return std::move(row).publish();
}

TEST_CASE("golden: every transition at 0, 25, 50, 75 and 100 percent") {
  Stage s;
  s.show.canvas.width = kWidth;
  s.show.canvas.height = kHeight;
  s.show.mix_duration = Duration::seconds(1);
  for (Scene& scene : s.show.scenes)
    for (Layer& layer : scene.layers)
      layer.rect = {layer.rect.x / 2, layer.rect.y / 2, layer.rect.w / 2, layer.rect.h / 2};
  VideoMixer mixer(s.show.canvas, 6);
  for (const TransitionRow& row : kTransitions) {
    if (row.kind == TransitionKind::Cut) continue;
    s.live = initial_state(s.show);
    s.wish(SelectPreview{"talk"});
    s.wish(SetTransition{row.kind});
    s.wish(Take{});
    const MediaTime start = s.now;
    std::vector<FramePtr> pictures;
    for (const int percent : {0, 25, 50, 75, 100}) {
      s.now = start + Duration::milliseconds(10 * percent);
      pictures.push_back(mixer.program(s.inputs()));
    }
    s.now = start;
    CHECK(testing::unlike_golden(*in_a_row(pictures), "transition-" + std::string(row.name)) == "");
  }
}

}  // namespace
}  // namespace kakehashi
