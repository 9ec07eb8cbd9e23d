// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "capture/detect_shape.h"

namespace kakehashi {
namespace {

// Accident table: mean luma below 3 % and no variance to speak of, for 2 s. A night scene has its
// lights and its noise, a dark stage its spotlight.
constexpr double kBlackMean = 0.03, kBlackSpread = 0.01;
constexpr Duration kBetweenLooks = Duration::milliseconds(450);
constexpr int kCombedLooks = 3;  // more than looks without: nothing moves fast all the time
// A finding leaves when it has been gone this long.
constexpr Duration kGone = Duration::seconds(2);
constexpr Duration kGoneSlow = Duration::seconds(6);  // figures that come every 2 s

std::vector<Hold> holds_of(InputSort sort) {
  std::vector<Hold> holds;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto f = static_cast<Finding>(i);
    const bool slow = f == Finding::Flicker || f == Finding::Comb || f == Finding::FourThree;
    // How long a picture has stood still is measured, not waited for.
    const double on = f == Finding::Frozen ? 0 : patience(sort, f);
    holds.emplace_back(Duration::from_seconds(on), slow ? kGoneSlow : kGone);
  }
  return holds;
}

}  // namespace

PictureDetector::PictureDetector(InputSort sort) : sort_(sort), holds_(holds_of(sort)) {}

bool PictureDetector::wants_bands() const { return patience(sort_, Finding::Flicker) > 0; }

void PictureDetector::forget() { *this = PictureDetector(sort_); }

void PictureDetector::say(Finding f, bool seen, MediaTime now) {
  if (patience(sort_, f) > 0) holds_[static_cast<std::size_t>(f)].look(seen, now);
}

void PictureDetector::see(const VideoFrame& frame, MediaTime now) {
  if (wants_bands()) add(band_sample(frame, scratch_));
  look(frame, now);
}

void PictureDetector::look(const VideoFrame& frame, MediaTime now) {
  const bool other = !any_ || frame.info().sequence != sequence_;
  if (comb_.remembers() && other) {
    // Without movement nothing is known, and nothing changes.
    if (const CombMeter::Result r = comb_.measure(frame); r.moved) {
      figures_.comb = r.share;
      combed_looks_ =
          std::clamp(combed_looks_ + (r.share > CombMeter::kCombed ? 1 : -1), 0, 2 * kCombedLooks);
    }
  }
  if (any_ && now - looked_ < kBetweenLooks) return;
  look_closely(frame, now);
  if (patience(sort_, Finding::Comb) > 0) comb_.remember(frame);
}

void PictureDetector::look_closely(const VideoFrame& frame, MediaTime now) {
  const FrameInfo& info = frame.info();
  const bool same_picture = any_ && info.sequence == sequence_;
  const std::size_t width = static_cast<std::size_t>(info.width);
  rows_.resize(width * kRows);
  for (int i = 0; i < kRows; ++i)
    std::memcpy(rows_.data() + static_cast<std::size_t>(i) * width,
                luma_row(frame, (2 * i + 1) * info.height / (2 * kRows), scratch_), width);
  measure_luma(frame);
  if (!same_picture && !info.still) compare(frame, now);
  sequence_ = info.sequence;
  looked_ = now;
  any_ = true;

  const ShapeView view{rows_.data(), info.width, kRows, luma_scale(info)};
  if (const auto bars = side_bars(view, info)) {
    figures_.bars = *bars;
    bars_known_ = true;
  }
  const NoSignalLook card = no_signal_look(frame);
  figures_.blue = card.blue;
  figures_.colour_bars = card.bars;
  figures_.flicker_percent = flicker_.percent();
  figures_.flicker_mains = flicker_.mains();

  const bool black = figures_.mean_luma < kBlackMean && figures_.luma_spread < kBlackSpread;
  const bool no_signal = card.blue > NoSignalLook::kAllBlue || card.bars;
  say(Finding::Black, black, now);
  say(Finding::NoSignal, no_signal, now);
  // A lens cap and a blue picture never change either: the cause is said once.
  const bool stands = figures_.still_seconds >= patience(sort_, Finding::Frozen);
  say(Finding::Frozen, stands && !black && !no_signal && !info.still, now);
  say(Finding::Flicker, flicker_.visible(), now);
  say(Finding::Comb, combed_looks_ >= kCombedLooks, now);
  say(Finding::FourThree, bars_known_ && figures_.bars > 0 && !no_signal, now);
}

void PictureDetector::measure_luma(const VideoFrame& frame) {
  // Rows by themselves, so that no sum outgrows its 32 bits.
  double total = 0, squares = 0;
  const std::size_t width = static_cast<std::size_t>(frame.width());
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::uint8_t* row = rows_.data() + r * width;
    std::uint32_t sum = 0, square = 0;
    for (std::size_t x = 0; x < width; ++x) {
      sum += row[x];
      square += static_cast<std::uint32_t>(row[x] * row[x]);
    }
    total += sum;
    squares += square;
  }
  const LumaScale scale = luma_scale(frame.info());
  const double n = static_cast<double>(width) * kRows, mean = total / n;
  figures_.mean_luma = scale(mean);
  figures_.luma_spread = std::sqrt(std::max(0.0, squares / n - mean * mean)) / scale.span;
}

// A sensor's noise makes every picture of a camera differ in the first bytes compared. Only where
// 32 rows are the same the whole picture is looked at.
void PictureDetector::compare(const VideoFrame& frame, MediaTime now) {
  if (patience(sort_, Finding::Frozen) <= 0) return;
  if (!any_ || before_ != rows_) {
    before_ = rows_;
    fingerprint_ = 0;
    figures_.still_seconds = 0;
    return;
  }
  const std::uint64_t now_print = fingerprint(frame);
  if (now_print != fingerprint_) {
    same_since_ = fingerprint_ == 0 ? looked_ : now;
    fingerprint_ = now_print;
  }
  figures_.still_seconds = (now - same_since_).to_seconds();
}

}  // namespace kakehashi
