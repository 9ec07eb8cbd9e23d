// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/preset_ladder.h"

#include <algorithm>

namespace kakehashi {

std::optional<std::string> next_preset(std::string_view preset) {
  const auto at = std::find(kPresetLadder.begin(), kPresetLadder.end(), preset);
  if (at == kPresetLadder.end()) return std::string(kPresetLadder[0]);
  if (at + 1 == kPresetLadder.end()) return std::nullopt;
  return std::string(*(at + 1));
}

OverloadWatch::OverloadWatch(Duration period)
    : period_(period),
      window_(static_cast<std::size_t>(std::max<std::int64_t>(
          10, Duration::seconds(2).ns / std::max<std::int64_t>(1, period.ns)))) {
  times_.reserve(window_);
  sorted_.reserve(window_);
}

void OverloadWatch::restart() {
  times_.clear();
  first_ = true;
}

bool OverloadWatch::picture(Duration took, std::uint64_t skipped) {
  if (first_) skipped_before_ = skipped;
  first_ = false;
  times_.push_back(took);
  if (times_.size() < window_) return false;
  sorted_ = times_;
  const auto p95 = sorted_.begin() + static_cast<std::ptrdiff_t>(sorted_.size() * 95 / 100);
  std::nth_element(sorted_.begin(), p95, sorted_.end());
  const double share = p95->to_seconds() / period_.to_seconds();
  const bool left_out = skipped > skipped_before_;
  times_.clear();
  skipped_before_ = skipped;
  return share > kHopelessShare || (left_out && share > kChosenShare);
}

}  // namespace kakehashi
