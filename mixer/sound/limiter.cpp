// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/limiter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/decibel.h"
#include "mixer/sound/true_peak.h"

namespace kakehashi {
namespace {

constexpr std::size_t kBlock = kBlockSamples;

// A peak is known kDelay after its sample came in; by then kAhead samples are left until that
// sample leaves. In them the gain glides down, and it stays down for kGuard samples on both sides
// of the peak: the curve there is made of its neighbours too.
constexpr std::size_t kAhead = TruePeakLimiter::kLatency - TruePeak::kDelay;
constexpr std::size_t kGuard = 8;
constexpr std::size_t kBox = (kAhead - kGuard + 2) / 2;  // two means in a row: a glide like an S
constexpr std::size_t kHold = kAhead + kGuard + 2;
static_assert(2 * kBox - 2 <= kAhead - kGuard);

// What is above the ceiling is brought this far below it: a gain that moves shifts the curve a
// little, and other meters have other filters. What is below the ceiling is not touched for it.
constexpr double kAim = 0.985;  // -0.13 dB
constexpr double kReleaseSeconds = 0.1;
constexpr double kOver = 1e-4;     // the release is over: the last 0.001 dB in one glide
constexpr float kSensible = 1000;  // +60 dBFS; beyond it nothing is sound

// Losses (1 - gain) are added up as integers, so that nothing is left when they are all over and
// the gain is exactly 1 again.
constexpr double kUnit = 1ULL << 40U;

// The highest of the last kHold values.
class Highest {
 public:
  double push(double value) {
    ++now_;
    while (size_ && at(size_ - 1).value <= value) --size_;
    if (size_ && at(0).when + static_cast<std::int64_t>(kHold) <= now_) {
      ++first_;
      --size_;
    }
    at(size_++) = {now_, value};
    return at(0).value;
  }

 private:
  struct Entry {
    std::int64_t when = 0;
    double value = 0;
  };
  static constexpr std::size_t kRoom = 256;
  static_assert(kRoom > kHold);
  Entry& at(std::size_t i) { return entries_[(first_ + i) % kRoom]; }
  std::array<Entry, kRoom> entries_{};
  std::size_t first_ = 0, size_ = 0;
  std::int64_t now_ = 0;
};

// Sum of the last kBox values.
class Box {
 public:
  std::int64_t push(std::int64_t value) {
    sum_ += value - kept_[at_];
    kept_[at_] = value;
    at_ = (at_ + 1) % kBox;
    return sum_;
  }

 private:
  std::array<std::int64_t, kBox> kept_{};
  std::int64_t sum_ = 0;
  std::size_t at_ = 0;
};

float sensible(float x) { return std::isfinite(x) ? std::clamp(x, -kSensible, kSensible) : 0.0F; }

}  // namespace

struct TruePeakLimiter::Impl {
  // The loss for the sample that leaves now, when a peak that wants `loss` becomes known.
  std::int64_t glide(double loss) {
    const double held = highest.push(loss);
    released = held >= released ? held : held + (released - held) * release;
    if (released < kOver) released = 0;
    return second.push(first.push(static_cast<std::int64_t>(std::ceil(released * kUnit))));
  }

  const double release = std::exp(-1 / (kReleaseSeconds * kSampleRate));
  TruePeak peak;
  std::array<float, kBlock> peaks{};
  std::array<float, 2ULL * kLatency> delayed{};
  Highest highest;
  double released = 0;
  Box first, second;
  std::size_t busy = 0;  // samples until everything above stands still again
  double reduction_db = 0;
};

TruePeakLimiter::TruePeakLimiter() : impl_(std::make_unique<Impl>()) {}
TruePeakLimiter::~TruePeakLimiter() = default;
TruePeakLimiter::TruePeakLimiter(TruePeakLimiter&&) noexcept = default;

void TruePeakLimiter::process(AudioBlock& block, double ceiling_dbtp) {
  Impl& m = *impl_;
  for (float& s : block.samples) s = sensible(s);
  const float ceiling = Decibel{ceiling_dbtp}.to_linear();
  m.peak.measure(block, ceiling, m.peaks);

  // The last kLatency samples come out first.
  std::array<float, 2 * kBlock> out;
  const auto kept = static_cast<std::ptrdiff_t>(m.delayed.size());
  std::copy(m.delayed.begin(), m.delayed.end(), out.begin());
  std::copy(block.samples.begin(), block.samples.end() - kept, out.begin() + kept);
  std::copy(block.samples.end() - kept, block.samples.end(), m.delayed.begin());
  block.samples = out;

  std::int64_t most = 0;
  constexpr double kWhole = kUnit * kBox * kBox;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const bool over = m.peaks[i] > ceiling;
    if (!over && m.busy == 0) continue;
    const std::int64_t loss = m.glide(over ? 1 - kAim * ceiling / m.peaks[i] : 0);
    if (m.released > 0)
      m.busy = kHold + 2 * kBox;
    else
      --m.busy;
    if (loss == 0) continue;
    most = std::max(most, loss);
    const auto gain = static_cast<float>(1 - static_cast<double>(loss) / kWhole);
    block.samples[2 * i] *= gain;
    block.samples[2 * i + 1] *= gain;
  }
  m.reduction_db = 20 * std::log10(std::max(1e-6, 1 - static_cast<double>(most) / kWhole));
}

double TruePeakLimiter::reduction_db() const { return impl_->reduction_db; }

}  // namespace kakehashi
