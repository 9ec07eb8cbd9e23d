// SPDX-License-Identifier: GPL-3.0-or-later
// What can be told from an input's sound: nothing, one side only, clipped, humming, full of holes.
// SoundCutter makes small pieces of what a source hands over (on the source's thread, some
// microseconds per 10 ms); SoundDetector judges them anywhere. Pure; one owner each.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "capture/detect_hum.h"
#include "capture/detect_plan.h"
#include "core/time.h"

namespace kakehashi {

// Ten milliseconds of sound, boiled down. Plain bytes.
struct SoundPiece {
  MediaTime end;  // session time of its end
  int channels = 1;
  std::array<float, 2> peak{};                    // of the first two channels; mono: both the same
  std::array<float, 2> square{};                  // mean square
  int clips = 0;                                  // runs of three or more samples at full scale
  std::array<float, HumMeter::kPerPiece> slow{};  // both channels, 1500 samples a second
};

class SoundCutter {
 public:
  // Interleaved, as AudioSync::push(). `piece` is called for every full 10 ms.
  template <class Take>
  void cut(std::span<const float> interleaved, int channels, int rate, MediaTime captured,
           Take&& take) {
    begin(interleaved, channels, rate, captured);
    SoundPiece piece;
    while (next(piece)) take(piece);
  }

 private:
  void begin(std::span<const float> interleaved, int channels, int rate, MediaTime captured);
  bool next(SoundPiece& piece);
  void eat(std::size_t frames);
  void take_samples(const float* in, std::size_t frames);

  std::span<const float> rest_;
  int channels_ = 0, rate_ = 0;
  std::size_t length_ = 0, filled_ = 0;  // frames of a piece
  std::size_t part_ = 0;                 // of `slow`
  MediaTime at_;                         // of rest_'s first sample
  std::array<float, 2> peak_{}, square_{};
  std::array<int, 2> run_{};  // samples at full scale in a row
  int clips_ = 0;
  float slow_sum_ = 0;
  std::size_t slow_count_ = 0;
  SoundPiece piece_;
};

// As measured last, before any threshold.
struct SoundFigures {
  int channels = 0;
  std::array<double, 2> level_db{-120, -120};  // RMS over the last 3 s
  double peak_db = -120;                       // highest of the last 3 s
  double noise_db = -120;  // the quietest 100 ms of the last 10 s: the noise floor, dBFS RMS
  int clips = 0;           // flat tops in the last second
  double hum_over_db = 0;  // strongest mains line over the floor around it; 0: none measured
  double hum_db = -120;    // its level
  int hum_mains = 0;       // 50 or 60
  int dropouts = 0;        // in the last 10 s
  int dead_channel = -1;   // 0 left, 1 right
};

class SoundDetector {
 public:
  // No sound at all: below what any open microphone's own noise is.
  static constexpr double kNothingDb = -90;
  // Never heard: nobody has been louder than this since it was opened (a switch, a battery, a
  // gain).
  static constexpr double kHeardDb = -50, kQuietDb = -60;
  static constexpr double kNeverHeardSeconds = 60;
  // Accident table: at least three full-scale samples in a row, more than five times in a second.
  static constexpr int kClipsPerSecond = 5;
  // A dead channel and holes: core/hearing.h.

  explicit SoundDetector(InputSort sort);

  void add(const SoundPiece& piece);
  // Cuts and adds, for whoever has the sound in hand.
  void hear(std::span<const float> interleaved, int channels, int rate, MediaTime captured);
  void forget();

  SoundFigures figures() const;
  bool found(Finding f) const { return holds_[static_cast<std::size_t>(f)].on(); }
  bool never_heard() const { return found(Finding::Silent) && !nothing_; }

 private:
  void watch_holes(double db);
  void say(Finding f, bool seen, MediaTime now);

  static constexpr int kPieces = 1000;  // 10 s
  struct Level {
    std::array<float, 2> square{};
    float peak = 0;
    std::uint8_t clips = 0;
    bool hole_ended = false;
  };
  const Level& back(int pieces) const;  // 0: the newest

  InputSort sort_;
  std::vector<Hold> holds_;
  std::vector<Level> ring_;
  int count_ = 0, at_ = 0;
  int channels_ = 0, dead_ = -1;
  int silent_ = 0, quiet_ = 0;  // pieces in a row
  bool heard_ = false, nothing_ = false;
  std::array<int, 2> alone_{};  // pieces in which only this channel sounded
  int hole_ = 0;                // pieces of nothing so far; -1: not after a sound
  int clips_now_ = 0, holes_now_ = 0;
  HumMeter hum_;
  SoundCutter cutter_;
};

}  // namespace kakehashi
