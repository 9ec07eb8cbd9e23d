// SPDX-License-Identifier: GPL-3.0-or-later
// By how much a camera's picture comes later than a microphone's sound, from a page that flashes
// and beeps. The page's period is no multiple of any frame time: from flash to flash the moment
// walks through the camera's frame, and laid over each other the flashes show the edge far finer
// than one picture does (flash_edge.h). Pure.
//
// A picture stands for the middle of its exposure. With a rolling shutter the upper lines are
// earlier: where the page fills enough lines the answer is for the middle of the picture, else for
// the place where the page is seen.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/equipment_test.h"
#include "core/show.h"
#include "core/time.h"
#include "core/video_frame.h"

namespace kakehashi {

// The page: every kFlashPeriod a white picture for kFlashLength and a tone of kBeepLength, but each
// fifth is left out, so that a camera late by more than half a period is told from an early one.
// Less than one flash a second: WCAG 2.3.1 allows three.
inline constexpr Duration kFlashPeriod = Duration::milliseconds(1037);
inline constexpr Duration kFlashLength = Duration::milliseconds(150);
inline constexpr Duration kBeepLength = Duration::milliseconds(60);
inline constexpr double kBeepTone = 1000;  // Hz
inline constexpr int kFlashesInARow = 4, kFlashRound = 5;
constexpr bool flash_in_slot(std::int64_t slot) {
  return ((slot % kFlashRound) + kFlashRound) % kFlashRound < kFlashesInARow;
}
// The page as one HTML file without anything from outside, for a phone or a PC.
std::string flash_page();

// One picture: how bright each part of it is, so that a phone may fill a small part only.
struct LitPicture {
  static constexpr int kAcross = 8, kDown = 8;
  MediaTime captured;
  std::array<float, kAcross * kDown> cells{};  // mean luma, 0..255
};
LitPicture look_at(const VideoFrame& frame);

// Dates the beeps. Any number of samples at a time.
class BeepListener {
 public:
  // 48 kHz, one channel; `first`: the moment of its first sample.
  void hear(std::span<const float> samples, MediaTime first);
  struct Heard {
    std::vector<MediaTime> onsets;  // to about 1 ms
    float level = 0;                // amplitude of the tone; the nearest microphone hears it best
  };
  Heard beeps() const;

 private:
  struct Piece {  // 1 ms
    MediaTime at;
    float sine = 0, cosine = 0;  // of the tone, amplitude
  };
  std::vector<Piece> pieces_;
  double sine_ = 0, cosine_ = 0;
  int count_ = 0;
  MediaTime at_;
};

struct AvOffset {
  Duration offset;             // + = the picture is late: the microphone must be delayed by it
  Duration spread;             // about 95 % of repetitions lie within +- this
  int flashes = 0, beeps = 0;  // that were used (claps: both the same)
};

enum class OffsetTrouble : std::uint8_t {
  None,
  NoPicture,  // no flash, nobody clapping in the picture
  NoSound,    // no beep, no clap
  Unsteady,   // both, but they do not agree with each other
};

struct OffsetReading {
  std::optional<AvOffset> offset;  // empty: `trouble` says why
  OffsetTrouble trouble = OffsetTrouble::None;
};
// Needs 4 flashes and 4 beeps that keep the page's period.
OffsetReading estimate_offset(const std::vector<LitPicture>& pictures,
                              const std::vector<MediaTime>& beeps);

struct OffsetSeen {
  OffsetReading reading;
  bool camera_opened = false, microphone_opened = false;
  bool clap = false;  // asked for claps instead of the page
};
EquipmentItem judge_offset(const Input& camera, const Input& microphone, const OffsetSeen& seen);
// The same item once the delays that mend it are in the venue's settings.
void tell_written(EquipmentItem& item);

}  // namespace kakehashi
