// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/round_trip.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>

#include "mixer/sound/fourier.h"

namespace kakehashi {
namespace {

constexpr double kLead = 0.6, kGap = 0.3, kTail = 1.2;  // seconds of nothing
constexpr double kLowest = 80, kHighest = 16000;        // Hz; what every sound device passes
constexpr double kFadeSeconds = 0.01;

constexpr double kBefore = 0.05, kLongest = 1.0;  // seconds of delay that are looked at
constexpr double kPeakOverRest = 12;  // of an impulse response that is none of chance (4 to 5)
constexpr double kPolarityFrom = 200, kPolarityTo = 2000;  // Hz
constexpr double kAlong = 0.5;      // of them in step, else nothing is said of polarity
constexpr double kNear = 0.1;       // seconds: more than a device's buffer that was lost
constexpr double kAlike = 0.8;      // of two sweeps the part around the peak: else one was cut
constexpr float kRegular = 1e-3F;   // power outside the sweep's band counts for nothing
constexpr double kSeparateDb = 15;  // a side this far below the other is only crosstalk
constexpr double kAroundBefore = 0.002, kAroundAfter = 0.02;  // the response's own energy

constexpr double kToneMargin = 0.1, kFitSeconds = 0.05, kHoleSeconds = 0.005;
constexpr double kHoleUnder = 0.25;  // of the tone's usual level
constexpr double kJump = 0.15;       // radians off the line: 24 us at 1 kHz
constexpr double kOneEvent = 0.15;   // seconds
constexpr float kFullScale = 0.999F;

double decibel(double ratio) { return ratio > 1e-6 ? 20 * std::log10(ratio) : -120; }

double rms(const std::vector<float>& x, double from, double to) {
  const auto last = static_cast<double>(x.size());
  const auto a = static_cast<std::size_t>(std::clamp(from, 0.0, last));
  const auto b = static_cast<std::size_t>(std::clamp(to, 0.0, last));
  if (b <= a) return 0;
  double square = 0;
  for (std::size_t i = a; i < b; ++i) square += static_cast<double>(x[i]) * x[i];
  return std::sqrt(square / static_cast<double>(b - a));
}

double median(std::vector<double> v) {
  if (v.empty()) return 0;
  const auto at = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), at, v.end());
  return *at;
}

// Between the session's moments and the recording's samples.
struct Places {
  double rate, began, played, out_pace;
  explicit Places(const LoopRecording& r)
      : rate(r.rate * (1 + r.in_ppm * 1e-6)),
        began(r.began_s),
        played(r.played_s),
        out_pace(1 + r.out_ppm * 1e-6) {}
  // Where the moment `at` of the signal would stand without any delay.
  double sample_of(double at) const { return (played + at / out_pace - began) * rate; }
};

struct Peak {
  double late = 0;   // samples after where it would stand without any delay
  double level = 0;  // against what went out
  double clear = 0;  // the peak over the rest of the response
  double whole = 0;  // part of the energy near the peak that is its own
  bool inverted = false;
  bool sure() const { return clear > kPeakOverRest; }
};

// The impulse response of one way, from where the sweep would stand without delay.
class SweepFinder {
 public:
  SweepFinder(int side, double rate)
      : rate_(rate),
        size_(std::bit_ceil(static_cast<std::size_t>(looked_at() * rate))),
        fourier_(size_) {
    const auto sweep = LoopSignal::sweep(side, rate);
    std::copy(sweep.begin(), sweep.end(), fourier_.wave().begin());
    fourier_.forward();
    sweep_.assign(fourier_.spectrum().begin(), fourier_.spectrum().end());
    float most = 0;
    for (const auto& v : sweep_) most = std::max(most, std::norm(v));
    regular_ = kRegular * most;
    // What a way that changes nothing would give. All lines but the first and the last stand for
    // two.
    for (std::size_t k = 0; k < sweep_.size(); ++k) {
      const double kept = std::norm(sweep_[k]) / (std::norm(sweep_[k]) + regular_);
      const double lines = k == 0 || k + 1 == sweep_.size() ? 1 : 2;
      perfect_ += lines * kept * kept / static_cast<double>(size_);
    }
  }

  Peak find(const std::vector<float>& heard, double expected) {
    const auto begin = static_cast<std::ptrdiff_t>(std::floor(expected - kBefore * rate_));
    const auto length = static_cast<std::ptrdiff_t>(looked_at() * rate_);
    const auto wave = fourier_.wave();
    std::fill(wave.begin(), wave.end(), 0.0F);
    for (std::ptrdiff_t i = 0; i < length; ++i)
      if (begin + i >= 0 && begin + i < static_cast<std::ptrdiff_t>(heard.size()))
        wave[static_cast<std::size_t>(i)] = heard[static_cast<std::size_t>(begin + i)];
    fourier_.forward();
    const auto lines = fourier_.spectrum();
    const float scale = 1 / static_cast<float>(size_);
    for (std::size_t k = 0; k < lines.size(); ++k)
      lines[k] *= scale * std::conj(sweep_[k]) / (std::norm(sweep_[k]) + regular_);
    way_.assign(lines.begin(), lines.end());
    fourier_.back();
    const auto at_sample = [&](std::size_t i) { return std::abs(static_cast<double>(wave[i])); };
    const auto last = static_cast<std::size_t>((kBefore + kLongest) * rate_);
    std::size_t at = 1;
    double energy = 0;
    for (std::size_t i = 1; i + 1 < last; ++i) {
      energy += at_sample(i) * at_sample(i);
      if (at_sample(i) > at_sample(at)) at = i;
    }
    Peak p;
    const double top = at_sample(at);
    p.clear = energy > 0 ? top / std::sqrt(energy / static_cast<double>(last)) : 0;
    // The top lies between samples: a parabola through three.
    const double a = at_sample(at - 1), c = at_sample(at + 1);
    const double bend = a - 2 * top + c;
    const double shift = bend < 0 ? 0.5 * (a - c) / bend : 0;
    p.inverted = turned_over(static_cast<double>(at) + shift);
    p.late = static_cast<double>(begin) + static_cast<double>(at) + shift - expected;
    const auto from = at - std::min(at, static_cast<std::size_t>(kAroundBefore * rate_));
    const auto to = std::min(last, at + static_cast<std::size_t>(kAroundAfter * rate_));
    double own = 0;
    for (std::size_t i = from; i < to; ++i) own += at_sample(i) * at_sample(i);
    p.level = std::sqrt(own / perfect_);
    // Farther away stands what was played next.
    const auto near = static_cast<std::size_t>(kNear * rate_);
    double all = 0;
    for (std::size_t i = at - std::min(at, near); i < std::min(last, at + near); ++i)
      all += at_sample(i) * at_sample(i);
    p.whole = all > 0 ? own / all : 0;
    return p;
  }

 private:
  // By the low tones, whose waves are long against any error of the delay: near the peak of a
  // response that lacks its middle the next wave may look like the higher one.
  bool turned_over(double delay) const {
    double along = 0, all = 0;
    const double bin = rate_ / static_cast<double>(size_);
    for (auto k = static_cast<std::size_t>(kPolarityFrom / bin);
         static_cast<double>(k) * bin < kPolarityTo; ++k) {
      const double turn =
          2 * std::numbers::pi * static_cast<double>(k) * delay / static_cast<double>(size_);
      const std::complex<double> line = way_[k];
      along += (line * std::polar(1.0, turn)).real();
      all += std::abs(line);
    }
    return along < -kAlong * all;
  }

  static constexpr double looked_at() { return kBefore + kLongest + LoopSignal::kSweepSeconds; }

  double rate_;
  std::size_t size_;
  Fourier fourier_;
  std::vector<std::complex<float>> sweep_, way_;
  float regular_ = 0;
  double perfect_ = 0;
};

struct Fit {
  double amplitude = 0, phase = 0, rest = 0;  // rest: RMS of everything but the tone
};

// A sine of `turn` radians a sample, by least squares over `count` samples.
Fit fit_tone(const float* x, std::size_t count, double turn, double first) {
  double ss = 0, cc = 0, sc = 0, sx = 0, cx = 0, mean = 0, square = 0;
  for (std::size_t i = 0; i < count; ++i) mean += static_cast<double>(x[i]);
  mean /= static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double at = turn * (first + static_cast<double>(i)), s = std::sin(at), c = std::cos(at);
    const double v = static_cast<double>(x[i]) - mean;
    ss += s * s, cc += c * c, sc += s * c, sx += s * v, cx += c * v, square += v * v;
  }
  const double det = ss * cc - sc * sc;
  const double a = (sx * cc - cx * sc) / det, b = (cx * ss - sx * sc) / det;
  Fit f;
  f.amplitude = std::hypot(a, b);
  f.phase = std::atan2(b, a);
  f.rest = std::sqrt(std::max(0.0, square - a * sx - b * cx) / static_cast<double>(count));
  return f;
}

double wrapped(double phase) { return std::remainder(phase, 2 * std::numbers::pi); }

// Holes, jumps, distortion and the clocks' difference, from the steady tone at `begin`.
void look_at_tone(const std::vector<float>& x, double begin, double seconds, int rate,
                  RoundTripFigures& out) {
  const auto from = static_cast<std::size_t>(std::max(0.0, begin + kToneMargin * rate));
  const auto to = std::min(
      x.size(), static_cast<std::size_t>(std::max(0.0, begin + (seconds - kToneMargin) * rate)));
  const auto step = static_cast<std::size_t>(kFitSeconds * rate);
  const auto small = static_cast<std::size_t>(kHoleSeconds * rate);
  if (to < from + 4 * step) return;
  double turn = 2 * std::numbers::pi * LoopSignal::kToneHz / rate;

  std::vector<double> levels;
  for (std::size_t i = from; i + small <= to; i += small)
    levels.push_back(rms(x, static_cast<double>(i), static_cast<double>(i + small)));
  const double usual = median(levels);
  std::vector<double> events;  // seconds
  for (std::size_t i = 0; i < levels.size(); ++i)
    if (levels[i] < kHoleUnder * usual) events.push_back(static_cast<double>(i) * kHoleSeconds);

  // The phase walks on evenly as far as the clocks differ; what jumps was cut out or put in.
  const auto phases = [&] {
    std::vector<double> all;
    for (std::size_t i = from; i + step <= to; i += step)
      all.push_back(fit_tone(&x[i], step, turn, static_cast<double>(i)).phase);
    return all;
  };
  auto phase = phases();
  std::vector<double> steps;
  for (std::size_t i = 1; i < phase.size(); ++i) steps.push_back(wrapped(phase[i] - phase[i - 1]));
  const double walk = median(steps);
  std::size_t run = 0, best = 0, best_end = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (std::abs(wrapped(steps[i] - walk)) > kJump) {
      events.push_back(static_cast<double>(i + 1) * kFitSeconds);
      run = 0;
      continue;
    }
    if (++run > best) best = run, best_end = i + 1;
  }
  if (best >= 4) {  // a line through the longest run without a jump
    double at = 0, sum = 0, weight = 0, value = 0;
    for (std::size_t i = best_end - best + 1; i <= best_end; ++i) {
      value += wrapped(phase[i] - phase[i - 1]);
      at = static_cast<double>(i - (best_end - best)) - static_cast<double>(best) / 2;
      sum += at * value;
      weight += at * at;
    }
    // The first point of the run stands at value 0.
    const double first = -static_cast<double>(best) / 2;
    weight += first * first;
    const double radians = sum / weight;  // a step; mean of `at` is zero
    // A fast input makes more samples of each turn: its tone looks lower.
    out.apart_ppm = -radians / (turn * static_cast<double>(step)) * 1e6;
    turn += radians / static_cast<double>(step);
  }
  std::vector<double> rests;
  for (std::size_t i = from; i + step <= to; i += step) {
    const Fit f = fit_tone(&x[i], step, turn, static_cast<double>(i));
    if (f.amplitude > 0) rests.push_back(f.rest / (f.amplitude / std::numbers::sqrt2));
  }
  out.distortion = median(rests);

  std::sort(events.begin(), events.end());
  double last = -1;
  for (const double at : events) {
    if (last < 0 || at - last > kOneEvent) ++out.holes;
    last = at;
  }
}

LoopSides sides_of(const Peak (&way)[2][2], int channels) {
  const auto there = [&](int from, int to) {
    const Peak& p = way[from][to];
    const double most =
        std::max({way[0][0].sure() ? way[0][0].level : 0, way[0][1].sure() ? way[0][1].level : 0,
                  way[1][0].sure() ? way[1][0].level : 0, way[1][1].sure() ? way[1][1].level : 0});
    return p.sure() && decibel(p.level / most) > -kSeparateDb;
  };
  const bool left = there(0, 0) || there(0, 1), right = there(1, 0) || there(1, 1);
  if (!left) return LoopSides::LeftLost;
  if (!right) return LoopSides::RightLost;
  if (channels == 1) return LoopSides::Mono;
  const bool crossed = there(0, 1) || there(1, 0), straight = there(0, 0) || there(1, 1);
  return crossed && straight ? LoopSides::Mixed
         : crossed           ? LoopSides::Exchanged
                             : LoopSides::Straight;
}

}  // namespace

LoopSignal::LoopSignal(bool quick) : tone_seconds_(quick ? 1.5 : 4) {
  sweep_[0] = kLead;
  sweep_[1] = sweep_[0] + kSweepSeconds + kGap;
  tone_ = sweep_[1] + kSweepSeconds + kGap;
  sweep_[2] = tone_ + tone_seconds_ + kGap;
  sweep_[3] = sweep_[2] + kSweepSeconds + kGap;
  end_ = sweep_[3] + kSweepSeconds + kTail;
}

std::vector<float> LoopSignal::sweep(int side, double rate) {
  const auto count = static_cast<std::size_t>(kSweepSeconds * rate);
  std::vector<float> x(count);
  const double grow = kSweepSeconds / std::log(kHighest / kLowest);
  for (std::size_t i = 0; i < count; ++i) {
    const double t =
        (side == 0 ? static_cast<double>(i) : static_cast<double>(count - 1 - i)) / rate;
    const double edge =
        std::min(static_cast<double>(i), static_cast<double>(count - 1 - i)) / rate / kFadeSeconds;
    const double fade = edge < 1 ? 0.5 - 0.5 * std::cos(std::numbers::pi * edge) : 1;
    x[i] = static_cast<float>(
        kPeak * fade * std::sin(2 * std::numbers::pi * kLowest * grow * (std::exp(t / grow) - 1)));
  }
  return x;
}

std::vector<float> LoopSignal::samples(int rate) const {
  std::vector<float> all(2 * static_cast<std::size_t>(end_ * rate));
  for (int n = 0; n < kSweeps; ++n) {
    const auto one = sweep(side_of(n), rate);
    const auto at = static_cast<std::size_t>(std::lround(sweep_[n] * rate));
    for (std::size_t i = 0; i < one.size(); ++i)
      all[2 * (at + i) + static_cast<std::size_t>(side_of(n))] = one[i];
  }
  const auto from = static_cast<std::size_t>(std::lround(tone_ * rate)),
             count = static_cast<std::size_t>(tone_seconds_ * rate);
  for (std::size_t i = 0; i < count; ++i) {
    const double edge = static_cast<double>(std::min(i, count - 1 - i)) / rate / kFadeSeconds;
    const auto v = static_cast<float>(
        kPeak * std::min(1.0, edge) *
        std::sin(2 * std::numbers::pi * kToneHz * static_cast<double>(i) / rate));
    all[2 * (from + i)] = all[2 * (from + i) + 1] = v;
  }
  return all;
}

void analyse_round_trip(const LoopSignal& signal, const LoopRecording& heard,
                        RoundTripFigures& out) {
  if (heard.rate < 8000 || heard.side[0].empty()) return;
  const Places places(heard);
  // As this input hears it: in half a second a clock 300 ppm off is 0.15 ms out of step.
  const double rate = heard.rate * (1 + (heard.in_ppm - heard.out_ppm) * 1e-6);
  SweepFinder rising(0, rate), falling(1, rate);
  // Each twice: a hole in one sweep must not look like a fault of the cable.
  Peak heard_at[LoopSignal::kSweeps][2], way[2][2];
  for (int sweep = 0; sweep < LoopSignal::kSweeps; ++sweep)
    for (int to = 0; to < 2; ++to) {
      const int from = LoopSignal::side_of(sweep);
      Peak& p = heard_at[sweep][to];
      p = (from == 0 ? rising : falling)
              .find(heard.side[to], places.sample_of(signal.sweep_begins(sweep)));
      const Peak& known = way[from][to];
      if (p.sure() && known.sure() ? p.whole > known.whole : p.clear > known.clear)
        way[from][to] = p;
    }
  for (int side = 0; side < 2; ++side) {
    const auto& x = heard.side[side];
    out.noise_db =
        std::max(out.noise_db,
                 decibel(rms(x, places.sample_of(0.1), places.sample_of(signal.quiet_until()))));
    out.heard_db = std::max(
        out.heard_db, decibel(rms(x, places.sample_of(signal.tone_begins()),
                                  places.sample_of(signal.tone_begins() + signal.tone_seconds()))));
    int flat = 0;
    for (const float v : x) {
      flat = std::abs(v) >= kFullScale ? flat + 1 : 0;
      out.clipped |= flat >= 3;
    }
  }
  const Peak* best = nullptr;  // of the way that is there
  int best_from = 0, best_to = 0;
  for (int from = 0; from < 2; ++from) {
    const int to = way[from][1].level > way[from][0].level ? 1 : 0;
    const Peak& p = way[from][to];
    if (!p.sure()) continue;
    out.level_db[from] = decibel(p.level);
    out.inverted[from] = heard_at[from][to].inverted && heard_at[from + 2][to].inverted;
    if (!best || (from > best_from && p.level > 2 * best->level))
      best = &p, best_from = from, best_to = to;
  }
  out.came_back = best != nullptr;
  if (!best) return;
  out.sides = sides_of(way, heard.channels);
  out.delay_ms = best->late / places.rate * 1000;
  look_at_tone(heard.side[best_to], places.sample_of(signal.tone_begins()) + best->late,
               signal.tone_seconds(), heard.rate, out);
  // What was cut out in the pauses shows as another delay, and in a sweep as a worse one.
  for (int from = 0; from < 2 && out.holes == 0; ++from) {
    const int to = way[from][1].level > way[from][0].level ? 1 : 0;
    if (!way[from][to].sure()) continue;
    const Peak &first = heard_at[from][to], &again = heard_at[from + 2][to];
    const double apart = signal.sweep_begins(from + 2) - signal.sweep_begins(from);
    const double by_clocks = apart * (out.apart_ppm - heard.in_ppm + heard.out_ppm) * 1e-6;
    const double slipped = (again.late - first.late) / places.rate - by_clocks;
    const auto [worse, better] = std::minmax(first.whole, again.whole);
    if (worse < kAlike * better || std::abs(slipped) > 0.001) out.holes = 1;
  }
}

}  // namespace kakehashi
