// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the sound detectors that runs where the sound comes in: every sample is touched once.
#include <algorithm>
#include <cmath>

#include "capture/detect_sound.h"

namespace kakehashi {
namespace {

// 32767/32768 is the most a 16-bit device gives; sound near it but round is not clipped.
constexpr float kFullScale = 0.9995F;
constexpr int kFlat = 3;  // samples in a row

}  // namespace

void SoundCutter::begin(std::span<const float> interleaved, int channels, int rate,
                        MediaTime captured) {
  if (channels != channels_ || rate != rate_) {
    *this = SoundCutter();
    channels_ = channels;
    rate_ = rate;
    length_ = static_cast<std::size_t>(std::max(rate / 100, 1));
  }
  rest_ = interleaved;
  at_ = captured;
}

bool SoundCutter::next(SoundPiece& piece) {
  if (channels_ < 1) return false;
  const std::size_t there = rest_.size() / static_cast<std::size_t>(channels_);
  const std::size_t count = std::min(there, length_ - filled_);
  eat(count);
  if (filled_ < length_) return false;
  piece_.end = at_;
  piece_.channels = channels_;
  for (std::size_t c = 0; c < 2; ++c) {
    const std::size_t from = channels_ > 1 ? c : 0;
    piece_.peak[c] = peak_[from];
    piece_.square[c] = square_[from] / static_cast<float>(length_);
  }
  piece_.clips = clips_;
  piece = piece_;
  filled_ = part_ = 0;
  peak_ = square_ = {};
  clips_ = 0;
  return true;
}

// Peak and energy of both sides, and only where a peak is at full scale the flat tops.
void SoundCutter::take_samples(const float* in, std::size_t frames) {
  const auto step = static_cast<std::size_t>(channels_);
  const std::size_t second = channels_ > 1 ? 1 : 0;
  float peak[2]{}, square[2]{}, sum = 0;
  const float* at = in;
  for (std::size_t i = 0; i < frames; ++i, at += step) {
    const float a = at[0], b = at[second];
    peak[0] = std::max(peak[0], std::abs(a));
    peak[1] = std::max(peak[1], std::abs(b));
    square[0] += a * a;
    square[1] += b * b;
    sum += a + b;
  }
  slow_sum_ += sum / 2;
  slow_count_ += frames;
  for (std::size_t s = 0; s <= second; ++s) {
    peak_[s] = std::max(peak_[s], peak[s]);
    square_[s] += square[s];
    if (peak[s] < kFullScale) {
      run_[s] = 0;
      continue;
    }
    for (std::size_t i = 0; i < frames; ++i) {
      run_[s] = std::abs(in[i * step + s]) >= kFullScale ? run_[s] + 1 : 0;
      if (run_[s] == kFlat) ++clips_;
    }
  }
}

void SoundCutter::eat(std::size_t frames) {
  const auto step = static_cast<std::size_t>(channels_);
  while (frames > 0) {
    // Up to the end of this part of `slow`: a fifteenth of the piece.
    const std::size_t end = (part_ + 1) * length_ / HumMeter::kPerPiece;
    const std::size_t n = std::min(frames, end - filled_);
    take_samples(rest_.data(), n);
    filled_ += n;
    frames -= n;
    rest_ = rest_.subspan(n * step);
    at_ = at_ + Duration{static_cast<std::int64_t>(n) * 1'000'000'000 / rate_};
    if (filled_ < end) continue;
    piece_.slow[part_++] = slow_count_ > 0 ? slow_sum_ / static_cast<float>(slow_count_) : 0;
    slow_sum_ = 0;
    slow_count_ = 0;
  }
}

}  // namespace kakehashi
