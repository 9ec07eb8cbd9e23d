// SPDX-License-Identifier: GPL-3.0-or-later
// An encoded picture or piece of sound on its way to every output. Immutable, shared, never copied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/time.h"

struct AVPacket;

namespace kakehashi {

enum class PacketKind : std::uint8_t { Video, Audio };

struct EncodedPacket {
  PacketKind kind = PacketKind::Video;
  bool keyframe = false;
  Duration pts;  // since the session's zero; no B-frames, so dts == pts
  Duration duration;
  MediaTime captured;  // oldest light in the picture (video); zero for a still
  MediaTime encoded;   // when the encoder gave it out
  // Of the program picture it was made of, for StageMeter; zero: not known. When it was due, when
  // mix.video had it ready, when the encoder took it.
  MediaTime due, mixed, taken;
  std::span<const std::uint8_t> data;  // Annex B NAL units / raw AAC; owned by `owner`
  std::shared_ptr<const void> owner;
};
using PacketPtr = std::shared_ptr<const EncodedPacket>;

// What a muxer needs to know before the first packet.
struct StreamDescription {
  int width = 0, height = 0;
  Rate rate;
  int video_kbps = 0, audio_kbps = 0;
  std::vector<std::uint8_t> video_extradata;  // Annex B SPS, PPS
  std::vector<std::uint8_t> audio_extradata;  // AudioSpecificConfig (ISO/IEC 14496-3)
};

}  // namespace kakehashi
