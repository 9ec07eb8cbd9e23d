// SPDX-License-Identifier: GPL-3.0-or-later
// What listening to one sound input gives: some seconds of quiet, then somebody speaks (or the
// player plays). Pure: sound and times come from outside. One owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/detect_sound.h"
#include "core/audio_block.h"
#include "core/equipment_test.h"
#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

struct SoundTrialFigures {
  bool opened = false;
  bool broke = false;   // opened, then stopped with an error
  ErrorKind why{};      // of the failure, when not opened or broke
  std::string device;   // what it is
  int channels = 0;     // 0: not known
  int rate = 0;         // Hz; 0: not known
  bool flowed = false;  // any sound arrived, be it silence
  double quiet_s = 0, speaking_s = 0;
  double noise_db = -120;            // dBFS RMS, the usual 100 ms of the quiet seconds
  double level_db = -120;            // dBFS RMS, the loud 100 ms of the speaking seconds
  double peak_db = -120;             // of the speaking seconds
  double side_db[2] = {-120, -120};  // level_db of the two sides
  int clips = 0;                     // flat tops, in all
  int dropouts = 0;                  // holes in the sound, in all
  double hum_db = -120;
  double hum_over_db = 0;   // over the floor around it; 0: none
  int hum_mains = 0;        // 50 or 60
  double drift_ppm = 0;     // + = the device is fast
  double drift_s = 0;       // seconds over which it was measured; under 2: not known
  bool same_sides = false;  // two channels that carry the same
  std::uint64_t gaps = 0;   // underruns, overruns and re-syncs of its road
};

class SoundListening {
 public:
  SoundListening() : detector_(InputSort::Line) {}
  // Everything that comes now belongs to the speaking seconds.
  void begin_speaking() { speaking_ = true; }
  // One block of 10 ms as the mixer would get it; `end`: the moment of its last sample.
  void hear(const AudioBlock& block, MediaTime end);
  // Levels, clips, drop-outs and hum of what was heard; the rest stays as it is.
  void tell(SoundTrialFigures& out) const;

 private:
  struct Piece {  // 100 ms
    double square[2] = {0, 0};
    float peak = 0;
  };
  SoundDetector detector_;
  bool speaking_ = false;
  Piece now_;
  int blocks_ = 0;
  std::vector<Piece> quiet_, spoken_;
  double apart_ = 0, both_ = 0;  // squares of the sides' difference and of both, while speaking
  int clips_ = 0, run_[2] = {0, 0};
  int dropouts_ = 0, dropouts_before_ = 0;
  double hum_over_ = 0, hum_db_ = -120;
  int hum_mains_ = 0;
};

// `figures` in words: passed or not, why, and the one thing to do. Pure.
EquipmentItem judge_sound(const Input& input, const SoundTrialFigures& figures);

}  // namespace kakehashi
