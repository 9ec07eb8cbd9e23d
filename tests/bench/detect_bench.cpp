// SPDX-License-Identifier: GPL-3.0-or-later
// What the detectors cost: one second of one camera (30 pictures of 1080p, sound at 48 kHz stereo
// in chunks of 10 ms, ten polls), eight of them against a core, and beside copying the same
// pictures.
#include <cstring>
#include <random>

#include "capture/input_watch.h"
#include "core/frame_pool.h"
#include "tests/bench/bench.h"

using namespace kakehashi;

namespace {

constexpr int kWidth = 1920, kHeight = 1080, kPictures = 30;

std::vector<FramePtr> noisy_pictures(PixelFormat format) {
  FramePool pool(format, kWidth, kHeight, 4);
  std::mt19937 random(1);
  std::vector<FramePtr> pictures;
  for (std::uint64_t n = 0; n < 4; ++n) {
    auto out = pool.acquire();
    for (int p = 0; p < plane_count(format); ++p) {
      const int rows = p > 0 && format != PixelFormat::Y42B ? kHeight / 2 : kHeight;
      for (int i = 0; i < out->stride(p) * rows; ++i)
        out->plane(p)[i] = static_cast<std::uint8_t>(90 + i % 60 + random() % 16);
    }
    out->info().sequence = n;
    pictures.push_back(std::move(*out).publish());
  }
  return pictures;
}

// The same bytes with another time and number: a device hands over new pictures.
class Stamped final : public VideoFrame {
 public:
  Stamped(const VideoFrame& of, MediaTime at, std::uint64_t sequence) {
    info_ = of.info();
    info_.captured = at;
    info_.sequence = sequence;
    for (int p = 0; p < plane_count(info_.format); ++p)
      planes_[static_cast<std::size_t>(p)] = of.plane(p);
  }
  ~Stamped() override = default;

 private:
  void recycle() noexcept override {}
};

struct Second {
  explicit Second(PixelFormat format) : pictures(noisy_pictures(format)), sound(960) {
    std::mt19937 random(2);
    std::uniform_real_distribution<float> any(-0.3F, 0.3F);
    for (float& v : sound) v = any(random);
  }
  void watch_pictures() {
    for (int n = 0; n < kPictures; ++n, ++count) {
      const MediaTime at{static_cast<std::int64_t>(count) * 1'000'000'000 / kPictures};
      const Stamped frame(*pictures[count % pictures.size()], at, count);
      watch.picture(frame);
      if (n % 3 == 2) watch.poll(&frame, at);
    }
  }
  void watch_sound() {
    for (int n = 0; n < 100; ++n, ++blocks) {
      const MediaTime at{static_cast<std::int64_t>(blocks) * 10'000'000};
      watch.sound(sound, 2, 48000, at);
      if (n % 10 == 9) watch.poll(nullptr, at);
    }
  }
  std::vector<FramePtr> pictures;
  std::vector<float> sound;
  InputWatch watch{InputSort::Camera};
  std::uint64_t count = 0, blocks = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Second planar(PixelFormat::I420), packed(PixelFormat::YUY2);
  std::vector<std::uint8_t> copy(std::size_t{kWidth} * kHeight * 3 / 2);
  bench::Comparison comparison;
  comparison.add("detect.copy_pictures", [&] {
    for (std::size_t n = 0; n < kPictures; ++n)
      std::memcpy(copy.data(), planar.pictures[n % 4]->plane(0).data, copy.size());
  });
  comparison.add("detect.pictures_i420", [&] { planar.watch_pictures(); });
  comparison.add("detect.pictures_yuy2", [&] { packed.watch_pictures(); });
  comparison.add("detect.sound", [&] { planar.watch_sound(); });
  auto figures = comparison.measure(6);
  const double each = figures[1].value + figures[3].value;
  figures.push_back({"detect.eight_inputs", each * 8 / 10, "%", "", 0});  // of one core
  return bench::report(figures, argc, argv);
}
