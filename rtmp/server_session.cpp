// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/server_session.h"

#include <algorithm>

namespace kakehashi::rtmp {
namespace {

constexpr std::uint32_t kOurChunkSize = 65'536;
constexpr std::uint32_t kOurWindow = 2'500'000;
constexpr std::uint32_t kMaxStreams = 16;  // one publisher needs one

Error broken(const std::string& what) { return {ErrorKind::FixInput, what}; }

std::string text_at(const std::vector<AmfValue>& values, std::size_t i) {
  return i < values.size() && values[i].kind == AmfKind::String ? values[i].text : std::string();
}

// "app/" and "app?token" name the same application.
std::string plain_app(std::string app) {
  app.resize(std::min(app.find('?'), app.size()));
  while (!app.empty() && app.back() == '/') app.pop_back();
  return app;
}

}  // namespace

Status ServerSession::receive(ByteView in, Bytes& out) {
  if (!failed_.ok()) return failed_;
  received_ += in.size();
  if (!handshake_.done()) {
    if (Status s = handshake_.feed(in, out); !s) return failed_ = s;
  }
  if (!in.empty()) failed_ = reader_.feed(in, [&](const Message& m) { return message(m, out); });
  acknowledge(out);
  return failed_;
}

Status ServerSession::message(const Message& m, Bytes& out) {
  switch (m.type) {
    case MessageType::Video:
      if (publishing() && m.stream == publishing_stream_) handler_.video(m.timestamp, m.body);
      return {};
    case MessageType::Audio:
      if (publishing() && m.stream == publishing_stream_) handler_.audio(m.timestamp, m.body);
      return {};
    case MessageType::CommandAmf0:
      return command(m.body, m.stream, out);
    case MessageType::CommandAmf3:
    case MessageType::DataAmf3:
      // In practice one zero byte, then AMF0 (7.1.1 lets AMF3 messages carry AMF0 values).
      if (m.body.empty() || m.body[0] != 0)
        return broken("an AMF3 message; only AMF0 is understood here");
      return m.type == MessageType::CommandAmf3 ? command(m.body.subspan(1), m.stream, out)
                                                : data(m.body.subspan(1), m.stream);
    case MessageType::DataAmf0:
      return data(m.body, m.stream);
    case MessageType::UserControl:
      return user_control(m, out);
    case MessageType::WindowAckSize:
      if (m.body.size() < 4) return broken("Window Acknowledgement Size of less than 4 bytes");
      if (const std::uint32_t w = read_be32(m.body.data()); w > 0) window_ = w;
      return {};
    case MessageType::Aggregate:
      return aggregate(m, out);
    default:
      return {};  // Set Chunk Size and Abort: done by the reader. Others say nothing to a receiver.
  }
}

Status ServerSession::user_control(const Message& m, Bytes& out) {
  if (m.body.size() < 2) return broken("a user control message of less than 2 bytes");
  if (read_be16(m.body.data()) == static_cast<std::uint32_t>(UserEvent::PingRequest)) {
    if (m.body.size() < 6) return broken("a ping request of less than 6 bytes");
    send(out, MessageType::UserControl, 0,
         user_control_body(UserEvent::PingResponse, read_be32(&m.body[2])));
  }
  return {};
}

// 7.1.6: FLV tags back to back; times are shifted so that the first one is the message's own.
Status ServerSession::aggregate(const Message& m, Bytes& out) {
  ByteView rest = m.body;
  std::optional<std::uint32_t> first;
  while (rest.size() >= 11) {
    const auto type = static_cast<MessageType>(rest[0]);
    const std::size_t size = read_be24(&rest[1]);
    const std::uint32_t time = read_be24(&rest[4]) | (static_cast<std::uint32_t>(rest[7]) << 24);
    if (rest.size() < 11 + size + 4) return broken("an aggregate message that ends inside a tag");
    if (!first) first = time;
    if (type == MessageType::Audio || type == MessageType::Video || type == MessageType::DataAmf0) {
      const Message part{type, m.stream, m.timestamp + (time - *first), rest.subspan(11, size)};
      if (Status s = message(part, out); !s) return s;
    }
    rest = rest.subspan(11 + size + 4);
  }
  return {};
}

Status ServerSession::data(ByteView body, std::uint32_t stream) {
  if (body.size() > kMaxCommandBytes) return broken("a data message above 256 KiB");
  Result<std::vector<AmfValue>> values = read_amf0(body);
  if (!values) return std::move(values.error()).context("data message");
  if (!publishing() || stream != publishing_stream_) return {};
  // @setDataFrame onMetaData {...}, or without the first word.
  std::size_t at = 0;
  if (text_at(*values, at) == "@setDataFrame") ++at;
  if (text_at(*values, at) == "onMetaData" && at + 1 < values->size())
    handler_.metadata((*values)[at + 1]);
  return {};
}

Status ServerSession::command(ByteView body, std::uint32_t stream, Bytes& out) {
  if (body.size() > kMaxCommandBytes) return broken("a command above 256 KiB");
  Result<std::vector<AmfValue>> values = read_amf0(body);
  if (!values) return std::move(values.error()).context("command");
  Command c;
  c.values = std::move(*values);
  c.name = text_at(c.values, 0);
  if (c.name.empty()) return broken("a command without a name");
  if (c.values.size() > 1 && c.values[1].kind == AmfKind::Number)
    c.transaction = c.values[1].number;

  if (c.name == "connect") return on_connect(c, out);
  if (!connected_) return broken("a command before connect");
  if (c.name == "createStream") return on_create_stream(c, out);
  if (c.name == "publish") return on_publish(c, stream, out);
  if (c.name == "play" || c.name == "play2") {
    send_status(out, stream, "error", "NetStream.Play.Failed", "This server only receives.");
    return {};
  }
  if (c.name == "deleteStream" || c.name == "closeStream" || c.name == "FCUnpublish") {
    // deleteStream names the stream in its fourth value (7.2.2.3); the others mean their own.
    const bool other = c.name == "deleteStream" && c.values.size() > 3 &&
                       c.values[3].kind == AmfKind::Number &&
                       c.values[3].number != static_cast<double>(publishing_stream_);
    if (!other) end_publishing(out);
  }
  if (c.name == "FCPublish")
    send_command(out, 0,
                 {AmfValue::of("onFCPublish"), AmfValue::of(0.0), AmfValue::null(),
                  AmfValue::object({{"level", AmfValue::of("status")},
                                    {"code", AmfValue::of("NetStream.Publish.Start")}})});
  // releaseStream, FCPublish, _checkbw and whatever else somebody waits an answer for. Our own
  // calls carry no transaction, so answers to them (_result, _error, onStatus) need none.
  const bool answer = c.name == "_result" || c.name == "_error" || c.name.starts_with("on");
  if (c.transaction != 0 && !answer)
    send_command(out, stream,
                 {AmfValue::of("_result"), AmfValue::of(c.transaction), AmfValue::null(),
                  AmfValue::undefined()});
  return {};
}

// 7.2.1.1
Status ServerSession::on_connect(const Command& c, Bytes& out) {
  if (connected_) return broken("connect twice on one connection");
  if (c.values.size() > 2)
    if (const AmfValue* app = c.values[2].find("app"); app && app->kind == AmfKind::String)
      app_ = plain_app(app->text);
  if (const std::optional<std::string> refusal = handler_.connect(app_)) {
    send_command(out, 0,
                 {AmfValue::of("_error"), AmfValue::of(c.transaction), AmfValue::null(),
                  AmfValue::object({{"level", AmfValue::of("error")},
                                    {"code", AmfValue::of("NetConnection.Connect.Rejected")},
                                    {"description", AmfValue::of(*refusal)}})});
    return broken("refused: " + *refusal);
  }
  connected_ = true;
  send(out, MessageType::WindowAckSize, 0, be32_body(kOurWindow));
  Bytes bandwidth = be32_body(kOurWindow);
  bandwidth.push_back(2);  // limit type dynamic (5.4.5)
  send(out, MessageType::SetPeerBandwidth, 0, bandwidth);
  // Publishers that mirror it send a picture in one chunk instead of two hundred.
  writer_.set_chunk_size(out, kOurChunkSize);
  send_command(out, 0,
               {AmfValue::of("_result"), AmfValue::of(c.transaction),
                AmfValue::object({{"fmsVer", AmfValue::of("FMS/3,0,1,123")},
                                  {"capabilities", AmfValue::of(31.0)}}),
                AmfValue::object({{"level", AmfValue::of("status")},
                                  {"code", AmfValue::of("NetConnection.Connect.Success")},
                                  {"description", AmfValue::of("Connection succeeded.")},
                                  {"objectEncoding", AmfValue::of(0.0)}})});
  return {};
}

// 7.2.1.3
Status ServerSession::on_create_stream(const Command& c, Bytes& out) {
  if (next_stream_ > kMaxStreams) return broken("more than 16 streams on one connection");
  send_command(out, 0,
               {AmfValue::of("_result"), AmfValue::of(c.transaction), AmfValue::null(),
                AmfValue::of(static_cast<double>(next_stream_))});
  ++next_stream_;
  return {};
}

// 7.2.2.6
Status ServerSession::on_publish(const Command& c, std::uint32_t stream, Bytes& out) {
  if (stream == 0 || stream >= next_stream_)
    return broken("publish on a stream that createStream did not make");
  if (publishing()) return broken("publish twice on one connection");
  const std::string key = text_at(c.values, 3);
  if (const std::optional<std::string> refusal = handler_.publish(app_, key)) {
    send_status(out, stream, "error", "NetStream.Publish.BadName", *refusal);
    return broken("refused: " + *refusal);
  }
  key_ = key;
  publishing_stream_ = stream;
  send(out, MessageType::UserControl, 0, user_control_body(UserEvent::StreamBegin, stream));
  send_status(out, stream, "status", "NetStream.Publish.Start", "Receiving.");
  return {};
}

void ServerSession::end_publishing(Bytes& out) {
  if (!publishing()) return;
  send_status(out, publishing_stream_, "status", "NetStream.Unpublish.Success", "Ended.");
  publishing_stream_ = 0;
  handler_.unpublished();
}

void ServerSession::send(Bytes& out, MessageType type, std::uint32_t stream, ByteView body) {
  const bool control = type != MessageType::CommandAmf0;
  writer_.write(out, control ? kControlChunkStream : kCommandChunkStream, {type, stream, 0, body});
}

void ServerSession::send_command(Bytes& out, std::uint32_t stream,
                                 const std::vector<AmfValue>& values) {
  send(out, MessageType::CommandAmf0, stream, amf0_body(values));
}

void ServerSession::send_status(Bytes& out, std::uint32_t stream, const char* level,
                                const char* code, const std::string& description) {
  send_command(out, stream,
               {AmfValue::of("onStatus"), AmfValue::of(0.0), AmfValue::null(),
                AmfValue::object({{"level", AmfValue::of(level)},
                                  {"code", AmfValue::of(code)},
                                  {"description", AmfValue::of(description)}})});
}

// 5.4.3: after every window of received bytes; the count wraps at 32 bits.
void ServerSession::acknowledge(Bytes& out) {
  if (!connected_ || received_ - acknowledged_ < window_) return;
  acknowledged_ = received_;
  send(out, MessageType::Acknowledgement, 0, be32_body(static_cast<std::uint32_t>(received_)));
}

}  // namespace kakehashi::rtmp
