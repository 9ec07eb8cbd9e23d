// SPDX-License-Identifier: GPL-3.0-or-later
// From the mixer to a sound device's own clock: where each device frame stands on the session clock
// is learnt from the moments at which the device fetches (DelayLoop), and a variable resampler
// reads every sample at a constant delay behind its true moment, so lips match after eight hours.
// A lane is one stereo bus on one pair of the device's channels; all lanes share the clock.
// Threads: one writer per lane (mix.audio), one reader (the device's callback). Wait-free, no
// allocation on both sides. Pure: time comes in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/audio_block.h"
#include "core/time.h"

namespace kakehashi {

struct SoundRoadStatus {
  double drift_ppm = 0;  // device against session, + = device fast
  double buffer_ms = 0;  // mixed and not yet fetched, the lane with the least
  double delay_ms = 0;   // from a sample's true moment to its place in the device's buffer
  double room_ms = 0;    // of it after mixing: what it takes to be sure
  // Sound was missing although the mixer runs; the device itself ran dry; the place was chosen
  // anew.
  std::uint64_t underruns = 0, device_underflows = 0, resyncs = 0;
  MediaTime fetched;  // last time; zero: never
};

class SoundRoad {
 public:
  // `lag`: a block is mixed that long after its own moment (AudioLoop::kLag). `rate`: the device's,
  // 8000..192000. `first_channels`: one lane each, counted from 0.
  SoundRoad(MediaTime epoch, Duration lag, int rate, std::span<const int> first_channels);
  ~SoundRoad();
  SoundRoad(const SoundRoad&) = delete;
  SoundRoad& operator=(const SoundRoad&) = delete;

  // mix.audio. Full: the block is left out.
  void push(std::size_t lane, const AudioBlock& block);

  // The device's callback: fills `frames` x `channels` interleaved, silence where no lane plays. A
  // device of one channel gets the sum's half. `now`: CLOCK_MONOTONIC. `underflow`: the device ran
  // dry before this fetch.
  void fetch(MediaTime now, float* out, std::size_t frames, int channels, bool underflow);

  SoundRoadStatus status() const;  // any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
