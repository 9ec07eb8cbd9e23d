// SPDX-License-Identifier: GPL-3.0-or-later
// Picture against sound from somebody who claps in front of the camera. The sound begins within a
// millisecond; in the picture hands that were fast stand still between two pictures or turn back:
// where within them follows from how much less they moved. Several claps laid over each other make
// it finer than a frame. Who walks, talks or nods gives no answer. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/time.h"
#include "core/video_frame.h"
#include "station/equip/av_offset.h"

namespace kakehashi {

// One picture, fine enough to see hands move.
struct HandPicture {
  static constexpr int kAcross = 64, kDown = 36;
  MediaTime captured;
  std::array<std::uint8_t, kAcross * kDown> luma{};
};
HandPicture look_for_hands(const VideoFrame& frame);

// Dates claps: sounds of all pitches that begin within milliseconds and end soon.
class ClapListener {
 public:
  // 48 kHz, one channel; `first`: the moment of its first sample.
  void hear(std::span<const float> samples, MediaTime first);
  BeepListener::Heard claps() const;

 private:
  struct Piece {  // 1 ms
    MediaTime at;
    float level = 0;  // without the low tones
  };
  std::vector<Piece> pieces_;
  float last_ = 0;
  double sum_ = 0;
  int count_ = 0;
  MediaTime at_;
};

// Needs 4 claps seen and heard that agree; the picture may be 400 ms off either way.
OffsetReading estimate_from_claps(const std::vector<HandPicture>& pictures,
                                  const std::vector<MediaTime>& claps);

}  // namespace kakehashi
