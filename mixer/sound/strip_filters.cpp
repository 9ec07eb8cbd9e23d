// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/strip_filters.h"

#include <array>
#include <cmath>

#include "core/time.h"

namespace kakehashi::strip {
namespace {

struct Angle {
  double sin, cos;
};

Angle angle_of(double hz) {
  const double w = 2 * M_PI * hz / kSampleRate;
  return {std::sin(w), std::cos(w)};
}

Coefficients divided(double b0, double b1, double b2, double a0, double a1, double a2) {
  return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

}  // namespace

Coefficients high_pass(double hz) {
  const auto [s, c] = angle_of(hz);
  const double alpha = s * M_SQRT1_2;  // Q = 1/sqrt(2)
  return divided((1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha);
}

Coefficients equaliser(const EqBand& band) {
  const auto [s, c] = angle_of(band.hz);
  const double alpha = s / (2 * band.q);
  const double a = gain_of(band.gain_db / 2);
  if (band.shape == EqShape::Bell)
    return divided(1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a);
  const double root = 2 * std::sqrt(a) * alpha;
  const double up = a + 1, down = a - 1;
  if (band.shape == EqShape::LowShelf)
    return divided(a * (up - down * c + root), 2 * a * (down - up * c), a * (up - down * c - root),
                   up + down * c + root, -2 * (down + up * c), up + down * c - root);
  return divided(a * (up + down * c + root), -2 * a * (down + up * c), a * (up + down * c - root),
                 up - down * c + root, 2 * (down - up * c), up - down * c - root);
}

void Section::run(std::span<Pair> samples) {
  const Pair b0 = pair(c_.b0), b1 = pair(c_.b1), b2 = pair(c_.b2), a1 = pair(c_.a1),
             a2 = pair(c_.a2);
  Pair s1 = s1_, s2 = s2_;
  for (Pair& v : samples) {
    const Pair x = v;
    const Pair y = b0 * x + s1;
    s1 = (b1 * x + s2) - a1 * y;
    s2 = b2 * x - a2 * y;
    v = y;
  }
  s1_ = s1;
  s2_ = s2;
}

void Section::run_both(Section& first, Section& second, std::span<Pair> samples) {
  const Coefficients c = first.c_, d = second.c_;
  Pair s1 = first.s1_, s2 = first.s2_, t1 = second.s1_, t2 = second.s2_;
  for (Pair& v : samples) {
    const Pair x = v;
    const Pair y = pair(c.b0) * x + s1;
    s1 = (pair(c.b1) * x + s2) - pair(c.a1) * y;
    s2 = pair(c.b2) * x - pair(c.a2) * y;
    const Pair z = pair(d.b0) * y + t1;
    t1 = (pair(d.b1) * y + t2) - pair(d.a1) * z;
    t2 = pair(d.b2) * y - pair(d.a2) * z;
    v = z;
  }
  first.s1_ = s1;
  first.s2_ = s2;
  second.s1_ = t1;
  second.s2_ = t2;
  first.dust();
  second.dust();
}

void Section::run_to(const Coefficients& goal, std::span<Pair> samples) {
  const double part = 1 / static_cast<double>(samples.size());
  const Coefficients d{(goal.b0 - c_.b0) * part, (goal.b1 - c_.b1) * part, (goal.b2 - c_.b2) * part,
                       (goal.a1 - c_.a1) * part, (goal.a2 - c_.a2) * part};
  for (Pair& v : samples) {
    c_.b0 += d.b0;
    c_.b1 += d.b1;
    c_.b2 += d.b2;
    c_.a1 += d.a1;
    c_.a2 += d.a2;
    const Pair x = v;
    const Pair y = pair(c_.b0) * x + s1_;
    s1_ = (pair(c_.b1) * x + s2_) - pair(c_.a1) * y;
    s2_ = pair(c_.b2) * x - pair(c_.a2) * y;
    v = y;
  }
  c_ = goal;
}

void Section::dust() {
  s1_ = without_dust(s1_);
  s2_ = without_dust(s2_);
}

void HighPass::set(double hz, bool at_once) {
  const bool on = hz > 0;
  if (at_once) wet_.jump(on ? 1 : 0);
  wet_.go(on ? 1 : 0, kGlide);
  if (!on || hz == goal_hz_) return;
  goal_hz_ = hz;
  left_ = kFilterSteps;
  if (at_once || (wet_.now() == 0 && !section_.rings())) {
    hz_ = hz;
    left_ = 0;
  }
  if (left_ == 0) section_.jump(high_pass(hz_));
}

void HighPass::run(std::span<Pair> samples) {
  if (wet_.still() && wet_.now() == 0) {
    section_.forget();
    return;
  }
  const bool mixing = !wet_.still();
  for (std::size_t at = 0; at < samples.size(); at += kFilterStep) {
    const auto piece = samples.subspan(at, kFilterStep);
    std::array<Pair, kFilterStep> dry;
    if (mixing) std::copy(piece.begin(), piece.end(), dry.begin());
    if (left_ > 0) {
      hz_ = left_ == 1 ? goal_hz_ : hz_ * std::pow(goal_hz_ / hz_, 1.0 / left_);
      --left_;
      section_.run_to(high_pass(hz_), piece);
    } else {
      section_.run(piece);
    }
    if (mixing)
      for (std::size_t i = 0; i < kFilterStep; ++i)
        piece[i] = dry[i] + pair(wet_.next()) * (piece[i] - dry[i]);
  }
  section_.dust();
}

void EqualiserBand::set(const EqBand& band, bool at_once) {
  wanted_ = band;
  if (at_once) {
    now_ = goal_ = band;
    left_ = 0;
    section_.jump(equaliser(now_));
    return;
  }
  plan();
}

// A section without gain passes everything at any frequency and of any shape, so a shape is changed
// there: half of the time down to it, half of the time up from it.
void EqualiserBand::plan() {
  if (now_.gain_db == 0 && now_.shape != wanted_.shape) {
    const EqBand before = now_;
    now_ = wanted_;
    now_.gain_db = 0;
    section_.jump(equaliser(now_));
    goal_ = wanted_;
    left_ = before == goal_ ? 0 : kFilterSteps / 2;
  } else if (now_.shape != wanted_.shape) {
    goal_ = now_;
    goal_.gain_db = 0;
    left_ = kFilterSteps / 2;
  } else if (!(goal_ == wanted_)) {
    goal_ = wanted_;
    left_ = kFilterSteps;
  }
}

void EqualiserBand::step() {
  const double part = 1.0 / left_;
  if (--left_ == 0) {
    now_ = goal_;
  } else {
    now_.hz *= std::pow(goal_.hz / now_.hz, part);
    now_.q *= std::pow(goal_.q / now_.q, part);
    now_.gain_db += (goal_.gain_db - now_.gain_db) * part;
  }
}

void EqualiserBand::run(std::span<Pair> samples) {
  if (idle()) return;
  if (left_ == 0) {
    section_.run(samples);
    section_.dust();
    return;
  }
  for (std::size_t at = 0; at < samples.size(); at += kFilterStep) {
    const auto piece = samples.subspan(at, kFilterStep);
    if (left_ == 0) {
      section_.run(piece);
      continue;
    }
    step();
    section_.run_to(equaliser(now_), piece);
    if (left_ == 0) plan();
  }
  section_.dust();
}

void Equaliser::set(const std::array<EqBand, 4>& bands, bool at_once) {
  for (std::size_t i = 0; i < bands.size(); ++i) bands_[i].set(bands[i], at_once);
}

void Equaliser::run(std::span<Pair> samples) {
  EqualiserBand* waiting = nullptr;
  for (EqualiserBand& band : bands_) {
    if (band.idle()) continue;
    if (!band.steady()) {
      band.run(samples);  // filters of one signal may stand in any order
    } else if (waiting) {
      Section::run_both(waiting->section(), band.section(), samples);
      waiting = nullptr;
    } else {
      waiting = &band;
    }
  }
  if (waiting) waiting->run(samples);
}

}  // namespace kakehashi::strip
