// SPDX-License-Identifier: GPL-3.0-or-later
// What a block of the whole sound desk costs: 32 strips, each with all that its set does, on 6
// buses (4 and two partners' returns). In each moment three people speak and a film runs; the
// others give their room's noise. And the same with strips that do nothing: what routing, gains,
// limiters and meters cost by themselves.
#include <cmath>
#include <random>

#include "mixer/audio_mixer.h"
#include "mixer/switcher.h"
#include "tests/bench/bench.h"

using namespace kakehashi;

namespace {

constexpr std::size_t kStrips = 32;
constexpr std::size_t kBlocks = 500;  // of material, then again

ProcessingSet set_of(std::size_t strip) {
  if (strip < 16) return ProcessingSet::Speech;
  if (strip < 18) return ProcessingSet::Line;
  if (strip < 22) return ProcessingSet::Remote;
  if (strip < 28) return ProcessingSet::Media;
  return strip < 30 ? ProcessingSet::Music : ProcessingSet::Ambience;
}

Show desk(bool plain) {
  Show show;
  for (std::size_t i = 0; i < kStrips; ++i) {
    Input input;
    input.id = "input_" + std::to_string(i);
    input.audio = true;
    input.microphone = i < 16;
    input.sound = settings_of(plain ? ProcessingSet::Music : set_of(i));
    if (plain) input.sound.high_pass_hz = 0;
    if (set_of(i) == ProcessingSet::Remote) input.partner = i < 20 ? "tokyo" : "osaka";
    if (i >= 18 && i < 28) show.sound.venue.push_back(input.id);
    show.inputs.push_back(input);
  }
  show.scenes.emplace_back().id = "talk";
  return show;
}

// A voice of formants in syllables of a quarter of a second, or a room.
std::vector<AudioBlock> material(bool voice, unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<float> noise(0, 0.0008F);
  std::vector<AudioBlock> blocks(kBlocks);
  const double pitch = 110 + 17.0 * seed;
  for (std::size_t b = 0; b < kBlocks; ++b)
    for (int i = 0; i < kBlockSamples; ++i) {
      const double t = static_cast<double>(b * kBlockSamples + static_cast<std::size_t>(i)) / 48000;
      double s = noise(dice);
      if (voice)
        for (int h = 1; h <= 12; ++h)
          s += 0.12 / h * std::sin(2 * M_PI * pitch * h * t) * std::pow(std::sin(M_PI * 4 * t), 2);
      blocks[b].samples[static_cast<std::size_t>(2 * i)] = static_cast<float>(s);
      blocks[b].samples[static_cast<std::size_t>(2 * i + 1)] = static_cast<float>(s);
    }
  return blocks;
}

struct Desk {
  explicit Desk(bool plain) : show(desk(plain)), live(initial_state(show)), mixer(show) {
    out.resize(mixer.bus_list().size());
  }
  void block(const std::vector<AudioBlock>& voice, const std::vector<AudioBlock>& room) {
    const std::size_t speaker = number / 300 % 16;  // another three every three seconds
    for (std::size_t i = 0; i < kStrips; ++i) {
      const bool speaks = i == speaker || i == 18 || i == 22;
      in[i] = (speaks ? voice : room)[(number + 37 * i) % kBlocks];
      in[i].position = static_cast<std::int64_t>(number) * kBlockSamples;
    }
    ++number;
    mixer.mix(show, live, MediaTime{static_cast<std::int64_t>(number) * 10'000'000}, in, out);
  }
  Show show;
  LiveState live;
  AudioMixer mixer;
  std::vector<AudioBlock> in{kStrips}, out;
  std::size_t number = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto voice = material(true, 1), room = material(false, 2);
  Desk whole(false), plain(true);
  if (whole.out.size() != 6) return 1;
  bench::Comparison comparison;
  comparison.add("sound.block_32_strips_6_buses", [&] { whole.block(voice, room); });
  comparison.add("sound.block_plain_strips", [&] { plain.block(voice, room); });
  auto figures = comparison.measure(200);
  // Another event on air: mix.audio makes all strips anew between two blocks.
  Show other = whole.show;
  for (Input& input : other.inputs) input.id = "other_" + input.id;
  other.sound.venue.clear();
  bench::Comparison loading;
  bool there = false;
  loading.add("sound.arrange_32_new_strips", [&] {
    whole.mixer.arrange(there ? whole.show : other);
    there = !there;
  });
  figures.push_back(loading.measure(3)[0]);
  figures.push_back({"sound.core_32_strips_6_buses", figures[0].value / 10 * 100, "%", "", 0});
  figures.push_back({"sound.core_plain_strips", figures[1].value / 10 * 100, "%", "", 0});
  return bench::report(figures, argc, argv);
}
