// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/strip.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "mixer/sound/strip_delay.h"
#include "mixer/sound/strip_dynamics.h"
#include "mixer/sound/strip_filters.h"
#include "mixer/sound/strip_noise.h"
#include "mixer/sound/strip_parts.h"

namespace kakehashi {
namespace {

using strip::Glide;
using strip::kGlide;
using strip::Pair;
using strip::pair;

constexpr auto kBlock = static_cast<std::size_t>(kBlockSamples);
constexpr float kMost = 16;  // +24 dBFS: what no converter hands over is a fault, not a sound

// Half a thousandth under full scale: a clipped wave that was resampled ripples by about as much.
constexpr float kFullScale = 0.9995F;
constexpr int kClippedRun = 3;

double within(double v, double low, double high, double otherwise) {
  return std::isfinite(v) ? std::clamp(v, low, high) : otherwise;
}

// The settings that a strip uses, brought into their ranges. No strings: comparing and keeping them
// never allocates.
struct Figures {
  double trim_db = 0;
  bool invert = false;
  bool mono = false;
  double high_pass_hz = 0;
  double noise_db = 0;
  GateSettings gate;
  std::array<EqBand, 4> eq;
  CompressorSettings compressor;
  std::size_t delay = 0;
  double pan = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
};

Figures figures_of(const StripSettings& s) {
  Figures f;
  f.trim_db = within(s.trim_db, -30, 30, 0);
  f.invert = s.invert;
  f.mono = s.mono;
  f.high_pass_hz = s.high_pass_hz > 0 ? within(s.high_pass_hz, 20, 400, 80) : 0;
  f.noise_db = within(s.noise_db, 0, 30, 0);
  f.gate = {within(s.gate.threshold_db, -90, 0, -50), within(s.gate.range_db, 0, 30, 0)};
  for (std::size_t i = 0; i < f.eq.size(); ++i)
    f.eq[i] = {s.eq[i].shape, within(s.eq[i].hz, 20, 20000, 1000),
               within(s.eq[i].gain_db, -18, 18, 0), within(s.eq[i].q, 0.1, 10, 0.7)};
  const CompressorSettings& c = s.compressor;
  f.compressor = {within(c.ratio, 1, 10, 1), within(c.threshold_db, -60, 0, -24),
                  within(c.attack_ms, 1, 200, 10), within(c.release_ms, 20, 3000, 150),
                  within(c.makeup_most_db, 0, 24, 0)};
  f.delay = static_cast<std::size_t>(std::lround(within(s.delay_ms, 0, 1000, 0) * 48));
  f.pan = within(s.pan, -1, 1, 0);
  return f;
}

}  // namespace

struct SoundStrip::Impl {
  void set(const Figures& f, bool at_once);
  void take_in(const AudioBlock& block);
  void hand_out(AudioBlock& block);
  void look_for_clipping(const AudioBlock& block);

  Figures figures;
  bool ran = false;  // before its first block everything is set at once
  bool told = false;
  // Left out of (left, right), right out of (right, left): trim, polarity and mono in one.
  Glide own{1};
  Glide other{0};
  strip::HighPass high_pass;
  strip::NoiseSuppressor noise;
  strip::SoftGate gate;
  strip::Equaliser eq;
  strip::Compressor compressor;
  strip::Delay delay;
  Glide left{1};
  Glide right{1};
  std::array<int, 2> full{};  // samples at full scale in a row
  StripWork work;
  std::array<Pair, kBlock> samples{};
};

void SoundStrip::Impl::set(const Figures& f, bool at_once) {
  const double gain = strip::gain_of(f.trim_db) * (f.invert ? -1 : 1);
  own.go(f.mono ? gain / 2 : gain, kGlide);
  other.go(f.mono ? gain / 2 : 0, kGlide);
  // The far channel fades by a quarter of a sine, the near one stays: nothing gets louder.
  left.go(f.pan > 0 ? std::cos(f.pan * M_PI / 2) : 1, kGlide);
  right.go(f.pan < 0 ? std::cos(f.pan * M_PI / 2) : 1, kGlide);
  if (at_once)
    for (Glide* g : {&own, &other, &left, &right}) g->jump(g->goal());
  high_pass.set(f.high_pass_hz, at_once);
  noise.set(f.noise_db, at_once);
  gate.set(f.gate, at_once);
  eq.set(f.eq, at_once);
  compressor.set(f.compressor, at_once);
  delay.set(f.delay, at_once);
}

void SoundStrip::Impl::look_for_clipping(const AudioBlock& block) {
  for (std::size_t i = 0; i < block.samples.size(); ++i) {
    int& run = full[i % 2];
    run = std::abs(block.samples[i]) >= kFullScale ? std::min(run + 1, kClippedRun) : 0;
    if (run == kClippedRun) work.clipped = true;
  }
}

void SoundStrip::Impl::take_in(const AudioBlock& block) {
  int odd = 0;  // samples at full scale, over it, or no numbers: hardly ever any
  for (const float v : block.samples) odd += std::abs(v) < kFullScale ? 0 : 1;
  work.clipped = false;
  if (odd == 0) {
    full = {};
    for (std::size_t i = 0; i < kBlock; ++i)
      samples[i] = pair(static_cast<double>(block.samples[2 * i]),
                        static_cast<double>(block.samples[2 * i + 1]));
  } else {
    look_for_clipping(block);
    const auto number = [](float v) {
      return static_cast<double>(std::isfinite(v) ? std::clamp(v, -kMost, kMost) : 0.0F);
    };
    for (std::size_t i = 0; i < kBlock; ++i)
      samples[i] = pair(number(block.samples[2 * i]), number(block.samples[2 * i + 1]));
  }
  if (!own.still() || !other.still()) {
    for (Pair& v : samples) v = v * pair(own.next()) + pair(v[1], v[0]) * pair(other.next());
  } else if (own.now() != 1 || other.now() != 0) {
    const Pair near = pair(own.now()), far = pair(other.now());
    for (Pair& v : samples) v = v * near + pair(v[1], v[0]) * far;
  }
}

void SoundStrip::Impl::hand_out(AudioBlock& block) {
  const bool still = left.still() && right.still();
  Pair gain = pair(left.now(), right.now());
  for (std::size_t i = 0; i < kBlock; ++i) {
    if (!still) gain = pair(left.next(), right.next());
    const Pair out = samples[i] * gain;
    block.samples[2 * i] = static_cast<float>(out[0]);
    block.samples[2 * i + 1] = static_cast<float>(out[1]);
  }
}

SoundStrip::SoundStrip() : impl_(std::make_unique<Impl>()) {}
SoundStrip::~SoundStrip() = default;
SoundStrip::SoundStrip(SoundStrip&&) noexcept = default;

void SoundStrip::set(const StripSettings& settings) {
  const Figures f = figures_of(settings);
  if (impl_->told && f == impl_->figures) return;
  impl_->told = true;
  impl_->figures = f;
  impl_->set(f, !impl_->ran);
}

void SoundStrip::process(AudioBlock& block) {
  Impl& s = *impl_;
  s.ran = true;
  s.take_in(block);
  const std::span<Pair, kBlock> all(s.samples);
  s.high_pass.run(all);
  constexpr std::size_t kFrame = strip::NoiseSuppressor::kFrame;
  static_assert(kLatency == kFrame && kBlock == 2 * kFrame);
  s.noise.run(all.first<kFrame>());
  s.noise.run(all.last<kFrame>());
  s.gate.run(all);
  s.eq.run(all);
  s.compressor.run(all);
  s.delay.run(all);
  s.hand_out(block);
  s.work.gate_db = s.gate.taken_db();
  s.work.compressor_db = s.compressor.taken_db();
}

const StripWork& SoundStrip::work() const { return impl_->work; }

}  // namespace kakehashi
