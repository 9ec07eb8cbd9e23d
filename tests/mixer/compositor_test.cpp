// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/compositor.h"

#include <doctest/doctest.h>

#include <random>

#include "mixer/convert.h"
#include "mixer/overlay_blend.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::largest_difference;
using testing::make_frame;
using testing::sample;

FramePtr drawn(std::vector<CompositorItem> items, int width, int height) {
  FramePool pool(PixelFormat::I420, width, height, 1);
  FrameBuilder b = std::move(*pool.acquire());
  fill(picture_of(b), {200, 30, 220});  // what was in the buffer before must not show
  Compositor(64, 36).draw(items, picture_of(b));
  return std::move(b).publish();
}

CompositorItem item(const FramePtr& frame, Rect rect, FitMode fit = FitMode::Stretch,
                    double opacity = 1.0) {
  CompositorItem i;
  i.frame = frame.get();
  i.rect = rect;
  i.fit = fit;
  i.opacity = opacity;
  return i;
}

testing::Rgb texture(int x, int y) {
  return {0.5 + 0.5 * std::sin(x * 0.11), 0.5 + 0.5 * std::cos(y * 0.07),
          0.5 + 0.5 * std::sin((x + y) * 0.05)};
}

TEST_CASE("nothing at all is black") {
  const FramePtr out = drawn({}, 64, 36);
  CHECK(largest_difference(*out, *testing::plain(64, 36, 0)) == 0);
}

TEST_CASE("drawing only what can be seen gives the same picture as drawing everything in order") {
  // Layers with opacity just below one hide nothing, so they are all drawn whole; the same layers
  // opaque are cut to pieces. Both must agree to the rounding of the blend.
  const FramePtr a = make_frame({PixelFormat::I420, 200, 120}, texture);
  const FramePtr b = make_frame({PixelFormat::BGRx, 160, 90}, texture);
  const FramePtr c = make_frame({PixelFormat::NV12, 97, 61, ColorMatrix::Bt601}, texture);
  std::mt19937 random(3);
  const auto pick = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  for (int round = 0; round < 60; ++round) {
    std::vector<CompositorItem> items;
    for (int n = 1 + pick(5); n > 0; --n) {
      const FramePtr& f = pick(3) == 0 ? a : pick(2) ? b : c;
      items.push_back(
          item(f, {pick(60) * 2 - 20, pick(40) * 2 - 20, 2 + pick(90) * 2, 2 + pick(60) * 2},
               static_cast<FitMode>(pick(3))));
    }
    const FramePtr pieces = drawn(items, 200, 120);
    for (auto& i : items) i.opacity = 255.4 / 256;
    const FramePtr whole = drawn(items, 200, 120);
    CHECK(largest_difference(*pieces, *whole) <= 3);
  }
}

TEST_CASE("hidden layers are not seen") {
  const FramePtr f = testing::plain(64, 36, 0x804020);
  std::vector<CompositorItem> items{item(f, {10, 10, 20, 10}), item(f, {0, 0, 64, 36}),
                                    item(f, {70, 0, 20, 20}), item(f, {4, 4, 8, 8})};
  items.push_back(item(f, {0, 0, 64, 36}, FitMode::Stretch, 0.0));
  FramePool pool(PixelFormat::I420, 64, 36, 1);
  FrameBuilder b = std::move(*pool.acquire());
  Compositor(64, 36).draw(items, picture_of(b));
  CHECK_FALSE(items[0].seen);  // covered
  CHECK(items[1].seen);
  CHECK_FALSE(items[2].seen);  // outside
  CHECK(items[3].seen);
  CHECK_FALSE(items[4].seen);  // transparent
}

TEST_CASE("opacity is the exact share of the layer above") {
  const FramePtr white = testing::plain(64, 36, 0xFFFFFF), black = testing::plain(64, 36, 0);
  for (const double opacity : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const FramePtr out =
        drawn({item(black, {0, 0, 64, 36}), item(white, {0, 0, 32, 36}, FitMode::Stretch, opacity)},
              64, 36);
    CHECK(std::abs(sample(*out, 0, 10, 10) - (16 + 219 * opacity)) <= 0.51);
    CHECK(sample(*out, 0, 40, 10) == 16);
  }
}

TEST_CASE("bars of a fitted layer hide what is behind them") {
  const FramePtr behind = testing::plain(64, 36, 0xFFFFFF), tall = testing::plain(20, 40, 0xFF0000);
  const FramePtr out =
      drawn({item(behind, {0, 0, 64, 36}), item(tall, {8, 4, 40, 20}, FitMode::Fit)}, 64, 36);
  CHECK(sample(*out, 0, 10, 10) == 16);  // bar
  CHECK(sample(*out, 0, 28, 14) == 63);  // picture
  CHECK(sample(*out, 0, 4, 10) == 235);  // behind
}

TEST_CASE("scaling keeps edges where they belong and invents nothing") {
  // Left half black, right half white, at sizes with every kind of ratio.
  for (const int source : {16, 50, 64, 100, 128, 250, 333}) {
    const FramePtr f = make_frame({PixelFormat::I420, source, source}, [&](int x, int) {
      return x < source / 2 ? testing::hex(0) : testing::hex(0xFFFFFF);
    });
    const FramePtr out = drawn({item(f, {0, 0, 64, 64})}, 64, 64);
    CAPTURE(source);
    for (int x = 0; x < 64; ++x) {
      const int y = sample(*out, 0, x, 31);
      REQUIRE(y >= 16);
      REQUIRE(y <= 235);
      // Upscaling spreads the edge over one source pixel.
      const int spread = std::max(2, 64 / source + 2);
      if (x < 32 - spread) REQUIRE(y == 16);
      if (x >= 32 + spread) REQUIRE(y == 235);
    }
  }
}

TEST_CASE("only the very frame that would come out passes through") {
  const FramePtr f = testing::plain(64, 36, 0x123456);
  const auto passes = [](std::vector<CompositorItem> items) {
    return Compositor::alone(items, 64, 36) != nullptr;
  };
  const CompositorItem full = item(f, {0, 0, 64, 36}, FitMode::Fit);
  CHECK(passes({full}));
  CHECK(passes({item(f, {0, 0, 20, 20}), full}));        // hidden below it
  CHECK(passes({full, item(f, {64, 0, 20, 20})}));       // outside
  CHECK_FALSE(passes({full, item(f, {0, 0, 20, 20})}));  // something above
  CHECK_FALSE(passes({item(f, {0, 0, 62, 36})}));        // not all of the canvas
  CHECK_FALSE(passes({item(f, {-2, 0, 66, 36})}));       // scaled
  CHECK_FALSE(passes({item(f, {0, 0, 64, 36}, FitMode::Fit, 0.5)}));
  CompositorItem cropped = full;
  cropped.crop.left = 0.1;
  CHECK_FALSE(passes({cropped}));
  CHECK_FALSE(passes({}));
  for (const auto& wish :
       {testing::FrameWish{PixelFormat::NV12, 64, 36},
        testing::FrameWish{PixelFormat::I420, 64, 36, ColorMatrix::Bt601},
        testing::FrameWish{PixelFormat::I420, 64, 36, ColorMatrix::Bt709, ColorRange::Full},
        testing::FrameWish{PixelFormat::I420, 128, 72}}) {
    const FramePtr other = make_frame(wish, texture);
    CHECK_FALSE(passes({item(other, {0, 0, 64, 36})}));
  }
}

TEST_CASE("an overlay is clipped to the picture at every edge") {
  OverlayImage image;
  image.rect = {0, 0, 20, 10};
  image.stride_y = 32;
  image.stride_uv = 16;
  image.y.assign(320, 235);
  image.alpha.assign(320, 255);
  image.u.assign(80, 128);
  image.v.assign(80, 128);
  for (const auto& [x, y] : {std::pair{-6, -4}, std::pair{50, 30}, std::pair{20, 12},
                             std::pair{-30, 0}, std::pair{64, 36}}) {
    image.rect.x = x;
    image.rect.y = y;
    FramePool pool(PixelFormat::I420, 64, 36, 1);
    FrameBuilder b = std::move(*pool.acquire());
    fill(picture_of(b), kBlack);
    blend_overlay(image, 256, picture_of(b));
    const FramePtr out = std::move(b).publish();
    for (int py = 0; py < 36; ++py)
      for (int px = 0; px < 64; ++px) {
        const bool inside = px >= x && px < x + 20 && py >= y && py < y + 10;
        REQUIRE(sample(*out, 0, px, py) == (inside ? 235 : 16));
      }
  }
}

}  // namespace
}  // namespace kakehashi
