// SPDX-License-Identifier: GPL-3.0-or-later
// An encoded picture or piece of sound on its way to every output. Immutable, shared, never copied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/encode_settings.h"
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
  // With every keyframe: the stream's headers as they are from it on (as
  // StreamDescription::video_extradata). They change when another encoder takes over on air; then
  // they also stand in front of the keyframe's own data, and an output that told the other side
  // about the old ones (an AVC sequence header) tells it about these first.
  std::shared_ptr<const std::vector<std::uint8_t>> headers;
};
using PacketPtr = std::shared_ptr<const EncodedPacket>;

enum class AudioCodec : std::uint8_t { Aac, Flac };  // Flac: 24 bit, for recordings of one input

// What a muxer needs to know before the first packet. Without a width there are no pictures: time
// begins with the first sound.
struct StreamDescription {
  int width = 0, height = 0;
  Rate rate;
  int video_kbps = 0, audio_kbps = 0;
  std::vector<std::uint8_t> video_extradata;  // Annex B SPS, PPS (HEVC: VPS too; AV1: OBUs)
  // AudioSpecificConfig (ISO/IEC 14496-3); FLAC: STREAMINFO (RFC 9639, 8.2). Empty: no sound.
  std::vector<std::uint8_t> audio_extradata;
  VideoCodec codec = VideoCodec::H264;
  AudioCodec audio_codec = AudioCodec::Aac;
  int aspect_numerator = 1, aspect_denominator = 1;  // shape of one pixel

  bool has_video() const { return width > 0; }
  // What a receiver can begin with.
  bool begins(const EncodedPacket& packet) const {
    return packet.keyframe && (packet.kind == PacketKind::Video) == has_video();
  }
};

}  // namespace kakehashi
