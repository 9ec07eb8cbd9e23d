// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/chunk_reader.h"

#include <algorithm>

namespace kakehashi::rtmp {
namespace {

constexpr std::uint32_t kExtended = 0xFFFFFF;             // "look behind the header" (5.3.1.3)
constexpr std::size_t kMessageHeader[4] = {11, 7, 3, 0};  // by format (5.3.1.2)

Error broken(const std::string& what) { return {ErrorKind::FixInput, "chunk stream: " + what}; }

}  // namespace

Status ChunkReader::feed(ByteView in, const Handler& handle) {
  if (!failed_.ok()) return failed_;
  failed_ = consume(in, handle);
  return failed_;
}

Status ChunkReader::consume(ByteView in, const Handler& handle) {
  while (!in.empty()) {
    if (!current_) {
      header_.push_back(in.front());
      in = in.subspan(1);
      std::size_t unused = 0;
      Result<bool> whole = take_header(unused);
      if (!whole) return whole.error();
      if (!*whole) continue;
      const Bytes header = std::move(header_);
      header_.clear();
      if (left_ == 0) {
        if (Status s = finish_chunk(handle); !s) return s;
      }
      if (unused > 0) {
        if (Status s = consume(ByteView(header).last(unused), handle); !s) return s;
      }
      continue;
    }
    const std::size_t n = std::min(in.size(), left_);
    current_->body.insert(current_->body.end(), in.begin(),
                          in.begin() + static_cast<std::ptrdiff_t>(n));
    in = in.subspan(n);
    unfinished_ += n;
    left_ -= n;
    if (unfinished_ > kMaxUnfinishedBytes) return broken("more than 32 MiB of unfinished messages");
    if (left_ == 0) {
      if (Status s = finish_chunk(handle); !s) return s;
    }
  }
  return {};
}

Result<bool> ChunkReader::take_header(std::size_t& unused) {
  // Basic header, 5.3.1.1: two bits of format, then an id of 6, 8 or 16 bits.
  const std::uint32_t format = header_[0] >> 6;
  std::uint32_t id = header_[0] & 0x3F;
  const std::size_t basic = id == 0 ? 2 : id == 1 ? 3 : 1;
  if (header_.size() < basic) return false;
  if (id == 0)
    id = 64U + header_[1];
  else if (id == 1)
    id = 64U + header_[1] + 256U * header_[2];
  std::size_t whole = basic + kMessageHeader[format];
  if (header_.size() < whole) return false;

  auto found = streams_.find(id);
  if (found == streams_.end()) {
    if (streams_.size() >= kMaxChunkStreams) return broken("more than 64 chunk streams");
    found = streams_.emplace(id, Stream{}).first;
  }
  Stream& s = found->second;
  if (!s.known && format != 0)
    return broken("chunk stream " + std::to_string(id) + " begins with a header of format " +
                  std::to_string(format) + " instead of 0");
  if (s.open && format != 3)
    return broken("a new message on chunk stream " + std::to_string(id) +
                  " before the last one was whole");

  const std::uint8_t* h = header_.data() + basic;
  const std::uint32_t short_field = format < 3 ? read_be24(h) : 0;
  const bool extended = format < 3 ? short_field == kExtended : s.extended;
  std::uint32_t field = format < 3 ? short_field : s.field;
  if (extended) {
    if (header_.size() < whole + 4) return false;
    const std::uint32_t value = read_be32(header_.data() + whole);
    if (s.open && value != s.field) {
      // Some senders leave the extended timestamp out of continuation chunks although 5.3.1.3
      // wants it there: then these four bytes are already payload.
      unused = 4;
    } else {
      field = value;
      whole += 4;
    }
  }
  if (format < 3) {
    s.extended = extended;
    if (format < 2) {
      s.length = read_be24(h + 3);
      s.type = h[6];
    }
    if (format == 0) s.message_stream = read_le32(h + 7);
  }
  if (!s.open) {
    if (format == 0) {
      s.timestamp = field;
      s.known = true;
    } else {
      s.timestamp += field;  // wraps as the wire does
    }
    s.field = field;  // after format 0 a format 3 repeats the timestamp itself (5.3.1.2.4)
    s.open = true;
    s.body.reserve(std::min<std::size_t>(s.length, 64 * 1024));  // more only as it arrives
  }
  current_ = &s;
  left_ = std::min<std::size_t>(s.length - s.body.size(), chunk_size_);
  return true;
}

Status ChunkReader::finish_chunk(const Handler& handle) {
  Stream& s = *current_;
  current_ = nullptr;
  if (s.body.size() < s.length) return {};
  s.open = false;
  const Message m{static_cast<MessageType>(s.type), s.message_stream, s.timestamp, s.body};
  Status result = protocol(m);
  if (result.ok()) result = handle(m);
  forget_body(s);
  return result;
}

void ChunkReader::forget_body(Stream& s) {
  unfinished_ -= s.body.size();
  s.body.clear();
  if (s.body.capacity() > 1024 * 1024) s.body.shrink_to_fit();
}

Status ChunkReader::protocol(const Message& m) {
  if (m.type == MessageType::SetChunkSize) {
    if (m.body.size() < 4) return broken("Set Chunk Size of less than 4 bytes");
    const std::uint32_t size = read_be32(m.body.data());
    if (size < 1 || size > kMaxChunkSize)
      return broken("chunk size " + std::to_string(size) + " is outside 1..16777216");
    chunk_size_ = size;
  } else if (m.type == MessageType::Abort) {
    if (m.body.size() < 4) return broken("Abort of less than 4 bytes");
    const auto found = streams_.find(read_be32(m.body.data()));
    // Never the stream that carries this very message: its body is still in use here.
    if (found != streams_.end() && found->second.open) {
      forget_body(found->second);
      found->second.open = false;
    }
  }
  return {};
}

}  // namespace kakehashi::rtmp
