// SPDX-License-Identifier: GPL-3.0-or-later
// What a strip costs: ns per block of 10 ms, beside copying the block and beside four biquads in
// float in direct form I, the way a filter is usually written first. Voices and noise, not silence.
#include <cmath>
#include <cstring>
#include <random>

#include "mixer/sound/strip.h"
#include "tests/bench/bench.h"

using namespace kakehashi;

namespace {

constexpr std::size_t kBlocks = 100;  // a second

// Voice-like: bursts of harmonics over steady noise; another noise on each channel when `wide`.
std::vector<AudioBlock> sound(bool wide) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> any(-0.003F, 0.003F);
  std::vector<AudioBlock> blocks(kBlocks);
  for (std::size_t n = 0; n < kBlocks; ++n)
    for (std::size_t i = 0; i < static_cast<std::size_t>(kBlockSamples); ++i) {
      const double t = static_cast<double>(n * kBlockSamples + i) / kSampleRate;
      double voice = 0;
      for (int h = 1; h < 12; ++h) voice += std::sin(2 * M_PI * 140 * h * t) / h;
      const double burst = std::max(0.0, std::sin(2 * M_PI * 3 * t));
      const auto v = static_cast<float>(0.1 * burst * voice) + any(random);
      blocks[n].samples[2 * i] = v;
      blocks[n].samples[2 * i + 1] = wide ? v + any(random) : v;
    }
  return blocks;
}

struct PlainBiquads {
  void process(AudioBlock& block) {
    for (int f = 0; f < 4; ++f)
      for (std::size_t c = 0; c < 2; ++c) {
        float *h = memory[f][c], x1 = h[0], x2 = h[1], y1 = h[2], y2 = h[3];
        for (std::size_t i = c; i < block.samples.size(); i += 2) {
          const float x = block.samples[i];
          const float y = 1.01F * x - 1.95F * x1 + 0.95F * x2 + 1.95F * y1 - 0.955F * y2;
          x2 = x1;
          x1 = x;
          y2 = y1;
          y1 = y;
          block.samples[i] = y;
        }
        h[0] = x1;
        h[1] = x2;
        h[2] = y1;
        h[3] = y2;
      }
  }
  float memory[4][2][4] = {};
};

StripSettings everything() {
  StripSettings s = settings_of(ProcessingSet::Speech);
  for (EqBand& band : s.eq) band.gain_db = 3;
  s.delay_ms = 120;
  s.pan = 0.2;
  s.trim_db = 4;
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const auto mono = sound(false), wide = sound(true);
  AudioBlock out;
  bench::Comparison comparison;
  const auto second = [&](const std::vector<AudioBlock>& in, auto&& each) {
    for (const AudioBlock& block : in) {
      std::memcpy(&out, &block, sizeof out);
      each(out);
      asm volatile("" : : "r"(&out) : "memory");
    }
  };
  comparison.add("sound_strip.copy", [&] { second(mono, [](AudioBlock&) {}); });
  PlainBiquads biquads;
  comparison.add("sound_strip.four_plain_biquads",
                 [&] { second(mono, [&](AudioBlock& b) { biquads.process(b); }); });
  struct Row {
    const char* name;
    StripSettings settings;
    const std::vector<AudioBlock>* in;
    SoundStrip strip{};
  };
  StripSettings nothing = settings_of(ProcessingSet::Music);
  nothing.high_pass_hz = 0;
  StripSettings filters = nothing;
  for (EqBand& band : filters.eq) band.gain_db = 3;
  std::vector<Row> rows;
  rows.push_back({"sound_strip.nothing_on", nothing, &mono});
  rows.push_back({"sound_strip.four_bands", filters, &mono});
  rows.push_back({"sound_strip.set_media", settings_of(ProcessingSet::Media), &wide});
  rows.push_back({"sound_strip.set_speech", settings_of(ProcessingSet::Speech), &mono});
  rows.push_back({"sound_strip.everything_mono", everything(), &mono});
  rows.push_back({"sound_strip.everything_stereo", everything(), &wide});
  for (Row& row : rows)
    comparison.add(row.name, [&row, &second] {
      second(*row.in, [&row](AudioBlock& b) {
        row.strip.set(row.settings);
        row.strip.process(b);
      });
    });
  auto figures = comparison.measure(20);
  for (bench::Figure& f : figures) {
    f.value *= 1e6 / kBlocks;
    f.unit = "ns";
  }
  // Of one core, of whose time a block is due every 10 ms.
  figures.push_back({"sound_strip.32_everything_mono", figures[6].value * 32 / 1e5, "%", "", 0});
  return bench::report(figures, argc, argv);
}
