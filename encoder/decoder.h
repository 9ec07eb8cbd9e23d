// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes what a viewer would get: H.264 and AAC of one received stream, for the practice receiver
// and for checking recordings. Thread: one owner.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace kakehashi {

struct DecodedPicture {
  const std::uint8_t* luma = nullptr;  // valid during the call only
  int stride = 0, width = 0, height = 0;
  Duration pts;
  bool keyframe = false;
};
struct DecodedSound {
  std::span<const float> interleaved;  // valid during the call only
  int channels = 0, rate = 0;
  Duration pts;
};

class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  // FLV tag bodies as RTMP carries them (Adobe Video File Format 10.1, E.4.2/E.4.3). Sequence
  // headers are taken in silently. An error is a packet that does not decode; decoding goes on with
  // the next.
  virtual Status video(std::span<const std::uint8_t> tag_body, Duration timestamp) = 0;
  virtual Status audio(std::span<const std::uint8_t> tag_body, Duration timestamp) = 0;

  std::function<void(const DecodedPicture&)> on_picture;
  std::function<void(const DecodedSound&)> on_sound;
};
Result<std::unique_ptr<StreamDecoder>> open_stream_decoder();

// A finished or cut-off recording, decoded from start to end; `on_picture` sees every picture.
struct FileCheck {
  double seconds = 0;
  std::uint64_t pictures = 0, sound_samples = 0, errors = 0;
};
Result<FileCheck> check_recording(
    const std::string& path, const std::function<void(const DecodedPicture&)>& on_picture = {});

}  // namespace kakehashi
