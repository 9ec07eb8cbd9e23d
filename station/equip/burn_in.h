// SPDX-License-Identifier: GPL-3.0-or-later
// 連続運転: everything open together for half an hour or two, looked at every ten seconds. What the
// looks add up to; worst values, never a list, so that memory does not grow. Pure: times and
// figures come from outside.
#pragma once

#include <cstdint>
#include <vector>

#include "core/equipment_test.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "core/time.h"

namespace kakehashi {

struct MachineLook {
  double degrees = -1;     // hottest sensor, Celsius; -1: none
  double disk_bytes = -1;  // free where recordings go; -1: not known
  double cpu_share = -1;   // of all processors since the last look, 0..1; -1: not known
};

class BurnIn {
 public:
  static constexpr Duration kEvery = Duration::seconds(10);
  explicit BurnIn(std::vector<Input> inputs);

  // `inputs`: in the order of the constructor's. Looks come in order of time; the first one is the
  // measure for all counters.
  void look(MediaTime now, const std::vector<InputStatus>& inputs, const MachineLook& machine);
  // One item per input, "burn_in.<role>", and "burn_in" for the PC. `whole`: false when it was
  // stopped early.
  std::vector<EquipmentItem> items(bool whole) const;
  double minutes() const { return (last_ - first_).to_seconds() / 60; }

 private:
  struct Counts {
    std::uint64_t captured = 0, lost = 0, late = 0, restarts = 0;
  };
  struct Line {
    Counts first, last;
    double least_fps = 1e9, most_ppm = 0, most_age_ms = 0;
    std::uint64_t looks = 0, dark = 0;  // looks without a signal
    bool seen = false;
  };
  EquipmentItem item_of(const Input& input, const Line& line) const;

  std::vector<Input> inputs_;
  std::vector<Line> lines_;
  bool any_ = false;
  MediaTime first_, last_;
  double hottest_ = -1, most_cpu_ = -1, cpu_sum_ = 0, disk_first_ = -1, disk_last_ = -1;
  std::uint64_t cpu_looks_ = 0;
};

}  // namespace kakehashi
