// SPDX-License-Identifier: GPL-3.0-or-later
// Program pictures -> H.264 (for recordings also HEVC, AV1), by libavcodec: x264 with zerolatency
// and sliced threads, or the GPU's encoder. CBR without HRD (so the bitrate can change on air), an
// IDR every few seconds, BT.709 limited, High profile. Holds no frame: verified at open by encoding
// test pictures. Thread: one owner (enc.video).
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/result.h"
#include "core/show.h"
#include "core/video_frame.h"
#include "encoder/packet.h"

namespace kakehashi {

class VideoEncoder {
 public:
  virtual ~VideoEncoder() = default;

  // `number`: program picture n (gaps allowed, must grow): what the codec counts by, at a constant
  // rate. `pts`: its time, what the packet carries; must grow too. The two part when the ticks
  // follow a camera: at 0.1 % they are 28 s apart after eight hours. `force_keyframe`: IDR now. The
  // frame's memory is lent to libavcodec without a copy.
  virtual Result<PacketPtr> encode(const FramePtr& frame, std::int64_t number, Duration pts,
                                   bool force_keyframe) = 0;
  // On the nominal grid: pts = rate.time_of(n).
  Result<PacketPtr> encode(const FramePtr& frame, std::int64_t number, bool force_keyframe) {
    return encode(frame, number, rate().time_of(number), force_keyframe);
  }
  virtual Rate rate() const = 0;
  // From the next picture on. An encoder that cannot is opened anew for it (an IDR), at most every
  // 2 s and for a change of a tenth or more. Without effect with constant quality.
  virtual void set_bitrate(int kbps, int vbv_ms) = 0;
  // cc_data triplets (encoder/caption_sei.h) to go with the next picture; copied. Without effect
  // where carries_captions() is false.
  virtual void set_captions(std::span<const std::uint8_t> triplets) = 0;
  virtual bool carries_captions() const = 0;
  // From now on keyframes begin with the headers: whoever gets them was told about others.
  virtual void repeat_headers() = 0;

  virtual int held_frames() const = 0;          // measured at open; 0 is the promise
  virtual const std::string& name() const = 0;  // "libx264 superfast zerolatency, 2 slices"
  virtual const std::vector<std::uint8_t>& extradata() const = 0;  // Annex B SPS, PPS
};

// `settings` with maker and preset decided (encoder/encoder_choice.h): "auto" means software and
// superfast here. threads 0: one per core, 2..4; else as many, 4 at most.
Result<std::unique_ptr<VideoEncoder>> open_video_encoder(const EncodeSettings& settings,
                                                         const Canvas& canvas, int threads = 0);

}  // namespace kakehashi
