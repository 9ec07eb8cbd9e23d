// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_echo.h"

#include <algorithm>
#include <cmath>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

constexpr std::size_t kLength = EchoEar::kLength;
constexpr double kPerMs = kCoarseRate / 1000;
constexpr double kLowestHz = 150, kHighestHz = 1700;
constexpr float kRegular = 0.05F;  // lines far under the mean are noise: they count for less
constexpr int kEvery = 8;          // blocks between two looks

std::size_t line_at(double hz) { return static_cast<std::size_t>(hz / kCoarseRate * kLength); }

}  // namespace

EchoEar::EchoEar(std::size_t voices)
    : voices_(voices), fourier_(kLength), a_(kLength), b_(kLength), spectrum_(kLength / 2 + 1) {
  for (Voice& v : voices_) v.ring.resize(kRing);
}

void EchoEar::add(std::size_t voice, const SoundSketch& sketch) {
  Voice& v = voices_[voice];
  std::copy(sketch.coarse.begin(), sketch.coarse.end(),
            v.ring.begin() + static_cast<std::ptrdiff_t>(at_));
  v.square += (sketch.voice - v.square) / (4 * kSecond);
}

double EchoEar::level_db(std::size_t voice) const { return decibel(voices_[voice].square); }

void EchoEar::load(std::size_t voice, std::vector<float>& out) const {
  const auto& ring = voices_[voice].ring;
  const std::size_t first = (at_ + kRing - kLength) % kRing;
  const std::size_t straight = std::min(kLength, kRing - first);
  std::copy_n(ring.begin() + static_cast<std::ptrdiff_t>(first), straight, out.begin());
  std::copy_n(ring.begin(), kLength - straight,
              out.begin() + static_cast<std::ptrdiff_t>(straight));
}

Likeness EchoEar::compare(std::size_t a, std::size_t b) {
  load(a, a_);
  load(b, b_);
  const auto lines = fourier_.spectrum();
  std::copy(a_.begin(), a_.end(), fourier_.wave().begin());
  fourier_.forward();
  std::copy(lines.begin(), lines.end(), spectrum_.begin());
  std::copy(b_.begin(), b_.end(), fourier_.wave().begin());
  fourier_.forward();
  // Whitened (PHAT; Knapp and Carter 1976): every line counts alike, so a voice's own pitch makes
  // no peaks.
  const std::size_t low = line_at(kLowestHz), high = line_at(kHighestHz);
  float mean = 0;
  for (std::size_t k = low; k < high; ++k) {
    lines[k] *= std::conj(spectrum_[k]);
    mean += std::abs(lines[k]);
  }
  mean /= static_cast<float>(high - low);
  for (std::size_t k = 0; k < lines.size(); ++k) {
    if (k >= low && k < high)
      lines[k] /= std::abs(lines[k]) + kRegular * mean + 1e-20F;
    else
      lines[k] = 0;
  }
  fourier_.back();
  const auto wave = fourier_.wave();
  const auto most = static_cast<std::ptrdiff_t>(kEchoToMs * kPerMs);
  const auto at = [&](std::ptrdiff_t lag) {
    return wave[lag >= 0 ? static_cast<std::size_t>(lag)
                         : kLength - static_cast<std::size_t>(-lag)];
  };
  double energy = 0;
  std::ptrdiff_t top = 0;
  for (std::ptrdiff_t lag = -most; lag <= most; ++lag) {
    const float v = at(lag);
    energy += static_cast<double>(v) * v;
    if (std::abs(v) > std::abs(at(top))) top = lag;
  }
  Likeness likeness;
  likeness.lag_ms = static_cast<double>(top) / kPerMs;
  const double peak = std::abs(at(top));
  const double rest = (energy - peak * peak) / static_cast<double>(2 * most);
  likeness.clear = rest > 0 ? peak / std::sqrt(rest) : 0;
  // The plain one, a sample to either side, since the true lag lies between samples.
  for (std::ptrdiff_t lag = top - 1; lag <= top + 1; ++lag) {
    const auto shift = static_cast<std::size_t>(std::abs(lag));
    const float* x = a_.data() + (lag < 0 ? shift : 0);
    const float* y = b_.data() + (lag > 0 ? shift : 0);
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i + shift < kLength; ++i) {
      xy += static_cast<double>(x[i]) * y[i];
      xx += static_cast<double>(x[i]) * x[i];
      yy += static_cast<double>(y[i]) * y[i];
    }
    likeness.over_db = decibel(xx) - decibel(yy);
    if (xx > 0 && yy > 0)
      likeness.like = std::max(likeness.like, std::abs(xy) / std::sqrt(xx * yy));
  }
  return likeness;
}

EchoWatch::EchoWatch(std::size_t voices, std::vector<Pair> pairs)
    : ear_(voices), pairs_(std::move(pairs)), memory_(pairs_.size()) {
  found_.reserve(pairs_.size());
}

void EchoWatch::next(std::span<const std::uint8_t> asked) {
  ear_.next();
  ++block_;
  if (block_ % kEvery != 0 || pairs_.empty()) return;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    turn_ = (turn_ + 1) % pairs_.size();
    if (!asked[turn_]) {
      memory_[turn_] = {};
      continue;
    }
    const Pair& p = pairs_[turn_];
    if (ear_.level_db(p.first) < kEchoDb || ear_.level_db(p.second) < kEchoDb) continue;
    judge(turn_, ear_.compare(p.first, p.second));
    break;
  }
  found_.clear();
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (memory_[i].on && old(memory_[i])) memory_[i] = {};
    if (memory_[i].on) found_.push_back({i, memory_[i].lag_ms});
  }
}

bool EchoWatch::old(const Memory& m) const {
  return static_cast<double>(block_ - m.last) > kEchoForget * kSecond;
}

void EchoWatch::judge(std::size_t pair, const Likeness& likeness) {
  const double lag = std::abs(likeness.lag_ms);
  const bool one_way = pairs_[pair].one_way;
  const bool heard = likeness.clear >= kEchoClear && likeness.like >= kEchoLike &&
                     std::abs(likeness.over_db) <= (one_way ? kEchoBackDb : kEchoUnderDb) &&
                     lag >= kEchoFromMs && lag <= kEchoToMs && !(one_way && likeness.lag_ms < 0);
  Memory& m = memory_[pair];
  if (!heard) {
    if (++m.missed >= kEchoMissed) m = {};
    return;
  }
  if (m.first < 0 || std::abs(m.lag_ms - likeness.lag_ms) > kEchoSameMs || old(m)) {
    m = {likeness.lag_ms, block_, block_, 0, false};
    return;
  }
  m.last = block_;
  m.missed = 0;
  if (static_cast<double>(block_ - m.first) >= kEchoApart * kSecond) m.on = true;
}

}  // namespace kakehashi::ears
