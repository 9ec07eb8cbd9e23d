// SPDX-License-Identifier: GPL-3.0-or-later
// Where each millisecond goes: from the stamps a picture collected on its way, how long each step
// of it took. Steps follow one another without gaps, so their sum is the whole.
#pragma once

#include <array>
#include <vector>

#include "core/snapshot.h"
#include "core/stats.h"
#include "encoder/packet.h"

namespace kakehashi {

class StageMeter {
 public:
  // A packet that was taken from its queue at `begin` and was with the kernel (or disk) at `end`.
  // Sound, stills and packets without stamps do not count. One thread.
  void add(const EncodedPacket& packet, MediaTime begin, MediaTime end);
  // In the order of the road, "whole" last; empty before the first picture. Any thread.
  //   age     light taken -> its tick (what the source, its delay and the wait for the tick cost)
  //   mix     tick -> program picture ready (also: how late the tick began)
  //   wait    -> the encoder takes it
  //   encode  -> packet ready
  //   queue   -> the output takes it
  //   send    -> with the kernel
  std::vector<StageTime> stages() const;

 private:
  static constexpr std::size_t kSteps = 6;
  std::array<LatencyHistogram, kSteps + 1> times_;
};

}  // namespace kakehashi
