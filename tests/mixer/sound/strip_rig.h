// SPDX-License-Identifier: GPL-3.0-or-later
// A strip on the bench: sound in, sound out, and the figures an audio analyser would show.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "mixer/sound/strip.h"
#include "tests/support/speech_material.h"

namespace kakehashi::testing {

// A strip that does nothing but be late.
inline StripSettings plain() {
  StripSettings s = settings_of(ProcessingSet::Media);
  s.high_pass_hz = 0;
  return s;
}

inline std::vector<float> tone(double hz, double db, double seconds) {
  std::vector<float> out(static_cast<std::size_t>(seconds * kSampleRate));
  const double amplitude = std::pow(10.0, db / 20);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(amplitude *
                                std::sin(2 * M_PI * hz * static_cast<double>(i) / kSampleRate));
  return out;
}

struct Stereo {
  std::vector<float> left, right;
};

inline AudioBlock block_of(const Stereo& sound, std::size_t n) {
  AudioBlock left = block_of(std::span(sound.left), n);
  const AudioBlock right = block_of(std::span(sound.right), n);
  for (std::size_t i = 1; i < left.samples.size(); i += 2) left.samples[i] = right.samples[i];
  return left;
}

// Everything in whole blocks through a strip; as it comes out, 240 samples late.
inline Stereo through(SoundStrip& strip, const Stereo& in) {
  Stereo out;
  for (std::size_t n = 0; n * kBlockSamples < in.left.size(); ++n) {
    AudioBlock b = block_of(in, n);
    strip.process(b);
    for (std::size_t i = 0; i < b.samples.size(); i += 2) {
      out.left.push_back(b.samples[i]);
      out.right.push_back(b.samples[i + 1]);
    }
  }
  return out;
}
inline std::vector<float> through(SoundStrip& strip, const std::vector<float>& mono) {
  return through(strip, Stereo{mono, mono}).left;
}
inline std::vector<float> through(const StripSettings& settings, const std::vector<float>& mono) {
  SoundStrip strip;
  strip.set(settings);
  return through(strip, mono);
}

// The same in step with what went in: the delay taken away again.
inline std::vector<float> in_step(const StripSettings& settings, std::vector<float> mono) {
  const std::size_t wanted = mono.size();
  mono.resize(mono.size() + SoundStrip::kLatency);
  std::vector<float> out = through(settings, mono);
  out.erase(out.begin(), out.begin() + SoundStrip::kLatency);
  out.resize(wanted);
  return out;
}

inline std::span<const float> last(const std::vector<float>& samples, double seconds) {
  return std::span(samples).last(static_cast<std::size_t>(seconds * kSampleRate));
}

// Amplitude of one frequency in dBFS; the piece must hold whole periods of it.
inline double amplitude_db(std::span<const float> samples, double hz) {
  double re = 0, im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double w = 2 * M_PI * hz * static_cast<double>(i) / kSampleRate;
    re += static_cast<double>(samples[i]) * std::cos(w);
    im += static_cast<double>(samples[i]) * std::sin(w);
  }
  return 20 * std::log10(2 * std::hypot(re, im) / static_cast<double>(samples.size()) + 1e-15);
}

// Everything but the tone, under the tone, in dB: harmonics and noise.
inline double distortion_db(std::span<const float> samples, double hz) {
  const double tone_power = amplitude_db(samples, hz) - 10 * std::log10(2);
  const double all = std::pow(10.0, power_db(samples) / 10);
  const double rest = all - std::pow(10.0, tone_power / 10);
  return 10 * std::log10(std::max(rest, 1e-15)) - tone_power;
}

// What a steady tone gains from these settings, in dB.
inline double response_db(const StripSettings& settings, double hz, double db = -12) {
  return amplitude_db(last(through(settings, tone(hz, db, 1.5)), 1), hz) - db;
}

// The largest step between two samples that follow one another.
inline double steepest(std::span<const float> samples) {
  double most = 0;
  for (std::size_t i = 1; i < samples.size(); ++i)
    most = std::max(
        most, std::abs(static_cast<double>(samples[i]) - static_cast<double>(samples[i - 1])));
  return most;
}

}  // namespace kakehashi::testing
