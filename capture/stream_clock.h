// SPDX-License-Identifier: GPL-3.0-or-later
// When to show what came over a network. Each stream's times are its sender's; one offset maps the
// times of picture and sound of one input alike onto our clock, so they stay together. The offset
// is as small as what is late allows. Pure arithmetic; any thread (a mutex inside).
#pragma once

#include <array>
#include <limits>
#include <mutex>
#include <optional>

#include "core/time.h"

namespace kakehashi {

class StreamClock {
 public:
  // CatchUp: live; what gathered on the way is skipped, or we would show the past for ever.
  // Wait: what comes early waits for its time: the offset only grows. Right for a film over HTTP,
  // of which nothing may be left out, and for as long as nobody said live().
  enum class Policy { CatchUp, Wait };

  // Less late than this is jitter and gets room at once; more is a stall, and given room only when
  // everything stays late for a second.
  static constexpr Duration kJitter = Duration::milliseconds(300);

  // With live(): what a stall added is given back in one step, heard and seen as a skip, when it is
  // more than this and nothing needed it for so long (20 to 30 s). HLS sends a piece of up to 10 s
  // at a time: whether they come early is known only after two of them.
  static constexpr Duration kMostBehind = Duration::seconds(1);
  static constexpr Duration kCalmLive = Duration::seconds(20);
  // What a server of an endless stream kept for newcomers. More at once is a film: it may go on
  // coming faster than it plays, and skipping it would never end.
  static constexpr Duration kMostBurst = Duration::seconds(8);

  // Live: a list of pieces that grows, or a stream without an end. `Edge`: where it began is kept,
  // since HLS begins some pieces behind the newest one on purpose. `Newest`: also what came at once
  // in the beginning is skipped.
  enum class Live { Edge, Newest };

  // `spare`: beyond what the first data needs.
  explicit StreamClock(Policy policy, Duration spare = {}) : policy_(policy), spare_(spare) {}

  // Data of stream time `stamp` came off the network at `now` (both since the same zero of ours).
  // True: the offset is another one now.
  bool arrived(Duration stamp, Duration now);
  // The same data, decoded: only being late counts, since what is early has been waiting for us.
  bool ready(Duration stamp, Duration now);
  // Data of stream time s is to be shown at s + offset().
  Duration offset() const;

  // Policy Wait only, at any time: from now on lateness is bounded.
  void live(Live begin);
  // How much later than in the beginning things are shown; zero unless live() was said.
  Duration behind() const;

 private:
  // What the offset had to be for what arrived within a tenth of a second: most and least.
  struct Bin {
    std::int64_t index = -1;
    std::int64_t most = 0, least = 0;
  };
  static constexpr std::int64_t kBins = 80;
  static constexpr std::int64_t kNothing = std::numeric_limits<std::int64_t>::min();
  std::int64_t most_in(std::int64_t bins) const;
  bool all_late(std::int64_t bins) const;
  std::int64_t wanted(std::int64_t need, Duration now) const;
  std::int64_t waiting(std::int64_t need, Duration now);
  bool set(std::int64_t offset, Duration now);

  const Policy policy_;
  const Duration spare_;
  mutable std::mutex mutex_;
  bool started_ = false;
  Duration first_, slid_;  // when the first data came; when the offset was last made smaller
  std::int64_t offset_ = 0, at_ = 0;
  std::optional<Live> live_;
  bool begun_ = false;  // Live::Newest: the beginning has been looked at
  std::int64_t first_offset_ = 0;
  // What was needed at most, in the half of kCalmLive that runs since half_ and in the one before.
  std::int64_t most_ = kNothing, most_before_ = kNothing;
  Duration half_;
  bool whole_ = false;  // the one before was long enough
  std::array<Bin, kBins> bins_;
};

}  // namespace kakehashi
