// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks -> messages (Adobe RTMP 1.0, 5.3). Pure, either end, any splitting of the bytes.
#pragma once

#include <functional>
#include <map>

#include "core/result.h"
#include "rtmp/message.h"

namespace kakehashi::rtmp {

class ChunkReader {
 public:
  // An error returned by it ends the reading.
  using Handler = std::function<Status(const Message&)>;

  // Calls `handle` for every message that became whole. Set Chunk Size and Abort act here at once
  // (the next byte depends on them) and are handed on too. After an error the reader stays failed.
  Status feed(ByteView in, const Handler& handle);

  std::uint32_t chunk_size() const { return chunk_size_; }

 private:
  // What a chunk stream remembers from chunk to chunk.
  struct Stream {
    bool known = false;  // had a header of format 0
    bool extended = false;
    std::uint32_t field = 0;  // the last timestamp field: absolute (format 0) or delta
    std::uint32_t timestamp = 0;
    std::uint32_t length = 0;
    std::uint8_t type = 0;
    std::uint32_t message_stream = 0;
    Bytes body;
    bool open = false;  // a message has begun and is not whole
  };

  Status consume(ByteView in, const Handler& handle);
  // True: the header in `header_` is whole and was applied. False: one more byte, please.
  Result<bool> take_header(std::size_t& unused);
  Status finish_chunk(const Handler& handle);
  Status protocol(const Message& m);
  void forget_body(Stream& s);

  std::uint32_t chunk_size_ = kDefaultChunkSize;
  std::map<std::uint32_t, Stream> streams_;
  std::size_t unfinished_ = 0;  // bytes held in all bodies
  Bytes header_;                // at most 18 bytes: basic 3, message 11, extended 4
  Stream* current_ = nullptr;   // a chunk's payload is arriving here
  std::size_t left_ = 0;        // of it
  Status failed_;
};

}  // namespace kakehashi::rtmp
