// SPDX-License-Identifier: GPL-3.0-or-later
// Sound -> AAC-LC or FLAC, 48 kHz stereo. Thread: one owner (enc.audio; of an input's own recording
// its lane).
#pragma once

#include <memory>
#include <vector>

#include "core/audio_block.h"
#include "core/result.h"
#include "encoder/packet.h"

namespace kakehashi {

class AudioEncoder {
 public:
  virtual ~AudioEncoder() = default;
  // Appends the packets that became ready (0..n; AAC takes 1024 samples at a time). The packets'
  // pts is that of the sound in them: the codec's own priming delay is already taken off. A jump in
  // block.position is filled with silence, so sound time never slips.
  virtual Status encode(const AudioBlock& block, std::vector<PacketPtr>& ready) = 0;
  // AudioSpecificConfig, or STREAMINFO
  virtual const std::vector<std::uint8_t>& extradata() const = 0;
};

Result<std::unique_ptr<AudioEncoder>> open_audio_encoder(int kbps);
// FLAC, 24 bit, in packets of 50 ms: whole milliseconds, which is what Matroska counts in.
Result<std::unique_ptr<AudioEncoder>> open_lossless_encoder();

}  // namespace kakehashi
