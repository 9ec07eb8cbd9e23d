// SPDX-License-Identifier: GPL-3.0-or-later
// Flips, turns, rounding, border and shadow, through the compositor.
#include "mixer/layer_effects.h"

#include <doctest/doctest.h>

#include <random>

#include "mixer/compositor.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::hex;
using testing::largest_difference;
using testing::make_frame;
using testing::plain;
using testing::Rgb;
using testing::sample;

FramePtr noise(int w, int h, unsigned seed = 7, PixelFormat format = PixelFormat::I420) {
  return make_frame({format, w, h}, [&, seed](int x, int y) {
    std::minstd_rand r(seed + static_cast<unsigned>(x * 8191 + y * 131));
    r.discard(3);
    const auto v = [&r] { return static_cast<double>(r() % 256) / 255.0; };
    return Rgb{v(), v(), v()};
  });
}

FramePtr draw(int w, int h, std::vector<CompositorItem> items) {
  FramePool pool(PixelFormat::I420, w, h, 1);
  FrameBuilder b = std::move(*pool.acquire());
  Compositor compositor(w, h);
  compositor.draw(items, picture_of(b));
  return std::move(b).publish();
}

CompositorItem item(const FramePtr& f, Rect rect, const LayerLook* look = nullptr) {
  CompositorItem i;
  i.frame = f.get();
  i.rect = rect;
  i.fit = FitMode::Stretch;
  i.look = look;
  return i;
}

constexpr Turn kTurns[] = {Turn::Upright, Turn::Right, Turn::Half, Turn::Left};

// The whole of `f` turned, as a frame.
FramePtr turned(const FramePtr& f, const LayerLook& look) {
  const Orientation o = Orientation::of(look);
  const FrameInfo info = o.turned(f->info());
  TurnedSource source(16, 16);
  const VideoFrame* t = source.turn(*f, o, {0, 0, info.width, info.height});
  FramePool pool(PixelFormat::I420, info.width, info.height, 1);
  FrameBuilder b = std::move(*pool.acquire());
  for (int plane = 0; plane < 3; ++plane) {
    const int w = plane ? (info.width + 1) / 2 : info.width;
    const int h = plane ? (info.height + 1) / 2 : info.height;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x)
        b.plane(plane)[static_cast<std::ptrdiff_t>(y) * b.stride(plane) + x] =
            sample(*t, plane, x, y);
  }
  return std::move(b).publish();
}

TEST_CASE("a turned or flipped I420 picture has every sample in its place, also with odd sizes") {
  for (const auto& size : {std::pair{64, 36}, {37, 21}, {2, 2}, {33, 64}, {130, 71}}) {
    const int w = size.first, h = size.second;
    const FramePtr f = noise(w, h);
    for (const Turn turn : kTurns)
      for (const int flips : {0, 1, 2, 3}) {
        LayerLook look;
        look.turn = turn;
        look.flip_horizontal = flips & 1;
        look.flip_vertical = flips & 2;
        const FramePtr t = turned(f, look);
        int wrong = 0;
        for (int plane = 0; plane < 3; ++plane) {
          const int pw = plane ? (w + 1) / 2 : w, ph = plane ? (h + 1) / 2 : h;
          for (int y = 0; y < ph; ++y)
            for (int x = 0; x < pw; ++x) {
              const int fx = flips & 1 ? pw - 1 - x : x, fy = flips & 2 ? ph - 1 - y : y;
              int rx = fx, ry = fy;  // where the flipped sample goes, clockwise
              if (turn == Turn::Right) rx = ph - 1 - fy, ry = fx;
              if (turn == Turn::Half) rx = pw - 1 - fx, ry = ph - 1 - fy;
              if (turn == Turn::Left) rx = fy, ry = pw - 1 - fx;
              wrong += sample(*f, plane, x, y) != sample(*t, plane, rx, ry);
            }
        }
        CAPTURE(w);
        CAPTURE(h);
        CAPTURE(static_cast<int>(turn));
        CAPTURE(flips);
        CHECK(wrong == 0);
      }
  }
}

TEST_CASE("four quarter turns are none, two are a half, two flips a half turn") {
  const FramePtr f = noise(51, 30);
  LayerLook right, left, half, both;
  right.turn = Turn::Right;
  left.turn = Turn::Left;
  half.turn = Turn::Half;
  both.flip_horizontal = both.flip_vertical = true;
  const FramePtr twice = turned(turned(f, right), right);
  CHECK(largest_difference(*twice, *turned(f, half)) == 0);
  CHECK(largest_difference(*twice, *turned(f, both)) == 0);
  CHECK(largest_difference(*turned(turned(twice, right), right), *f) == 0);
  CHECK(largest_difference(*turned(turned(f, right), left), *f) == 0);
  CHECK(largest_difference(*turned(turned(f, both), both), *f) == 0);
}

TEST_CASE("crop is of the source as it arrives, and the turned picture keeps its shape") {
  // Left half red, right half blue; top line of everything white.
  const FramePtr f = make_frame({PixelFormat::YUY2, 160, 90}, [](int x, int y) {
    return y < 10 ? hex(0xFFFFFF) : hex(x < 80 ? 0xC00000 : 0x0000C0);
  });
  LayerLook look;
  look.turn = Turn::Right;
  CompositorItem i = item(f, {0, 0, 180, 180}, &look);
  i.fit = FitMode::Fit;
  const FramePtr whole = draw(180, 180, {i});
  // 90 x 160 in 180 x 180: bars of 38 or so at both sides; white is now at the right.
  CHECK(sample(*whole, 0, 10, 90) == 16);
  CHECK(sample(*whole, 0, 170, 90) == 16);
  CHECK(sample(*whole, 0, 135, 90) > 230);
  CHECK(sample(*whole, 2, 40, 30) > 180);  // the source's left is above: red
  CHECK(sample(*whole, 1, 40, 60) > 180);  // blue below
  i.crop = {0.5, 0.2, 0, 0};               // without red and without white
  const FramePtr cropped = draw(180, 180, {i});
  for (int x = 50; x < 130; x += 10)
    for (int y = 20; y < 160; y += 10) {
      CHECK(sample(*cropped, 1, x / 2, y / 2) > 180);
      CHECK(sample(*cropped, 0, x, y) < 60);
    }
}

TEST_CASE("a turned layer of any format is the turned picture drawn upright") {
  for (const PixelFormat format : {PixelFormat::I420, PixelFormat::NV12, PixelFormat::Y42B,
                                   PixelFormat::YUY2, PixelFormat::UYVY, PixelFormat::BGRx}) {
    const FramePtr f = noise(96, 54, 3, format);
    LayerLook none, look;
    for (const Turn turn : {Turn::Right, Turn::Half, Turn::Left}) {
      look.turn = turn;
      look.flip_horizontal = turn == Turn::Half;
      const FramePtr before = turned(f, look);
      for (const FitMode fit : {FitMode::Fit, FitMode::Fill, FitMode::Stretch}) {
        CompositorItem a = item(f, {10, 6, 100, 80}, &look);
        CompositorItem b = item(before, {10, 6, 100, 80});
        a.fit = b.fit = fit;
        CAPTURE(static_cast<int>(format));
        CAPTURE(static_cast<int>(turn));
        CAPTURE(static_cast<int>(fit));
        CHECK(largest_difference(*draw(128, 96, {a}), *draw(128, 96, {b})) == 0);
      }
    }
  }
}

TEST_CASE("a neutral look changes no byte and keeps the passthrough; any other ends it") {
  const FramePtr f = noise(128, 96);
  LayerLook look;
  std::vector<CompositorItem> items{item(f, {0, 0, 128, 96}, &look)};
  CHECK(Compositor::alone(items, 128, 96) == f.get());
  look.key.colour = 0x0000FF;  // chosen, but switched off
  look.border.colour = 0xFF0000;
  look.shadow = {40, 40, 10, 0};
  CHECK(Compositor::alone(items, 128, 96) == f.get());
  look.flip_horizontal = true;
  CHECK(Compositor::alone(items, 128, 96) == nullptr);
  look = {};
  look.shadow.opacity = 0.5;
  CHECK(Compositor::alone(items, 128, 96) == nullptr);
  look = {};
  const std::vector<Mask> masks{{Mask::Shape::Rectangle, Mask::Cover::Solid, 0.1, 0.1, 0.2, 0.2}};
  items[0].input_masks = masks;
  CHECK(Compositor::alone(items, 128, 96) == nullptr);
  const CompositorItem small = item(f, {10, 10, 50, 40}, &look);
  CHECK(largest_difference(*draw(128, 96, {small}), *draw(128, 96, {item(f, small.rect)})) == 0);
}

TEST_CASE("a rounded corner shows what is behind, and nothing else changes") {
  const FramePtr front = noise(200, 120, 1), back = noise(256, 192, 2);
  LayerLook look;
  look.corner_radius = 30;
  const Rect rect{20, 16, 200, 120};
  for (const double opacity : {1.0, 0.5}) {
    CompositorItem square = item(front, rect), round = item(front, rect, &look);
    square.opacity = round.opacity = opacity;
    const CompositorItem behind = item(back, {0, 0, 256, 192});
    const FramePtr a = draw(256, 192, {behind, square}), b = draw(256, 192, {behind, round});
    int outside = 0, inside = 0, edge = 0;
    for (int y = 0; y < 192; ++y)
      for (int x = 0; x < 256; ++x) {
        const RoundedBox box{20, 16, 200, 120, 30};
        const double d = box.distance(x + 0.5, y + 0.5);
        if (d > 1.5)
          outside += sample(*b, 0, x, y) != sample(*back, 0, x, y);
        else if (d < -1.5)
          inside += sample(*b, 0, x, y) != sample(*a, 0, x, y);
        else
          edge += sample(*b, 0, x, y) != sample(*a, 0, x, y);
      }
    CHECK(outside == 0);
    CHECK(inside == 0);
    CHECK(edge > 50);
  }
}

TEST_CASE("a border lies inside the rectangle and follows the corners") {
  const FramePtr front = plain(200, 120, 0x404040), back = plain(256, 192, 0x000000);
  LayerLook look;
  look.border = {6, 0xFFFFFF};
  const Rect rect{20, 16, 200, 120};
  for (const int radius : {0, 24}) {
    look.corner_radius = radius;
    const FramePtr p = draw(256, 192, {item(back, {0, 0, 256, 192}), item(front, rect, &look)});
    const RoundedBox box{20, 16, 200, 120, static_cast<double>(radius)};
    for (int y = 0; y < 192; ++y)
      for (int x = 0; x < 256; ++x) {
        const double d = box.distance(x + 0.5, y + 0.5);
        const int luma = sample(*p, 0, x, y);
        CAPTURE(x);
        CAPTURE(y);
        if (d > 1) REQUIRE(luma == 16);
        if (d < -1 && d > -5) REQUIRE(luma == 235);
        if (d < -7) REQUIRE(luma == 71);
      }
  }
}

TEST_CASE("a shadow darkens beneath, not on, its layer; nearer layers hide it") {
  const FramePtr back = plain(256, 192, 0xFFFFFF), front = plain(64, 64, 0x808080);
  LayerLook look;
  look.shadow = {8, 10, 6, 0.5};
  const Rect rect{60, 40, 100, 80}, near{120, 110, 100, 60};
  const FramePtr p =
      draw(256, 192, {item(back, {0, 0, 256, 192}), item(front, rect, &look), item(front, near)});
  CHECK(sample(*p, 0, 110, 80) == sample(*front, 0, 1, 1));
  CHECK(sample(*p, 0, 110, 122) < 140);  // right beneath the layer
  CHECK(sample(*p, 0, 110, 122) > 115);
  CHECK(sample(*p, 0, 110, 131) > sample(*p, 0, 110, 122));
  CHECK(sample(*p, 0, 110, 138) == 235);
  CHECK(sample(*p, 0, 62, 30) == 235);
  CHECK(sample(*p, 0, 150, 122) == sample(*front, 0, 1, 1));
  // It grows with the result.
  CompositorItem small = item(front, {30, 20, 50, 40}, &look);
  small.look_scale = 0.5;
  const FramePtr half = draw(128, 96, {item(back, {0, 0, 128, 96}), small});
  CHECK(sample(*half, 0, 55, 61) < 140);
  CHECK(sample(*half, 0, 55, 69) == 235);
}

TEST_CASE("a part of the result is the same part of the whole, byte for byte") {
  const FramePtr back = noise(256, 192, 2), front = noise(320, 240, 1, PixelFormat::YUY2);
  std::vector<LayerLook> looks(6);
  Mask blur;
  blur.cover = Mask::Cover::Blur;
  blur.shape = Mask::Shape::Ellipse;
  blur.x = blur.y = 0.17;
  blur.w = blur.h = 0.61;
  looks[0].corner_radius = 25;
  looks[0].border.width = 5;
  looks[1].shadow = {7, 9, 11, 0.6};
  looks[1].turn = Turn::Right;
  looks[2].masks = {blur};
  looks[2].turn = Turn::Left;
  looks[3].correction.gamma = 1.4;
  looks[3].flip_vertical = true;
  looks[4].key.on = true;
  looks[4].key.similarity = 0.5;
  looks[5] = looks[0];
  looks[5].key = looks[4].key;
  looks[5].masks = {blur};
  for (const double scale : {1.0, 0.37})
    for (std::size_t l = 0; l < looks.size(); ++l)
      for (const Rect& part : {Rect{0, 0, 130, 96}, {130, 0, 126, 96}, {64, 50, 70, 80}}) {
        CompositorItem i = item(front, {36, 22, 150, 130}, &looks[l]);
        i.fit = FitMode::Fill;
        i.look_scale = scale;
        const FramePtr whole = draw(256, 192, {item(back, {0, 0, 256, 192}), i});
        CompositorItem behind = item(back, {-part.x, -part.y, 256, 192});
        i.rect.x -= part.x;
        i.rect.y -= part.y;
        const FramePtr piece = draw(part.w, part.h, {behind, i});
        int different = 0;
        for (int plane = 0; plane < 3; ++plane) {
          const int s = plane ? 2 : 1;
          for (int y = 0; y < part.h / s; ++y)
            for (int x = 0; x < part.w / s; ++x)
              different += sample(*piece, plane, x, y) !=
                           sample(*whole, plane, x + part.x / s, y + part.y / s);
        }
        CAPTURE(l);
        CAPTURE(part.x);
        CHECK(different == 0);
      }
}

TEST_CASE("equal looks have equal fingerprints, every field counts") {
  CompositorItem plain_item;
  CHECK(LayerEffects::fingerprint(plain_item) == 0);
  LayerLook look;
  plain_item.look = &look;
  CHECK(LayerEffects::fingerprint(plain_item) == 0);
  std::vector<std::uint64_t> seen;
  const auto print = [&](auto change) {
    LayerLook l;
    change(l);
    CompositorItem i;
    i.look = &l;
    const LayerLook same = l;
    CompositorItem j;
    j.look = &same;
    CHECK(LayerEffects::fingerprint(i) == LayerEffects::fingerprint(j));
    seen.push_back(LayerEffects::fingerprint(i));
  };
  print([](LayerLook& l) { l.flip_horizontal = true; });
  print([](LayerLook& l) { l.flip_vertical = true; });
  print([](LayerLook& l) { l.turn = Turn::Left; });
  print([](LayerLook& l) { l.correction.brightness = 0.1; });
  print([](LayerLook& l) { l.correction.blue_gain = 1.1; });
  print([](LayerLook& l) { l.key.on = true; });
  print([](LayerLook& l) {
    l.key.on = true;
    l.key.spill = 0.6;
  });
  print([](LayerLook& l) { l.masks.resize(1); });
  print([](LayerLook& l) { l.masks.resize(2); });
  print([](LayerLook& l) { l.corner_radius = 1; });
  print([](LayerLook& l) { l.border.width = 1; });
  print([](LayerLook& l) { l.shadow.opacity = 0.5; });
  print([](LayerLook& l) { l.shadow = {0, 6, 1, 0.5}; });
  std::sort(seen.begin(), seen.end());
  CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
  CHECK(seen.front() != 0);
}

}  // namespace
}  // namespace kakehashi
