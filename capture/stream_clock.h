// SPDX-License-Identifier: GPL-3.0-or-later
// When to show what came over a network. Each stream's times are its sender's; one offset maps the
// times of picture and sound of one input alike onto our clock, so they stay together. The offset
// is as small as what is late allows. Pure arithmetic; any thread (a mutex inside).
#pragma once

#include <array>
#include <mutex>

#include "core/time.h"

namespace kakehashi {

class StreamClock {
 public:
  // Wait: what comes early waits for its time (a file over HTTP, HLS): the offset only grows.
  // CatchUp: live; what gathered on the way is skipped, or we would show the past for ever.
  enum class Policy { CatchUp, Wait };

  // Less late than this is jitter and gets room at once; more is a stall, and given room only when
  // everything stays late for a second.
  static constexpr Duration kJitter = Duration::milliseconds(300);

  // `spare`: beyond what the first data needs.
  explicit StreamClock(Policy policy, Duration spare = {}) : policy_(policy), spare_(spare) {}

  // Data of stream time `stamp` came off the network at `now` (both since the same zero of ours).
  // True: the offset is another one now.
  bool arrived(Duration stamp, Duration now);
  // The same data, decoded: only being late counts, since what is early has been waiting for us.
  bool ready(Duration stamp, Duration now);
  // Data of stream time s is to be shown at s + offset().
  Duration offset() const;

 private:
  // What the offset had to be for what arrived within a tenth of a second: most and least.
  struct Bin {
    std::int64_t index = -1;
    std::int64_t most = 0, least = 0;
  };
  static constexpr std::int64_t kBins = 80;
  std::int64_t most_in(std::int64_t bins) const;
  bool all_late(std::int64_t bins) const;
  std::int64_t wanted(std::int64_t need, Duration now) const;
  bool set(std::int64_t offset, Duration now);

  const Policy policy_;
  const Duration spare_;
  mutable std::mutex mutex_;
  bool started_ = false;
  Duration first_, slid_;  // when the first data came; when the offset was last made smaller
  std::int64_t offset_ = 0, at_ = 0;
  std::array<Bin, kBins> bins_;
};

}  // namespace kakehashi
