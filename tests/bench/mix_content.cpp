// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/mix_content.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "core/frame_pool.h"

namespace kakehashi::bench {
namespace {

constexpr int kPan = 7;  // pixels per picture
constexpr int kGrain = 1 << 16;

// Smooth noise: random values on a grid of `cell` pixels, linear in between.
class Octave {
 public:
  Octave(int width, int height, int cell, double strength, std::mt19937& random)
      : cell_(cell), columns_(width / cell + 2) {
    std::uniform_real_distribution<double> value(-strength, strength);
    values_.resize(static_cast<std::size_t>(columns_) *
                   static_cast<std::size_t>(height / cell + 2));
    for (auto& v : values_) v = static_cast<float>(value(random));
  }
  float at(int x, int y) const {
    const int cx = x / cell_, cy = y / cell_;
    const float fx = static_cast<float>(x - cx * cell_) / static_cast<float>(cell_);
    const float fy = static_cast<float>(y - cy * cell_) / static_cast<float>(cell_);
    const float* v = &values_[static_cast<std::size_t>(cy * columns_ + cx)];
    const float top = v[0] + (v[1] - v[0]) * fx;
    const float bottom = v[columns_] + (v[columns_ + 1] - v[columns_]) * fx;
    return top + (bottom - top) * fy;
  }

 private:
  int cell_, columns_;
  std::vector<float> values_;
};

struct Plane {
  int width = 0, height = 0;
  std::vector<std::uint8_t> samples;
};

Plane photograph(int width, int height, std::mt19937& random, int middle, int spread) {
  const double s = spread;
  const Octave octaves[] = {{width, height, 480, s, random},
                            {width, height, 96, s * 0.5, random},
                            {width, height, 22, s * 0.25, random},
                            {width, height, 5, s * 0.14, random}};
  Plane p{width, height, {}};
  p.samples.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      float v = static_cast<float>(middle);
      for (const Octave& o : octaves) v += o.at(x, y);
      p.samples[static_cast<std::size_t>(y * width + x)] =
          static_cast<std::uint8_t>(std::clamp(v, 16.F, 235.F));
    }
  // Things with edges: boards and discs, and strokes of one to three pixels on some of them.
  for (int i = 0; i < 60; ++i) {
    const auto pick = [&](int most) {
      return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    const int w = 20 + pick(width / 6), h = 20 + pick(height / 5);
    const int x0 = pick(width - w), y0 = pick(height - h), kind = pick(3);
    const int shift = pick(2 * spread) - spread, stroke = 1 + pick(3);
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        std::uint8_t& v = p.samples[static_cast<std::size_t>((y0 + y) * width + x0 + x)];
        const double dx = (x - w / 2.0) / w * 2, dy = (y - h / 2.0) / h * 2;
        if (kind == 0 && dx * dx + dy * dy > 1) continue;
        if (kind == 1 && ((x * 7 + y * 3) / (4 * stroke) % 3 || y / 9 % 2)) continue;
        v = static_cast<std::uint8_t>(std::clamp(v + shift, 16, 235));
      }
  }
  return p;
}

const std::vector<std::int8_t>& grain() {
  static const std::vector<std::int8_t> g = [] {
    std::mt19937 random(99);
    std::normal_distribution<float> normal(0, 2.5F);
    std::vector<std::int8_t> v(kGrain + 8192);
    for (auto& s : v)
      s = static_cast<std::int8_t>(std::lround(std::clamp(normal(random), -9.F, 9.F)));
    return v;
  }();
  return g;
}

void shoot(const Plane& from, int x, int y, FrameBuilder& to, int plane, int w, int h,
           std::mt19937& random) {
  const auto& g = grain();
  for (int line = 0; line < h; ++line) {
    const std::uint8_t* in = &from.samples[static_cast<std::size_t>((y + line) * from.width + x)];
    const std::int8_t* noise = &g[random() % kGrain];
    std::uint8_t* out = to.plane(plane) + static_cast<std::ptrdiff_t>(line) * to.stride(plane);
    for (int i = 0; i < w; ++i)
      out[i] = static_cast<std::uint8_t>(std::clamp(in[i] + noise[i], 1, 254));
  }
}

}  // namespace

std::vector<FramePtr> contents(int input, int width, int height) {
  std::mt19937 random(static_cast<unsigned>(1000 + input));
  const int room = 2 * kPan * kPictures;
  const Plane luma = photograph(width + room, height + room, random, 120, 70);
  const Plane u = photograph((width + room) / 2, (height + room) / 2, random, 124, 24);
  const Plane v = photograph((width + room) / 2, (height + room) / 2, random, 132, 24);
  std::vector<FramePtr> frames;
  FramePool pool(PixelFormat::I420, width, height, kPictures);
  for (int i = 0; i < kPictures; ++i) {
    FrameBuilder b = std::move(*pool.acquire());
    const int x = 2 * kPan * (input % 2 ? i : kPictures - 1 - i), y = 2 * (i * (input % 5));
    shoot(luma, x, y, b, 0, width, height, random);
    shoot(u, x / 2, y / 2, b, 1, width / 2, height / 2, random);
    shoot(v, x / 2, y / 2, b, 2, width / 2, height / 2, random);
    b.info().sequence = static_cast<std::uint64_t>(i);
    frames.push_back(std::move(b).publish());
  }
  return frames;
}

FramePtr slide() {
  FramePool pool(PixelFormat::BGRx, kWidth, kHeight, 1);
  FrameBuilder b = std::move(*pool.acquire());
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      std::uint8_t* p = b.plane(0) + static_cast<std::ptrdiff_t>(y) * b.stride(0) + 4 * x;
      const bool head = y<140, grid = x> 1100 && (x % 12 == 0 || y % 12 == 0);
      const bool words =
          x > 120 && x < 1000 && y > 220 && y / 28 % 2 && (x * 5 + y * 3) / 7 % 4 == 0;
      const int grey = head ? 60 : grid ? 120 : words ? 30 : 248;
      p[0] = static_cast<std::uint8_t>(head ? 120 : grey);
      p[1] = p[2] = static_cast<std::uint8_t>(grey);
      p[3] = 0;
    }
  b.info().still = true;
  return std::move(b).publish();
}

std::shared_ptr<const OverlayImage> title() {
  auto image = std::make_shared<OverlayImage>();
  image->rect = {0, 864, 1920, 216};
  image->stride_y = 1920;
  image->stride_uv = 960;
  for (int y = 0; y < 216; ++y)
    for (int x = 0; x < 1920; ++x) {
      const bool letter = x > 60 && x < 1200 && y > 60 && y < 150 && (x * 3 + y) / 9 % 5 == 0;
      image->y.push_back(static_cast<std::uint8_t>(letter ? 235 : 40));
      image->alpha.push_back(static_cast<std::uint8_t>(letter ? 255 : 217 - y * 127 / 215));
    }
  image->u.assign(960 * 108, 150);
  image->v.assign(960 * 108, 118);
  return image;
}

std::vector<std::uint8_t> title_rgba() {
  const auto image = title();
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < image->y.size(); ++i) {
    const bool letter = image->y[i] > 200;
    const std::uint8_t colour[] = {10, 20, 90};
    for (const std::uint8_t c : colour) out.push_back(letter ? 255 : c);
    out.push_back(image->alpha[i]);
  }
  return out;
}

void append_raw(const VideoFrame& frame, std::string& out) {
  for (int p = 0; p < 3; ++p) {
    const PlaneView v = frame.plane(p);
    const int w = p ? frame.width() / 2 : frame.width(),
              h = p ? frame.height() / 2 : frame.height();
    for (int y = 0; y < h; ++y)
      out.append(reinterpret_cast<const char*>(v.data) + static_cast<std::ptrdiff_t>(y) * v.stride,
                 static_cast<std::size_t>(w));
  }
}

}  // namespace kakehashi::bench
