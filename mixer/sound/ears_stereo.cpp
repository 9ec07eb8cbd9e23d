// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_stereo.h"

#include <algorithm>
#include <cmath>

#include "core/hearing.h"
#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {

void StereoWatch::add(const SoundSketch& sketch) {
  using namespace hearing;
  const double db[2] = {decibel(sketch.square[0]), decibel(sketch.square[1])};
  for (std::size_t side = 0; side < 2; ++side) {
    if (db[1 - side] > kDeadDb)
      alone_[side] = 0;
    else if (db[side] > kSoundingDb && db[1 - side] < db[side] - kDeadUnderDb)
      ++alone_[side];
  }
  constexpr int kLong = static_cast<int>(kDeadSeconds * kSecond);
  dead_ = alone_[0] >= kLong ? 1 : alone_[1] >= kLong ? 0 : -1;

  // The loudest moments weigh most, as they do for an ear; one second of sound fades out of it.
  if (std::min(db[0], db[1]) < kSoundingDb) return;
  constexpr double kKeep = 0.99;
  cross_ = kKeep * cross_ + sketch.cross;
  for (std::size_t side = 0; side < 2; ++side)
    square_[side] = kKeep * square_[side] + sketch.square[side];
  sounding_ = std::min(sounding_ + 1, kSecond);
  const double like = cross_ / std::sqrt(square_[0] * square_[1]);
  turned_ = sounding_ == kSecond && like < kPhaseBelow ? turned_ + 1 : 0;
  inverted_ = turned_ >= static_cast<int>(kPhaseSeconds * kSecond) - kSecond;
}

}  // namespace kakehashi::ears
