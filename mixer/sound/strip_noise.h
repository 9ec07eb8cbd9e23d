// SPDX-License-Identifier: GPL-3.0-or-later
// Steady noise (ventilators, projectors, hum) lowered by speexdsp's preprocessor: short-time
// spectral amplitude after Ephraim and Malah. Frames of 240 samples, so its delay is 240 samples;
// switched off it is a plain delay of as many. Thread: the strip's owner; allocates when made.
#pragma once

#include <speex/speex_preprocess.h>

#include <array>
#include <memory>
#include <span>

#include "mixer/sound/strip_parts.h"

namespace kakehashi::strip {

class NoiseSuppressor {
 public:
  static constexpr std::size_t kFrame = 240;

  NoiseSuppressor();
  // The most that noise is lowered by; 0: off. Glides within 20 ms; when switched on it first
  // listens to kListen frames of sound, because until it knows the noise it would take off from the
  // voice.
  void set(double db, bool at_once);
  // One frame in, the one before it out.
  void run(std::span<Pair, kFrame> samples);

 private:
  static constexpr int kListen = 100;  // frames: half a second
  using Samples16 = std::array<spx_int16_t, kFrame>;
  struct Free {
    void operator()(SpeexPreprocessState* s) const { speex_preprocess_state_destroy(s); }
  };
  // It takes 16-bit numbers. What a sample has below and above them goes round it, so that neither
  // quantising nor clipping harms the sound, and removed noise is all that it changes.
  struct Channel {
    std::unique_ptr<SpeexPreprocessState, Free> state;
    Samples16 now{};
    Samples16 before{};
    int quiet = 2;  // frames of digital silence in a row
    int amount = 0;
  };
  static std::unique_ptr<SpeexPreprocessState, Free> make();
  static void filter(Channel& c);

  // Middle and side instead of left and right: the middle of a stereo picture stays in its place,
  // and a mono microphone costs one channel.
  Channel middle_;
  Channel side_;
  std::array<Pair, kFrame> before_{};
  Glide wet_;
  double goal_db_ = 0;
  int listened_ = 0;
};

}  // namespace kakehashi::strip
