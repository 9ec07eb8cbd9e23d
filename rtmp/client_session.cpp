// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/client_session.h"

namespace kakehashi::rtmp {
namespace {

constexpr std::uint32_t kOurChunkSize = 65'536;
constexpr std::uint32_t kVideoChunkStream = 6;
// Of our questions, in the order asked; a server answers with the same number.
constexpr double kConnect = 1, kCreateStream = 2, kPublish = 3;
constexpr std::size_t kMostWords = 300;  // of what a server says

std::string text_of(const AmfValue& info, const char* name) {
  const AmfValue* v = info.find(name);
  return v && v->kind == AmfKind::String ? v->text : std::string();
}

}  // namespace

Status ClientSession::receive(ByteView in, Bytes& out) {
  received_ += in.size();
  if (!handshake_.done()) {
    if (Status s = handshake_.feed(in, out); !s) return s;
    if (!handshake_.done()) return {};
    state_ = State::Greeted;
  }
  if (!in.empty())
    if (Status s = reader_.feed(in, [&](const Message& m) { return message(m, out); }); !s)
      return s;
  if (received_ - told_ >= window_ / 2) {
    told_ = received_;
    writer_.write(
        out, kControlChunkStream,
        {MessageType::Acknowledgement, 0, 0, be32_body(static_cast<std::uint32_t>(received_))});
  }
  return {};
}

void ClientSession::connect(const std::string& app, const std::string& tc_url, Bytes& out) {
  send(out, 0,
       {AmfValue::of("connect"), AmfValue::of(kConnect),
        AmfValue::object({{"app", AmfValue::of(app)},
                          {"type", AmfValue::of("nonprivate")},
                          {"flashVer", AmfValue::of("FMLE/3.0 (compatible; Kakehashi)")},
                          {"tcUrl", AmfValue::of(tc_url)}})});
  state_ = State::Connecting;
}

void ClientSession::publish(const std::string& name, Bytes& out) {
  name_ = name;
  writer_.set_chunk_size(out, kOurChunkSize);
  send(out, 0, {AmfValue::of("createStream"), AmfValue::of(kCreateStream), AmfValue::null()});
  state_ = State::Asking;
}

void ClientSession::video(std::uint32_t timestamp, ByteView body, Bytes& out) {
  writer_.write(out, kVideoChunkStream, {MessageType::Video, stream_, timestamp, body});
}

Status ClientSession::message(const Message& m, Bytes& out) {
  switch (m.type) {
    case MessageType::CommandAmf0:
      return command(m.body, out);
    case MessageType::CommandAmf3:
      if (m.body.empty()) return {};
      return command(m.body.subspan(1), out);
    case MessageType::Acknowledgement:
      if (m.body.size() >= 4) acknowledged_ = read_be32(m.body.data());
      return {};
    case MessageType::WindowAckSize:
      if (m.body.size() >= 4 && read_be32(m.body.data()) > 1) window_ = read_be32(m.body.data());
      return {};
    case MessageType::UserControl:
      if (m.body.size() >= 6 &&
          read_be16(m.body.data()) == static_cast<std::uint32_t>(UserEvent::PingRequest))
        writer_.write(out, kControlChunkStream,
                      {MessageType::UserControl, 0, 0,
                       user_control_body(UserEvent::PingResponse, read_be32(&m.body[2]))});
      return {};
    default:
      return {};
  }
}

Status ClientSession::command(ByteView body, Bytes& out) {
  const auto values = read_amf0(body);
  if (!values) return values.error();
  if (values->empty() || values->front().kind != AmfKind::String) return {};
  const std::string& name = values->front().text;
  const double number = values->size() > 1 ? (*values)[1].number : 0;
  std::string words;
  for (const AmfValue& v : *values) {
    const std::string code = text_of(v, "code"), description = text_of(v, "description");
    if (!code.empty() || !description.empty())
      words = code + (code.empty() || description.empty() ? "" : ": ") + description;
  }
  if (!words.empty()) said_ = words.substr(0, kMostWords);
  const bool waiting = state_ == State::Connecting || state_ == State::Asking;
  if (name == "_error" && waiting) {
    state_ = State::Refused;
  } else if (name == "_result" && number == kConnect && state_ == State::Connecting) {
    state_ = State::Connected;
  } else if (name == "_result" && number == kCreateStream && state_ == State::Asking) {
    stream_ = values->size() > 3 ? static_cast<std::uint32_t>((*values)[3].number) : 1;
    send(out, stream_,
         {AmfValue::of("publish"), AmfValue::of(kPublish), AmfValue::null(), AmfValue::of(name_),
          AmfValue::of("live")});
  } else if (name == "onStatus") {
    if (words.find("NetStream.Publish.Start") != std::string::npos)
      state_ = State::Publishing;
    else if (values->size() > 3 && text_of((*values)[3], "level") == "error")
      state_ = State::Refused;
  } else if (name == "close" && waiting) {
    state_ = State::Refused;
  }
  return {};
}

void ClientSession::send(Bytes& out, std::uint32_t stream, const std::vector<AmfValue>& values) {
  const Bytes body = amf0_body(values);
  writer_.write(out, kCommandChunkStream, {MessageType::CommandAmf0, stream, 0, body});
}

}  // namespace kakehashi::rtmp
