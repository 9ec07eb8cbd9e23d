// SPDX-License-Identifier: GPL-3.0-or-later
// Scaling of one plane by any ratio: area average when it gets smaller, linear when it gets larger.
// Only the wanted part of the result is computed. Unlike libyuv's it allocates nothing per call:
// the tables of a layout are made once and kept.
#pragma once

#include <cstdint>
#include <vector>

#include "core/show.h"
#include "core/video_frame.h"

namespace kakehashi {

// How one axis is scaled: which source samples make result sample i, and with which weight.
struct AxisTable {
  enum class Use : std::uint8_t { Lines, Columns };
  struct Key {
    int source = 0, result = 0;  // whole lengths
    int first = 0, count = 0;    // the part of the result that is wanted
    Use use = Use::Lines;
    friend bool operator==(const Key&, const Key&) = default;
  };

  Key key;
  int taps = 0;
  std::vector<std::int32_t> start;  // per result sample
  // Lines: `taps` per result sample, sum 256. Columns: blocks of 8 results x 4 taps, sum 16384.
  std::vector<std::int16_t> weights;

  void build(const Key& wanted);
};

class Scaler {
 public:
  Scaler();

  // `source` is width x height samples; the whole of it scaled to result_w x result_h would be the
  // result, of which `part` is written at `out` (its top left sample). Allocates only when a table
  // or line is larger than ever before.
  void plane(PlaneView source, int width, int height, int result_w, int result_h, const Rect& part,
             std::uint8_t* out, int out_stride);

 private:
  const AxisTable& table(const AxisTable::Key& key);

  // A scene of four layers with hidden parts needs about 40; the oldest makes room.
  std::vector<AxisTable> tables_;
  std::size_t next_ = 0;
  std::vector<std::uint8_t> line_;
};

}  // namespace kakehashi
