// SPDX-License-Identifier: GPL-3.0-or-later
// Judging what needs real time: a pitch, a gap between pictures, an age.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace kakehashi::testing {

// More than three times as much work waits as there are cores: no encoder, decoder or ear of a test
// keeps real time then, and what it heard says nothing about ours.
inline bool overloaded() {
  double waiting = 0;
  return getloadavg(&waiting, 1) == 1 && waiting > 3.0 * std::thread::hardware_concurrency();
}

// `attempt` measures and says whether it was good. A fault of ours is there each time, a busy
// machine's only sometimes: one good attempt is enough. Where none was on an overloaded machine
// nothing is judged, and that is said.
template <class Attempt>
bool in_good_time(Attempt attempt, int tries = 5) {
  for (int i = 0; i < tries; ++i)
    if (attempt()) return true;
  if (!overloaded()) return false;
  std::fprintf(stderr, "not judged: this machine is too busy to keep real time\n");
  return true;
}

}  // namespace kakehashi::testing
