// SPDX-License-Identifier: GPL-3.0-or-later
// What stands inside RTMP's audio and video messages: FLV tag bodies (Adobe Video File Format 10.1,
// E.4). From Annex B access units and raw AAC; the big parts are lent, never copied. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "rtmp/amf0.h"
#include "rtmp/bytes.h"

namespace kakehashi::rtmp {

// The NAL units of an Annex B stream, without start codes and trailing zeros.
void split_annex_b(ByteView stream, std::vector<ByteView>& units);

// The parts of one tag body in order. Valid while the packet lives and until the next use.
class TagBody {
 public:
  std::span<const ByteView> parts() const { return parts_; }
  bool empty() const { return parts_.empty(); }

 protected:
  Bytes small_;
  std::vector<ByteView> parts_;
};

// H.264 in AVC packets. A configuration (SPS, PPS) that changes on air, in the access unit itself,
// is met with a new sequence header in front of it; parameter sets never stand in the pictures.
class AvcTags : public TagBody {
 public:
  // The sequence header to be sent before the first picture, from Annex B SPS and PPS. Empty body
  // when they are not there.
  Bytes first_header(ByteView extradata);
  // Prepares parts() for an access unit. Returns a new sequence header to be sent before it, if its
  // parameter sets are new ones.
  std::optional<Bytes> picture(ByteView access_unit, bool keyframe);

 private:
  Bytes configuration_;  // AVCDecoderConfigurationRecord
  std::vector<ByteView> units_, sps_, pps_, kept_;
};

// AAC: sequence header from the AudioSpecificConfig; frames.
Bytes aac_header(ByteView audio_specific_config);
class AacTags : public TagBody {
 public:
  void frame(ByteView raw);
};

struct StreamFacts {
  int width = 0, height = 0;
  double pictures_per_second = 0;
  int video_kbps = 0, audio_kbps = 0;  // 0: no sound
  double video_codec = 7;              // 7: AVC, or a FourCC as a number (Enhanced RTMP)
};
AmfValue metadata_of(const StreamFacts& facts);  // onMetaData's value

}  // namespace kakehashi::rtmp
