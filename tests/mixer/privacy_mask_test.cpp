// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing private leaks: pictures that differ only beneath a mask come out the same.
#include "mixer/privacy_mask.h"

#include <doctest/doctest.h>

#include <random>

#include "mixer/compositor.h"
#include "mixer/video_mixer.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::hex;
using testing::make_frame;
using testing::Paint;
using testing::Rgb;
using testing::sample;

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

Rgb scenery(int x, int y) {
  return {0.3 + 0.3 * (x % 64) / 64.0, 0.4 + 0.2 * (y % 48) / 48.0, (x / 16 + y / 16) % 2 * 0.5};
}
Rgb noise(int x, int y) {
  std::minstd_rand r(static_cast<unsigned>(x * 7919 + y * 104729 + 1));
  r.discard(3);
  const auto v = [&r] { return r() % 2 ? 1.0 : 0.0; };
  return {v(), v(), v()};
}

bool beneath(const Mask& m, double x, double y, int w, int h) {  // a pixel of the source
  const double px = (x + 0.5) / w, py = (y + 0.5) / h;
  if (m.shape == Mask::Shape::Rectangle)
    return px > m.x && px < m.x + m.w && py > m.y && py < m.y + m.h;
  const double dx = (px - m.x - m.w / 2) / (m.w / 2), dy = (py - m.y - m.h / 2) / (m.h / 2);
  return dx * dx + dy * dy < 1;
}

struct View {
  const char* name;
  Rect rect;
  FitMode fit = FitMode::Fit;
  Crop crop;
  LayerLook look;
};

std::vector<View> views() {
  std::vector<View> all{{"as it is", {0, 0, 320, 180}, FitMode::Fit, {}, {}},
                        {"small", {20, 10, 64, 36}, FitMode::Fit, {}, {}},
                        {"odd ratio", {2, 2, 222, 126}, FitMode::Stretch, {}, {}},
                        {"large", {-200, -100, 900, 506}, FitMode::Fit, {}, {}},
                        {"filled", {0, 0, 120, 180}, FitMode::Fill, {}, {}},
                        {"cropped", {10, 10, 300, 160}, FitMode::Fit, {0.35, 0.2, 0.1, 0.3}, {}},
                        {"flipped", {0, 0, 300, 170}, FitMode::Fit, {}, {}},
                        {"turned", {50, 0, 100, 180}, FitMode::Fill, {0.1, 0, 0, 0.1}, {}},
                        {"turned left", {0, 0, 320, 180}, FitMode::Fit, {}, {}},
                        {"upside down", {0, 0, 320, 180}, FitMode::Fit, {0, 0, 0.2, 0}, {}}};
  all[6].look.flip_horizontal = true;
  all[7].look.turn = Turn::Right;
  all[7].look.flip_vertical = true;
  all[8].look.turn = Turn::Left;
  all[9].look.turn = Turn::Half;
  return all;
}

FramePtr draw(const VideoFrame& f, const View& view, std::span<const Mask> masks,
              double opacity = 1) {
  FramePool pool(PixelFormat::I420, 320, 180, 1);
  FrameBuilder b = std::move(*pool.acquire());
  Compositor compositor(320, 180);
  CompositorItem item;
  item.frame = &f;
  item.rect = view.rect;
  item.fit = view.fit;
  item.crop = view.crop;
  item.look = &view.look;
  item.input_masks = masks;
  item.opacity = opacity;
  compositor.draw({&item, 1}, picture_of(b));
  return std::move(b).publish();
}

TEST_CASE("a solid mask: no byte of the result depends on what lies beneath") {
  for (const PixelFormat format : {PixelFormat::I420, PixelFormat::YUY2, PixelFormat::BGRx})
    for (const Mask::Shape shape : {Mask::Shape::Rectangle, Mask::Shape::Ellipse})
      for (const auto& [w, h] : {std::pair{320, 180}, {240, 240}, {333, 187}, {960, 540}}) {
        const Mask m = mask(shape, Mask::Cover::Solid, 0.41, 0.27, 0.233, 0.361);
        const auto with = [&](const Paint& secret) {
          return make_frame({format, w, h}, [&, w = w, h = h](int x, int y) {
            // Chroma is shared: what stands for a pixel beneath may reach one to its neighbour.
            return beneath(m, x, y, w, h) ? secret(x, y) : scenery(x, y);
          });
        };
        const FramePtr a = with(noise), b = with([](int, int) { return hex(0xFFFFFF); });
        for (const View& view : views()) {
          CAPTURE(view.name);
          CAPTURE(w);
          CAPTURE(static_cast<int>(format));
          CAPTURE(static_cast<int>(shape));
          CHECK(testing::largest_difference(*draw(*a, view, {&m, 1}), *draw(*b, view, {&m, 1})) ==
                0);
          CHECK(testing::largest_difference(*draw(*a, view, {}), *draw(*b, view, {})) > 50);
          CHECK(testing::largest_difference(*draw(*a, view, {&m, 1}, 0.6),
                                            *draw(*b, view, {&m, 1}, 0.6)) == 0);
        }
      }
}

}  // namespace
}  // namespace kakehashi
