// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_holes.h"

#include <algorithm>

#include "core/hearing.h"
#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {

void HoleWatch::add(const SoundSketch& sketch) {
  using namespace hearing;
  static_assert(kHolesInTen == 3);
  constexpr int kTen = 10 * kSecond;
  const double db = decibel(louder(sketch));
  for (int& age : age_)
    if (age > 0 && ++age > kTen) age = 0;
  if (db < kHoleDb) {
    if (hole_ == 0) {
      // The block before may hold the break itself: the one before that must still sound, and no
      // louder one may have come before it that this is only the end of.
      const double last = std::max(last_[0], last_[1]), earlier = std::max(last_[2], last_[3]);
      hole_ = last > kAroundHoleDb && last > earlier - 15 ? 1 : -1;
    } else if (hole_ > 0) {
      ++hole_;
    }
  } else {
    if (hole_ >= kShortHole && hole_ <= kLongHole && db > kAfterHoleDb)
      age_ = {1, age_[0], age_[1]};
    hole_ = 0;
  }
  std::copy_backward(last_.begin(), last_.end() - 1, last_.end());
  last_[0] = db;
  found_ = age_[2] > 0;
}

}  // namespace kakehashi::ears
