// SPDX-License-Identifier: GPL-3.0-or-later
// Program sound -> AAC-LC 48 kHz stereo. Thread: one owner (enc.audio).
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
  virtual const std::vector<std::uint8_t>& extradata() const = 0;  // AudioSpecificConfig
};

Result<std::unique_ptr<AudioEncoder>> open_audio_encoder(int kbps);

}  // namespace kakehashi
