// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/av_offset.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "station/equip/flash_edge.h"
#include "station/equip/luma_grid.h"

namespace kakehashi {
namespace {

constexpr std::size_t kLeast = 4;    // flashes or beeps
constexpr double kOutlier = 0.080;   // seconds off the period's grid
constexpr int kPieceSamples = 48;    // 1 ms
constexpr std::size_t kEdge = 12;    // ms before and after, that tell an edge
constexpr std::size_t kApart = 250;  // ms on either side without a stronger edge
constexpr float kBeepOverNoise = 4;  // amplitude
constexpr float kLeastBeep = 0.001F;
constexpr int kMostSlots = kFlashRound / 2;

template <class T>
T quantile(std::vector<T> values, double fraction) {
  const auto at = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

struct Beeps {
  double phase = 0, period = 0, spread = 0;
  std::vector<int> slots;
};

// The page's clock and ours differ a little: the beeps tell its period as we count. Those off the
// line by more than the others are (somebody speaks over one) are left out, twice.
Beeps line_of(const std::vector<double>& times) {
  Beeps b;
  b.period = kFlashPeriod.to_seconds();
  const double anchor = common_phase(times, b.period, kOutlier);
  double at_zero = 0, slope = 0, allowed = kOutlier;
  for (int round = 0; round < 3; ++round) {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    std::vector<double> errors;
    b.slots.clear();
    for (const double t : times) {
      const double k = std::round((t - anchor) / b.period), off = t - anchor - k * b.period;
      if (std::abs(off - at_zero - slope * k) > allowed) continue;
      b.slots.push_back(static_cast<int>(k));
      n += 1, sx += k, sy += off, sxx += k * k, sxy += k * off;
    }
    if (b.slots.size() < kLeast) return b;
    const double bottom = n * sxx - sx * sx;
    slope = bottom > 0 ? (n * sxy - sx * sy) / bottom : 0;
    at_zero = (sy - slope * sx) / n;
    for (const double t : times) {
      const double k = std::round((t - anchor) / b.period), off = t - anchor - k * b.period;
      const double error = std::abs(off - at_zero - slope * k);
      if (error <= allowed) errors.push_back(error);
    }
    const double usual = quantile(errors, 0.6);
    allowed = std::clamp(4 * usual, 0.003, kOutlier);
    b.spread = 2 * usual / std::sqrt(n);
  }
  b.phase = anchor + at_zero;
  b.period += slope;
  return b;
}

// By how many slots the pictures lie behind the sounds: the pattern of those left out tells.
int slots_late(const std::vector<int>& flashes, const std::vector<int>& beeps) {
  const auto common = [&](int shift) {
    int count = 0;
    for (const int f : flashes)
      count += std::find(beeps.begin(), beeps.end(), f - shift) != beeps.end() ? 1 : 0;
    return count;
  };
  int best = 0;
  for (int shift = -kMostSlots; shift <= kMostSlots; ++shift)
    if (common(shift) > common(best) + (best == 0 ? 1 : 0)) best = shift;
  return best;
}

}  // namespace

LitPicture look_at(const VideoFrame& frame) {
  LitPicture p;
  p.captured = frame.info().captured;
  luma_grid(frame, LitPicture::kAcross, LitPicture::kDown, p.cells);
  return p;
}

void BeepListener::hear(std::span<const float> samples, MediaTime first) {
  static_assert(kPieceSamples * kBeepTone == kSampleRate, "a piece is one wave of the tone");
  const auto phase = [](int i) { return 2 * std::numbers::pi * i / kPieceSamples; };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (count_ == 0) at_ = first + time_of_sample(static_cast<std::int64_t>(i));
    sine_ += static_cast<double>(samples[i]) * std::sin(phase(count_));
    cosine_ += static_cast<double>(samples[i]) * std::cos(phase(count_));
    if (++count_ < kPieceSamples) continue;
    pieces_.push_back({at_, static_cast<float>(sine_ * 2 / kPieceSamples),
                       static_cast<float>(cosine_ * 2 / kPieceSamples)});
    sine_ = cosine_ = 0;
    count_ = 0;
  }
}

BeepListener::Heard BeepListener::beeps() const {
  Heard heard;
  if (pieces_.size() < 10 * kEdge) return heard;
  // The tone over the next kEdge ms: what is no tone averages out.
  std::vector<float> ahead(pieces_.size() - kEdge);
  for (std::size_t t = 0; t < ahead.size(); ++t) {
    double s = 0, c = 0;
    for (std::size_t j = t; j < t + kEdge; ++j)
      s += static_cast<double>(pieces_[j].sine), c += static_cast<double>(pieces_[j].cosine);
    ahead[t] = static_cast<float>(std::hypot(s, c) / kEdge);
  }
  // Beeps fill 5 % of the time: these are the quiet and the sounding level.
  const float quiet = quantile(ahead, 0.5), beep = quantile(ahead, 0.975);
  if (beep < kLeastBeep || beep < kBeepOverNoise * quiet) return heard;
  heard.level = beep;
  std::vector<float> rise(ahead.size(), 0);
  for (std::size_t t = kEdge; t < rise.size(); ++t) rise[t] = ahead[t] - ahead[t - kEdge];
  for (std::size_t t = kEdge; t + 1 < rise.size(); ++t) {
    if (rise[t] < (beep - quiet) / 2) continue;
    const auto from = rise.begin() + static_cast<std::ptrdiff_t>(t - std::min(t, kApart));
    const auto to = rise.begin() + static_cast<std::ptrdiff_t>(std::min(rise.size(), t + kApart));
    if (std::max_element(from, to) != rise.begin() + static_cast<std::ptrdiff_t>(t)) continue;
    // Around an edge the rise is a triangle: its flanks tell where within the millisecond.
    const double left = static_cast<double>(rise[t - 1]), right = static_cast<double>(rise[t + 1]);
    const double drop = static_cast<double>(rise[t]) - std::min(left, right);
    const double part = drop > 0 ? 0.5 * (right - left) / drop : 0;
    heard.onsets.push_back(pieces_[t].at + Duration::from_seconds(0.001 * part));
  }
  return heard;
}

OffsetReading estimate_offset(const std::vector<LitPicture>& pictures,
                              const std::vector<MediaTime>& beeps) {
  if (beeps.size() < kLeast) return {{}, OffsetTrouble::NoSound};
  const MediaTime zero = beeps.front();
  std::vector<double> heard;
  for (const MediaTime t : beeps) heard.push_back((t - zero).to_seconds());
  const Beeps line = line_of(heard);
  if (line.slots.size() < kLeast) return {{}, OffsetTrouble::NoSound};
  const auto edge = find_flash_edge(pictures, zero, line.period, kLeast);
  if (!edge) return {{}, OffsetTrouble::NoPicture};

  // Both on one grid: the picture's slot 0 beside the sound's.
  const double behind = std::round((edge->phase - line.phase) / line.period);
  std::vector<int> flashes = edge->slots;
  for (int& f : flashes) f += static_cast<int>(behind);
  const double late = edge->phase - line.phase - behind * line.period +
                      slots_late(flashes, line.slots) * line.period;
  AvOffset result;
  result.offset = Duration::from_seconds(late);
  result.spread = Duration::from_seconds(std::hypot(edge->spread, line.spread));
  result.flashes = static_cast<int>(edge->slots.size());
  result.beeps = static_cast<int>(line.slots.size());
  return {result, OffsetTrouble::None};
}

}  // namespace kakehashi
