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
    Use use = Use::Lines;
    friend bool operator==(const Key&, const Key&) = default;
  };

  Key key;
  int taps = 0;                       // source samples per result sample; even for columns
  std::vector<std::int32_t> start;    // per result sample
  std::vector<std::int16_t> weights;  // Lines: sum 256 per result. Columns: sum 16384, see weight()

  // Columns only, for loops that make 8 results at a time: which of 16 bytes from start[0] (from
  // start[4] for the second half) on are the first two taps of each result, as words.
  std::vector<std::uint8_t> shuffle;
  bool windows_fit = false;  // the 16 bytes hold all that four results need

  void build(const Key& wanted);

  std::int16_t weight(int result, int tap) const { return weights[place_of(result, tap)]; }

 private:
  // Columns lie in blocks of 8 results, within these in pairs of taps.
  std::size_t place_of(int result, int tap) const {
    return static_cast<std::size_t>(key.use == Use::Lines ? result * taps + tap
                                                          : result / 8 * 8 * taps + tap / 2 * 16 +
                                                                result % 8 * 2 + tap % 2);
  }
  void make_windows(int filled);
};

class Scaler {
 public:
  // `longest_result`: the longer side of the largest picture it will usually make.
  explicit Scaler(int longest_result);

  // `source` is width x height samples; the whole of it scaled to result_w x result_h would be the
  // result, of which `part` is written at `out` (its top left sample). Allocates only when a table
  // or line is larger than ever before.
  void plane(PlaneView source, int width, int height, int result_w, int result_h, const Rect& part,
             std::uint8_t* out, int out_stride);

 private:
  const AxisTable& table(const AxisTable::Key& key);

  // A scene of four layers needs about 16; the oldest makes room.
  std::vector<AxisTable> tables_;
  std::size_t next_ = 0;
  std::vector<std::uint8_t> line_, beside_;
  std::vector<std::uint8_t> smaller_;  // the plane after a first step, for large reductions
};

}  // namespace kakehashi
