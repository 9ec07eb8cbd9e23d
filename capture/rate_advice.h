// SPDX-License-Identifier: GPL-3.0-or-later
// Tells when a camera belongs to the other half of the world: 25 or 50 pictures a second in a
// program of 30 or 60 repeat five a second, and the other way round drops as many. Nothing can
// mend that but a setting of the camera. Pure; one owner.
#pragma once

#include "core/text.h"
#include "core/time.h"

namespace kakehashi {

class RateAdvice {
 public:
  // From time to time (100 ms): the camera's pace by its cadence, 0 while it has none. Speaks after
  // five seconds of the wrong pace and is silent again after five of another: a camera that
  // switches its light compensation on and off does not make the sentence blink.
  void look(double fps, MediaTime now);
  void forget() { *this = RateAdvice(program_); }  // another device from here on

  explicit RateAdvice(Rate program) : program_(program) {}
  bool wrong() const { return wrong_; }
  // Cause and one action; empty when all is well.
  Text words() const;

 private:
  Rate program_;
  bool wrong_ = false, waiting_ = false;
  double fps_ = 0;  // of which words() speaks
  MediaTime since_;
};

}  // namespace kakehashi
