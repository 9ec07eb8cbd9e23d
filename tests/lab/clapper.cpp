// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/clapper.h"

#include <alsa/asoundlib.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/clock.h"
#include "tests/lab/devices.h"

namespace kakehashi::testing {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLength = static_cast<std::int64_t>(Clapper::kSeconds * kSecond);
constexpr int kRate = 48'000, kBlock = 480;  // 10 ms

std::int64_t now_ns() { return MonotonicClock().now().ns; }
void sleep_until(std::int64_t ns) { MonotonicClock().sleep_until(MediaTime{ns}); }

std::vector<std::uint8_t> solid(std::uint8_t luma) {
  std::vector<std::uint8_t> yuyv(std::size_t{2} * Clapper::kWidth * Clapper::kHeight, 128);
  for (std::size_t i = 0; i < yuyv.size(); i += 2) yuyv[i] = luma;
  return yuyv;
}

// Null while the card is not there.
snd_pcm_t* open_card(int card) {
  snd_pcm_t* pcm = nullptr;
  const std::string name = "plughw:" + std::to_string(card) + ",0";
  if (snd_pcm_open(&pcm, name.c_str(), SND_PCM_STREAM_PLAYBACK, 0) < 0) return nullptr;
  if (snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 2, kRate, 0,
                         40'000) < 0) {
    snd_pcm_close(pcm);
    return nullptr;
  }
  return pcm;
}

}  // namespace

Clapper::Clapper(const std::string& port, int card, double ppm)
    : period_ns_(std::llround(1e9 / 30 / (1 + ppm * 1e-6))), begin_ns_(now_ns()) {
  const int fd = open_feed(port, kWidth, kHeight);
  film_ = std::thread([this, fd] { film(fd); });
  sound_ = std::thread([this, card] { sound(card); });
}

Clapper::~Clapper() {
  end_ = true;
  film_.join();
  sound_.join();
}

double Clapper::clap() {
  const std::int64_t picture = (now_ns() + kSecond / 2 - begin_ns_) / period_ns_;
  const std::int64_t at = begin_ns_ + picture * period_ns_;
  clap_ns_ = at;
  sleep_until(at + static_cast<std::int64_t>(kAfter * kSecond));
  return static_cast<double>(at) * 1e-9;
}

void Clapper::film(int fd) {
  const auto black = solid(16), white = solid(235);
  for (std::int64_t n = 0; !end_; ++n) {
    const std::int64_t due = begin_ns_ + n * period_ns_;
    sleep_until(due);
    if (hangs_) continue;
    const std::int64_t since = due - clap_ns_;
    const auto& picture = clap_ns_ >= 0 && since >= 0 && since < kLength ? white : black;
    if (::write(fd, picture.data(), picture.size()) < 0) break;
  }
  ::close(fd);
}

void Clapper::sound(int card) {
  std::array<std::int16_t, std::size_t{2} * kBlock> block{};
  snd_pcm_t* pcm = nullptr;
  while (!end_) {
    if (!pcm && !(pcm = open_card(card))) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      continue;
    }
    snd_pcm_sframes_t waiting = 0;  // samples before ours
    if (snd_pcm_delay(pcm, &waiting) < 0) waiting = 0;
    const std::int64_t clap = clap_ns_;
    const std::int64_t until =
        clap < 0 ? kBlock : (clap - now_ns()) * kRate / kSecond - std::int64_t{waiting};
    for (std::int64_t i = 0; i < kBlock; ++i) {
      const std::int64_t n = i - until;  // since its beginning
      const bool sounds = clap >= 0 && n >= 0 && n < static_cast<std::int64_t>(kSeconds * kRate);
      const double v =
          sounds ? std::sin(2 * std::numbers::pi * kHz * static_cast<double>(n) / kRate) : 0;
      block[static_cast<std::size_t>(2 * i)] = block[static_cast<std::size_t>(2 * i + 1)] =
          static_cast<std::int16_t>(16'000 * v);
    }
    snd_pcm_sframes_t done = snd_pcm_writei(pcm, block.data(), kBlock);
    if (done == -EPIPE) done = snd_pcm_recover(pcm, -EPIPE, 1);
    if (done < 0) {  // the card is gone
      snd_pcm_close(pcm);
      pcm = nullptr;
    }
  }
  if (pcm) snd_pcm_close(pcm);
}

}  // namespace kakehashi::testing
