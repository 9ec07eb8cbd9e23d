// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/speech_sense.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kAbove = 9;       // dB above the room
constexpr double kFaintest = -58;  // dBFS: fainter is no voice at a microphone that is set up
constexpr int kOnset = 5;          // blocks: a click is shorter
constexpr int kHang = 40;          // blocks: between words
// The room's level rises by 1.5 dB/s under a voice, ten times as fast under what is none.
constexpr double kRiseDb = 0.015, kSettleDb = 0.15;

// Measured, within any second: spoken sentences dry, in a room and over a ventilator have more than
// 0.13 of their blocks below half the mean amplitude and (nine seconds of ten) more than 0.54
// vowels; a ventilator and a band 0.01 below it; applause of 20 to 800 claps a second has 0.37 to
// 0.06 vowels.
constexpr double kFewLow = 0.12;
constexpr int kVowel = 25;  // crossings a block, at most: 1.25 kHz
// Of the blocks above half the effective amplitude: to go on, and to begin.
constexpr double kFewVowels = 0.4, kManyVowels = 0.55;

}  // namespace

bool SpeechSense::unlike_speech() const {
  float sum = 0, squares = 0;
  for (std::size_t i = 0; i < filled_; ++i) {
    sum += amplitudes_[i];
    squares += amplitudes_[i] * amplitudes_[i];
  }
  const auto all = static_cast<float>(filled_);
  const float half_mean = sum / all / 2, half_effective = std::sqrt(squares / all) / 2;
  int low = 0, loud = 0, vowels = 0;
  for (std::size_t i = 0; i < filled_; ++i) {
    low += amplitudes_[i] < half_mean ? 1 : 0;
    if (amplitudes_[i] <= half_effective) continue;
    ++loud;
    vowels += vowels_[i] ? 1 : 0;
  }
  if (vowels < (talks_ ? kFewVowels : kManyVowels) * loud) return true;
  return filled_ == kWindow && low < kFewLow * static_cast<double>(kWindow);
}

void SpeechSense::hear(double power, int crossings) {
  amplitudes_[at_] = static_cast<float>(std::sqrt(power));
  vowels_[at_] = crossings <= kVowel;
  at_ = (at_ + 1) % kWindow;
  filled_ = std::min(filled_ + 1, kWindow);

  const double level = std::max(-120.0, 10 * std::log10(power + 1e-12));
  const bool loud = level > std::max(floor_db_ + kAbove, kFaintest);
  loud_ = std::clamp(loud_ + (loud ? 1 : -1), 0, 2 * kOnset);
  quiet_ = loud ? 0 : std::min(quiet_ + 1, kHang + 1);
  const bool other = (talks_ || loud_ > 0) && unlike_speech();
  if (level < floor_db_)
    floor_db_ += (level - floor_db_) * 0.2;
  else
    floor_db_ += std::min(level - floor_db_, other ? kSettleDb : kRiseDb);
  floor_db_ = std::max(floor_db_, -90.0);

  talks_ = !other && (talks_ ? quiet_ <= kHang : loud_ >= kOnset);
  talked_ = talks_ ? std::min(talked_ + 1, static_cast<int>(kWindow)) : 0;
}

}  // namespace kakehashi
