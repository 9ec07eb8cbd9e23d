// SPDX-License-Identifier: GPL-3.0-or-later
// Steady noise (ventilators, projectors, hum) lowered, voices left alone: short-time spectra of
// 480 samples every 240, so its delay is 240 samples; switched off it is a plain delay of as many.
// Noise is what stays: followed by minima of 2.4 s and averaged where nobody speaks (I. Cohen,
// "Noise spectrum estimation in adverse environments: improved minima controlled recursive
// averaging", IEEE Trans. SAP 11 (2003)); each line's gain is the log-spectral amplitude estimate
// with the decision-directed ratio (Y. Ephraim, D. Malah, IEEE Trans. ASSP 33 (1985)), never under
// the amount asked for. A steady tone is steady noise. Thread: the strip's owner; allocates when
// made.
#pragma once

#include <array>
#include <span>

#include "mixer/sound/fourier.h"
#include "mixer/sound/strip_parts.h"

namespace kakehashi::strip {

inline constexpr std::size_t kNoiseFrame = 240;

// One channel: a frame in, the one before it out.
class NoiseChannel {
 public:
  NoiseChannel();
  // `floor`: the smallest gain.
  void run(std::span<float, kNoiseFrame> samples, float floor);
  bool quiet() const { return quiet_; }  // it got digital silence and took no notice of it

 private:
  // 241 lines and some that do nothing: whole registers.
  static constexpr std::size_t kLines = 248;
  static constexpr int kPart = 60;          // frames: 0.3 s
  static constexpr std::size_t kParts = 8;  // 2.4 s in all
  using Lines = std::array<float, kLines>;

  void learn();
  void decide(float floor);

  Fourier fourier_;
  std::array<float, kNoiseFrame> before_{};
  std::array<float, kNoiseFrame> tail_{};
  Lines power_{};
  Lines smooth_{};
  Lines lowest_{};                     // of the part that runs
  std::array<Lines, kParts> parts_{};  // of the last ones
  Lines minimum_{};                    // of all of these
  Lines voice_{};                      // how sure it is that somebody speaks, 0..1
  Lines noise_{};
  Lines kept_{};  // power of the voice in the frame before
  Lines gain_{};
  std::size_t part_ = 0;
  int frames_ = 0;  // learned from; counts up to where nothing depends on it
  int in_part_ = 0;
  bool quiet_ = true;
};

class NoiseSuppressor {
 public:
  static constexpr std::size_t kFrame = kNoiseFrame;

  // The most that noise is lowered by; 0: off. Glides within 20 ms; when switched on it first
  // listens to kListen frames of sound, because until it knows the noise it would take off from
  // the voice.
  void set(double db, bool at_once);
  // One frame in, the one before it out.
  void run(std::span<Pair, kFrame> samples);

 private:
  static constexpr int kListen = 100;  // half a second

  // Middle and side instead of left and right: the middle of a stereo picture stays in its place,
  // and a mono microphone costs one channel.
  NoiseChannel middle_;
  NoiseChannel side_;
  std::array<Pair, kFrame> before_{};
  Glide wet_;
  Glide amount_;  // dB, a step per frame
  bool on_ = false;
  int listened_ = 0;
};

}  // namespace kakehashi::strip
