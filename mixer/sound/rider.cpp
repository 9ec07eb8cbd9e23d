// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/rider.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/decibel.h"

namespace kakehashi {
namespace {

constexpr double kBlockSeconds = static_cast<double>(kBlockSamples) / kSampleRate;
constexpr double kMostPerSecond = 1;      // dB: slower than a listener notices as a change
constexpr double kReturnPerSecond = 0.5;  // dB, back to 1 when levelling is switched off
constexpr double kRemembers = 3;          // seconds: as short-term loudness
constexpr double kFewest = 10;            // blocks of talking before anything is concluded
constexpr double kFaint = -60;            // LUFS: breath and the room, not a voice
// Somebody else speaks now: what was known about the one before would only hold the hand back.
constexpr double kOther = 6, kOtherSeconds = 1;  // LU, for so long
// Rests while it is nearly right, else it would breathe with every sentence.
constexpr double kStart = 1, kStop = 0.2;  // dB

// BS.1770-4 annex 1, tables 1 and 2, at 48 kHz.
struct Stage {
  double b0, b1, b2, a1, a2;
};
constexpr Stage kShelf{1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241,
                       0.73248077421585};
constexpr Stage kHighPass{1, -2, 1, -1.99004745483398, 0.99007225036621};

using Pair = double __attribute__((vector_size(16)));

Pair through(const Stage& s, Pair x, Pair& z1, Pair& z2) {
  const Pair y = s.b0 * x + z1;
  z1 = s.b1 * x - s.a1 * y + z2;
  z2 = s.b2 * x - s.a2 * y;
  return y;
}

double lufs(double power) { return power <= 1e-12 ? -120 : 10 * std::log10(power) - 0.691; }

}  // namespace

LoudnessRider::LoudnessRider() = default;

double LoudnessRider::weigh(const AudioBlock& block) {
  Pair z[4];
  std::memcpy(z, filter_, sizeof z);
  Pair sum{};
  for (std::size_t i = 0; i < block.samples.size(); i += 2) {
    const Pair in{block.samples[i], block.samples[i + 1]};
    const Pair y = through(kHighPass, through(kShelf, in, z[0], z[1]), z[2], z[3]);
    sum += y * y;
  }
  std::memcpy(filter_, z, sizeof z);
  return (sum[0] + sum[1]) / kBlockSamples;
}

void LoudnessRider::forget() {
  std::memset(filter_, 0, sizeof filter_);
  at_ = filled_ = 0;
  far_s_ = 0;
}

float LoudnessRider::ride(const AudioBlock& group, bool talks, const LoudnessTarget& target,
                          double most_db) {
  most_db = std::clamp(most_db, 0.0, 12.0);
  double wanted = gain_db_;
  double per_second = kMostPerSecond;
  if (most_db == 0) {
    wanted = 0;
    per_second = kReturnPerSecond;
    heard_s_ = 0;
    forget();
  } else if (!talks) {
    forget();
    moving_ = false;
    wanted = std::clamp(gain_db_, -most_db, most_db);
  } else {
    const double now = weigh(group);
    if (!std::isfinite(now)) {
      forget();
      return Decibel{gain_db_}.to_linear();
    }
    window_[at_] = now;
    at_ = (at_ + 1) % kWindow;
    filled_ = std::min(filled_ + 1, kWindow);
    double momentary = 0;
    for (std::size_t i = 0; i < filled_; ++i) momentary += window_[i];
    momentary /= static_cast<double>(filled_);

    if (static_cast<double>(filled_) >= kFewest && lufs(momentary) > kFaint) {
      far_s_ = std::abs(lufs(momentary) - lufs(power_)) > kOther ? far_s_ + kBlockSeconds : 0;
      if (far_s_ > kOtherSeconds) heard_s_ = far_s_ = 0;
      heard_s_ = std::min(heard_s_ + kBlockSeconds, kRemembers);
      power_ += (momentary - power_) * kBlockSeconds / heard_s_;
      wanted = std::clamp(target.lufs - lufs(power_), -most_db, most_db);
      const double off = std::abs(wanted - gain_db_);
      moving_ = off > (moving_ ? kStop : kStart);
      if (!moving_) wanted = gain_db_;
    }
  }
  const double step = per_second * kBlockSeconds;
  gain_db_ += std::clamp(wanted - gain_db_, -step, step);
  return Decibel{gain_db_}.to_linear();
}

}  // namespace kakehashi
