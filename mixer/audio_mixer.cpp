// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/audio_mixer.h"

#include <ebur128.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mixer/switcher.h"

namespace kakehashi {
namespace {

constexpr int kRampSamples = kSampleRate / 200;  // 5 ms
constexpr double kClosedAt = -60.0;              // the fader's lower end is shut, not 0.001
constexpr float kKnee = 0.841395F;               // -1.5 dBFS
// Loudness is refreshed at 10 Hz, the least EBU Tech 3341 §2.3 asks for: the sum over 3 s of
// samples would otherwise be most of the cost of a block.
constexpr int kLoudnessBlocks = 10;

// Above the knee the curve bends towards full scale and never passes it; slope 1 at the knee.
float limited(float x) {
  const float level = std::abs(x);
  if (level <= kKnee) return x;
  const float room = 1.0F - kKnee;
  return std::copysign(kKnee + room * std::tanh((level - kKnee) / room), x);
}

// A source that hands over NaN or infinity must not poison the bus or the loudness filters.
float sane(float x) { return std::isfinite(x) ? x : 0.0F; }

float target_gain(const Show& show, const StripState& strip, bool emergency, bool card) {
  if (emergency || strip.muted || strip.gain.value <= kClosedAt) return 0.0F;
  if (card) {
    const Input* input = find_by_id(show.inputs, strip.id);
    if (!input || input->microphone) return 0.0F;  // unknown: better silent than overheard
  }
  return strip.gain.to_linear();
}

StripMeter meter_of(const AudioBlock& block) {
  float peak[2] = {0, 0};
  double power = 0;
  for (std::size_t i = 0; i < block.samples.size(); ++i) {
    const float s = sane(block.samples[i]);
    peak[i % 2] = std::max(peak[i % 2], std::abs(s));
    power += static_cast<double>(s) * s;
  }
  const double rms = std::sqrt(power / static_cast<double>(block.samples.size()));
  return {{Decibel::from_linear(peak[0]).value, Decibel::from_linear(peak[1]).value},
          Decibel::from_linear(rms).value};
}

double loudness(int (*measure)(ebur128_state*, double*), ebur128_state* state) {
  double lufs = 0;
  if (measure(state, &lufs) != EBUR128_SUCCESS || !std::isfinite(lufs)) return -120.0;
  return std::max(lufs, -120.0);
}

}  // namespace

struct AudioMixer::Impl {
  explicit Impl(std::size_t strips)
      : gains(strips, 0.0F),
        r128(ebur128_init(kProgramChannels, kSampleRate, EBUR128_MODE_M | EBUR128_MODE_S)) {
    assert(r128 && "libebur128 accepts 48 kHz stereo");
    meters.strips.resize(strips);
  }
  ~Impl() { ebur128_destroy(&r128); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void add(const AudioBlock& block, float& gain, float wanted, AudioBlock& out) const {
    const float step = (wanted - gain) / static_cast<float>(kRampSamples);
    if (gain == 0.0F && wanted == 0.0F) return;
    for (int i = 0; i < kBlockSamples; ++i) {
      const float g = i < kRampSamples ? gain + step * static_cast<float>(i + 1) : wanted;
      for (int c = 0; c < kProgramChannels; ++c) {
        const auto at = static_cast<std::size_t>(i * kProgramChannels + c);
        out.samples[at] += sane(block.samples[at]) * g;
      }
    }
    gain = wanted;
  }

  std::vector<float> gains;  // where each strip's fader stands after the last block
  ebur128_state* r128;
  AudioMeters meters;
  int blocks = 0;
};

AudioMixer::AudioMixer(std::size_t strips) : impl_(std::make_unique<Impl>(strips)) {}
AudioMixer::~AudioMixer() = default;

void AudioMixer::mix(const Show& show, const LiveState& live, std::span<const AudioBlock> inputs,
                     AudioBlock& out) {
  Impl& m = *impl_;
  out.silence();
  const bool card = card_on_program(show, live);
  const std::size_t n = std::min({m.gains.size(), live.strips.size(), inputs.size()});
  for (std::size_t i = 0; i < n; ++i) {
    m.meters.strips[i] = meter_of(inputs[i]);
    m.add(inputs[i], m.gains[i], target_gain(show, live.strips[i], live.emergency, card), out);
  }

  float peak[2] = {0, 0};
  for (std::size_t i = 0; i < out.samples.size(); ++i) {
    out.samples[i] = limited(out.samples[i]);
    peak[i % 2] = std::max(peak[i % 2], std::abs(out.samples[i]));
  }
  ProgramSound& program = m.meters.program;
  for (int c = 0; c < 2; ++c) program.peak_db[c] = Decibel::from_linear(peak[c]).value;
  ebur128_add_frames_float(m.r128, out.samples.data(), kBlockSamples);
  if (++m.blocks % kLoudnessBlocks == 0) {
    program.momentary_lufs = loudness(ebur128_loudness_momentary, m.r128);
    program.short_term_lufs = loudness(ebur128_loudness_shortterm, m.r128);
  }
}

const AudioMeters& AudioMixer::meters() const { return impl_->meters; }

}  // namespace kakehashi
