// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing private leaks: pictures that differ only beneath a mask come out the same.
#include "mixer/privacy_mask.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

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
      for (const auto& size : {std::pair{320, 180}, {240, 240}, {333, 187}, {960, 540}}) {
        const int w = size.first, h = size.second;
        const Mask m = mask(shape, Mask::Cover::Solid, 0.41, 0.27, 0.233, 0.361);
        const auto with = [&](const Paint& secret) {
          return make_frame({format, w, h}, [&](int x, int y) {
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

TEST_CASE("a solid mask holds in a hundred random layouts") {
  std::mt19937 random(20);
  const auto number = [&random](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  const auto share = [&](int low, int high) { return number(low, high) / 100.0; };
  for (int round = 0; round < 100; ++round) {
    const int w = number(8, 150), h = number(8, 150);
    const Mask m =
        mask(number(0, 1) ? Mask::Shape::Rectangle : Mask::Shape::Ellipse, Mask::Cover::Solid,
             share(-20, 80), share(-20, 80), share(10, 70), share(10, 70));
    const auto format = static_cast<PixelFormat>(number(0, 5));
    const auto with = [&](const Paint& secret) {
      return make_frame({format, w, h}, [&](int x, int y) {
        return beneath(m, x, y, w, h) ? secret(x, y) : scenery(x, y);
      });
    };
    View view{"random", {}, static_cast<FitMode>(number(0, 2)), {}, {}};
    view.rect = {number(-40, 60) * 2, number(-40, 40) * 2, number(8, 160) * 2, number(8, 120) * 2};
    view.crop = {share(0, 40), share(0, 40), share(0, 40), share(0, 40)};
    view.look.flip_horizontal = number(0, 1);
    view.look.flip_vertical = number(0, 1);
    view.look.turn = static_cast<Turn>(number(0, 3));
    CAPTURE(round);
    CAPTURE(w);
    CAPTURE(h);
    REQUIRE(testing::largest_difference(*draw(*with(noise), view, {&m, 1}),
                                        *draw(*with(scenery), view, {&m, 1})) == 0);
  }
}

// What a blur may depend on: two secrets whose every cell has the same mean.
TEST_CASE("a blur shows the means of its cells and no detail between them") {
  for (const Mask::Shape shape : {Mask::Shape::Rectangle, Mask::Shape::Ellipse})
    for (const auto& size : {std::pair{320, 180}, {960, 540}, {333, 187}}) {
      const int w = size.first, h = size.second;
      const Mask m = mask(shape, Mask::Cover::Blur, 0.3, 0.2, 0.35, 0.5);
      const double finest = std::max(m.w * w, m.h * h) / 12;  // no detail finer than this
      const double pitch = finest / 2.5;                      // so lines of this are too fine
      const auto with = [&](double phase) {
        return make_frame({PixelFormat::I420, w, h}, [&](int x, int y) {
          if (!beneath(m, x, y, w, h)) return hex(0x808080);
          const double v = 0.5 + 0.45 * std::sin(6.2832 * x / pitch + phase) *
                                     std::sin(6.2832 * y / pitch + phase);
          return Rgb{v, 1 - v, v};
        });
      };
      const FramePtr a = with(0), b = with(1.6);
      for (const View& view : views()) {
        CAPTURE(view.name);
        CAPTURE(w);
        CAPTURE(static_cast<int>(shape));
        const FramePtr pa = draw(*a, view, {&m, 1}), pb = draw(*b, view, {&m, 1});
        const int shown = testing::largest_difference(*draw(*a, view, {}), *draw(*b, view, {}));
        // What a cell keeps of lines that do not fill it a whole number of times.
        if (std::string(view.name) == "as it is") CHECK(shown > 30);
        CHECK(testing::largest_difference(*pa, *pb) <= std::max(2, shown / 8));
      }
    }
}

// Energy of differences between neighbours at a distance at which the source changes wholly.
TEST_CASE("a blur is smooth: no edge of what lies beneath is left") {
  const Mask m = mask(Mask::Shape::Rectangle, Mask::Cover::Blur, 0.25, 0.25, 0.5, 0.5);
  const FramePtr f = make_frame({PixelFormat::I420, 640, 360}, noise);
  const View view{"whole", {0, 0, 320, 180}, FitMode::Fit, {}, {}};
  const FramePtr p = draw(*f, view, {&m, 1});
  for (int plane = 0; plane < 3; ++plane) {
    const int s = plane ? 2 : 1;
    for (int y = 50 / s; y < 130 / s; ++y)
      for (int x = 90 / s; x < 230 / s; ++x) {
        REQUIRE(std::abs(sample(*p, plane, x, y) - sample(*p, plane, x + 1, y)) <= 1);
        REQUIRE(std::abs(sample(*p, plane, x, y) - sample(*p, plane, x, y + 1)) <= 1);
      }
  }
}

TEST_CASE("what a blur covers is outside it nowhere, and it keeps the colours") {
  const Mask m = mask(Mask::Shape::Ellipse, Mask::Cover::Blur, 0.41, 0.27, 0.233, 0.361);
  const auto with = [&](std::uint32_t colour) {
    return make_frame({PixelFormat::YUY2, 320, 180}, [&](int x, int y) {
      return beneath(m, x, y, 320, 180) ? hex(colour) : scenery(x, y);
    });
  };
  const FramePtr red = with(0xC02020), blue = with(0x2020C0);
  for (const View& view : views()) {
    CAPTURE(view.name);
    const FramePtr a = draw(*red, view, {&m, 1}), b = draw(*blue, view, {&m, 1});
    // Where the masked pictures differ, the bare ones are covered: never further out than the
    // grown ellipse, which solid covers would show too.
    Mask solid = m;
    solid.cover = Mask::Cover::Solid;
    solid.colour = 0xFFFFFF;
    const FramePtr c = draw(*red, view, {&solid, 1});
    solid.colour = 0x000000;
    const FramePtr d = draw(*red, view, {&solid, 1});
    int outside = 0;
    for (int y = 0; y < 180; ++y)
      for (int x = 0; x < 320; ++x)
        if (sample(*c, 0, x, y) == sample(*d, 0, x, y))
          outside += sample(*a, 0, x, y) != sample(*b, 0, x, y);
    CHECK(outside == 0);
  }
  const View whole{"whole", {0, 0, 320, 180}, FitMode::Fit, {}, {}};
  const FramePtr a = draw(*red, whole, {&m, 1});
  CHECK(sample(*a, 2, 83, 41) > 180);  // still red in the middle
}

TEST_CASE("a mask stays on its part when the input changes size and shape") {
  const Mask m = mask(Mask::Shape::Rectangle, Mask::Cover::Solid, 0, 0.75, 1, 0.25);
  for (const auto& size : {std::pair{640, 360}, {640, 480}, {300, 400}, {1366, 768}, {64, 36}}) {
    const int w = size.first, h = size.second;
    const FramePtr f = make_frame({PixelFormat::I420, w, h}, [&](int, int y) {
      return hex(y + 0.5 > 0.75 * h ? 0xFFFFFF : 0x306030);  // white is secret
    });
    for (const View& view : views()) {
      const FramePtr p = draw(*f, view, {&m, 1});
      int white = 0;
      for (int y = 0; y < 180; ++y)
        for (int x = 0; x < 320; ++x) white += sample(*p, 0, x, y) > 110;
      CAPTURE(view.name);
      CAPTURE(w);
      CHECK(white == 0);
    }
  }
}

TEST_CASE("a mask with numbers that are none hides the whole picture; one without area nothing") {
  const FramePtr f = testing::plain(320, 180, 0xFFFFFF);
  const View view{"whole", {0, 0, 320, 180}, FitMode::Fit, {}, {}};
  Mask m;
  for (const double wrong : {std::nan(""), HUGE_VAL, -1e200}) {
    m = mask(Mask::Shape::Ellipse, Mask::Cover::Solid, wrong, 0, 0.1, 0.1);
    const FramePtr p = draw(*f, view, {&m, 1});
    for (int y = 0; y < 180; ++y)
      for (int x = 0; x < 320; ++x) REQUIRE(sample(*p, 0, x, y) < 60);
  }
  m = mask(Mask::Shape::Rectangle, Mask::Cover::Solid, 0.5, 0.5, 0, 0.2);
  CHECK(testing::largest_difference(*draw(*f, view, {&m, 1}), *f) == 0);
  m = mask(Mask::Shape::Ellipse, Mask::Cover::Blur, -0.5, -0.5, 4, 4);  // more than everything
  CHECK(sample(*draw(*f, view, {&m, 1}), 0, 5, 5) == 235);
}

TEST_CASE("tiles of the multiview are masked") {
  const Mask m = mask(Mask::Shape::Rectangle, Mask::Cover::Solid, 0.4, 0.2, 0.2, 0.4);
  const auto with = [&](std::uint32_t secret) {
    return make_frame({PixelFormat::BGRx, 640, 360}, [&](int x, int y) {
      return beneath(m, x, y, 640, 360) ? hex(secret) : scenery(x, y);
    });
  };
  FramePool pool(PixelFormat::I420, 160, 90, 3);
  const FramePtr a = make_thumbnail(*with(0xFFFFFF), pool, {&m, 1});
  const FramePtr b = make_thumbnail(*with(0x000000), pool, {&m, 1});
  CHECK(testing::largest_difference(*a, *b) == 0);
}

TEST_CASE(
    "an input's masks hold in every scene and in the passthrough, on the words of no signal "
    "not") {
  Show show;
  show.canvas.width = 320;
  show.canvas.height = 180;
  show.inputs.resize(1);
  show.inputs[0].id = "cam";
  show.inputs[0].masks = {mask(Mask::Shape::Ellipse, Mask::Cover::Solid, 0.3, 0.3, 0.3, 0.3)};
  show.scenes.resize(1);
  show.scenes[0].id = "full";
  show.scenes[0].layers.resize(1);
  show.scenes[0].layers[0].input = "cam";
  show.scenes[0].layers[0].rect = {0, 0, 320, 180};
  LiveState live;
  live.program = live.preview = "full";
  PaintedSet painted;
  painted.no_signal["cam"] = testing::plain(320, 180, 0xFFFFFF);
  std::vector<FramePtr> frames{testing::plain(320, 180, 0xFFFFFF)};
  VideoMixer mixer(show.canvas, 3);
  const MixInputs in{show, live, frames, painted, MediaTime{1'000'000'000}};
  CHECK(sample(*mixer.program(in), 0, 144, 81) < 60);
  CHECK(sample(*mixer.preview(in), 0, 144, 81) < 60);
  CHECK(sample(*mixer.scene(in, show.scenes[0]), 0, 144, 81) < 60);
  frames[0] = {};
  CHECK(sample(*mixer.program(in), 0, 144, 81) == 235);
}

}  // namespace
}  // namespace kakehashi
