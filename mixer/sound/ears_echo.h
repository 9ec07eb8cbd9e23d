// SPDX-License-Identifier: GPL-3.0-or-later
// The same sound twice, one of them late: a camera's microphone beside the hall's, a meeting that
// plays the stream, a partner whose loudspeaker sends us back to us. Cross-correlation of the last
// four seconds at 4 kHz, one pair at a time, so the work is spread over time. Pure.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mixer/sound/ears_sketch.h"
#include "mixer/sound/fourier.h"

namespace kakehashi::ears {

// How two sounds lie to each other.
struct Likeness {
  double lag_ms = 0;   // the second one is that much later
  double clear = 0;    // whitened peak over the RMS of the rest
  double over_db = 0;  // the first one's level over the second's
  double like = 0;     // 0..1, plain correlation at that lag, either polarity
};

class EchoEar {
 public:
  static constexpr std::size_t kLength = 16384;  // 4.1 s

  explicit EchoEar(std::size_t voices);
  void add(std::size_t voice, const SoundSketch& sketch);
  void next() { at_ = (at_ + kCoarse) % kRing; }  // after every voice had its block
  double level_db(std::size_t voice) const;       // over about four seconds
  Likeness compare(std::size_t a, std::size_t b);

 private:
  // A whole number of blocks; the newest kLength samples of it are looked at.
  static constexpr std::size_t kRing = (kLength / kCoarse + 1) * kCoarse;
  void load(std::size_t voice, std::vector<float>& out) const;
  struct Voice {
    std::vector<float> ring;
    double square = 0;
  };
  std::vector<Voice> voices_;
  std::size_t at_ = 0;
  Fourier fourier_;
  std::vector<float> a_, b_;
  std::vector<std::complex<float>> spectrum_;
};

// Which pairs are looked at, and what two looks agree on.
class EchoWatch {
 public:
  struct Pair {
    std::size_t first = 0, second = 0;  // voices
    bool one_way = false;               // only the second may be the later one
  };
  EchoWatch(std::size_t voices, std::vector<Pair> pairs);

  void add(std::size_t voice, const SoundSketch& sketch) { ear_.add(voice, sketch); }
  // After every voice had its block: looks at a pair now and then. asked[i]: pair i may be one.
  void next(std::span<const std::uint8_t> asked);

  struct Found {
    std::size_t pair = 0;
    double lag_ms = 0;
  };
  const std::vector<Found>& found() const { return found_; }
  const std::vector<Pair>& pairs() const { return pairs_; }

 private:
  struct Memory {
    double lag_ms = 0;
    std::int64_t first = -1, last = -1;  // blocks; -1: never
    int missed = 0;                      // looks since then that did not hear it
    bool on = false;
  };
  void judge(std::size_t pair, const Likeness& likeness);
  bool old(const Memory& m) const;

  EchoEar ear_;
  std::vector<Pair> pairs_;
  std::vector<Memory> memory_;
  std::vector<Found> found_;
  std::size_t turn_ = 0;
  std::int64_t block_ = 0;
};

}  // namespace kakehashi::ears
