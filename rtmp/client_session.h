// SPDX-License-Identifier: GPL-3.0-or-later
// A connection as the publisher's side sees it, as far as testing a line needs it: handshake,
// connect, and for a test server publish. A pure state machine: bytes in, bytes out; no socket, no
// clock. Adobe RTMP 1.0, 5.2 (handshake), 7.2 (commands).
#pragma once

#include <string>

#include "core/result.h"
#include "rtmp/amf0.h"
#include "rtmp/chunk_reader.h"
#include "rtmp/chunk_writer.h"
#include "rtmp/handshake.h"

namespace kakehashi::rtmp {

class ClientSession {
 public:
  enum class State : std::uint8_t {
    Greeting,    // handshake under way
    Greeted,     // the other side speaks RTMP
    Connecting,  // "connect" is asked
    Connected,   // the server knows the application
    Asking,      // "createStream" or "publish" is asked
    Publishing,
    Refused,  // the server said no: said()
  };

  explicit ClientSession(std::uint32_t seed) : handshake_(Handshake::Role::Client, seed) {}

  void start(Bytes& out) { handshake_.start(out); }
  // Takes in what arrived and appends what must be sent. An error: this is no RTMP server.
  Status receive(ByteView in, Bytes& out);
  // Greeted only. `tc_url`: "rtmp://server:1935/app", without any key.
  void connect(const std::string& app, const std::string& tc_url, Bytes& out);
  // Connected only. `name`: of a stream on a test server; never a key.
  void publish(const std::string& name, Bytes& out);
  // Publishing only: an FLV tag body.
  void video(std::uint32_t timestamp, ByteView body, Bytes& out);

  State state() const { return state_; }
  // What the server answered last, in its own words: code and description. May be empty.
  const std::string& said() const { return said_; }
  std::uint64_t acknowledged() const { return acknowledged_; }  // bytes, by the server's own count

 private:
  Status message(const Message& m, Bytes& out);
  Status command(ByteView body, Bytes& out);
  void send(Bytes& out, std::uint32_t stream, const std::vector<AmfValue>& values);

  Handshake handshake_;
  ChunkReader reader_;
  ChunkWriter writer_;
  State state_ = State::Greeting;
  std::string name_, said_;
  std::uint32_t stream_ = 0;
  std::uint64_t received_ = 0, told_ = 0, acknowledged_ = 0;
  std::uint32_t window_ = 2'500'000;
};

}  // namespace kakehashi::rtmp
