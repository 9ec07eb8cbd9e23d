// SPDX-License-Identifier: GPL-3.0-or-later
// What the station's ears cost: a second of 32 strips that all speak, 6 buses, against a core and
// against copying the same blocks, and beside a quiet hall. Sound is made here: no voice is needed
// to make them work as hard as they can (every strip open, loud, no silence to skip).
#include <algorithm>
#include <cmath>
#include <random>

#include "mixer/sound/ears.h"
#include "tests/bench/bench.h"

using namespace kakehashi;

namespace {

constexpr std::size_t kStrips = 32, kBuses = 6;

struct Second {
  explicit Second(bool loud)
      : ears(show()), state(kStrips), blocks(100), buses(100), copy(kStrips) {
    std::mt19937 random(7);
    for (std::size_t i = 0; i < kStrips; ++i) {
      state[i].microphone = state[i].wanted = state[i].open = true;
      state[i].buses = 1U << kProgramBus;
    }
    double coloured = 0;
    for (std::size_t n = 0; n < 100; ++n) {
      blocks[n].resize(kStrips);
      buses[n].resize(kBuses);
      for (auto* row : {&blocks[n], &buses[n]})
        for (std::size_t i = 0; i < row->size(); ++i) {
          // Syllables: 4 a second, each strip at its own beat.
          const double syllable = std::pow(std::sin(0.126 * static_cast<double>(n + 3 * i)), 4);
          const double gain = loud ? 0.3 * syllable : 1e-5;
          for (float& v : (*row)[i].samples) {
            coloured = 0.9 * coloured + static_cast<double>(random()) / 2147483648.0 - 1;
            v = static_cast<float>(gain * coloured);
          }
        }
    }
  }
  static Show show() {
    Show s;
    for (std::size_t i = 0; i < kStrips; ++i) {
      Input input;
      input.id = "mic_" + std::to_string(i);
      input.name = {input.id, input.id};
      input.audio = input.microphone = true;
      if (i < kBuses - 4) input.partner = "partner_" + std::to_string(i);
      s.inputs.push_back(input);
    }
    return s;
  }
  void hear() {
    for (std::size_t n = 0; n < 100; ++n, position += kBlockSamples)
      ears.hear({position, false, true, state, blocks[n], buses[n]});
    found += ears.findings().size();
  }
  void copy_only() {
    for (std::size_t n = 0; n < 100; ++n) {
      std::copy(blocks[n].begin(), blocks[n].end(), copy.begin());
      std::copy(buses[n].begin(), buses[n].end(), copy.begin());
    }
  }
  SoundEars ears;
  std::vector<EarsStrip> state;
  std::vector<std::vector<AudioBlock>> blocks, buses;
  std::vector<AudioBlock> copy;
  std::int64_t position = 0;
  std::size_t found = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Second loud(true), quiet(false);
  bench::Comparison comparison;
  comparison.add("ears.copy_of_32_strips_6_buses", [&] { loud.copy_only(); });
  comparison.add("ears.32_strips_6_buses_loud", [&] { loud.hear(); });
  comparison.add("ears.32_strips_6_buses_quiet", [&] { quiet.hear(); });
  auto figures = comparison.measure(3);
  // The budget: 3 % of a core.
  for (std::size_t i = 1; i < 3; ++i)
    figures.push_back({figures[i].name + ".core", figures[i].value / 10, "%", "", 0});
  return bench::report(figures, argc, argv);
}
