// SPDX-License-Identifier: GPL-3.0-or-later
// A wipe, a push or a slide shows parts of two scenes, each byte for byte as the whole scene would:
// also what is scaled, rounded, shadowed, and above all what is masked for privacy.
#include <doctest/doctest.h>

#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::sample;
using testing::Stage;

// Samples of `out` in `at` that differ from `scene` moved by (dx, dy); all planes.
int differences(const VideoFrame& out, const VideoFrame& scene, const Rect& at, int dx, int dy) {
  int count = 0;
  for (int plane = 0; plane < 3; ++plane) {
    const int half = plane ? 2 : 1;
    for (int y = at.y / half; y < (at.y + at.h) / half; ++y)
      for (int x = at.x / half; x < (at.x + at.w) / half; ++x)
        count += sample(out, plane, x, y) != sample(scene, plane, x - dx / half, y - dy / half);
  }
  return count;
}

TEST_CASE("parts of scenes on the way are the scenes themselves") {
  Stage s;
  s.show.mix_duration = Duration::seconds(1);
  Scene& talk = *find_by_id(s.show.scenes, "talk");
  talk.layers[1].rect = {290, 130, 170, 120};
  talk.layers[1].look.corner_radius = 14;
  talk.layers[1].look.border = {4, 0xFFCC00};
  talk.layers[1].look.shadow = {6, 6, 8, 0.6};
  talk.layers[1].look.masks.push_back(
      {Mask::Shape::Ellipse, Mask::Cover::Blur, 0.2, 0.2, 0.5, 0.6, 0});
  s.show.inputs[0].masks.push_back(
      {Mask::Shape::Rectangle, Mask::Cover::Solid, 0.6, 0.5, 0.3, 0.4, 0xFF00FF});
  Scene& slides = *find_by_id(s.show.scenes, "slides");
  slides.layers[0].rect = {30, 10, 420, 236};
  slides.layers[0].look.turn = Turn::Half;
  slides.layers.push_back(Stage::layer("cam", {20, 20, 200, 120}, 1));
  slides.layers.back().opacity = 0.7;
  VideoMixer mixer(s.show.canvas, 8);
  const FramePtr from = mixer.scene(s.inputs(), slides), to = mixer.scene(s.inputs(), talk);
  s.cut_to("slides");
  s.wish(SelectPreview{"talk"});
  const LiveState before = s.live;
  const MediaTime start = s.now;
  using enum TransitionKind;
  for (const TransitionKind kind : {WipeLeft, PushLeft, SlideRight, PushUp, SlideDown})
    for (const int percent : {10, 37, 50, 81}) {
      s.live = before;
      s.now = start;
      s.wish(SetTransition{kind});
      s.wish(Take{});
      s.now = start + Duration::milliseconds(10 * percent);
      const FramePtr out = mixer.program(s.inputs());
      CAPTURE(transition_row(kind).name);
      CAPTURE(percent);
      const auto even = [](double v) { return static_cast<int>(std::lround(v / 2)) * 2; };
      const int x = even(4.8 * percent), y = even(2.7 * percent);
      switch (kind) {
        case WipeLeft:  // the soft edge is 20 wide
          CHECK(differences(*out, *from, {0, 0, std::max(0, 480 - x - 24), 270}, 0, 0) == 0);
          CHECK(differences(*out, *to, {std::min(480, 480 - x + 44), 0, std::max(0, x - 44), 270},
                            0, 0) == 0);
          break;
        case PushLeft:
          CHECK(differences(*out, *from, {0, 0, 480 - x, 270}, -x, 0) == 0);
          CHECK(differences(*out, *to, {480 - x, 0, x, 270}, 480 - x, 0) == 0);
          break;
        case SlideRight:
          CHECK(differences(*out, *to, {0, 0, x, 270}, x - 480, 0) == 0);
          CHECK(differences(*out, *from, {x, 0, 480 - x, 270}, 0, 0) == 0);
          break;
        case PushUp:
          CHECK(differences(*out, *from, {0, 0, 480, 270 - y}, 0, -y) == 0);
          CHECK(differences(*out, *to, {0, 270 - y, 480, y}, 0, 270 - y) == 0);
          break;
        default:
          CHECK(differences(*out, *to, {0, 0, 480, y}, 0, y - 270) == 0);
          CHECK(differences(*out, *from, {0, y, 480, 270 - y}, 0, 0) == 0);
      }
    }
}

}  // namespace
}  // namespace kakehashi
