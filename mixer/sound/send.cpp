// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/send.h"

#include <algorithm>
#include <array>

namespace kakehashi {
namespace {

constexpr double kDuckDown = 1.5;    // dB a block
constexpr double kDuckUp = 0.06;     // dB a block: 6 dB in a second
constexpr int kDuckHoldBlocks = 80;  // pauses between sentences are shorter than 0.8 s

using Gains = std::array<float, kBlockSamples>;

void ramp_into(Gains& gains, float from, float to) {
  const float step = (to - from) / static_cast<float>(kRampSamples);
  for (int i = 0; i < kRampSamples - 1; ++i)
    gains[static_cast<std::size_t>(i)] = from + step * static_cast<float>(i + 1);
  std::fill(gains.begin() + kRampSamples - 1, gains.end(), to);
}

}  // namespace

void Send::add(const AudioBlock& block, float gate_to, float level_to, AudioBlock& out) {
  if (gate == 0.0F && gate_to == 0.0F) {
    level = level_to;
    return;
  }
  const float* in = block.samples.data();
  float* sum = out.samples.data();
  if (gate == gate_to && level == level_to) {
    const float gain = gate * level;
    for (std::size_t i = 0; i < out.samples.size(); ++i) sum[i] += in[i] * gain;
    return;
  }
  Gains gains;
  ramp_into(gains, gate, gate_to);
  const float step = (level_to - level) / static_cast<float>(kBlockSamples);
  for (std::size_t i = 0; i < gains.size(); ++i)
    gains[i] *= level + step * static_cast<float>(i + 1);
  for (std::size_t i = 0; i < gains.size(); ++i) {
    sum[2 * i] += in[2 * i] * gains[i];
    sum[2 * i + 1] += in[2 * i + 1] * gains[i];
  }
  gate = gate_to;
  level = level_to;
}

void ramp(AudioBlock& block, float& gain, float to) {
  if (gain == 1.0F && to == 1.0F) return;
  Gains gains;
  ramp_into(gains, gain, to);
  for (std::size_t i = 0; i < gains.size(); ++i) {
    block.samples[2 * i] *= gains[i];
    block.samples[2 * i + 1] *= gains[i];
  }
  gain = to;
}

double Ducker::step(bool somebody_talks, double depth_db) {
  if (somebody_talks) hold_ = kDuckHoldBlocks;
  const double wanted = hold_ > 0 ? -depth_db : 0;
  if (hold_ > 0) --hold_;
  gain_db_ = wanted < gain_db_ ? std::max(wanted, gain_db_ - kDuckDown)
                               : std::min(wanted, gain_db_ + kDuckUp);
  return gain_db_;
}

}  // namespace kakehashi
