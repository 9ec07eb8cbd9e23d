// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/speech_sense.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kAbove = 9;        // dB above the room
constexpr double kFaintest = -58;   // dBFS: fainter is no voice at a microphone that is set up
constexpr int kOnset = 5;           // blocks: a click is shorter
constexpr int kHang = 40;           // blocks: between words
constexpr std::size_t kSure = 70;   // blocks until its shape is judged
constexpr double kRiseDb = 0.015;   // the room's level rises by 1.5 dB/s under a voice ...
constexpr double kSettleDb = 0.15;  // ... and ten times as fast under what does not change
constexpr double kSpreadDb = 9;     // between the louder and the fainter blocks of a second
constexpr double kFewLow = 0.12;    // share of blocks below half the mean amplitude
constexpr double kHiss = 70;        // crossings a block, weighed by power: 3.5 kHz, applause

}  // namespace

bool SpeechSense::unlike_speech() const {
  if (filled_ < kSure) return false;
  double mean = 0, weighed = 0;
  for (std::size_t i = 0; i < filled_; ++i) {
    mean += std::sqrt(powers_[i]);
    weighed += static_cast<double>(powers_[i]) * crossings_[i];
  }
  double sum = 0;
  for (std::size_t i = 0; i < filled_; ++i) sum += powers_[i];
  if (sum > 0 && weighed / sum > kHiss) return true;
  mean /= static_cast<double>(filled_);
  std::size_t low = 0;
  for (std::size_t i = 0; i < filled_; ++i)
    low += std::sqrt(powers_[i]) < mean / 2 ? std::size_t{1} : 0;
  return static_cast<double>(low) < kFewLow * static_cast<double>(filled_);
}

void SpeechSense::hear(double power, int crossings) {
  const double level = 10 * std::log10(power + 1e-12);
  powers_[at_] = static_cast<float>(power);
  levels_[at_] = static_cast<float>(level);
  crossings_[at_] = static_cast<float>(crossings);
  at_ = (at_ + 1) % kWindow;
  filled_ = std::min(filled_ + 1, kWindow);

  const bool loud = level > std::max(floor_db_ + kAbove, kFaintest);
  loud_ = std::clamp(loud_ + (loud ? 1 : -1), 0, 2 * kOnset);
  quiet_ = loud ? 0 : std::min(quiet_ + 1, kHang + 1);
  const bool other = unlike_speech();
  if (level < floor_db_)
    floor_db_ += (level - floor_db_) * 0.2;
  else
    floor_db_ += std::min(level - floor_db_, other ? kSettleDb : kRiseDb);
  floor_db_ = std::max(floor_db_, -90.0);

  if (talks_)
    talks_ = quiet_ <= kHang && !other;
  else
    talks_ = loud_ >= kOnset && !other;
}

}  // namespace kakehashi
