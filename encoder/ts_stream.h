// SPDX-License-Identifier: GPL-3.0-or-later
// Packets as an MPEG transport stream (ISO/IEC 13818-1), handed on at once: nothing is collected,
// each picture and each piece of sound leaves with its own call. A keyframe begins with the tables,
// so a receiver, or a file, can start there. For the kinds srt and hls; private to encoder/.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/result.h"
#include "encoder/muxer.h"

struct AVIOContext;

namespace kakehashi {

class TsStream {
 public:
  // Gets whole TS packets (188 bytes each), at most `kChunk` bytes. False: it could not be taken;
  // write() says so then.
  using Take = std::function<bool(std::span<const std::uint8_t>)>;
  static constexpr int kChunk = 7 * 188;  // what fits a UDP packet; SRT's live mode wants it so

  static std::unique_ptr<TsStream> create(const StreamDescription& stream, Take take);
  ~TsStream();
  TsStream(const TsStream&) = delete;
  TsStream& operator=(const TsStream&) = delete;

  // False: the muxer refused it or `take` did.
  bool write(const EncodedPacket& packet);
  std::uint64_t bytes() const { return bytes_; }

 private:
  explicit TsStream(Take take) : take_(std::move(take)) {}
  static int on_write(void* self, std::uint8_t* data, int size);
  bool start(const StreamDescription& stream);

  const Take take_;
  AVIOContext* io_ = nullptr;
  std::unique_ptr<Muxer> muxer_;
  std::uint64_t bytes_ = 0;
};

}  // namespace kakehashi
