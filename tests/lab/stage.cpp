// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/stage.h"

#include <alsa/asoundlib.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include "core/clock.h"
#include "station/equip/av_offset.h"
#include "tests/lab/devices.h"

namespace kakehashi::testing {
namespace {

constexpr int kWidth = 320, kHeight = 180, kPixel = 2;  // YUYV
constexpr int kPeriod = 480;                            // frames of sound
constexpr int kHand = kWidth / 15;
constexpr double kSwing = 0.14;  // seconds until hands meet

double noise_of(std::uint32_t& random) {  // -1 to 1
  random = random * 1664525 + 1013904223;
  return static_cast<double>(random >> 8) / (1 << 23) - 1;
}

// The driver takes a writer once: it stays until the test program ends.
int writer_of(const std::string& port) {
  static std::map<std::string, int> writers;
  const auto [at, fresh] = writers.try_emplace(port, -1);
  if (!fresh) return at->second;
  at->second = ::open(node_at(port).c_str(), O_RDWR | O_CLOEXEC);
  INFO(port);
  REQUIRE(at->second >= 0);
  v4l2_format format{};
  format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  format.fmt.pix.width = kWidth;
  format.fmt.pix.height = kHeight;
  format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
  format.fmt.pix.field = V4L2_FIELD_NONE;
  format.fmt.pix.bytesperline = kWidth * kPixel;
  format.fmt.pix.sizeimage = kWidth * kHeight * kPixel;
  REQUIRE(::ioctl(at->second, VIDIOC_S_FMT, &format) == 0);
  return at->second;
}

}  // namespace

double Scenery::lit(MediaTime from, MediaTime to) const {
  const double a = (from - begin_).to_seconds(), b = (to - begin_).to_seconds();
  const double period = kFlashPeriod.to_seconds();
  double sum = 0;
  for (auto k = static_cast<std::int64_t>(std::floor(a / period)) - 1;
       static_cast<double>(k) * period < b; ++k) {
    if (k < 0 || !flash_in_slot(k)) continue;
    const double on = static_cast<double>(k) * period;
    sum += std::max(0.0, std::min(b, on + kFlashLength.to_seconds()) - std::max(a, on));
  }
  return sum / (b - a);
}

double Scenery::clap(std::int64_t n) const {
  return 1.11 * static_cast<double>(n) + 0.07 * std::sin(2.3 * static_cast<double>(n));
}

double Scenery::gap(MediaTime at) const {
  const double t = (at - begin_).to_seconds();
  double gap = 1;
  const auto near = static_cast<std::int64_t>(std::round(t / 1.11));
  for (auto n = near - 1; n <= near + 1; ++n) {
    const double since = t - clap(n), part = since < 0 ? -since / kSwing : 0.6 * since / kSwing;
    gap = std::min(gap, std::sin(std::min(1.0, part) * std::numbers::pi / 2));
  }
  return gap;
}

float Scenery::sound(MediaTime at, std::uint32_t& random) const {
  const double t = (at - begin_).to_seconds();
  if (claps()) {
    double loud = 0;
    const auto near = static_cast<std::int64_t>(std::round(t / 1.11));
    for (auto n = near - 1; n <= near + 1; ++n)
      if (const double since = t - clap(n); since >= 0)
        loud += std::exp(-since / 0.006) + 0.1 * std::exp(-since / 0.05);
    return static_cast<float>(loud * noise_of(random));
  }
  const double period = kFlashPeriod.to_seconds(), slot = std::floor(t / period);
  const double into = t - slot * period;
  const bool on = slot >= 0 && flash_in_slot(static_cast<std::int64_t>(slot)) &&
                  into < kBeepLength.to_seconds();
  return on ? static_cast<float>(std::sin(2 * std::numbers::pi * kBeepTone * into)) : 0.0F;
}

CameraOnStage::CameraOnStage(const Scenery& scenery, const StageCamera& camera)
    : scenery_(scenery), camera_(camera), fd_(writer_of(camera.port)) {
  v4l2_streamparm rate{};
  rate.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  rate.parm.output.timeperframe = {1, static_cast<__u32>(camera.fps)};
  REQUIRE(::ioctl(fd_, VIDIOC_S_PARM, &rate) == 0);
  thread_ = std::thread([this] { film(); });
  wrote_.wait(false);  // before that the driver shows no camera
}

CameraOnStage::~CameraOnStage() {
  stop_ = true;
  thread_.join();
}

void CameraOnStage::film() {
  MonotonicClock clock;
  std::vector<std::uint8_t> picture(static_cast<std::size_t>(kWidth) * kHeight * kPixel, 128);
  const MediaTime first = clock.now();
  double gain = 1;
  for (std::int64_t n = 1; !stop_; ++n) {
    const MediaTime stamp = first + Duration{n * 1'000'000'000 / camera_.fps};
    const MediaTime middle = stamp - camera_.late;
    const Duration half = camera_.exposure / 2;
    for (int y = 0; y < kHeight; ++y) {
      std::uint8_t* line = &picture[static_cast<std::size_t>(y) * kWidth * kPixel];
      const MediaTime at = middle + Duration::from_seconds(camera_.rolling.to_seconds() *
                                                           (y / double(kHeight) - 0.5));
      const double lit = scenery_.claps() ? 0 : scenery_.lit(at - half, at + half);
      const double gap = scenery_.claps() ? scenery_.gap(at) : 0;
      const auto draw = [&](double light, int from, int to) {
        const auto luma = static_cast<std::uint8_t>(std::clamp(gain * light, 16.0, 235.0));
        for (int x = std::max(0, from); x < to; ++x) line[x * kPixel] = luma;
      };
      draw(50, 0, kWidth);
      if (!scenery_.claps()) {
        draw(30 + 170 * lit, kWidth / 8, kWidth - kWidth / 8);  // a phone before the lens
      } else if (y > kHeight * 2 / 5 && y < kHeight * 2 / 3) {
        const double away = kWidth / 6.0 * gap;
        draw(180, static_cast<int>(kWidth / 2.0 - away) - kHand,
             static_cast<int>(kWidth / 2.0 - away));
        draw(180, static_cast<int>(kWidth / 2.0 + away),
             static_cast<int>(kWidth / 2.0 + away) + kHand);
      }
    }
    const bool bright = !scenery_.claps() && scenery_.lit(middle - half, middle + half) > 0.5;
    gain += ((bright ? 1 - camera_.gain_falls : 1) - gain) * (bright ? 0.5 : 0.2);
    clock.sleep_until(stamp);
    const bool written = ::write(fd_, picture.data(), picture.size()) > 0;
    wrote_ = true;
    wrote_.notify_all();
    if (!written) return;
  }
}

MicrophoneOnStage::MicrophoneOnStage(const Scenery& scenery, int card, Duration late, double loud,
                                     double noise)
    : scenery_(scenery), late_(late), loud_(loud), noise_(noise) {
  snd_pcm_t* pcm = nullptr;
  const std::string name = "hw:" + std::to_string(card) + ",0";
  INFO(name);
  REQUIRE(snd_pcm_open(&pcm, name.c_str(), SND_PCM_STREAM_PLAYBACK, 0) == 0);
  pcm_ = pcm;
  REQUIRE(snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 2,
                             kSampleRate, 0, 60'000) == 0);
  thread_ = std::thread([this] { play(); });
}

MicrophoneOnStage::~MicrophoneOnStage() {
  stop_ = true;
  thread_.join();
  snd_pcm_close(static_cast<snd_pcm_t*>(pcm_));
}

void MicrophoneOnStage::play() {
  auto* pcm = static_cast<snd_pcm_t*>(pcm_);
  MonotonicClock clock;
  std::vector<std::int16_t> block(2 * kPeriod);
  std::uint32_t random = 1;
  // When the first sample is heard: now plus what still waits, evened out since the card counts in
  // its kernel's ticks.
  double zero = 0, seen = 0;
  for (std::int64_t written = 0; !stop_;) {
    snd_pcm_sframes_t waiting = 0;
    if (written > 8 * kPeriod && snd_pcm_delay(pcm, &waiting) == 0) {
      const double guess = (clock.now() - MediaTime{}).to_seconds() +
                           static_cast<double>(waiting - written) / kSampleRate;
      seen = std::min(seen + 1, 200.0);
      zero += (guess - zero) / seen;
    }
    for (int i = 0; i < kPeriod; ++i) {
      const auto heard = MediaTime{} + Duration::from_seconds(
                                           zero + static_cast<double>(written + i) / kSampleRate);
      const double sound =
          seen > 0 ? static_cast<double>(scenery_.sound(heard - late_, random)) : 0;
      const double value = loud_ * sound + noise_ * noise_of(random);
      block[static_cast<std::size_t>(2 * i)] = block[static_cast<std::size_t>(2 * i + 1)] =
          static_cast<std::int16_t>(32767 * std::clamp(value, -1.0, 1.0));
    }
    const auto done = snd_pcm_writei(pcm, block.data(), kPeriod);
    if (done < 0) {
      if (snd_pcm_recover(pcm, static_cast<int>(done), 1) < 0) return;
      written = 0, seen = 0, zero = 0;
    } else {
      written += done;
    }
  }
}

}  // namespace kakehashi::testing
