// SPDX-License-Identifier: GPL-3.0-or-later
// An encode's bitrate against a line that changes. Pure: figures and times in, a decision out,
// every 100 ms (kEvery); whoever asks owns it, no thread of its own.
//
// LineWatch judges one connection. The signal is how late a picture handed in now would be there:
// bytes that wait with us and in the kernel (SIOCOUTQ, so also those that wait on the way), over
// what the other side confirms, less the line's own round trip. A peak that drains (an IDR, a lost
// packet sent again) is no trouble; what keeps swelling or never drains is. What a line carries
// shows only while it is busy: in between it confirms what it is given, be it ever so wide.
//
// RateControl follows the line that leads an encode:
//   swelling        cut so far below what the line carries that what piled up drains in 0.8 s
//   drained         85 % of it
//   calm for 1 s    8 % up each 0.4 s; beyond the rate that last was too much 15 % each 0.3 s
//   still too much at the floor: every second picture, at down to half the floor, until the line
//   carries a quarter more than the floor again
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.h"
#include "encoder/wire_meter.h"

namespace kakehashi {

struct LineSample {
  MediaTime at;
  std::uint64_t connection = 0;  // another number: a fresh socket; 0: not connected
  WireFigures wire;
  std::uint64_t queued = 0;   // bytes waiting in our own queue
  std::uint64_t dropped = 0;  // packets given up so far
};

class LineWatch {
 public:
  static constexpr Duration kEvery = Duration::milliseconds(100);

  void look(const LineSample& sample);

  // Connected for a second with figures: before that, nothing can be said (TCP feels its way).
  bool known() const;
  // What the other side confirmed over the last `window` (up to 1.5 s); 0: nothing.
  double delivered_kbps(Duration window = Duration::milliseconds(300)) const;
  Duration late() const;                     // of a picture handed in now; at most 10 s
  Duration standing(Duration window) const;  // the least lateness within the window
  bool swelling() const;                     // grew from look to look, beyond what jitter does
  // Lateness that is nothing yet: 60 ms and a quarter of the round trip.
  Duration unremarkable() const;

 private:
  struct Past {
    MediaTime at, figures_at;
    std::uint64_t confirmed = 0, waiting = 0;  // bytes
  };
  const Past& past(std::size_t back) const {
    return past_[(next_ + past_.size() - 1 - back) % past_.size()];
  }
  bool busy() const;            // there was something to carry all the time since the last look
  double carries_kbps() const;  // busy: what went through; else the most that lately did
  Duration lateness(std::uint64_t waiting, double kbps) const;

  std::array<Past, 16> past_{};
  std::size_t next_ = 0, count_ = 0;
  std::uint64_t connection_ = 0;
  MediaTime since_;
  double least_rtt_ms_ = 0;
};

struct RateLimits {
  int most_kbps = 6000;   // video, as the event wants it
  int floor_kbps = 1000;  // below it the picture is not worth its bits
  int audio_kbps = 160;   // never lowered
  friend bool operator==(const RateLimits&, const RateLimits&) = default;
};
// What a picture of that size needs to be legible: 360p 200, 720p 600, 1080p 1000 kbit/s.
int floor_kbps(int width, int height);

struct RateDecision {
  int video_kbps = 0;  // of all pictures that are made in a second, also at half rate
  bool half_rate = false;
  friend bool operator==(const RateDecision&, const RateDecision&) = default;
};

class RateControl {
 public:
  explicit RateControl(const RateLimits& limits);

  // Every 100 ms with the watch of the line that leads. A line that is not known changes nothing.
  RateDecision step(const LineWatch& line, MediaTime now);
  RateDecision decision() const;
  bool held_down() const;  // below what the event wants
  std::uint64_t cuts() const { return cuts_; }

 private:
  void cut(const LineWatch& line, MediaTime now);
  void drain(const LineWatch& line, MediaTime now);
  double drain_rate(Duration late) const;
  void rise(const LineWatch& line, MediaTime now);
  void set_total(double kbps);
  double most() const { return limits_.most_kbps + limits_.audio_kbps; }
  double least() const;

  RateLimits limits_;
  double total_;        // sound included
  double carries_ = 0;  // what the line carried when it last was too much
  double deepest_ = 0;  // that one cut may go
  Duration late_at_cut_;
  bool draining_ = false, half_ = false;
  MediaTime last_cut_, troubled_, raised_;
  std::uint64_t cuts_ = 0;
};

}  // namespace kakehashi
