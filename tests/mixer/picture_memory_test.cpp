// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that come round again: the same bytes as drawing everything, and nothing drawn that
// stands still.
#include "mixer/picture_memory.h"

#include <doctest/doctest.h>

#include <random>

#include "mixer/convert.h"
#include "mixer/overlay_blend.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

constexpr int kW = 192, kH = 108;

FramePtr frame_of(PixelFormat format, int w, int h, int seed, bool still) {
  FramePool pool(format, w, h, 1);
  FrameBuilder b = std::move(*pool.acquire());
  std::mt19937 random(static_cast<unsigned>(seed));
  for (int p = 0; p < plane_count(format); ++p) {
    const int lines = p && format != PixelFormat::Y42B ? (h + 1) / 2 : h;
    for (int i = 0; i < lines * b.stride(p); ++i)
      b.plane(p)[i] = static_cast<std::uint8_t>(random());
  }
  b.info().still = still;
  return std::move(b).publish();
}

// A still shown again, as sources do it: another frame around the same picture.
class Again final : public VideoFrame {
 public:
  explicit Again(FramePtr of) : of_(std::move(of)) {
    info_ = of_->info();
    info_.captured = MediaTime{77};
    ++info_.sequence;
    for (int p = 0; p < plane_count(info_.format); ++p)
      planes_[static_cast<std::size_t>(p)] = of_->plane(p);
  }
  void recycle() noexcept override { delete this; }

 private:
  ~Again() override = default;
  FramePtr of_;
};

std::shared_ptr<OverlayImage> overlay_of(Rect rect, int seed) {
  auto image = std::make_shared<OverlayImage>();
  image->rect = rect;
  image->stride_y = rect.w + 6;
  image->stride_uv = rect.w / 2 + 3;
  std::mt19937 random(static_cast<unsigned>(seed));
  const auto bytes = [&](int n) {
    std::vector<std::uint8_t> v(static_cast<std::size_t>(n));
    for (auto& b : v) b = static_cast<std::uint8_t>(random());
    return v;
  };
  image->y = bytes(image->stride_y * rect.h);
  image->alpha = bytes(image->stride_y * rect.h);
  image->u = bytes(image->stride_uv * rect.h / 2);
  image->v = bytes(image->stride_uv * rect.h / 2);
  return image;
}

// A few pictures in turn, as a pool hands them out.
struct Round {
  explicit Round(int count) : pool(PixelFormat::I420, kW, kH, count) {
    for (int i = 0; i < count; ++i) {
      builders.push_back(std::move(*pool.acquire()));
      fill(picture_of(builders.back()), {200, 30, 220});
    }
  }
  Picture picture(int i) { return picture_of(builders[static_cast<std::size_t>(i)]); }
  FramePool pool;
  std::vector<FrameBuilder> builders;
};

int difference(const Picture& a, const Picture& b) {
  int most = 0;
  const auto plane = [&](const std::uint8_t* p, int ps, const std::uint8_t* q, int qs, int w,
                         int h) {
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) most = std::max(most, std::abs(p[y * ps + x] - q[y * qs + x]));
  };
  plane(a.y, a.stride_y, b.y, b.stride_y, kW, kH);
  plane(a.u, a.stride_u, b.u, b.stride_u, kW / 2, kH / 2);
  plane(a.v, a.stride_v, b.v, b.stride_v, kW / 2, kH / 2);
  return most;
}

TEST_CASE("whatever changes and whatever stays, the picture is the one drawn anew") {
  std::mt19937 random(17);
  const auto pick = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  const FramePtr stills[] = {frame_of(PixelFormat::BGRx, 96, 54, 1, true),
                             frame_of(PixelFormat::I420, kW, kH, 2, true),
                             frame_of(PixelFormat::I420, 64, 48, 3, true)};
  std::vector<FramePtr> moving;
  for (int i = 0; i < 5; ++i)
    moving.push_back(
        frame_of(i % 2 ? PixelFormat::NV12 : PixelFormat::I420, 64, 36, 10 + i, false));
  std::vector<std::shared_ptr<OverlayImage>> images;
  for (int i = 0; i < 4; ++i)
    images.push_back(overlay_of(
        {pick(70) * 2 - 20, pick(40) * 2 - 10, 20 + 2 * pick(40), 10 + 2 * pick(20)}, i));
  LayerLook looks[2];
  looks[0].corner_radius = 8;
  looks[0].border.width = 2;
  looks[1].shadow = {6, 4, 4, 0.5};
  looks[1].flip_horizontal = true;

  struct Thing {
    int still = -1;  // or moving, or a colour
    CompositorItem item;
  };
  std::vector<Thing> scene;
  std::vector<std::pair<int, int>> laid;  // image, weight
  const auto invent = [&] {
    Thing t;
    t.still = pick(5) - 1;
    t.item.rect = {pick(80) * 2 - 30, pick(50) * 2 - 20, 2 + pick(90) * 2, 2 + pick(50) * 2};
    if (pick(4) == 0) t.item.rect = {0, 0, kW, kH};
    t.item.fit = static_cast<FitMode>(pick(3));
    t.item.opacity = pick(3) ? 1.0 : 0.25 * pick(5);
    t.item.colour.y = static_cast<std::uint8_t>(pick(255));
    if (pick(4) == 0) t.item.look = &looks[pick(2)];
    return t;
  };

  Round round(3);
  Round fresh(1);
  PictureMemory memory(3);
  Compositor compositor(kW, kH), other(kW, kH);
  std::vector<FramePtr> held;
  for (int tick = 0; tick < 1500; ++tick) {
    // Mostly nothing happens, as in a real show.
    const int change = pick(12);
    if (scene.empty() || change == 0) {
      scene.clear();
      for (int n = 1 + pick(5); n > 0; --n) scene.push_back(invent());
    } else if (change == 1) {
      scene[static_cast<std::size_t>(pick(static_cast<int>(scene.size())))] = invent();
    } else if (change == 2) {
      scene.push_back(invent());
      if (scene.size() > 6) scene.erase(scene.begin());
    } else if (change == 3) {
      laid.clear();
      for (int n = pick(4); n > 0; --n) laid.emplace_back(pick(4), 64 * pick(5));
    } else if (change == 4 && !laid.empty()) {
      laid[0].second = pick(257);
    } else if (change == 5) {
      auto& image = images[static_cast<std::size_t>(pick(4))];
      image = overlay_of(image->rect, tick);  // painted anew
    }

    held.clear();
    std::vector<CompositorItem> items;
    for (Thing& t : scene) {
      if (t.still >= 0 && t.still < 3) {
        held.push_back(FramePtr(new Again(stills[t.still])));
        t.item.frame = held.back().get();
      } else {
        t.item.frame = t.still == 3 ? moving[static_cast<std::size_t>(pick(5))].get() : nullptr;
      }
      items.push_back(t.item);
    }
    std::vector<LaidOverlay> overlays;
    for (const auto& [image, weight] : laid)
      overlays.push_back({images[static_cast<std::size_t>(image)].get(), weight});

    const int which = pick(3);
    const Picture out = round.picture(which);
    if (pick(15) == 0) {  // something else happens to the picture, a transition say
      memory.open(out);
      fill(out.part({20, 20, 60, 40}), {90, 20, 30});
    }
    std::vector<CompositorItem> again = items;
    memory.open(out);
    memory.draw(compositor, items, overlays, out);
    const Picture expected = fresh.picture(0);
    other.draw(again, expected);
    for (const LaidOverlay& o : overlays) blend_overlay(*o.image, o.weight, expected);
    CAPTURE(tick);
    REQUIRE(difference(out, expected) == 0);
    for (std::size_t i = 0; i < items.size(); ++i)
      if (items[i].frame && !items[i].frame->info().still) REQUIRE(items[i].seen == again[i].seen);
  }
}

struct Desk {
  Round round{1};
  PictureMemory memory{1};
  Compositor compositor{kW, kH};
  Picture out = round.picture(0);
  std::vector<CompositorItem> items;
  std::vector<LaidOverlay> overlays;

  void draw() {
    memory.open(out);
    memory.draw(compositor, items, overlays, out);
  }
  std::uint8_t& at(int x, int y) { return out.y[y * out.stride_y + x]; }
  // Whether the next draw leaves the sample at (x, y) alone.
  bool left_alone(int x, int y) {
    const std::uint8_t was = at(x, y);
    at(x, y) = static_cast<std::uint8_t>(was ^ 0x55);
    draw();
    const bool alone = at(x, y) == (was ^ 0x55);
    at(x, y) = was;
    return alone;
  }
};

TEST_CASE("a page that stands still is not drawn again, only what moves on it") {
  const FramePtr page = frame_of(PixelFormat::BGRx, kW, kH, 1, true);
  const FramePtr speaker = frame_of(PixelFormat::I420, 64, 36, 2, false);
  const auto title = overlay_of({10, 80, 100, 20}, 3);
  Desk d;
  d.items.resize(2);
  d.items[0].frame = page.get();
  d.items[0].rect = {0, 0, kW, kH};
  d.items[1].frame = speaker.get();
  d.items[1].rect = {120, 10, 64, 36};
  d.overlays = {{title.get(), 256}};
  d.draw();
  CHECK(d.left_alone(20, 20));         // the page
  CHECK(d.left_alone(20, 90));         // the page beneath the title
  CHECK_FALSE(d.left_alone(140, 20));  // the speaker
  d.overlays[0].weight = 100;
  CHECK_FALSE(d.left_alone(20, 90));  // the title fades
  CHECK(d.left_alone(20, 90));
  d.items[0].rect.x = 2;
  CHECK_FALSE(d.left_alone(20, 20));  // the page moves
}

TEST_CASE("what moves where nobody can see it costs nothing") {
  const FramePtr page = frame_of(PixelFormat::BGRx, kW, kH, 1, true);
  const FramePtr camera = frame_of(PixelFormat::I420, kW, kH, 2, false);
  Desk d;
  d.items.resize(2);
  d.items[0].frame = camera.get();
  d.items[0].rect = {0, 0, kW, kH};
  d.items[1].frame = page.get();
  d.items[1].rect = {0, 0, kW, kH};
  d.draw();
  CHECK(d.left_alone(50, 50));
}

TEST_CASE("a picture that was opened and not drawn is drawn whole the next time") {
  const FramePtr page = frame_of(PixelFormat::BGRx, kW, kH, 1, true);
  Desk d;
  d.items.resize(1);
  d.items[0].frame = page.get();
  d.items[0].rect = {0, 0, kW, kH};
  d.draw();
  CHECK(d.left_alone(50, 50));
  d.memory.open(d.out);
  CHECK_FALSE(d.left_alone(50, 50));
}

TEST_CASE("a still is held while a picture shows it, and let go of afterwards") {
  FramePool pool(PixelFormat::I420, 64, 36, 1);
  const auto still = [&] {
    auto b = pool.acquire();
    REQUIRE(b);
    b->info().still = true;
    return std::move(*b).publish();
  };
  Desk d;
  d.items.resize(1);
  {
    const FramePtr page = still();
    d.items[0].frame = page.get();
    d.items[0].rect = {0, 0, kW, kH};
    d.draw();
  }
  CHECK(pool.in_use() == 1);  // or its memory could come back with another picture in it
  d.items[0].frame = nullptr;
  d.draw();
  d.draw();
  CHECK(pool.in_use() == 0);
}

}  // namespace
}  // namespace kakehashi
