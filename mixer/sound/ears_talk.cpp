// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_talk.h"

#include <algorithm>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

constexpr double kStepDb = 2, kLowestDb = -120;
constexpr double kMostTalked = 10;  // seconds that are remembered
static_assert(kTalkSeconds * kSecond == 300);

}  // namespace

void TalkSense::add(const SoundSketch& sketch) {
  const int step =
      std::clamp(static_cast<int>((decibel(sketch.voice) - kLowestDb) / kStepDb), 0, kSteps - 1);
  if (filled_ == kFrames)
    --count_[levels_[at_]];
  else
    ++filled_;
  levels_[at_] = static_cast<std::uint8_t>(step);
  ++count_[static_cast<std::size_t>(step)];
  at_ = (at_ + 1) % kFrames;
  music_.add(sketch, decibel(sketch.voice) > loud_db_ - kMusicLoudDb);
  if (at_ % 10 == 0) judge();
  const double block = 1.0 / kSecond;
  talked_ = talks_ ? std::min(talked_ + block, kMostTalked) : std::max(talked_ - block / 2, 0.0);
  quiet_ = talks_ ? 0 : quiet_ + block;
}

void TalkSense::judge() {
  const auto level_at = [this](double share) {
    double below = share * static_cast<double>(filled_);
    int step = 0;
    while (step < kSteps - 1 && (below -= count_[static_cast<std::size_t>(step)]) >= 0) ++step;
    return step;
  };
  const int loud = level_at(0.9), low_step = loud - static_cast<int>(kTalkLowUnder / kStepDb);
  loud_db_ = kLowestDb + kStepDb * loud;
  depth_ = kStepDb * (loud - level_at(0.25));
  int low = 0;
  for (int i = 0; i < std::min(low_step + 1, kSteps); ++i)
    low += count_[static_cast<std::size_t>(i)];
  low_ = static_cast<double>(low) / static_cast<double>(filled_);
  // Rises from a gap into a syllable, over the whole time.
  rises_ = 0;
  if (loud_db_ >= kTalkDb) {
    bool in_gap = false;
    for (std::size_t i = 0; i < filled_; ++i) {
      const int level = levels_[(at_ + kFrames - filled_ + i) % kFrames];
      if (level <= low_step) in_gap = true;
      if (in_gap && level > loud - 3) {
        ++rises_;
        in_gap = false;
      }
    }
  }
  talks_ = filled_ == kFrames && loud_db_ >= kTalkDb && depth_ >= kTalkDepthDb &&
           low_ >= kTalkLowLeast && low_ <= kTalkLowMost && rises_ >= kTalkRisesLeast &&
           rises_ <= kTalkRisesMost && !music_.music();
}

}  // namespace kakehashi::ears
