// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/loudness.h"

#include <ebur128.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/decibel.h"
#include "mixer/sound/true_peak.h"

namespace kakehashi {
namespace {

constexpr std::size_t kHopBlocks = 10;    // 100 ms, the step of BS.1770's gating blocks
constexpr std::size_t kMomentary = 4;     // hops: 400 ms
constexpr std::size_t kShortTerm = 30;    // hops: 3 s
constexpr std::size_t kPeakBlocks = 100;  // 1 s
constexpr double kAbsoluteGate = -70;     // LUFS
constexpr double kRelativeGate = -10;     // LU
constexpr double kHeard = -50;            // LUFS: below it a programme is silent for its audience
constexpr double kFlutter = 0.5;          // LU

double lufs_of(double energy) {
  return energy <= 0 ? -120.0 : std::max(-120.0, 10 * std::log10(energy) - 0.691);
}
double energy_of(double lufs) { return std::pow(10.0, (lufs + 0.691) / 10); }

// Integrated loudness (BS.1770-4 §2.7) of any length in constant room: energies of the gating
// blocks, kept apart by their level so that the relative gate can be drawn through them.
// libebur128 does the same, but cannot begin anew without allocating.
class Integrated {
 public:
  void add(double energy) {
    const double lufs = lufs_of(energy);
    if (lufs < kAbsoluteGate) return;
    auto bin = static_cast<std::size_t>((lufs - kAbsoluteGate) * kPerLu);
    bin = std::min(bin, bins_.size() - 1);
    bins_[bin].energy += energy;
    ++bins_[bin].count;
  }
  void clear() { bins_.fill({}); }
  double lufs() const {
    const double ungated = mean_from(0);
    if (ungated <= 0) return -120;
    const double gate = std::max(kAbsoluteGate, lufs_of(ungated) + kRelativeGate);
    return lufs_of(mean_from(static_cast<std::size_t>((gate - kAbsoluteGate) * kPerLu)));
  }

 private:
  static constexpr double kPerLu = 100;
  struct Bin {
    double energy = 0;
    std::uint64_t count = 0;
  };
  double mean_from(std::size_t bin) const {
    double energy = 0;
    std::uint64_t count = 0;
    for (; bin < bins_.size(); ++bin) {
      energy += bins_[bin].energy;
      count += bins_[bin].count;
    }
    return count ? energy / static_cast<double>(count) : 0;
  }
  std::array<Bin, 80 * 100> bins_{};  // -70..+10 LUFS
};

}  // namespace

struct LoudnessMeter::Impl {
  Impl() : r128(ebur128_init(kProgramChannels, kSampleRate, EBUR128_MODE_M)) {
    assert(r128 && "libebur128 accepts 48 kHz stereo");
  }
  ~Impl() { ebur128_destroy(&r128); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // i hops ago
  double hop(std::size_t i) const { return hops[(hops_in + kShortTerm - 1 - i) % kShortTerm]; }
  double mean(std::size_t of) const {
    double sum = 0;
    for (std::size_t i = 0; i < of; ++i) sum += hop(i);
    return sum / static_cast<double>(of);
  }
  void end_of_block();
  void end_of_hop();
  double heard_now() const;
  void add_peak(const AudioBlock& block);

  ebur128_state* r128;
  // K-weighted mean squares, rings. Momentary loudness moves with every block: at each tenth one a
  // short sound would be read by up to 0.6 LU too low.
  std::array<double, kMomentary * kHopBlocks> parts{};
  std::array<double, kShortTerm> hops{};
  std::size_t hops_in = 0;  // next place in it
  std::size_t blocks = 0;
  std::uint64_t programme_hops = 0;  // since begin_programme()
  Integrated integrated;
  double momentary = -120, short_term = -120, whole = -120, heard = -120;

  TruePeak peak;
  std::array<float, kPeakBlocks> peaks{};
  std::size_t peak_at = 0;
  float highest = 0;
  AudioBlock clean;  // with numbers only
};

void LoudnessMeter::Impl::end_of_block() {
  double lufs = 0;
  double energy = 0;
  if (ebur128_loudness_window(r128, 10, &lufs) == EBUR128_SUCCESS && std::isfinite(lufs))
    energy = energy_of(lufs);
  parts[blocks++ % parts.size()] = energy;
  momentary =
      lufs_of(std::accumulate(parts.begin(), parts.end(), 0.0) / static_cast<double>(parts.size()));
  if (blocks % kHopBlocks == 0) end_of_hop();
}

void LoudnessMeter::Impl::end_of_hop() {
  double energy = 0;
  for (std::size_t i = 1; i <= kHopBlocks; ++i) energy += parts[(blocks - i) % parts.size()];
  hops[hops_in] = energy / kHopBlocks;
  hops_in = (hops_in + 1) % kShortTerm;
  const double last_400_ms = mean(kMomentary);
  short_term = lufs_of(mean(kShortTerm));
  if (++programme_hops >= kMomentary) integrated.add(last_400_ms);
  whole = integrated.lufs();
  heard = heard_now();
}

double LoudnessMeter::Impl::heard_now() const {
  std::array<double, kShortTerm> windows{};  // 400 ms each, as they overlap
  std::size_t n = 0;
  double sum = 0;
  for (std::size_t i = 0; i + kMomentary <= kShortTerm; ++i) {
    double energy = 0;
    for (std::size_t k = 0; k < kMomentary; ++k) energy += hop(i + k);
    energy /= kMomentary;
    if (lufs_of(energy) < kHeard) continue;
    windows[n++] = energy;
    sum += energy;
  }
  if (n == 0) return -120;
  const double gate = sum / static_cast<double>(n) * std::pow(10.0, kRelativeGate / 10);
  double heard_sum = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (windows[i] >= gate) {
      heard_sum += windows[i];
      ++kept;
    }
  return lufs_of(heard_sum / static_cast<double>(kept));
}

void LoudnessMeter::Impl::add_peak(const AudioBlock& block) {
  peaks[peak_at] = 0;
  const float others = *std::max_element(peaks.begin(), peaks.end());
  std::array<float, static_cast<std::size_t>(kBlockSamples)> now;
  peak.measure(block, others, now);
  peaks[peak_at] = *std::max_element(now.begin(), now.end());
  highest = std::max(others, peaks[peak_at]);
  peak_at = (peak_at + 1) % kPeakBlocks;
}

LoudnessMeter::LoudnessMeter() : impl_(std::make_unique<Impl>()) {}
LoudnessMeter::~LoudnessMeter() = default;
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;

void LoudnessMeter::add(const AudioBlock& block) {
  Impl& m = *impl_;
  for (std::size_t i = 0; i < block.samples.size(); ++i)
    m.clean.samples[i] = std::isfinite(block.samples[i]) ? block.samples[i] : 0.0F;
  ebur128_add_frames_float(m.r128, m.clean.samples.data(), kBlockSamples);
  m.add_peak(m.clean);
  m.end_of_block();
}

void LoudnessMeter::begin_programme() {
  impl_->integrated.clear();
  impl_->programme_hops = 0;
  impl_->whole = -120;
}

double LoudnessMeter::momentary_lufs() const { return impl_->momentary; }
double LoudnessMeter::short_term_lufs() const { return impl_->short_term; }
double LoudnessMeter::integrated_lufs() const { return impl_->whole; }
double LoudnessMeter::heard_lufs() const { return impl_->heard; }
double LoudnessMeter::true_peak_dbtp() const { return Decibel::from_linear(impl_->highest).value; }

LoudnessWord loudness_word(double lufs, const LoudnessTarget& target, LoudnessWord before) {
  if (!(lufs >= kHeard)) return LoudnessWord::Silent;
  // The edge of the word that stands is moved away from it.
  double quiet = target.lufs - target.tolerance_lu, loud = target.lufs + target.tolerance_lu;
  if (before == LoudnessWord::Quiet) quiet += kFlutter;
  if (before == LoudnessWord::Loud) loud -= kFlutter;
  if (before == LoudnessWord::Good) {
    quiet -= kFlutter;
    loud += kFlutter;
  }
  if (lufs < quiet) return LoudnessWord::Quiet;
  return lufs > loud ? LoudnessWord::Loud : LoudnessWord::Good;
}

}  // namespace kakehashi
