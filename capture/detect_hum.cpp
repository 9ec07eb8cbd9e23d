// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_hum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kakehashi {
namespace {

constexpr double kRate = 500;       // samples a second after filtering; lines to 180 Hz fit
constexpr double kSearch = 0.25;    // Hz; the grid keeps within 0.2 Hz, sound devices within 0.1 %
constexpr std::size_t kBlock = 50;  // 100 ms

double decibel(double power) { return 10 * std::log10(std::max(power, 1e-12)); }

// Low pass at 200 Hz for 1500 -> 500 samples a second: a windowed sine, 32 taps.
const std::array<float, 32>& low_pass() {
  static const std::array<float, 32> taps = [] {
    std::array<float, 32> t{};
    double sum = 0;
    for (std::size_t i = 0; i < t.size(); ++i) {
      const double x = static_cast<double>(i) - 15.5, w = 2 * std::numbers::pi * 215 / 1500;
      const double hann = 0.5 + 0.5 * std::cos(std::numbers::pi * x / 16);
      t[i] = static_cast<float>(std::sin(w * x) / x * hann);
      sum += t[i];
    }
    for (float& v : t) v = static_cast<float>(v / sum);
    return t;
  }();
  return taps;
}

}  // namespace

void HumMeter::add(const std::array<float, kPerPiece>& slow) {
  const auto& taps = low_pass();
  if (filtered_.capacity() < kLength) filtered_.reserve(kLength);
  for (const float v : slow) {
    history_[at_] = v;
    at_ = (at_ + 1) % history_.size();
    if (++phase_ < 3) continue;
    phase_ = 0;
    float sum = 0;
    for (std::size_t i = 0; i < taps.size(); ++i)
      sum += taps[i] * history_[(at_ + i) % history_.size()];
    filtered_.push_back(sum);
  }
  if (filtered_.size() < kLength) return;
  measure();
  filtered_.clear();
}

// Amplitude of one frequency under a Hann window: 1 Hz away nothing of it is left.
double HumMeter::amplitude(double hz) const {
  double re = 0, im = 0, c = 1, s = 0, wc = 1, ws = 0;
  const double a = 2 * std::numbers::pi * hz / kRate, w = 2 * std::numbers::pi / kLength;
  const double ca = std::cos(a), sa = std::sin(a), cw = std::cos(w), sw = std::sin(w);
  for (const float v : filtered_) {
    const double x = v * (1 - wc);
    re += x * c;
    im += x * s;
    const double next = c * ca - s * sa, next_w = wc * cw - ws * sw;
    s = s * ca + c * sa;
    ws = ws * cw + wc * sw;
    c = next;
    wc = next_w;
  }
  return 2 * std::hypot(re, im) / kLength;
}

HumMeter::Lines HumMeter::lines_of(int mains, double floor) const {
  Lines r;
  for (int h = 1; h <= 3; ++h) {
    double best = 0;
    for (const double d : {-kSearch, 0.0, kSearch}) best = std::max(best, amplitude(mains * h + d));
    const double level = decibel(best * best / 2);
    const double over = 20 * std::log10(std::max(best, 1e-9) / std::max(floor, 1e-9));
    if (over > kOverFloorDb && level > kAudibleDb) ++r.strong;
    r.over_db = std::max(r.over_db, over);
    r.level_db = std::max(r.level_db, level);
  }
  return r;
}

void HumMeter::measure() {
  // Cheap devices have a constant in their samples: it would make everything look steady.
  double mean = 0;
  for (const float v : filtered_) mean += v;
  for (float& v : filtered_) v -= static_cast<float>(mean / kLength);
  double loudest = 0, quietest = 1e9, all = 0;
  for (std::size_t from = 0; from + kBlock <= kLength; from += kBlock) {
    double sum = 0;
    for (std::size_t i = from; i < from + kBlock; ++i)
      sum += static_cast<double>(filtered_[i]) * filtered_[i];
    loudest = std::max(loudest, sum / kBlock);
    quietest = std::min(quietest, sum / kBlock);
    all += sum;
  }
  // Somebody speaks or plays: nothing can be said about hum, and what was said stays.
  if (decibel(loudest) - decibel(quietest) > kSteadyDb || decibel(all / kLength) > kQuietDb) return;
  ++windows_;
  // The floor between the lines of either mains, 30 to 190 Hz.
  std::array<double, 14> between{};
  std::size_t n = 0;
  for (const double hz :
       {33.0, 39.0, 43.0, 69.0, 77.0, 84.0, 91.0, 108.0, 113.0, 131.0, 138.0, 164.0, 171.0, 188.0})
    between[n++] = amplitude(hz);
  std::nth_element(between.begin(), between.begin() + 7, between.end());
  const Lines at_50 = lines_of(50, between[7]), at_60 = lines_of(60, between[7]);
  const bool fifty = at_50.strong > at_60.strong ||
                     (at_50.strong == at_60.strong && at_50.level_db >= at_60.level_db);
  const Lines& best = fifty ? at_50 : at_60;
  const int mains = fifty ? 50 : 60;
  over_db_ = best.over_db;
  level_db_ = best.level_db;
  // One line alone is a note, not hum.
  const bool lines = best.strong >= 2;
  const bool same = lines && mains == candidate_ && std::abs(best.level_db - last_db_) < kSameDb;
  same_ = !lines ? 0 : same ? same_ + 1 : 1;
  candidate_ = mains;
  last_db_ = best.level_db;
  mains_ = best.strong > 0 ? mains : 0;
}

}  // namespace kakehashi
