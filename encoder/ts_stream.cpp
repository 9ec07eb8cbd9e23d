// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/ts_stream.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace kakehashi {

std::unique_ptr<TsStream> TsStream::create(const StreamDescription& stream, Take take) {
  std::unique_ptr<TsStream> ts(new TsStream(std::move(take)));
  if (!ts->start(stream)) return nullptr;
  return ts;
}

TsStream::~TsStream() {
  if (!io_) return;
  av_freep(&io_->buffer);
  avio_context_free(&io_);
}

bool TsStream::start(const StreamDescription& stream) {
  muxer_ = Muxer::create("mpegts", stream);
  auto* buffer = static_cast<unsigned char*>(av_malloc(kChunk));
  if (!muxer_ || !buffer) {
    av_free(buffer);
    return false;
  }
  io_ = avio_alloc_context(buffer, kChunk, 1, this, nullptr, &TsStream::on_write, nullptr);
  if (!io_) {
    av_free(buffer);
    return false;
  }
  // libavformat would write larger pieces past the buffer; SRT takes no more than one chunk.
  io_->max_packet_size = kChunk;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "pes_payload_size", "0", 0);  // sound is not collected either
  const int code = muxer_->write_header(io_, &options);
  av_dict_free(&options);
  return code >= 0;
}

bool TsStream::write(const EncodedPacket& packet) { return muxer_->write(packet) >= 0; }

int TsStream::on_write(void* opaque, std::uint8_t* data, int size) {
  auto& self = *static_cast<TsStream*>(opaque);
  // After a refusal libavformat gives up for good: io_->error stays set.
  if (!self.take_({data, static_cast<std::size_t>(size)})) return AVERROR(EIO);
  self.bytes_ += static_cast<std::uint64_t>(size);
  return size;
}

}  // namespace kakehashi
