// SPDX-License-Identifier: GPL-3.0-or-later
// By how much a camera's picture comes later than a microphone's sound, from a page that flashes
// and beeps. The page's period is no multiple of any frame time: from flash to flash the moment
// walks through the camera's frame, so some flashes together say where within a frame it was. Pure.
//
// A flash is dated by the first picture that is more than half lit: with an exposure e that is e/2
// after the light, which belongs to the camera's own lateness.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/equipment_test.h"
#include "core/show.h"
#include "core/time.h"
#include "core/video_frame.h"

namespace kakehashi {

// The page: every kFlashPeriod a white picture for kFlashLength and a tone of kBeepLength.
inline constexpr Duration kFlashPeriod = Duration::milliseconds(1037);
inline constexpr Duration kFlashLength = Duration::milliseconds(150);
inline constexpr Duration kBeepLength = Duration::milliseconds(60);
inline constexpr double kBeepTone = 1000;  // Hz
// The page as one HTML file, to be opened on a phone or a PC.
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
  // Where beeps began, to about 1 ms.
  std::vector<MediaTime> onsets() const;

 private:
  struct Piece {  // 1 ms
    MediaTime at;
    float level = 0;  // amplitude of the tone
  };
  std::vector<Piece> pieces_;
  double sine_ = 0, cosine_ = 0;
  int count_ = 0;
  MediaTime at_;
};

struct AvOffset {
  Duration offset;             // + = the picture is late: the microphone must be delayed by it
  Duration spread;             // how far the flashes disagree, or leave room
  int flashes = 0, beeps = 0;  // that were used
};
// Nothing: too few flashes or beeps (4 each), or they do not keep the page's period.
std::optional<AvOffset> estimate_offset(const std::vector<LitPicture>& pictures,
                                        const std::vector<MediaTime>& beeps);

struct OffsetSeen {
  std::optional<AvOffset> offset;
  bool camera_opened = false, microphone_opened = false;
};
EquipmentItem judge_offset(const Input& camera, const Input& microphone, const OffsetSeen& seen);

// The delays that bring all cameras and the microphone together: sound waits for the latest camera,
// the earlier cameras wait too. Microphones of the same device share its delay. Role -> delay,
// whole milliseconds; `late`: role of a camera -> how much later than the microphone its picture
// comes.
std::map<std::string, Duration> lip_sync_delays(const std::vector<Input>& inputs,
                                                const Input& microphone,
                                                const std::map<std::string, Duration>& late);

}  // namespace kakehashi
