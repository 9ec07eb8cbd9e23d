// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/input_watch.h"

#include "capture/detect_words.h"

namespace kakehashi {
namespace {

bool watches(InputSort sort, bool pictures) {
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto f = static_cast<Finding>(i);
    if (is_picture(f) == pictures && patience(sort, f) > 0) return true;
  }
  return false;
}

// Half a second of pictures at 60 per second, and of sound in chunks that a slow device hands over
// all at once.
constexpr std::size_t kBandRoom = 64, kPieceRoom = 128;

}  // namespace

InputWatch::InputWatch(InputSort sort)
    : sort_(sort),
      watches_pictures_(watches(sort, true)),
      watches_sound_(watches(sort, false)),
      wants_bands_(patience(sort, Finding::Flicker) > 0),
      bands_(wants_bands_ ? kBandRoom : 0),
      pieces_(watches_sound_ ? kPieceRoom : 0),
      pictures_(sort),
      sounds_(sort) {}

void InputWatch::picture(const VideoFrame& frame) {
  if (wants_bands_) bands_.push(band_sample(frame, scratch_));
}

void InputWatch::sound(std::span<const float> interleaved, int channels, int rate,
                       MediaTime captured) {
  if (!watches_sound_) return;
  cutter_.cut(interleaved, channels, rate, captured,
              [this](const SoundPiece& piece) { pieces_.push(piece); });
}

void InputWatch::poll(const VideoFrame* newest, MediaTime now) {
  BandSample band;
  while (bands_.pop(band)) pictures_.add(band);
  SoundPiece piece;
  while (pieces_.pop(piece)) sounds_.add(piece);
  if (newest && watches_pictures_) pictures_.look(*newest, now);

  std::vector<InputFinding> found;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto f = static_cast<Finding>(i);
    if (pictures_.found(f)) found.push_back(finding_words(f, sort_));
    if (sounds_.found(f))
      found.push_back(finding_words(f, sort_, f == Finding::Silent && sounds_.never_heard()));
  }
  const std::lock_guard lock(mutex_);
  findings_ = std::move(found);
}

void InputWatch::forget() {
  BandSample band;
  while (bands_.pop(band)) {
  }
  SoundPiece piece;
  while (pieces_.pop(piece)) {
  }
  pictures_.forget();
  sounds_.forget();
  const std::lock_guard lock(mutex_);
  findings_.clear();
}

std::vector<InputFinding> InputWatch::findings() const {
  const std::lock_guard lock(mutex_);
  return findings_;
}

}  // namespace kakehashi
