// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/automix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/decibel.h"
#include "mixer/sound/speech_sense.h"

namespace kakehashi {
namespace {

constexpr double kBlockMs = 1000.0 * kBlockSamples / kSampleRate;
const double kAttack = 1 - std::exp(-kBlockMs / 10);
const double kRelease = 1 - std::exp(-kBlockMs / 150);
const double kTogether = 1 - std::exp(-kBlockMs / 400);  // how alike the microphones sound

// In a pause the one who spoke last weighs this much more, so that the air of the room does not
// wander from microphone to microphone. It comes slowly and is gone when another one speaks.
constexpr double kLastWordDb = 20, kLastWordRise = 0.4, kLastWordFall = 3;  // dB, dB a block
// Who holds back is never gone altogether: together they leave a tenth of the room's power, each at
// most -12 dB (priority on top).
constexpr double kFloorPower = 0.1;
constexpr double kFloorMost = 0.0631;
// In a sharing, another microphone hears the talker too; one 10 dB below the loudest is not spoken
// into.
constexpr double kSpill = 0.1;
constexpr double kOvertake = 2;    // power: who takes the last word over
constexpr double kNothing = 1e-9;  // -90 dBFS: in digital silence all share alike

// High-pass 200 Hz, Butterworth: rumble and breath are nobody's word. Two strips side by side, left
// and right of each.
using Four = float __attribute__((vector_size(16)));
using FourInts = std::int32_t __attribute__((vector_size(16)));
struct HighPass {
  HighPass() {
    const double w = 2 * M_PI * 200 / kSampleRate;
    const double alpha = std::sin(w) / std::sqrt(2.0);
    const double a0 = 1 + alpha;
    b0 = static_cast<float>((1 + std::cos(w)) / 2 / a0);
    b1 = -2 * b0;
    a1 = static_cast<float>(-2 * std::cos(w) / a0);
    a2 = static_cast<float>((1 - alpha) / a0);
  }
  float b0, b1, a1, a2;
};

bool silent(const AudioBlock& block) {
  return std::all_of(block.samples.begin(), block.samples.end(), [](float s) { return s == 0; });
}

}  // namespace

struct Automix::Impl {
  struct Pair {
    Four z1{}, z2{}, before{};
  };
  struct One {
    SpeechSense sense;
    double power = 0;  // smoothed
    double now = 0;    // of this block
    int crossings = 0;
    double weight = 0;  // power: fader and priority
    bool talks = false;
  };
  explicit Impl(std::size_t n) : pairs((n + 1) / 2), strips(n) {}

  void listen(std::size_t pair, const AudioBlock& a, const AudioBlock* b, float weight_a,
              float weight_b);
  void share(std::span<const AutomixPlace> places, std::span<float> gains);
  void judge(std::span<const AutomixPlace> places);

  const HighPass filter;
  std::vector<Pair> pairs;
  std::vector<One> strips;
  std::array<Four, static_cast<std::size_t>(kBlockSamples)> sum{};
  double alone = 0, together = 0;  // power: of each microphone, and of what they add up to
  std::size_t last = SIZE_MAX;     // who spoke last
  double last_word_db = 0;
};

// Filters two strips, measures them, adds them to the sum.
void Automix::Impl::listen(std::size_t pair, const AudioBlock& a, const AudioBlock* b,
                           float weight_a, float weight_b) {
  static const AudioBlock kSilence{};
  Pair& p = pairs[pair];
  const float* left = a.samples.data();
  const float* right = b ? b->samples.data() : kSilence.samples.data();
  const Four weight{weight_a, weight_a, weight_b, weight_b};
  Four z1 = p.z1, z2 = p.z2, before = p.before, power{};
  FourInts crossings{};
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const Four x{left[2 * i], left[2 * i + 1], right[2 * i], right[2 * i + 1]};
    const Four y = filter.b0 * x + z1;
    z1 = filter.b1 * x - filter.a1 * y + z2;
    z2 = filter.b0 * x - filter.a2 * y;
    power += y * y;
    crossings -= y * before < 0;
    before = y;
    sum[i] += weight * y;
  }
  const bool well = std::isfinite(power[0] + power[1] + power[2] + power[3]);
  if (!well) {
    p = {};
    return;
  }
  p = {z1, z2, before};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t at = 2 * pair + i;
    if (at >= strips.size()) break;
    strips[at].now = static_cast<double>(power[2 * i] + power[2 * i + 1]) / 2 / kBlockSamples;
    // The louder channel's.
    strips[at].crossings = crossings[power[2 * i] >= power[2 * i + 1] ? 2 * i : 2 * i + 1];
  }
}

void Automix::Impl::judge(std::span<const AutomixPlace> places) {
  double loudest = 0;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i].in) loudest = std::max(loudest, strips[i].power * strips[i].weight);
  bool another = false, anybody = false;
  for (std::size_t i = 0; i < places.size(); ++i) {
    One& s = strips[i];
    s.sense.hear(s.now, s.crossings);
    const double heard = s.power * s.weight;
    s.talks = s.sense.talks() && (!places[i].in || s.weight == 0 || heard >= kSpill * loudest);
    if (!s.talks || !places[i].in || s.weight == 0) continue;
    anybody = true;
    another = another || i != last;
    const bool overtakes = last >= places.size() || !strips[last].talks ||
                           heard > kOvertake * strips[last].power * strips[last].weight;
    if (overtakes) last = i;
  }
  if (another)
    last_word_db = std::max(0.0, last_word_db - kLastWordFall);
  else if (!anybody)
    last_word_db = std::min(kLastWordDb, last_word_db + kLastWordRise);
}

void Automix::Impl::share(std::span<const AutomixPlace> places, std::span<float> gains) {
  double all = 0;
  std::size_t open = 0;
  const double bonus = std::pow(10, last_word_db / 10);
  const auto share_of = [&](std::size_t i) {
    return (strips[i].power + kNothing) * strips[i].weight * (i == last ? bonus : 1);
  };
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i].in && strips[i].weight > 0) {
      all += share_of(i);
      ++open;
    }
  // One voice in several microphones adds up as amplitudes, several voices as powers.
  const double alike = alone > 0 ? std::clamp(together / alone, 1.0, static_cast<double>(open)) : 1;
  const double floor =
      open > 1 ? std::min(kFloorMost, kFloorPower / static_cast<double>(open - 1)) : 1;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i].in) {
      gains[i] = 1;
      continue;
    }
    const double least = std::min(1.0, floor * std::pow(10, places[i].priority_db / 10));
    const double mine = strips[i].weight > 0 ? share_of(i) / (all * alike) : 0;
    gains[i] = static_cast<float>(std::sqrt(std::clamp(mine, least, 1.0)));
  }
}

Automix::Automix(std::size_t strips) : impl_(std::make_unique<Impl>(strips)) {}
Automix::~Automix() = default;

void Automix::share(std::span<const AudioBlock> strips, std::span<const AutomixPlace> places,
                    std::span<float> gains) {
  Impl& m = *impl_;
  const std::size_t n = std::min({m.strips.size(), strips.size(), places.size(), gains.size()});
  m.sum.fill(Four{});
  for (std::size_t i = 0; i < n; ++i) {
    const double fader = std::max(0.0F, places[i].fader);
    m.strips[i].weight =
        places[i].in ? fader * fader * std::pow(10, places[i].priority_db / 10) : 0;
    m.strips[i].now = 0;
    m.strips[i].crossings = 0;
  }
  for (std::size_t i = 0; i < n; i += 2) {
    const AudioBlock* second = i + 1 < n ? &strips[i + 1] : nullptr;
    if (silent(strips[i]) && (!second || silent(*second))) {
      m.pairs[i / 2] = {};
      continue;
    }
    const auto amplitude = [&](std::size_t k) {
      return k < n ? static_cast<float>(std::sqrt(m.strips[k].weight)) : 0.0F;
    };
    m.listen(i / 2, strips[i], second, amplitude(i), amplitude(i + 1));
  }
  double alone = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Impl::One& s = m.strips[i];
    s.power += (s.now - s.power) * (s.now > s.power ? kAttack : kRelease);
    alone += s.now * s.weight;
  }
  double together = 0;
  for (const Four& v : m.sum) {
    const float l = v[0] + v[2], r = v[1] + v[3];
    together += static_cast<double>(l * l + r * r);
  }
  together /= 2 * kBlockSamples;
  if (std::isfinite(together)) {
    m.together += (together - m.together) * kTogether;
    m.alone += (alone - m.alone) * kTogether;
  }
  m.judge(places.first(n));
  m.share(places.first(n), gains);
}

bool Automix::talks(std::size_t strip) const {
  return strip < impl_->strips.size() && impl_->strips[strip].talks;
}

}  // namespace kakehashi
