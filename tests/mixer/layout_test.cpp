// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/layout.h"

#include <doctest/doctest.h>

#include <random>

#include "mixer/picture.h"

namespace kakehashi {
namespace {

FrameInfo info(int w, int h, int pn = 1, int pd = 1) {
  FrameInfo i;
  i.width = w;
  i.height = h;
  i.aspect_numerator = pn;
  i.aspect_denominator = pd;
  return i;
}

TEST_CASE("a picture of the rectangle's shape fills it in every mode") {
  for (const FitMode fit : {FitMode::Fit, FitMode::Fill, FitMode::Stretch}) {
    const Placement p = place(info(1280, 720), {100, 50, 640, 360}, fit, {});
    CHECK(p.picture == Rect{100, 50, 640, 360});
    CHECK(p.source == Rect{0, 0, 1280, 720});
  }
}

TEST_CASE("4:3 in 16:9: bars, cut, or stretched") {
  const Rect rect{0, 0, 1920, 1080};
  CHECK(place(info(640, 480), rect, FitMode::Fit, {}).picture == Rect{240, 0, 1440, 1080});
  const Placement fill = place(info(640, 480), rect, FitMode::Fill, {});
  CHECK(fill.picture == rect);
  CHECK(fill.source == Rect{0, 60, 640, 360});
  const Placement stretch = place(info(640, 480), rect, FitMode::Stretch, {});
  CHECK(stretch.picture == rect);
  CHECK(stretch.source == Rect{0, 0, 640, 480});
}

TEST_CASE("16:9 in a tall rectangle") {
  const Rect rect{1400, 0, 520, 1080};
  CHECK(place(info(1920, 1080), rect, FitMode::Fit, {}).picture == Rect{1400, 394, 520, 292});
  CHECK(place(info(1920, 1080), rect, FitMode::Fill, {}).source == Rect{700, 0, 520, 1080});
}

TEST_CASE("pixels that are not square count as they look") {
  // 1440 x 1080 with 4:3 pixels is 16:9.
  CHECK(place(info(1440, 1080, 4, 3), {0, 0, 1920, 1080}, FitMode::Fit, {}).picture ==
        Rect{0, 0, 1920, 1080});
  CHECK(place(info(720, 480, 0, 0), {0, 0, 720, 480}, FitMode::Fit, {}).picture ==
        Rect{0, 0, 720, 480});  // a broken aspect counts as square
}

TEST_CASE("cropping comes before fitting") {
  const Placement p = place(info(1920, 1080), {0, 0, 960, 1080}, FitMode::Fit, {0.25, 0, 0.25, 0});
  CHECK(p.source == Rect{480, 0, 960, 1080});
  CHECK(p.picture == Rect{0, 0, 960, 1080});
}

TEST_CASE("nonsense is an empty place, never a crash") {
  CHECK(empty(place(info(1920, 1080), {0, 0, 0, 100}, FitMode::Fit, {}).rect));
  CHECK(empty(place(info(0, 0), {0, 0, 100, 100}, FitMode::Fit, {}).rect));
  CHECK(empty(place(info(1920, 1080), {0, 0, 100, 100}, FitMode::Fit, {0.6, 0, 0.6, 0}).rect));
  const double nan = std::nan("");
  CHECK(place(info(64, 36), {0, 0, 64, 36}, FitMode::Fit, {nan, nan, nan, nan}).source ==
        Rect{0, 0, 64, 36});
}

TEST_CASE("all places are even and inside, whatever the sizes") {
  std::mt19937 random(7);
  const auto pick = [&](int least, int most) {
    return least + static_cast<int>(random() % static_cast<unsigned>(most - least + 1));
  };
  for (int i = 0; i < 3000; ++i) {
    const FrameInfo f = info(pick(2, 2000), pick(2, 1200), pick(1, 3), pick(1, 3));
    const Rect rect = scaled_rect({pick(-500, 500), pick(-500, 500), pick(1, 2000), pick(1, 1200)},
                                  1920, 1080, pick(16, 1920), pick(16, 1080));
    const auto fit = static_cast<FitMode>(pick(0, 2));
    const Crop crop{pick(0, 60) / 100.0, pick(0, 60) / 100.0, pick(0, 60) / 100.0,
                    pick(0, 60) / 100.0};
    const Placement p = place(f, rect, fit, crop);
    if (empty(p.rect)) continue;
    for (const int v : {p.rect.x, p.rect.y, p.rect.w, p.rect.h, p.picture.x, p.picture.y,
                        p.picture.w, p.picture.h, p.source.x, p.source.y})
      REQUIRE(v % 2 == 0);
    REQUIRE(intersect(p.picture, p.rect) == p.picture);
    REQUIRE(intersect(p.source, {0, 0, f.width, f.height}) == p.source);
    REQUIRE(!empty(p.picture));
    REQUIRE(!empty(p.source));
  }
}

TEST_CASE("a small canvas keeps neighbouring layers side by side") {
  const Rect a = scaled_rect({0, 0, 960, 540}, 1920, 1080, 320, 180);
  const Rect b = scaled_rect({960, 0, 960, 540}, 1920, 1080, 320, 180);
  CHECK(a == Rect{0, 0, 160, 90});
  CHECK(b.x == a.x + a.w);
}

TEST_CASE("what is not covered is found once, and only that") {
  std::mt19937 random(11);
  const auto pick = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  for (int round = 0; round < 500; ++round) {
    const Rect whole{0, 0, 40, 24};
    std::vector<Rect> cover, pieces;
    for (int i = pick(5); i > 0; --i)
      cover.push_back({pick(44) - 8, pick(28) - 8, pick(30), pick(20)});
    uncovered(whole, cover, 0, pieces);
    for (int y = 0; y < whole.h; ++y)
      for (int x = 0; x < whole.w; ++x) {
        const auto inside = [&](const Rect& r) {
          return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
        };
        const bool hidden = std::any_of(cover.begin(), cover.end(), inside);
        REQUIRE(std::count_if(pieces.begin(), pieces.end(), inside) == (hidden ? 0 : 1));
      }
  }
}

TEST_CASE("a hundred covers stay bounded and still hide nothing that shows") {
  std::vector<Rect> cover, pieces;
  for (int i = 0; i < 100; ++i) cover.push_back({i % 10 * 4, i / 10 * 4, 2, 2});
  uncovered({0, 0, 40, 40}, cover, 0, pieces);
  CHECK(pieces.size() <= 64);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x) {
      const auto n = std::count_if(pieces.begin(), pieces.end(), [&](const Rect& r) {
        return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
      });
      REQUIRE(n <= 1);
      if (x % 4 >= 2 || y % 4 >= 2) REQUIRE(n == 1);
    }
}

}  // namespace
}  // namespace kakehashi
