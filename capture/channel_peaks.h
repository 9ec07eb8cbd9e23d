// SPDX-License-Identifier: GPL-3.0-or-later
// The level of every channel of a sound device, so that a person who taps a microphone sees which
// of them it is. One thread measures, any may read. No lock, no allocation but in levels().
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <span>
#include <vector>

namespace kakehashi {

class ChannelPeaks {
 public:
  static constexpr int kMost = 64;

  // Interleaved; channels beyond kMost are left out.
  void measure(std::span<const float> interleaved, int channels, int rate) {
    if (channels < 1 || rate < 1) return;
    const std::size_t width = static_cast<std::size_t>(channels);
    const std::size_t frames = interleaved.size() / width;
    const std::size_t shown = std::min<std::size_t>(width, kMost);
    // 20 dB a second: a tap stays to be seen.
    const auto fall = static_cast<float>(
        std::pow(10.0, -static_cast<double>(frames) / static_cast<double>(rate)));
    for (std::size_t c = 0; c < shown; ++c) {
      float most = 0;
      for (std::size_t i = 0; i < frames; ++i)
        most = std::max(most, std::abs(interleaved[i * width + c]));
      const float before = peaks_[c].load(std::memory_order_relaxed);
      peaks_[c].store(std::max(most, before * fall), std::memory_order_relaxed);
    }
    count_.store(static_cast<int>(shown), std::memory_order_release);
  }
  // As another one measured: a role shows every channel of the device it shares.
  void show(const ChannelPeaks& other) {
    const int count = other.count_.load(std::memory_order_relaxed);
    for (int c = 0; c < count; ++c) {
      const auto at = static_cast<std::size_t>(c);
      peaks_[at].store(other.peaks_[at].load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    count_.store(count, std::memory_order_release);
  }
  // The device is closed.
  void clear() {
    count_.store(0, std::memory_order_relaxed);
    for (auto& p : peaks_) p.store(0, std::memory_order_relaxed);
  }
  // dBFS, -120 for silence; empty while nothing is open.
  std::vector<double> levels() const {
    std::vector<double> out(static_cast<std::size_t>(count_.load(std::memory_order_acquire)));
    for (std::size_t c = 0; c < out.size(); ++c) {
      const float p = peaks_[c].load(std::memory_order_relaxed);
      out[c] = p > 1e-6F ? 20 * std::log10(static_cast<double>(p)) : -120;
    }
    return out;
  }

 private:
  std::array<std::atomic<float>, kMost> peaks_{};
  std::atomic<int> count_{0};
};

}  // namespace kakehashi
