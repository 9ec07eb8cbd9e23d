// SPDX-License-Identifier: GPL-3.0-or-later
// When the program's pictures are due. Free: picture n at epoch + rate.time_of(n), exact for ever.
// Following (soft genlock): the ticks slide until they come a guard after the arrival of the camera
// on air, and keep its pace, so that its pictures are young and none is repeated or dropped.
//
// Rules: only a camera within 0.5 % of the program's rate (or of twice or half of it) is followed;
// a tick is moved by at most 2 % of a period, the shorter way, so that a cut to another camera is
// in phase again within a second; without the camera its last pace is held for 2 s, then the ticks
// slide back (0.5 % of a period each) to the nominal grid and are exact again. Numbers count on
// through all of it; a picture's time is its tick, not its number. Sound knows nothing of this.
//
// Pure: time is a parameter. One owner (mix.video).
#pragma once

#include <cstdint>

#include "capture/cadence.h"
#include "core/time.h"

namespace kakehashi {

class TickClock {
 public:
  struct Wish {
    bool follow = false;  // soft genlock is wanted
    CadenceLine line;     // of the camera on air; not settled: there is none
  };

  // The first tick is the first nominal one after `now`.
  TickClock(MediaTime epoch, Rate rate, MediaTime now);

  // Of the tick that comes.
  std::int64_t number() const { return number_; }
  MediaTime time() const { return time_; }
  Duration period() const { return period_; }  // to the one after it, if nothing changes
  bool nominal() const { return mode_ == Mode::Free; }
  // A camera is followed and the tick stands within 1 ms of where it should.
  bool locked() const { return mode_ == Mode::Following && calm_ >= kCalm; }
  bool following() const { return mode_ == Mode::Following; }
  double ppm() const { return ppm_; }  // pace of the camera followed against nominal, + = fast

  // That tick has been made: goes on to the next.
  void advance(const Wish& wish);
  // Ticks that are due at `now` already are late; whole periods that have passed are left out, not
  // sent in a burst. How many were late or left out.
  std::uint64_t leave_out(MediaTime now);

 private:
  static constexpr int kCalm = 5;
  enum class Mode : std::uint8_t { Free, Following, Holding, Returning };
  // Ticks per picture of a camera that can be followed (1, 2, 0.5), else 0.
  double ticks_per_picture(const CadenceLine& line) const;
  void follow(const CadenceLine& line, double ratio);
  void go_back();
  Duration most_slew() const { return rate_.period() / 50; }

  const MediaTime epoch_;
  const Rate rate_;
  Mode mode_ = Mode::Free;
  std::int64_t number_ = 0;
  std::int64_t place_ = 0;  // Free: which one of the nominal grid
  MediaTime time_;
  Duration period_;
  MediaTime followed_;  // the last tick that was
  int calm_ = 0;
  double ppm_ = 0;
};

}  // namespace kakehashi
