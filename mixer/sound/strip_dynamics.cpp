// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/strip_dynamics.h"

#include <algorithm>
#include <cmath>

namespace kakehashi::strip {
namespace {

constexpr std::size_t kGlideSteps = kGlide / kStep;
constexpr double kStepsPerMs = 48.0 / static_cast<double>(kStep);

double followed(double now, double goal, double kept) { return goal + kept * (now - goal); }

}  // namespace

void SoftGate::set(const GateSettings& settings, bool at_once) {
  range_ = settings.range_db;  // its own slowness lets nothing click
  if (at_once) threshold_.jump(settings.threshold_db);
  threshold_.go(settings.threshold_db, kGlideSteps);
}

void SoftGate::run(std::span<Pair> samples) {
  taken_db_ = 0;
  if (range_ == 0 && reduction_ < 0.001) {
    reduction_ = 0;
    gain_ = 1;
    held_ = 0;
    return;
  }
  static const double kPower = kept_over_step(5);
  static const double kOpen = kept_over_step(0.5), kClose = kept_over_step(120);
  for (std::size_t at = 0; at < samples.size(); at += kStep) {
    Pair* piece = samples.data() + at;
    const double power = louder_power(piece);
    power_ = followed(power_, power, kPower);
    const double threshold = threshold_.next();
    const double under = threshold - level_db(power_);
    // The beginning of a word opens it before the mean knows: by its crests, which in a sine are
    // 3 dB above the mean.
    if (under <= 0 || level_db(power / 2) >= threshold || (held_ > 0 && under < kHysteresisDb))
      held_ = static_cast<int>(kHoldMs * kStepsPerMs);
    else if (held_ > 0)
      --held_;
    const double goal = held_ > 0 ? 0 : std::clamp(2 * under, 0.0, range_);
    reduction_ = followed(reduction_, goal, goal < reduction_ ? kOpen : kClose);
    const double gain = gain_of(-reduction_);
    apply_gain(piece, gain_, gain);
    gain_ = gain;
    taken_db_ = std::min(taken_db_, -reduction_);
  }
  if (power_ < kNothing) power_ = 0;
  if (reduction_ < 1e-9) reduction_ = 0;
}

double Compressor::reduction_at(double level, double threshold, double slope) {
  const double over = level - threshold;
  if (over <= -kKneeDb / 2) return 0;
  if (over >= kKneeDb / 2) return slope * over;
  const double into = over + kKneeDb / 2;
  return slope * into * into / (2 * kKneeDb);
}

double Compressor::makeup_of(const CompressorSettings& s) {
  const double at_full = reduction_at(0, s.threshold_db, 1 - 1 / s.ratio);
  return std::min(s.makeup_most_db, at_full / 2);
}

void Compressor::set(const CompressorSettings& s, bool at_once) {
  const double slope = 1 - 1 / s.ratio, makeup = makeup_of(s);
  keep_attack_ = kept_over_step(s.attack_ms);
  keep_release_ = kept_over_step(s.release_ms);
  if (at_once) {
    slope_.jump(slope);
    threshold_.jump(s.threshold_db);
    makeup_.jump(makeup);
    gain_ = gain_of(makeup);
  }
  slope_.go(slope, kGlideSteps);
  threshold_.go(s.threshold_db, kGlideSteps);
  makeup_.go(makeup, kGlideSteps);
}

void Compressor::run(std::span<Pair> samples) {
  taken_db_ = 0;
  const bool idle = slope_.goal() == 0 && slope_.still() && makeup_.goal() == 0 &&
                    makeup_.still() && reduction_ < 0.001;
  if (idle) {
    reduction_ = 0;
    gain_ = 1;
    return;
  }
  static const double kPower = kept_over_step(5);
  for (std::size_t at = 0; at < samples.size(); at += kStep) {
    Pair* piece = samples.data() + at;
    power_ = followed(power_, louder_power(piece), kPower);
    const double goal = reduction_at(level_db(power_), threshold_.next(), slope_.next());
    reduction_ = followed(reduction_, goal, goal > reduction_ ? keep_attack_ : keep_release_);
    const double gain = gain_of(makeup_.next() - reduction_);
    apply_gain(piece, gain_, gain);
    gain_ = gain;
    taken_db_ = std::min(taken_db_, -reduction_);
  }
  if (power_ < kNothing) power_ = 0;
  if (reduction_ < 1e-9) reduction_ = 0;
}

}  // namespace kakehashi::strip
