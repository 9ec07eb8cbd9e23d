// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/strip_delay.h"

#include <algorithm>
#include <cmath>

namespace kakehashi::strip {

Delay::Delay() : ring_(kRing) {}

void Delay::set(std::size_t samples, bool at_once) {
  wanted_ = std::min(samples, kMost);
  if (at_once) now_ = next_ = wanted_;
}

Pair Delay::at(std::size_t delay) const {
  const Frame f = ring_[(write_ - delay) % kRing];
  return pair(static_cast<double>(f.left), static_cast<double>(f.right));
}

void Delay::run(std::span<Pair> samples) {
  if (now_ == 0 && next_ == 0 && wanted_ == 0) {
    for (const Pair& v : samples)
      ring_[write_++ % kRing] = {static_cast<float>(v[0]), static_cast<float>(v[1])};
    return;
  }
  for (Pair& v : samples) {
    ring_[write_ % kRing] = {static_cast<float>(v[0]), static_cast<float>(v[1])};
    if (next_ == now_ && wanted_ != now_) {
      next_ = wanted_;
      faded_ = 0;
    }
    if (next_ != now_) {
      const double part = static_cast<double>(++faded_) / static_cast<double>(kGlide);
      v = at(now_) * pair(1 - part) + at(next_) * pair(part);
      if (faded_ == kGlide) now_ = next_;
    } else if (now_ > 0) {
      v = at(now_);
    }
    ++write_;
  }
}

}  // namespace kakehashi::strip
