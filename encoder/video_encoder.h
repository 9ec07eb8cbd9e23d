// SPDX-License-Identifier: GPL-3.0-or-later
// Program pictures -> H.264. libavcodec with x264: zerolatency, sliced threads, CBR without HRD (so
// the bitrate can change on air), an IDR every few seconds, BT.709 limited, High profile. Holds no
// frame: verified at open by encoding test pictures. Thread: one owner (enc.video).
#pragma once

#include <memory>
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
  virtual void set_bitrate(int kbps) = 0;  // from the next picture on

  virtual int held_frames() const = 0;          // measured at open; 0 is the promise
  virtual const std::string& name() const = 0;  // "libx264 superfast zerolatency, 2 slices"
  virtual const std::vector<std::uint8_t>& extradata() const = 0;  // Annex B SPS, PPS
};

// threads 0: one per core, 2..4.
Result<std::unique_ptr<VideoEncoder>> open_video_encoder(const EncodeSettings& settings,
                                                         const Canvas& canvas, int threads = 0);

}  // namespace kakehashi
