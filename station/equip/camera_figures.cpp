// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/camera_figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kakehashi {

double rate_in(const std::string& format) {
  const std::size_t space = format.find(' ');
  int over = 0, under = 0;
  if (space == std::string::npos ||
      std::sscanf(format.c_str() + space, " %d/%d", &over, &under) != 2 || over <= 0 || under <= 0)
    return 0;
  return static_cast<double>(over) / under;
}

void CameraWatch::picture(MediaTime captured, MediaTime seen, std::uint64_t sequence) {
  if (looked_ > 0 && sequence <= last_number_) return;
  if (looked_++ == 0) {
    first_ = captured;
    first_number_ = sequence;
  }
  last_ = captured;
  last_number_ = sequence;
  const auto age = (seen - captured).ns / 1'000'000;
  ++ages_[std::clamp<std::int64_t>(age, 0, kSteps - 1)];
}

void CameraWatch::tell(CameraFigures& out) const {
  out.pictures = looked_ == 0 ? 0 : last_number_ - first_number_ + 1;
  out.seconds = (last_ - first_).to_seconds();
  out.fps = out.seconds > 0 ? static_cast<double>(out.pictures - 1) / out.seconds : 0;
  const auto quantile = [&](double share) {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(looked_));
    std::uint64_t below = 0;
    for (int i = 0; i < kSteps; ++i)
      if ((below += ages_[i]) > rank) return i + 0.5;
    return looked_ == 0 ? 0.0 : kSteps - 0.5;
  };
  out.age_ms = quantile(0.5);
  out.age_p95_ms = quantile(0.95);
  if (out.wanted_fps <= 0 || out.pictures == 0) return;
  const double due = out.wanted_fps * out.seconds + 1;
  const double missing = due - static_cast<double>(out.pictures + out.lost_device);
  // Less than one in a hundred is the crystal's, not a loss.
  out.lost_us = out.fetched_late;
  if (missing > std::max(1.0, due * 0.01))
    out.lost_us = std::max(out.lost_us, static_cast<std::uint64_t>(missing + 0.5));
}

}  // namespace kakehashi
