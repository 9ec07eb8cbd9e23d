// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/mixer/sound/ears_material.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/time.h"
#include "tests/support/speech_material.h"

namespace kakehashi::testing {
namespace {

constexpr double kRate = kSampleRate;

std::size_t at(double seconds) { return static_cast<std::size_t>(seconds * kRate); }

void level(std::vector<float>& x, double db) {
  const auto gain = static_cast<float>(std::pow(10, (db - power_db(x)) / 20));
  for (float& v : x) v = std::clamp(v * gain, -0.98F, 0.98F);
}

// How an instrument sounds: overtones, how fast it comes and goes, how its pitch wavers.
struct Instrument {
  double overtone = 0.5;  // each one against the one below it
  int overtones = 8;
  double attack = 0.02, decay = 0;  // seconds; decay 0: held
  double vibrato = 0;               // part of the pitch
};
constexpr Instrument kPiano{0.45, 8, 0.004, 0.8, 0}, kStrings{0.65, 12, 0.12, 0, 0.004},
    kFlute{0.15, 3, 0.06, 0, 0.006}, kBass{0.5, 6, 0.01, 0.5, 0}, kBell{0.1, 2, 0.002, 1.5, 0};

// Sines by turning, with the pitch wavering in steps of 2.7 ms: hours of it must be cheap.
void note(std::vector<float>& out, double from, double length, double hz, double level_,
          const Instrument& how, double swell) {
  const std::size_t begin = at(from), n = at(length);
  double amplitude = level_;
  for (int h = 1; h <= how.overtones && hz * h < 15000; ++h, amplitude *= how.overtone) {
    double c = 1, s = 0, turn_c = 1, turn_s = 0, gain = 0, gain_step = 0;
    for (std::size_t i = 0; i < n && begin + i < out.size(); ++i) {
      if (i % 128 == 0) {
        const double t = static_cast<double>(i) / kRate;
        const double waver = 1 + how.vibrato * std::sin(2 * std::numbers::pi * 5.5 * t);
        const double w = 2 * std::numbers::pi * hz * h * waver / kRate;
        turn_c = std::cos(w);
        turn_s = std::sin(w);
        const auto shape = [&](double x) {
          const double up = std::min(x / how.attack, 1.0);
          const double down = how.decay > 0 ? std::exp(-x * (1 + 0.3 * h) / how.decay) : 1;
          return amplitude * up * down * (1 + swell * x / length) *
                 std::min((length - x) / 0.03 + 1e-3, 1.0);
        };
        gain = std::max(shape(t), 0.0);
        gain_step = (std::max(shape(t + 128 / kRate), 0.0) - gain) / 128;
      }
      out[begin + i] += static_cast<float>(s * gain);
      gain += gain_step;
      const double next = c * turn_c - s * turn_s;
      s = s * turn_c + c * turn_s;
      c = next;
    }
  }
}

double pitch(int semitones) { return 110 * std::pow(2, semitones / 12.0); }

void drum(std::vector<float>& out, double from, double hz, double length, double loud,
          std::mt19937& random) {
  for (std::size_t i = 0; i < at(length * 4) && at(from) + i < out.size(); ++i) {
    const double t = static_cast<double>(i) / kRate, fall = std::exp(-t / length);
    const double tone = hz > 0 ? std::sin(2 * std::numbers::pi * hz * t) : 0;
    const double hiss = static_cast<double>(random()) / 2147483648.0 - 1;
    out[at(from) + i] += static_cast<float>(loud * fall * (hz > 0 ? tone : hiss));
  }
}

}  // namespace

std::vector<float> music(double seconds, double db, std::uint32_t seed, bool drums) {
  std::mt19937 random(seed);
  const auto any = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<float> out(at(seconds));
  const double beat = drums ? 0.35 + 0.01 * any(30) : 0.7 + 0.02 * any(30);
  static constexpr int kChords[6][3] = {{0, 4, 7},   {9, 12, 16}, {5, 9, 12},
                                        {7, 11, 14}, {2, 5, 9},   {4, 7, 11}};
  static constexpr int kScale[7] = {0, 2, 4, 5, 7, 9, 11};
  const int key = any(12);
  int step = 7, bar = 0;
  for (double t = 0; t < seconds; t += 4 * beat, ++bar) {
    const int* chord = kChords[any(6)];
    const double swell = drums ? 0 : any(3) - 0.5;
    for (int i = 0; i < 3; ++i)
      note(out, t, 4 * beat, pitch(key + chord[i]), 0.12, drums ? kPiano : kStrings, swell);
    note(out, t, 4 * beat, pitch(key + chord[0] - 12), 0.25, drums ? kBass : kStrings, swell);
    for (double m = 0; m < 4 * beat;) {
      const double length = beat * (0.5 + 0.5 * any(4));
      step = std::clamp(step + any(5) - 2, 0, 13);
      if (any(6) > 0) {
        const Instrument& how = drums ? (any(2) ? kPiano : kStrings) : (any(2) ? kFlute : kBell);
        note(out, t + m, length, pitch(key + 24 + 12 * (step / 7) + kScale[step % 7]), 0.2, how,
             drums ? 0 : any(4) * 0.5);
      }
      m += length;
    }
    if (!drums) continue;
    for (int b = 0; b < 8; ++b) {
      if (b % 4 == 0) drum(out, t + b * beat / 2, 60, 0.08, 0.5, random);
      if (b % 4 == 2) drum(out, t + b * beat / 2, 0, 0.05, 0.25, random);
      drum(out, t + b * beat / 2, 0, 0.015, 0.08, random);
    }
  }
  level(out, db);
  return out;
}

std::vector<float> applause(double seconds, double db, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto part = [&] { return static_cast<double>(random()) / 4294967296.0; };
  std::vector<float> out(at(seconds));
  const double hands = 30 + 400 * part();
  // A clap: a burst of some ms, coloured by the hands' hollow.
  for (double t = 0; t < seconds; t += -std::log(part() + 1e-9) / (hands * 3.5)) {
    const double along = t / seconds;
    const double crowd = std::min({along * 6, 1.0, (1 - along) * 3});
    if (part() > crowd) continue;
    const double hollow = 2 * std::numbers::pi * (700 + 1800 * part()) / kRate;
    const double loud = 0.3 + part(), fall = 1 / (kRate * (0.002 + 0.004 * part()));
    double y1 = 0, y2 = 0;
    const std::size_t begin = at(t);
    for (std::size_t i = 0; i < 900 && begin + i < out.size(); ++i) {
      const double hit = (static_cast<double>(random()) / 2147483648.0 - 1) *
                         std::exp(-static_cast<double>(i) * fall);
      const double y = hit + 1.8 * std::cos(hollow) * y1 - 0.81 * y2;
      y2 = y1;
      y1 = y;
      out[begin + i] += static_cast<float>(loud * y);
    }
  }
  level(out, db);
  return out;
}

std::vector<float> howl(double seconds, double hz, double db_per_s, double top) {
  std::vector<float> out(at(seconds));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / kRate;
    const double a = std::pow(10, std::min(-70 + db_per_s * t, 30.0) / 20);
    out[i] = static_cast<float>(std::clamp(a * std::sin(2 * std::numbers::pi * hz * t), -top, top));
  }
  return out;
}

}  // namespace kakehashi::testing
