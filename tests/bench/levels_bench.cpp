// SPDX-License-Identifier: GPL-3.0-or-later
// What levelling costs, one second of sound each time (100 blocks): limiter and loudness meter
// beside libebur128 doing the measuring part of it, the sharing of 16 microphones and the rider
// beside reading the same blocks once (their peaks and mean power, as the strips' meters do).
#include <ebur128.h>

#include <cmath>
#include <random>

#include "mixer/sound/automix.h"
#include "mixer/sound/limiter.h"
#include "mixer/sound/loudness.h"
#include "mixer/sound/rider.h"
#include "tests/bench/bench.h"

using namespace kakehashi;

namespace {

using Second = std::vector<AudioBlock>;

// A voice's shape: noise in syllables, peaks of about -6 dBFS at gain 1.
Second voice(float gain, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> any(0, 0.12F);
  Second out(100);
  float low = 0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const auto syllable = static_cast<float>(std::pow(std::sin(0.126 * static_cast<double>(n)), 2));
    for (std::size_t i = 0; i < out[n].samples.size(); i += 2) {
      low += (any(random) - low) * 0.3F;
      out[n].samples[i] = out[n].samples[i + 1] = gain * syllable * low * 4;
    }
  }
  return out;
}

struct R128 {
  explicit R128(int mode) : state(ebur128_init(2, kSampleRate, mode)) {}
  ~R128() { ebur128_destroy(&state); }
  R128(const R128&) = delete;
  R128& operator=(const R128&) = delete;
  ebur128_state* state;
};

// Keeps the compiler from leaving the work out.
volatile double sink = 0;

void read_once(const Second& sound) {
  double power = 0;
  float peak = 0;
  for (const AudioBlock& b : sound)
    for (const float s : b.samples) {
      peak = std::max(peak, std::abs(s));
      power += static_cast<double>(s * s);
    }
  sink = power + static_cast<double>(peak);
}

}  // namespace

int main(int argc, char** argv) {
  const Second quiet = voice(0.1F, 1), speech = voice(1, 1), loud = voice(4, 1);
  Second work = speech;

  bench::Comparison limiting;
  R128 peak(EBUR128_MODE_TRUE_PEAK);
  limiting.add("levels.libebur128_true_peak", [&] {
    for (const AudioBlock& b : speech)
      ebur128_add_frames_float(peak.state, b.samples.data(), kBlockSamples);
  });
  TruePeakLimiter limiter[3];
  const auto limit = [&](TruePeakLimiter& l, const Second& sound) {
    for (std::size_t n = 0; n < sound.size(); ++n) {
      work[n] = sound[n];
      l.process(work[n], -1.5);
    }
  };
  limiting.add("levels.limiter_far_below", [&] { limit(limiter[0], quiet); });
  limiting.add("levels.limiter_speech", [&] { limit(limiter[1], speech); });
  limiting.add("levels.limiter_at_work", [&] { limit(limiter[2], loud); });

  bench::Comparison metering;
  R128 whole(EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK |
             EBUR128_MODE_HISTOGRAM);
  metering.add("levels.libebur128_all", [&] {
    for (std::size_t n = 0; n < speech.size(); ++n) {
      ebur128_add_frames_float(whole.state, speech[n].samples.data(), kBlockSamples);
      if (n % 10) continue;
      double m = 0, s = 0, i = 0;
      ebur128_loudness_momentary(whole.state, &m);
      ebur128_loudness_shortterm(whole.state, &s);
      ebur128_loudness_global(whole.state, &i);
      sink = m + s + i;
    }
  });
  LoudnessMeter meter;
  metering.add("levels.loudness_meter", [&] {
    for (const AudioBlock& b : speech) meter.add(b);
    sink = meter.integrated_lufs();
  });

  bench::Comparison sharing;
  std::vector<Second> mics;
  for (unsigned i = 0; i < 16; ++i) mics.push_back(voice(i == 3 ? 1.0F : 0.02F, i));
  sharing.add("levels.16_microphones_read_once", [&] {
    for (const Second& mic : mics) read_once(mic);
  });
  Automix automix(16);
  std::vector<AutomixPlace> places(16);
  for (AutomixPlace& p : places) p.in = true;
  std::vector<float> gains(16);
  std::vector<std::vector<AudioBlock>> table(100, std::vector<AudioBlock>(16));
  for (std::size_t n = 0; n < 100; ++n)
    for (std::size_t i = 0; i < 16; ++i) table[n][i] = mics[i][n];
  sharing.add("levels.automix_16_microphones", [&] {
    for (const auto& blocks : table) automix.share(blocks, places, gains);
    sink = static_cast<double>(gains[3]);
  });
  LoudnessRider rider;
  for (const bool talks : {true, false})
    sharing.add(talks ? "levels.rider_talking" : "levels.rider_resting", [&, talks] {
      for (const AudioBlock& b : speech) sink = static_cast<double>(rider.ride(b, talks, {}, 9));
    });

  std::vector<bench::Figure> figures;
  for (auto* comparison : {&limiting, &metering, &sharing})
    for (auto& figure : comparison->measure(10)) figures.push_back(figure);
  return bench::report(figures, argc, argv);
}
