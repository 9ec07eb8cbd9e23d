// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/meter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace kakehashi {
namespace {

using Knot = std::pair<double, double>;

template <std::size_t N>
double along(const std::array<Knot, N>& knots, double x) {
  if (x <= knots.front().first) return knots.front().second;
  for (std::size_t i = 1; i < N; ++i) {
    if (x > knots[i].first) continue;
    const auto& [x0, y0] = knots[i - 1];
    const auto& [x1, y1] = knots[i];
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
  }
  return knots.back().second;
}

constexpr std::array<Knot, 7> kMeter{
    {{-60, 0}, {-40, 0.20}, {-30, 0.35}, {-20, 0.58}, {-12, 0.78}, {-6, 0.90}, {0, 1}}};
constexpr std::array<Knot, 5> kFader{{{-60, 0}, {-30, 0.2}, {-12, 0.5}, {0, 0.8}, {12, 1}}};
constexpr std::array<Knot, 5> kFaderBack{{{0, -60}, {0.2, -30}, {0.5, -12}, {0.8, 0}, {1, 12}}};

constexpr double kWindow = 3.0;
constexpr double kHysteresis = 2.0;

LevelWord word_of(double db) {
  if (db < -45) return LevelWord::Quiet;
  if (db < -30) return LevelWord::Low;
  return db <= -12 ? LevelWord::Good : LevelWord::Loud;
}

}  // namespace

double meter_position(double db) { return along(kMeter, db); }
double fader_position(double db) { return along(kFader, db); }
double fader_level(double position) { return along(kFaderBack, position); }

void MeterBar::feed(double level_db, double peak_db, double now) {
  if (level_db >= level(now)) {
    level_ = level_db;
    level_at_ = now;
  }
  if (peak_db >= peak(now)) {
    peak_ = peak_db;
    peak_at_ = now;
  }
}

double MeterBar::level(double now) const {
  return std::max(level_ - 20.0 * std::max(now - level_at_, 0.0), -120.0);
}

double MeterBar::peak(double now) const {
  const double falling = std::max(now - peak_at_ - 1.0, 0.0);
  return std::max(peak_ - 20.0 * falling, -120.0);
}

void LevelJudge::feed(double level_db, double peak_db, double now) {
  samples_.push_back({now, std::pow(10.0, level_db / 10)});
  while (samples_.front().at < now - kWindow) samples_.pop_front();
  double sum = 0;
  for (const Sample& s : samples_) sum += s.power;
  mean_db_ = std::max(10 * std::log10(sum / static_cast<double>(samples_.size()) + 1e-30), -120.0);

  if (peak_db >= -1) clips_.push_back(now);
  while (!clips_.empty() && clips_.front() < now - kWindow) clips_.pop_front();

  LevelWord wanted = word_of(mean_db_);
  // Still inside the old word's range widened by the hysteresis: the old word stays.
  if (word_ != LevelWord::Clipping && wanted != word_ &&
      (word_of(mean_db_ - kHysteresis) == word_ || word_of(mean_db_ + kHysteresis) == word_))
    wanted = word_;
  if (clips_.size() >= 3) wanted = LevelWord::Clipping;
  if (wanted == word_ || now - changed_at_ < 1.0) return;
  word_ = wanted;
  changed_at_ = now;
}

LevelWord loudness_word(double lufs) {
  if (lufs < -45) return LevelWord::Quiet;
  if (lufs < -22) return LevelWord::Low;
  return lufs <= -11 ? LevelWord::Good : LevelWord::Loud;
}

}  // namespace kakehashi
