// SPDX-License-Identifier: GPL-3.0-or-later
// A connection as the publisher's side sees it: handshake, connect, publish, sound and pictures,
// unpublish. A pure state machine: bytes in, bytes out; no socket, no clock. Adobe RTMP 1.0, 5.2
// (handshake), 7.1 (messages), 7.2 (commands); Enhanced RTMP v1 (fourCcList of connect).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "rtmp/amf0.h"
#include "rtmp/chunk_reader.h"
#include "rtmp/chunk_writer.h"
#include "rtmp/handshake.h"

namespace kakehashi::rtmp {

inline constexpr std::uint32_t kLargeChunks = 65'536;  // a picture in one or two
inline constexpr std::uint32_t kCarefulChunks = 4096;  // for servers that stumble over more

class PublishSession {
 public:
  enum class State : std::uint8_t {
    Greeting,    // handshake under way
    Greeted,     // the other side speaks RTMP
    Connecting,  // "connect" is asked
    Connected,   // the server knows the application
    Asking,      // "createStream" or "publish" is asked
    Publishing,
    Refused,  // the server said no, before or while publishing: said()
  };

  explicit PublishSession(std::uint32_t seed) : handshake_(Handshake::Role::Client, seed) {}

  void start(Bytes& out) { handshake_.start(out); }
  // Takes in what arrived and appends what must be sent. An error: this is no RTMP server.
  Status receive(ByteView in, Bytes& out);
  // Greeted only. `app`: with its query. `tc_url`: "rtmp://server:1935/app", without any key.
  // `enhanced`: asks whether the server takes HEVC and AV1.
  void connect(const std::string& app, const std::string& tc_url, Bytes& out,
               bool enhanced = false);
  // Connected only. `name`: of the stream, mostly its key. Sent, never kept in said().
  void publish(const std::string& name, Bytes& out, std::uint32_t chunk_size = kLargeChunks);

  // Publishing only. FLV tag bodies (Adobe Video File Format 10.1, E.4), in parts that are lent
  // until `out` was sent; milliseconds.
  void video(std::uint32_t timestamp, std::span<const ByteView> parts, Gather& out);
  void audio(std::uint32_t timestamp, std::span<const ByteView> parts, Gather& out);
  void metadata(const AmfValue& values, Bytes& out);  // @setDataFrame onMetaData
  // The clean end: FCUnpublish, deleteStream. In any state; before publish() it says nothing.
  void unpublish(Bytes& out);

  State state() const { return state_; }
  // What the server answered last that carried words: code and description, at most 300 characters,
  // without control characters. May be empty, and may hold what we sent.
  const std::string& said() const { return said_; }
  // All of the words with which it refused, for answer_challenge().
  const std::string& refusal() const { return refusal_; }
  std::uint64_t acknowledged() const { return acknowledged_; }  // bytes, by the server's own count
  // True when the server named the codec ("hvc1", "av01") in its answer to connect.
  bool offers(const std::string& fourcc) const;

 private:
  Status message(const Message& m, Bytes& out);
  Status command(ByteView body, Bytes& out);
  void read_offer(const AmfValue& values);
  void send(Bytes& out, std::uint32_t stream, const std::vector<AmfValue>& values);

  Handshake handshake_;
  ChunkReader reader_;
  ChunkWriter writer_;
  Status failed_;
  State state_ = State::Greeting;
  bool asked_ = false;  // publish() was called
  std::string name_, said_, refusal_;
  std::vector<std::string> offered_;
  std::uint32_t stream_ = 0;
  std::uint64_t received_ = 0, told_ = 0, acknowledged_ = 0;
  std::uint32_t window_ = 2'500'000;
};

}  // namespace kakehashi::rtmp
