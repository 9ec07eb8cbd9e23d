// SPDX-License-Identifier: GPL-3.0-or-later
// HEVC and AV1 in RTMP: tag bodies with a FourCC (Enhanced RTMP v1, "Extended VideoTagHeader"). The
// programme's pictures have 8 bits and 4:2:0, which the configuration records say without looking.
// Pure.
#pragma once

#include <string>

#include "core/encode_settings.h"
#include "rtmp/flv.h"

namespace kakehashi::rtmp {

// "hvc1", "av01"; empty for H.264, which needs none.
std::string fourcc_of(VideoCodec codec);

// HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1) from Annex B VPS, SPS and PPS.
// AV1CodecConfigurationRecord ("AV1 Codec ISO Media File Format Binding", 2.3) from the sequence
// header OBU. Empty: they are not there.
Bytes hevc_configuration(ByteView headers);
Bytes av1_configuration(ByteView headers);

class EnhancedTags : public TagBody {
 public:
  explicit EnhancedTags(VideoCodec codec) : codec_(codec) {}
  // The sequence start to be sent, when these headers are new ones.
  std::optional<Bytes> changed_header(ByteView headers);
  // Prepares parts() for one access unit (HEVC: Annex B) or temporal unit (AV1: OBUs).
  void picture(ByteView unit, bool keyframe);

 private:
  const VideoCodec codec_;
  Bytes configuration_;
  std::vector<ByteView> units_;
};

// The OBUs of a temporal unit in the low-overhead format, whole, with their headers (AV1 5.3).
void split_obus(ByteView unit, std::vector<ByteView>& obus);

}  // namespace kakehashi::rtmp
