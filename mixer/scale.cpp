// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/scale.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "mixer/kernels.h"
#include "mixer/reduce.h"

namespace kakehashi {
namespace {

constexpr std::size_t kTables = 96;
constexpr std::size_t kUsualTaps = 6;       // up to fourfold reduction
constexpr std::size_t kUsualSource = 1920;  // longer ones make the buffers grow once
constexpr int kLinePadding = 64;            // scale_columns reads up to `taps` past its last sample

// Which source samples make result sample i: `count` of them from `first` on, and their shares.
struct Footprint {
  Footprint(int i, int source, int result) {
    ratio = static_cast<double>(source) / result;
    if (ratio <= 1.0) {  // linear between the two sample centres around it
      const double centre = std::clamp((i + 0.5) * ratio - 0.5, 0.0, source - 1.0);
      first = std::min(static_cast<int>(centre), std::max(source - 2, 0));
      count = std::min(2, source);
      from = centre - first;
    } else {  // the area it stands for
      from = i * ratio;
      to = (i + 1) * ratio;
      first = static_cast<int>(from);
      count = std::min(source, static_cast<int>(std::ceil(to - 1e-9))) - first;
    }
  }
  double share(int k) const {
    if (ratio > 1.0)
      return (std::min(to, first + k + 1.0) - std::max(from, first + 0.0 + k)) / ratio;
    if (count == 1) return 1.0;
    return k == 0 ? 1.0 - from : from;
  }
  double ratio = 1, from = 0, to = 0;
  int first = 0, count = 0;
};

}  // namespace

void AxisTable::build(const Key& wanted) {
  key = wanted;
  const bool columns = key.use == Use::Columns;
  const double one = columns ? 16384.0 : 256.0;
  const int most = key.source <= key.result
                       ? std::min(2, key.source)
                       : std::min(key.source, (key.source + key.result - 1) / key.result + 1);
  taps = columns ? (most + 1) / 2 * 2 : most;
  const int filled = columns ? (key.result + 7) / 8 * 8 : key.result;
  start.assign(static_cast<std::size_t>(filled), 0);
  weights.assign(static_cast<std::size_t>(filled) * static_cast<std::size_t>(taps), 0);

  for (int i = 0; i < key.result; ++i) {
    const Footprint print(i, key.source, key.result);
    int first = print.first, skipped = 0;
    if (!columns && first + taps > key.source) {  // lines past the end must not be touched
      skipped = first + taps - key.source;
      first -= skipped;
    }
    start[static_cast<std::size_t>(i)] = first;
    // Rounded shares must add up exactly, or flat fields would change: carry the error on.
    double owed = 0;
    for (int k = 0; k < print.count; ++k) {
      const double exact = print.share(k) * one + owed;
      const auto w = static_cast<std::int16_t>(std::lround(exact));
      owed = exact - w;
      weights[place_of(i, k + skipped)] = w;
    }
  }
  if (columns) make_windows(filled);
}

void AxisTable::make_windows(int filled) {
  for (int i = key.result; i < filled; ++i)
    start[static_cast<std::size_t>(i)] = start[static_cast<std::size_t>(key.result - 1)];
  shuffle.assign(static_cast<std::size_t>(filled) * 4, 0x80);  // 0x80: a zero byte
  windows_fit = true;
  for (int i = 0; i < filled; ++i) {
    const int offset =
        start[static_cast<std::size_t>(i)] - start[static_cast<std::size_t>(i / 4 * 4)];
    windows_fit = windows_fit && offset <= 14;
    shuffle[static_cast<std::size_t>(4 * i)] = static_cast<std::uint8_t>(offset);
    shuffle[static_cast<std::size_t>(4 * i + 2)] = static_cast<std::uint8_t>(offset + 1);
  }
}

Scaler::Scaler(int longest_result) : tables_(kTables) {
  const auto n = static_cast<std::size_t>(longest_result) + 8;
  for (auto& t : tables_) {
    t.start.reserve(n);
    t.weights.reserve(n * kUsualTaps);
    t.shuffle.reserve(n * 4);
  }
  line_.resize(kUsualSource + kLinePadding);
  beside_.resize(n);
  smaller_.resize(kUsualSource / 4 * kUsualSource / 4);
}

const AxisTable& Scaler::table(const AxisTable::Key& key) {
  for (const auto& t : tables_)
    if (t.taps > 0 && t.key == key) return t;
  AxisTable& oldest = tables_[next_];
  next_ = (next_ + 1) % tables_.size();
  oldest.build(key);
  return oldest;
}

void Scaler::plane(PlaneView source, int width, int height, int result_w, int result_h,
                   const Rect& part, std::uint8_t* out, int out_stride) {
  for (const int ratio : {2, 3, 4})
    if (width == ratio * result_w && height == ratio * result_h)
      return reduce_plane(source, width, height, ratio, part, out, out_stride);
  // More than fourfold, as thumbnails are: quarters first, then the rest.
  if (width > 4 * result_w && height > 4 * result_h && width % 4 == 0 && height % 4 == 0) {
    const int w = width / 4, h = height / 4;
    if (smaller_.size() < static_cast<std::size_t>(w) * static_cast<std::size_t>(h))
      smaller_.resize(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    reduce_plane(source, width, height, 4, {0, 0, w, h}, smaller_.data(), w);
    source = {smaller_.data(), w};
    width = w;
    height = h;
  }
  if (line_.size() < static_cast<std::size_t>(width + kLinePadding))
    line_.resize(static_cast<std::size_t>(width + kLinePadding));
  const Kernels& k = kernels();
  // Both tables live in the same store: the second look-up must not push the first one out.
  (void)table({height, result_h, AxisTable::Use::Lines});
  const AxisTable& columns = table({width, result_w, AxisTable::Use::Columns});
  const AxisTable& lines = table({height, result_h, AxisTable::Use::Lines});

  // Columns are made in blocks of eight; what of the first one is not wanted goes beside.
  const int block = part.x / 8 * 8, extra = part.x - block;
  if (extra && beside_.size() < static_cast<std::size_t>(part.w + 8))
    beside_.resize(static_cast<std::size_t>(part.w + 8));
  const int from = columns.start[static_cast<std::size_t>(block)];
  const int to =
      std::min(width, columns.start[static_cast<std::size_t>(part.x + part.w - 1)] + columns.taps);
  const auto line = [&](int l) {
    return source.data + static_cast<std::ptrdiff_t>(l) * source.stride + from;
  };
  for (int y = 0; y < part.h; ++y, out += out_stride) {
    const auto at = static_cast<std::size_t>(part.y + y);
    // The lines that the next-but-one result line will be the first to need.
    if (y + 2 < part.h)
      for (int l = lines.start[at + 1]; l < lines.start[at + 2]; ++l)
        if (l + lines.taps < height) fetch_ahead(line(l + lines.taps), to - from);
    k.scale_lines(line(lines.start[at]), source.stride,
                  &lines.weights[at * static_cast<std::size_t>(lines.taps)], lines.taps,
                  line_.data() + from, to - from);
    if (extra) {
      k.scale_columns(line_.data(), columns, block, beside_.data(), part.w + extra);
      std::memcpy(out, beside_.data() + extra, static_cast<std::size_t>(part.w));
    } else {
      k.scale_columns(line_.data(), columns, block, out, part.w);
    }
  }
}

}  // namespace kakehashi
