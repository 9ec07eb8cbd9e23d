// SPDX-License-Identifier: GPL-3.0-or-later
// A publisher made of the protocol's own pieces: shows that they serve both ends.
#pragma once

#include <string>
#include <vector>

#include "rtmp/amf0.h"
#include "rtmp/chunk_reader.h"
#include "rtmp/chunk_writer.h"
#include "rtmp/handshake.h"

namespace kakehashi::testing {

struct RtmpClient {
  rtmp::Handshake handshake{rtmp::Handshake::Role::Client, 99};
  rtmp::ChunkReader reader;
  rtmp::ChunkWriter writer;
  rtmp::Bytes out;  // to be sent
  std::vector<std::vector<rtmp::AmfValue>> commands;
  std::vector<rtmp::MessageType> types;
  std::vector<std::uint32_t> acknowledged, pongs;

  RtmpClient() { handshake.start(out); }

  Status take(rtmp::ByteView in) {
    if (!handshake.done())
      if (Status s = handshake.feed(in, out); !s) return s;
    return reader.feed(in, [this](const rtmp::Message& m) {
      types.push_back(m.type);
      if (m.type == rtmp::MessageType::CommandAmf0) {
        auto values = rtmp::read_amf0(m.body);
        if (!values) return Status(values.error());
        commands.push_back(std::move(*values));
      } else if (m.type == rtmp::MessageType::Acknowledgement) {
        acknowledged.push_back(rtmp::read_be32(m.body.data()));
      } else if (m.type == rtmp::MessageType::UserControl &&
                 m.body[1] == static_cast<int>(rtmp::UserEvent::PingResponse)) {
        pongs.push_back(rtmp::read_be32(&m.body[2]));
      }
      return Status();
    });
  }

  void command(std::uint32_t stream, const std::vector<rtmp::AmfValue>& values) {
    const rtmp::Bytes body = rtmp::amf0_body(values);
    writer.write(out, 3, {rtmp::MessageType::CommandAmf0, stream, 0, body});
  }
  void send(rtmp::MessageType type, std::uint32_t stream, std::uint32_t time, rtmp::ByteView body) {
    writer.write(out, 4, {type, stream, time, body});
  }
  void connect(const std::string& app) {
    using rtmp::AmfValue;
    command(0, {AmfValue::of("connect"), AmfValue::of(1.0),
                AmfValue::object({{"app", AmfValue::of(app)},
                                  {"tcUrl", AmfValue::of("rtmp://127.0.0.1/" + app)}})});
  }
  void create_and_publish(const std::string& key) {
    using rtmp::AmfValue;
    command(
        0, {AmfValue::of("releaseStream"), AmfValue::of(2.0), AmfValue::null(), AmfValue::of(key)});
    command(0, {AmfValue::of("FCPublish"), AmfValue::of(3.0), AmfValue::null(), AmfValue::of(key)});
    command(0, {AmfValue::of("createStream"), AmfValue::of(4.0), AmfValue::null()});
    command(1, {AmfValue::of("publish"), AmfValue::of(5.0), AmfValue::null(), AmfValue::of(key),
                AmfValue::of("live")});
  }
  // "NetStream.Publish.Start" and the like, as they came; "" for commands without a code.
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const auto& c : commands) {
      const bool status = c.size() > 3 && c[0].text != "onFCPublish";  // says Start before any word
      const rtmp::AmfValue* code = status ? c[3].find("code") : nullptr;
      all.push_back(code ? code->text : "");
    }
    return all;
  }
  bool has_code(const std::string& code) const {
    for (const std::string& c : codes())
      if (c == code) return true;
    return false;
  }
};

}  // namespace kakehashi::testing
