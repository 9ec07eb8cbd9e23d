// SPDX-License-Identifier: GPL-3.0-or-later
// A drawn speaker before a green wall in uneven light, in front of a slide.
#include "mixer/chroma_key.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "mixer/compositor.h"
#include "tests/mixer/frames.h"
#include "tests/mixer/keyed_speaker.h"

namespace kakehashi {
namespace {

using testing::hex;
using testing::make_frame;
using testing::Rgb;
using testing::sample;

FramePtr over(const FramePtr& speaker, const FramePtr& slide, const LayerLook& look, Rect rect,
              double opacity = 1) {
  const int w = slide->width(), h = slide->height();
  FramePool pool(PixelFormat::I420, w, h, 1);
  FrameBuilder b = std::move(*pool.acquire());
  Compositor compositor(w, h);
  CompositorItem items[2];
  items[0].frame = slide.get();
  items[0].rect = {0, 0, w, h};
  items[1].frame = speaker.get();
  items[1].rect = rect;
  items[1].look = &look;
  items[1].opacity = opacity;
  compositor.draw(items, picture_of(b));
  return std::move(b).publish();
}

LayerLook keyed(double spill = 0.5) {
  LayerLook look;
  look.key.on = true;
  look.key.spill = spill;
  return look;
}

// What green has more than red and blue, in 8 bit codes, as a viewer's screen makes it.
double green_excess(const VideoFrame& f, int x, int y) {
  const double u = (sample(f, 1, x / 2, y / 2) - 128) / 224.0,
               v = (sample(f, 2, x / 2, y / 2) - 128) / 224.0;
  const double g = -0.1873 * u - 0.4681 * v;
  return 255 * (g - std::max(1.5748 * v, 1.8556 * u));
}

TEST_CASE("the wall is gone in all its light, the speaker is all there") {
  const FramePtr slide = testing::plain(480, 270, 0xF4F4F0);
  for (const PixelFormat format : {PixelFormat::I420, PixelFormat::YUY2, PixelFormat::BGRx}) {
    const FramePtr speaker = make_frame({format, 480, 270}, testing::speaker_before_wall);
    for (const double spill : {0.0, 0.5, 1.0}) {
      const FramePtr p = over(speaker, slide, keyed(spill), {0, 0, 480, 270});
      int wall_left = 0, wall = 0, subject_lost = 0, subject = 0;
      for (int y = 0; y < 270; ++y)
        for (int x = 0; x < 480; ++x) {
          const double part = testing::speaker_share(x, y, 3);  // 3 pixels clear of any edge
          if (part == 0) {
            ++wall;
            wall_left += sample(*p, 0, x, y) != sample(*slide, 0, x, y) ||
                         sample(*p, 1, x / 2, y / 2) != sample(*slide, 1, x / 2, y / 2);
          } else if (part == 1) {
            ++subject;
            const Rgb c = testing::speaker_before_wall(x, y);
            const double luma = testing::codes(c, ColorMatrix::Bt709, ColorRange::Limited)[0];
            subject_lost += std::abs(sample(*p, 0, x, y) - luma) > 24;
          }
        }
      CAPTURE(spill);
      CHECK(wall > 40000);
      CHECK(subject > 15000);
      CHECK(wall_left == 0);
      CHECK(subject_lost == 0);
    }
  }
}

TEST_CASE("no part of what stays is green: edges wholly, faces by the spill that is asked for") {
  const FramePtr slide = testing::plain(480, 270, 0x808080);
  const FramePtr speaker = make_frame({PixelFormat::I420, 480, 270}, testing::speaker_before_wall);
  double before = 0;
  for (int y = 0; y < 270; ++y)
    for (int x = 0; x < 480; ++x)
      if (testing::speaker_share(x, y, 3) == 1)
        before = std::max(before, green_excess(*speaker, x, y));
  REQUIRE(before > 15);  // the wall's light on the shoulders
  for (const double spill : {0.5, 1.0}) {
    const FramePtr p = over(speaker, slide, keyed(spill), {0, 0, 480, 270});
    double inside = 0, anywhere = 0;
    for (int y = 0; y < 270; ++y)
      for (int x = 0; x < 480; ++x) {
        anywhere = std::max(anywhere, green_excess(*p, x, y));
        if (testing::speaker_share(x, y, 3) == 1) inside = std::max(inside, green_excess(*p, x, y));
      }
    CAPTURE(spill);
    CAPTURE(before);
    CHECK(inside <= before * (1 - spill) + 2.5);
    CHECK(anywhere <= (spill == 1 ? 3.0 : 18.0));
  }
}

TEST_CASE("hair and edges lie between speaker and slide, without a rim") {
  for (const std::uint32_t background : {0xF4F4F0U, 0x202020U, 0x1E4A7AU}) {
    const FramePtr slide = testing::plain(480, 270, background);
    const FramePtr speaker =
        make_frame({PixelFormat::I420, 480, 270}, testing::speaker_before_wall);
    const FramePtr p = over(speaker, slide, keyed(0.5), {0, 0, 480, 270});
    // What a perfect key would give: the drawn speaker laid over the slide by its known share.
    const FramePtr perfect = make_frame({PixelFormat::I420, 480, 270}, [&](int x, int y) {
      return testing::speaker_over(x, y, hex(background));
    });
    double sum = 0, worst = 0;
    int n = 0;
    for (int y = 0; y < 270; ++y)
      for (int x = 0; x < 480; ++x) {
        const double share = testing::speaker_share(x, y, 2);
        if (share == 0 || share == 1) continue;
        const double d = std::abs(sample(*p, 0, x, y) - sample(*perfect, 0, x, y));
        sum += d;
        worst = std::max(worst, d);
        ++n;
      }
    CAPTURE(background);
    CAPTURE(worst);
    CHECK(n > 1000);
    CHECK(sum / n < 18.5);
  }
}

TEST_CASE("thin dark hair stays to be seen, the wall's noise does not") {
  const FramePtr slide = testing::plain(480, 270, 0xF4F4F0);
  const FramePtr speaker = make_frame({PixelFormat::I420, 480, 270}, [](int x, int y) {
    std::minstd_rand random(static_cast<unsigned>(x * 7919 + y * 104729 + 1));
    random.discard(3);
    // About 3 codes of camera noise.
    const double n = (static_cast<double>(random() % 1000 + random() % 1000) / 1000 - 1) * 0.03;
    const Rgb c = testing::speaker_before_wall(x, y);
    return Rgb{std::max(0.0, c.r + n), std::max(0.0, c.g + n), std::max(0.0, c.b + n)};
  });
  const FramePtr p = over(speaker, slide, keyed(), {0, 0, 480, 270});
  double hair = 0, wall = 0;
  int hairs = 0, walls = 0;
  for (int y = 0; y < 90; ++y)
    for (int x = 0; x < 480; ++x) {
      const double darker = sample(*slide, 0, x, y) - sample(*p, 0, x, y);
      if (testing::hair_share(x + 0.5, y + 0.5) > 0.95 && testing::speaker_outline(x, y) > 6) {
        hair += darker;
        ++hairs;
      } else if (testing::speaker_share(x, y, 4) == 0) {
        wall += std::abs(darker);
        ++walls;
      }
    }
  CHECK(hairs > 80);
  CHECK(hair / hairs > 60);
  CHECK(wall / walls < 0.2);
}

TEST_CASE("cut into pieces by a nearer layer it is the same picture; bars are see-through") {
  const FramePtr slide = testing::plain(480, 270, 0xF4F4F0);
  const FramePtr speaker = make_frame({PixelFormat::I420, 480, 270}, testing::speaker_before_wall);
  const LayerLook look = keyed();
  const FramePtr whole = over(speaker, slide, look, {100, 20, 240, 240});
  CHECK(sample(*whole, 0, 110, 30) == sample(*slide, 0, 110, 30));    // a bar
  CHECK(sample(*whole, 0, 100, 140) == sample(*slide, 0, 100, 140));  // edge of the picture
  const FramePtr near = testing::plain(64, 64, 0x600000);
  FramePool pool(PixelFormat::I420, 480, 270, 1);
  FrameBuilder b = std::move(*pool.acquire());
  Compositor compositor(480, 270);
  CompositorItem items[3];
  items[0].frame = slide.get();
  items[0].rect = {0, 0, 480, 270};
  items[1].frame = speaker.get();
  items[1].rect = {100, 20, 240, 240};
  items[1].look = &look;
  items[2].frame = near.get();
  items[2].rect = {206, 126, 40, 34};
  items[2].fit = FitMode::Stretch;
  compositor.draw(items, picture_of(b));
  const FramePtr cut = std::move(b).publish();
  int different = 0;
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < (plane ? 135 : 270); ++y)
      for (int x = 0; x < (plane ? 240 : 480); ++x) {
        const int s = plane ? 2 : 1;
        if (x * s >= 206 && x * s < 246 && y * s >= 126 && y * s < 160) continue;
        different += sample(*cut, plane, x, y) != sample(*whole, plane, x, y);
      }
  CHECK(different == 0);
}

TEST_CASE("grey and white are never wall, however wide the key") {
  for (const std::uint32_t wall : {0x00B140U, 0x0047BBU, 0x60A060U}) {
    LayerLook look = keyed();
    look.key.colour = wall;
    const KeyNumbers k = key_numbers(look.key);
    for (int luma = 16; luma <= 235; ++luma) {
      auto y = static_cast<std::uint8_t>(luma);
      const std::uint8_t grey = 128;
      std::uint8_t alpha = 0;
      effect_kernels().key_luma(&y, &grey, &grey, &alpha, 1, k);
      if (wall != 0x60A060U) REQUIRE(alpha == 255);  // that one is itself nearly grey
      REQUIRE(y == luma);
    }
    const Yuv exact = program_colour(wall);
    std::uint8_t y = exact.y, alpha = 99;
    effect_kernels().key_luma(&y, &exact.u, &exact.v, &alpha, 1, k);
    CHECK(alpha == 0);
  }
}

TEST_CASE("opacity fades what is left") {
  const FramePtr slide = testing::plain(480, 270, 0x404040);
  const FramePtr speaker = make_frame({PixelFormat::I420, 480, 270}, testing::speaker_before_wall);
  const FramePtr full = over(speaker, slide, keyed(), {0, 0, 480, 270});
  const FramePtr half = over(speaker, slide, keyed(), {0, 0, 480, 270}, 0.5);
  for (int y = 1; y < 270; y += 7)
    for (int x = 1; x < 480; x += 5)
      REQUIRE(std::abs(2 * sample(*half, 0, x, y) - sample(*full, 0, x, y) -
                       sample(*slide, 0, x, y)) <= 3);
}

}  // namespace
}  // namespace kakehashi
