// SPDX-License-Identifier: GPL-3.0-or-later
// One application may play several streams at once (each tab of a browser, a meeting's voice and
// its chimes): they become one sound here. The stream that is heard first leads: what it
// brings goes out at once, with what the others have brought since; so the pace is that of the
// computer's own sound card and nobody waits. While nothing plays, silence at the clock's pace: an
// application that is quiet is no fault. Stereo at 48 kHz. Pure; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/time.h"

namespace kakehashi {

class ApplicationMix {
 public:
  static constexpr int kRate = 48000, kChannels = 2;
  static constexpr int kReady = 480;        // frames another stream must have before it joins in
  static constexpr int kMostBehind = 2880;  // 60 ms: more of it is left out
  static constexpr Duration kPatience = Duration::milliseconds(120);  // then another one leads

  // `broken`: it does not join on to the piece before.
  using Out = std::function<void(std::span<const float> stereo, MediaTime captured, bool broken)>;
  explicit ApplicationMix(Out out);

  void add(std::uint32_t stream);
  void remove(std::uint32_t stream);
  // `now`: when it came, that is when its last frame had been played.
  void arrive(std::uint32_t stream, std::span<const float> stereo, MediaTime now);
  // At least every 20 ms.
  void tick(MediaTime now);

  std::size_t streams() const { return streams_.size(); }
  std::uint64_t left_out() const { return left_out_; }  // frames of those that do not lead

 private:
  struct Stream {
    std::uint32_t id = 0;
    std::vector<float> waiting;  // interleaved
    bool joined = false;
  };
  void send(std::span<const float> stereo, MediaTime now);

  const Out out_;
  std::vector<Stream> streams_;  // the first one leads
  std::vector<float> sum_;
  MediaTime end_{};    // of what went out
  MediaTime heard_{};  // the leader, last
  bool begun_ = false, silent_ = false, broken_ = false;
  std::uint64_t left_out_ = 0;
};

}  // namespace kakehashi
