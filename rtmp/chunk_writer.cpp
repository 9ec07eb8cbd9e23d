// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/chunk_writer.h"

#include <algorithm>
#include <cassert>

namespace kakehashi::rtmp {
namespace {

constexpr std::uint32_t kExtended = 0xFFFFFF;

void put_basic(Bytes& out, std::uint32_t format, std::uint32_t id) {
  if (id < 64) {
    out.push_back(static_cast<std::uint8_t>((format << 6) | id));
  } else if (id < 320) {
    out.push_back(static_cast<std::uint8_t>(format << 6));
    out.push_back(static_cast<std::uint8_t>(id - 64));
  } else {
    out.push_back(static_cast<std::uint8_t>((format << 6) | 1));
    out.push_back(static_cast<std::uint8_t>((id - 64) & 0xFF));
    out.push_back(static_cast<std::uint8_t>((id - 64) >> 8));
  }
}

}  // namespace

ChunkWriter::Header ChunkWriter::put_header(Bytes& out, std::uint32_t id, const Message& m,
                                            std::uint32_t length) {
  assert(id >= 2 && id <= 65599 && "chunk stream ids are 2..65599");
  assert(length <= 0xFFFFFF && "a message length has 24 bits");
  const auto found = last_.find(id);
  std::uint32_t format = 0, field = m.timestamp;
  Last& last = found == last_.end() ? last_[id] : found->second;
  if (found != last_.end() && last.stream == m.stream && m.timestamp >= last.timestamp) {
    field = m.timestamp - last.timestamp;
    format = 1;
    if (last.length == length && last.type == m.type) {
      format = 2;
      // Receivers disagree what format 3 repeats right after a format 0 (5.3.1.2.4 says the
      // timestamp, some take 0), so it is only used after a real delta.
      if (last.after_delta && last.delta == field) format = 3;
    }
  }
  last = {m.timestamp, field, length, m.stream, m.type, format != 0};

  const Header h{id, format, field};
  put_basic(out, format, id);
  if (format < 3) put_be24(out, h.extended() ? kExtended : field);
  if (format < 2) {
    put_be24(out, length);
    out.push_back(static_cast<std::uint8_t>(m.type));
  }
  if (format == 0) put_le32(out, m.stream);
  if (h.extended()) put_be32(out, field);
  return h;
}

void ChunkWriter::put_continuation(Bytes& out, const Header& h) {
  put_basic(out, 3, h.id);
  if (h.extended()) put_be32(out, h.field);
}

void ChunkWriter::write(Bytes& out, std::uint32_t id, const Message& m) {
  const Header h = put_header(out, id, m, static_cast<std::uint32_t>(m.body.size()));
  for (std::size_t at = 0; at < m.body.size();) {
    if (at > 0) put_continuation(out, h);
    const std::size_t n = std::min<std::size_t>(chunk_size_, m.body.size() - at);
    const ByteView piece = m.body.subspan(at, n);
    out.insert(out.end(), piece.begin(), piece.end());
    at += n;
  }
}

void ChunkWriter::write(Gather& out, std::uint32_t id, const Message& m,
                        std::span<const ByteView> parts) {
  std::size_t length = m.body.size();
  for (const ByteView& p : parts) length += p.size();
  const Header h = put_header(out.header(), id, m, static_cast<std::uint32_t>(length));
  out.header_done();
  std::size_t room = chunk_size_;
  const auto lend = [&](ByteView part) {
    while (!part.empty()) {
      if (room == 0) {
        put_continuation(out.header(), h);
        out.header_done();
        room = chunk_size_;
      }
      const std::size_t n = std::min(room, part.size());
      out.lend(part.first(n));
      part = part.subspan(n);
      room -= n;
    }
  };
  for (const ByteView& p : parts) lend(p);
  lend(m.body);
}

void ChunkWriter::set_chunk_size(Bytes& out, std::uint32_t size) {
  assert(size >= 1 && size <= kMaxChunkSize);
  const Bytes body = be32_body(size);
  write(out, kControlChunkStream, {MessageType::SetChunkSize, 0, 0, body});
  chunk_size_ = size;
}

Bytes be32_body(std::uint32_t value) {
  Bytes b;
  put_be32(b, value);
  return b;
}

Bytes user_control_body(UserEvent event, std::uint32_t value) {
  Bytes b;
  put_be16(b, static_cast<std::uint32_t>(event));
  put_be32(b, value);
  return b;
}

}  // namespace kakehashi::rtmp
