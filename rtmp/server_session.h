// SPDX-License-Identifier: GPL-3.0-or-later
// One publisher's connection as the receiver sees it. A pure state machine: bytes in, bytes out,
// events to the handler; no socket, no clock. Adobe RTMP 1.0, 5.2 (handshake), 7.1 (messages),
// 7.2 (commands). Liberal with what publishers send besides the specification (releaseStream,
// FCPublish, unknown commands); whatever breaks the protocol ends the session with a sentence.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "rtmp/amf0.h"
#include "rtmp/chunk_reader.h"
#include "rtmp/chunk_writer.h"
#include "rtmp/handshake.h"

namespace kakehashi::rtmp {

// Called from inside receive(), on its thread. `body` is valid during the call only.
class SessionHandler {
 public:
  virtual ~SessionHandler() = default;
  // A publisher asks to connect to `app`, then to publish under `key`. A text refuses, and is told
  // to the publisher.
  virtual std::optional<std::string> connect(const std::string& app) = 0;
  virtual std::optional<std::string> publish(const std::string& app, const std::string& key) = 0;
  virtual void metadata(const AmfValue& values) = 0;  // onMetaData's object
  // FLV tag bodies (Adobe Video File Format 10.1, E.4.3 and E.4.2); timestamp in milliseconds.
  virtual void video(std::uint32_t timestamp, ByteView body) = 0;
  virtual void audio(std::uint32_t timestamp, ByteView body) = 0;
  virtual void unpublished() = 0;  // the publisher ended it by a command
};

class ServerSession {
 public:
  // `seed`: for the handshake's filler; any number.
  ServerSession(SessionHandler& handler, std::uint32_t seed)
      : handler_(handler), handshake_(Handshake::Role::Server, seed) {}

  // Takes in what arrived and appends what must be sent. An error ends the session: send `out`,
  // then close.
  Status receive(ByteView in, Bytes& out);

  bool publishing() const { return publishing_stream_ != 0; }
  const std::string& app() const { return app_; }
  const std::string& key() const { return key_; }

 private:
  struct Command {
    std::string name;
    double transaction = 0;
    std::vector<AmfValue> values;  // all, name and transaction included
  };

  Status message(const Message& m, Bytes& out);
  Status user_control(const Message& m, Bytes& out);
  Status aggregate(const Message& m, Bytes& out);
  Status data(ByteView body, std::uint32_t stream);
  Status command(ByteView body, std::uint32_t stream, Bytes& out);
  Status on_connect(const Command& c, Bytes& out);
  Status on_create_stream(const Command& c, Bytes& out);
  Status on_publish(const Command& c, std::uint32_t stream, Bytes& out);
  void end_publishing(Bytes& out);

  void send(Bytes& out, MessageType type, std::uint32_t stream, ByteView body);
  void send_command(Bytes& out, std::uint32_t stream, const std::vector<AmfValue>& values);
  void send_status(Bytes& out, std::uint32_t stream, const char* level, const char* code,
                   const std::string& description);
  void acknowledge(Bytes& out);

  SessionHandler& handler_;
  Handshake handshake_;
  ChunkReader reader_;
  ChunkWriter writer_;
  Status failed_;
  std::uint64_t received_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint32_t window_ =
      2'500'000;  // bytes between acknowledgements, until the peer names its own
  bool connected_ = false;
  std::string app_, key_;
  std::uint32_t next_stream_ = 1;
  std::uint32_t publishing_stream_ = 0;
};

}  // namespace kakehashi::rtmp
