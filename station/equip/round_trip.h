// SPDX-License-Identifier: GPL-3.0-or-later
// The round trip of sound: what is played on an output and comes back on an input through a cable
// (or the hall). The measuring signal and what is read from its recording. Pure.
//
// Exponential sine sweeps, after A. Farina, "Simultaneous measurement of impulse response and
// distortion with a swept-sine technique", 108th AES Convention (2000), preprint 5093: dividing the
// recording's spectrum by the sweep's gives the impulse response, whose peak is delay and polarity
// and whose energy is the level; noise and other sound are spread over it and disappear. The left
// sweep rises and the right one falls, so the sides cannot be mistaken. Between them a steady tone:
// distortion, holes and, from its phase, the two clocks against each other.
#pragma once

#include <string>
#include <vector>

#include "core/equipment_test.h"
#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

class LoopSignal {
 public:
  // Quiet on purpose: it is heard in the hall (-20 dBFS peak).
  static constexpr double kPeak = 0.1;
  static constexpr double kSweepSeconds = 0.5;
  static constexpr double kToneHz = 1000;
  static constexpr int kSweeps = 4;  // left, right, and both again after the tone

  explicit LoopSignal(bool quick);

  double seconds() const { return end_; }
  double quiet_until() const { return sweep_[0]; }  // the room is heard before
  double sweep_begins(int sweep) const { return sweep_[sweep]; }
  static int side_of(int sweep) { return sweep % 2; }
  double tone_begins() const { return tone_; }
  double tone_seconds() const { return tone_seconds_; }

  // One sweep alone; `rate` as a clock really runs.
  static std::vector<float> sweep(int side, double rate);
  // Everything, interleaved left and right.
  std::vector<float> samples(int rate) const;

 private:
  double sweep_[kSweeps] = {}, tone_ = 0, tone_seconds_ = 0, end_ = 0;
};

struct LoopRecording {
  int channels = 0, rate = 0;        // of the input; one channel: both sides are the same
  std::vector<float> side[2];        // as it came
  double began_s = 0, in_ppm = 0;    // moment of its first sample; its clock against ours
  double played_s = 0, out_ppm = 0;  // moment at which the signal's first sample was handed over
};

enum class LoopSides : unsigned char { Straight, Exchanged, Mixed, Mono, LeftLost, RightLost };

struct RoundTripFigures {
  bool played = false;        // the output took all of it
  bool opened_input = false;  // else `why`
  bool broke = false;
  ErrorKind why{};
  std::string output;  // what played, for people
  std::string device;  // what listened

  bool came_back = false;
  double heard_db = -120;  // dBFS RMS of whatever was heard meanwhile
  LoopSides sides = LoopSides::Straight;
  double delay_ms = 0;          // from handing over to hearing: both buffers and the way between
  double level_db[2] = {0, 0};  // of left and right as played: what came back against what went out
  bool inverted[2] = {false, false};
  double distortion = 0;   // of the tone: everything else against it, 0.01 = 1 %
  double noise_db = -120;  // dBFS RMS before anything was played
  int holes = 0;           // places where the tone was gone or jumped
  double apart_ppm = 0;    // the input's clock against the output's; + = the input is fast
  double in_ppm = 0, out_ppm = 0;
  bool clipped = false;
  std::uint64_t lost = 0;  // what input and output themselves say they lost
};

// Fills what can be read from the recording.
void analyse_round_trip(const LoopSignal& signal, const LoopRecording& heard,
                        RoundTripFigures& out);

// In words: passed or not, why, and the one thing to do.
EquipmentItem judge_round_trip(const Input& input, const RoundTripFigures& figures);

}  // namespace kakehashi
