// SPDX-License-Identifier: GPL-3.0-or-later
// How program becomes packets. A show has one main encode and may have more (a light 720p, a
// recording of its own quality); each feeds any number of outputs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/text.h"

namespace kakehashi {

enum class VideoCodec : std::uint8_t { H264, Hevc, Av1 };
inline constexpr std::array<std::string_view, 3> kVideoCodecNames{"h264", "hevc", "av1"};

// Who encodes. Auto: at start each is really tried, in this order; the first that works and holds
// no picture back wins, else software.
enum class EncoderMaker : std::uint8_t { Auto, Nvenc, Vaapi, Qsv, Software };
inline constexpr std::array<std::string_view, 5> kEncoderMakerNames{"auto", "nvenc", "vaapi", "qsv",
                                                                    "software"};

// Preset "auto": the best one whose p95 stays under 60 % of a picture's time on this PC; stepped
// down on air when that stops being true.
inline constexpr std::string_view kPresetAuto = "auto";

struct EncodeSettings {
  VideoCodec codec = VideoCodec::H264;  // others: for recordings, and servers that offer them
  int width = 0, height = 0;            // pixels; 0: the canvas's own
  int video_kbps = 6000;
  int quality = 0;  // 0: constant bitrate. 1..51: constant quality (x264's CRF), for recordings
  EncoderMaker maker = EncoderMaker::Auto;
  std::string preset{kPresetAuto};  // or x264's name
  int keyframe_seconds = 2;
  bool keyframe_on_take = false;  // an IDR at each cut: a clean picture at once, and a peak
  int vbv_ms = 500;               // rate control buffer
  bool filler = false;            // strictly constant, for servers that insist
  bool captions = true;           // the caption track goes along as CEA-608/708
  int audio_kbps = 160;
  friend bool operator==(const EncodeSettings&, const EncodeSettings&) = default;
};

inline constexpr std::string_view kMainEncode = "main";  // Show::encode
// An id as outputs name it: empty is the main one, too.
inline std::string_view encode_id(std::string_view id) { return id.empty() ? kMainEncode : id; }

struct NamedEncode {
  std::string id;  // never "main"
  Text name;
  EncodeSettings settings;
  friend bool operator==(const NamedEncode&, const NamedEncode&) = default;
};

}  // namespace kakehashi
