// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the sound of a received stream: level, the 1 kHz tone, where its beeps begin, silence.
// Pure: samples and timestamps go in, figures come out. One owner.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/time.h"
#include "station/ingest_picture.h"
#include "station/ingest_report.h"

namespace kakehashi {

struct Beep {
  int session = 0;
  Duration pts;  // when its envelope passed half of its height
};

class SoundMeter {
 public:
  void begin_session(int session);
  void add(const DecodedSound& sound);
  void fill(IngestReport& report) const;
  const std::vector<Beep>& beeps() const { return beeps_; }
  std::optional<Duration> first_pts() const { return first_pts_; }
  Duration end_pts() const { return end_pts_; }

 private:
  void set_rate(int rate);
  void follow_time(Duration pts);
  Duration time_at(double sample) const;
  void add_sample(double mono, double power);
  void end_window();
  void watch_beep(double envelope);
  void locate_beep();
  bool tonal(std::int64_t from) const;

  int session_ = 0, rate_ = 0;
  std::optional<Duration> first_pts_;
  Duration end_pts_;
  // Timestamps are whole milliseconds; their mean distance from the sample count is finer.
  double anchor_ms_ = 0;       // pts of sample 0 of this run
  std::int64_t position_ = 0;  // samples since then

  // 1 kHz by quadrature: a phasor turned sample by sample, summed over one period.
  double cos_ = 1, sin_ = 0, turn_cos_ = 1, turn_sin_ = 0;
  std::vector<double> i_, q_;  // rings of one period
  std::size_t at_ = 0;
  double i_sum_ = 0, q_sum_ = 0;
  std::vector<double> envelope_, mono_;  // rings, the last 100 ms
  double peak_ = 0, peak_decay_ = 1;
  std::optional<std::int64_t> triggered_;  // position; its beep is located 30 ms later

  // 10 ms windows.
  std::int64_t window_count_ = 0;
  double window_i_ = 0, window_q_ = 0, window_power_ = 0;
  std::array<std::uint32_t, 1201> tone_{};  // histogram, 0.1 dB each, -120..0 dBFS
  std::uint64_t windows_ = 0;
  double silent_ms_ = 0, longest_silent_ms_ = 0;

  double power_ = 0;
  std::uint64_t samples_ = 0;
  std::vector<Beep> beeps_;
};

// Pairs each flash with the nearest beep of its session within half a second.
void fill_av_offset(IngestReport& report, const std::vector<Flash>& flashes,
                    const std::vector<Beep>& beeps);

}  // namespace kakehashi
