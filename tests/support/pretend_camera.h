// SPDX-License-Identifier: GPL-3.0-or-later
// A camera in virtual time: a crystal of its own, the jitter of a USB stack and its spikes.
#pragma once

#include <cstdint>
#include <random>

#include "core/time.h"

namespace kakehashi::testing {

struct PretendCamera {
  double per_second = 30;
  double ppm = 0;
  Duration phase;         // of picture 0
  double sigma_ms = 0.7;  // of every arrival
  double spikes = 0.01;   // share of arrivals that are late ...
  double spike_ms = 6;    // ... by up to this
  Duration transit;       // light to arrival, without jitter
  std::mt19937 random{4711};

  // When the light of picture k was taken.
  MediaTime captured(std::int64_t k) const {
    const double period = 1e9 / (per_second * (1 + ppm * 1e-6));
    return MediaTime{1'000'000'000} + phase +
           Duration{static_cast<std::int64_t>(static_cast<double>(k) * period)};
  }
  // When it is there. To be asked once per picture, in order; never before it was captured.
  MediaTime arrived(std::int64_t k) {
    double late = std::normal_distribution<>(0, sigma_ms)(random);
    if (std::uniform_real_distribution<>(0, 1)(random) < spikes)
      late += std::uniform_real_distribution<>(0, spike_ms)(random);
    const MediaTime at = captured(k) + transit + Duration::from_seconds(late * 1e-3);
    return at < captured(k) ? captured(k) : at;
  }
};

}  // namespace kakehashi::testing
