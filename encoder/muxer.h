// SPDX-License-Identifier: GPL-3.0-or-later
// A libavformat muxer with one picture and one sound stream (or one of them), fed in arrival order.
// Shared by the kinds of output; private to encoder/.
#pragma once

#include <cstdint>
#include <memory>

#include "encoder/chapters.h"
#include "encoder/libav.h"
#include "encoder/packet.h"

struct AVDictionary;
struct AVIOContext;

namespace kakehashi {

class Muxer {
 public:
  // Null when libavformat lacks `format` ("flv", "matroska"). `io` stays the caller's.
  static std::unique_ptr<Muxer> create(const char* format, const StreamDescription& stream);

  // All return an AVERROR code, 0 is well. The header's options are consumed.
  int write_header(AVIOContext* io, AVDictionary** options);
  // Nothing is written before the first IDR (without pictures: sound), which becomes time 0: a
  // player must be able to start with what it gets first. Sound from before it is left out.
  // Timestamps grow by at least one unit of the container (1 ms) per stream, whatever comes in.
  int write(const EncodedPacket& packet);
  int write_trailer();
  // Before the trailer: Matroska and MP4 write them there.
  void set_chapters(const std::vector<Chapter>& chapters);

  std::uint64_t payload_bytes() const { return payload_bytes_; }

 private:
  Muxer() = default;
  struct Lane {
    int stream = -1;  // -1: the stream was not described
    std::int64_t last_dts = -1;
  };
  Libav<AVFormatContext> format_;
  Libav<AVPacket> packet_;
  Lane video_, audio_;
  bool started_ = false;
  Duration zero_;
  std::uint64_t payload_bytes_ = 0;
};

}  // namespace kakehashi
