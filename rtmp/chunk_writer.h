// SPDX-License-Identifier: GPL-3.0-or-later
// Messages -> chunks (Adobe RTMP 1.0, 5.3). Pure, either end. A message is written whole, so the
// bytes of one message always go out in one piece.
#pragma once

#include <map>

#include "rtmp/gather.h"
#include "rtmp/message.h"

namespace kakehashi::rtmp {

class ChunkWriter {
 public:
  // Appends `m` to `out` on chunk stream `id` (2..65599) with the shortest header that every known
  // receiver understands alike.
  void write(Bytes& out, std::uint32_t id, const Message& m);
  // The same bytes for one writev: the body is m.body (lent, may be empty) after `parts` (lent).
  void write(Gather& out, std::uint32_t id, const Message& m, std::span<const ByteView> parts);
  // Writes Set Chunk Size and uses it from the next message on (5.4.1). 1..kMaxChunkSize.
  void set_chunk_size(Bytes& out, std::uint32_t size);
  std::uint32_t chunk_size() const { return chunk_size_; }

 private:
  struct Last {
    std::uint32_t timestamp = 0, delta = 0, length = 0, stream = 0;
    MessageType type = MessageType::CommandAmf0;
    bool after_delta = false;  // the last header carried a delta, not an absolute time
  };
  struct Header {
    std::uint32_t id, format, field;
    bool extended() const { return field >= 0xFFFFFF; }
  };
  Header put_header(Bytes& out, std::uint32_t id, const Message& m, std::uint32_t length);
  // Of each further chunk of the same message.
  static void put_continuation(Bytes& out, const Header& h);

  std::uint32_t chunk_size_ = kDefaultChunkSize;
  std::map<std::uint32_t, Last> last_;
};

// Bodies of the small control messages.
Bytes be32_body(std::uint32_t value);
Bytes user_control_body(UserEvent event, std::uint32_t value);

}  // namespace kakehashi::rtmp
