// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/publish_session.h"

#include <algorithm>
#include <cmath>

namespace kakehashi::rtmp {
namespace {

// Chunk streams of our own choice: a large picture never stands in the middle of sound's headers.
constexpr std::uint32_t kAudioChunkStream = 4, kVideoChunkStream = 6;
constexpr std::uint32_t kOurWindow = 2'500'000;
// Of our questions; a server answers with the same number.
constexpr double kConnect = 1, kReleaseStream = 2, kFcPublish = 3, kCreateStream = 4, kPublish = 5,
                 kFcUnpublish = 6, kDeleteStream = 7;
constexpr std::size_t kMostWords = 300;     // of what a server says
constexpr std::size_t kMostRefusal = 4096;  // with its challenge
constexpr std::size_t kMostOffered = 32;

std::string text_of(const AmfValue& info, const char* name) {
  const AmfValue* v = info.find(name);
  return v && v->kind == AmfKind::String ? v->text : std::string();
}

std::string plain(const std::string& words) {
  std::string out = words.substr(0, kMostWords);
  // A cut inside a UTF-8 character would leave half of it.
  while (out.size() < words.size() && !out.empty() &&
         (static_cast<unsigned char>(words[out.size()]) & 0xC0) == 0x80)
    out.pop_back();
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < ' ' || c == 127; }, ' ');
  return out;
}

}  // namespace

Status PublishSession::receive(ByteView in, Bytes& out) {
  if (!failed_) return failed_;
  received_ += in.size();
  if (!handshake_.done()) {
    if (failed_ = handshake_.feed(in, out); !failed_) return failed_;
    if (!handshake_.done()) return {};
    state_ = State::Greeted;
  }
  if (!in.empty())
    if (failed_ = reader_.feed(in, [&](const Message& m) { return message(m, out); }); !failed_)
      return failed_;
  if (received_ - told_ >= window_ / 2) {
    told_ = received_;
    writer_.write(
        out, kControlChunkStream,
        {MessageType::Acknowledgement, 0, 0, be32_body(static_cast<std::uint32_t>(received_))});
  }
  return {};
}

void PublishSession::connect(const std::string& app, const std::string& tc_url, Bytes& out,
                             bool enhanced) {
  std::vector<AmfProperty> wish{{"app", AmfValue::of(app)},
                                {"type", AmfValue::of("nonprivate")},
                                {"flashVer", AmfValue::of("FMLE/3.0 (compatible; Kakehashi)")},
                                {"tcUrl", AmfValue::of(tc_url)}};
  if (enhanced)
    wish.push_back(
        {"fourCcList", AmfValue::strict_array({AmfValue::of("hvc1"), AmfValue::of("av01")})});
  send(out, 0,
       {AmfValue::of("connect"), AmfValue::of(kConnect), AmfValue::object(std::move(wish))});
  state_ = State::Connecting;
}

void PublishSession::publish(const std::string& name, Bytes& out, std::uint32_t chunk_size) {
  name_ = name;
  asked_ = true;
  writer_.write(out, kControlChunkStream,
                {MessageType::WindowAckSize, 0, 0, be32_body(kOurWindow)});
  writer_.set_chunk_size(out, chunk_size);
  // The first two are Flash Media Live Encoder's; several services wait for them.
  send(out, 0,
       {AmfValue::of("releaseStream"), AmfValue::of(kReleaseStream), AmfValue::null(),
        AmfValue::of(name)});
  send(out, 0,
       {AmfValue::of("FCPublish"), AmfValue::of(kFcPublish), AmfValue::null(), AmfValue::of(name)});
  send(out, 0, {AmfValue::of("createStream"), AmfValue::of(kCreateStream), AmfValue::null()});
  state_ = State::Asking;
}

void PublishSession::video(std::uint32_t timestamp, std::span<const ByteView> parts, Gather& out) {
  writer_.write(out, kVideoChunkStream, {MessageType::Video, stream_, timestamp, {}}, parts);
}

void PublishSession::audio(std::uint32_t timestamp, std::span<const ByteView> parts, Gather& out) {
  writer_.write(out, kAudioChunkStream, {MessageType::Audio, stream_, timestamp, {}}, parts);
}

void PublishSession::metadata(const AmfValue& values, Bytes& out) {
  const Bytes body = amf0_body({AmfValue::of("@setDataFrame"), AmfValue::of("onMetaData"), values});
  writer_.write(out, kAudioChunkStream, {MessageType::DataAmf0, stream_, 0, body});
}

void PublishSession::unpublish(Bytes& out) {
  if (!asked_ || state_ == State::Refused) return;
  asked_ = false;
  send(out, 0,
       {AmfValue::of("FCUnpublish"), AmfValue::of(kFcUnpublish), AmfValue::null(),
        AmfValue::of(name_)});
  if (stream_ != 0)
    send(out, 0,
         {AmfValue::of("deleteStream"), AmfValue::of(kDeleteStream), AmfValue::null(),
          AmfValue::of(static_cast<double>(stream_))});
}

bool PublishSession::offers(const std::string& fourcc) const {
  return std::any_of(offered_.begin(), offered_.end(),
                     [&](const std::string& o) { return o == fourcc || o == "*"; });
}

Status PublishSession::message(const Message& m, Bytes& out) {
  switch (m.type) {
    case MessageType::CommandAmf0:
      return command(m.body, out);
    case MessageType::CommandAmf3:
      // In practice one zero byte, then AMF0.
      if (m.body.empty() || m.body[0] != 0) return {};
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

Status PublishSession::command(ByteView body, Bytes& out) {
  if (body.size() > kMaxCommandBytes) return Error{ErrorKind::FixInput, "a command above 256 KiB"};
  const auto values = read_amf0(body);
  if (!values) return values.error();
  if (values->empty() || values->front().kind != AmfKind::String) return {};
  const std::string& name = values->front().text;
  const double number = values->size() > 1 ? (*values)[1].number : 0;
  std::string words, level;
  for (const AmfValue& v : *values) {
    const std::string code = text_of(v, "code"), description = text_of(v, "description");
    if (!code.empty() || !description.empty())
      words = code + (code.empty() || description.empty() ? "" : ": ") + description;
    if (v.find("level")) level = text_of(v, "level");
  }
  if (!words.empty()) said_ = plain(words);
  const auto refuse = [&] {
    refusal_ = words.substr(0, kMostRefusal);
    state_ = State::Refused;
  };
  const bool waiting = state_ == State::Connecting || state_ == State::Asking;
  if (name == "_error") {
    // Many servers do not know releaseStream and FCPublish and say so; that is no refusal.
    if ((state_ == State::Connecting && number == kConnect) ||
        (state_ == State::Asking && (number == kCreateStream || number == kPublish)))
      refuse();
  } else if (name == "_result" && number == kConnect && state_ == State::Connecting) {
    for (const AmfValue& v : *values) read_offer(v);
    state_ = State::Connected;
  } else if (name == "_result" && number == kCreateStream && state_ == State::Asking) {
    const double id = values->size() > 3 ? (*values)[3].number : 1;
    if (!(id >= 1 && id <= 0xFFFFFF))
      return Error{ErrorKind::FixInput, "createStream was answered without a stream's number"};
    stream_ = static_cast<std::uint32_t>(id);
    send(out, stream_,
         {AmfValue::of("publish"), AmfValue::of(kPublish), AmfValue::null(), AmfValue::of(name_),
          AmfValue::of("live")});
  } else if (name == "onStatus") {
    const bool start = words.find("NetStream.Publish.Start") != std::string::npos;
    if (start && state_ == State::Asking)
      state_ = State::Publishing;
    else if (level == "error" && (waiting || state_ == State::Publishing))
      refuse();
  } else if (name == "close" && (waiting || state_ == State::Publishing)) {
    refuse();
  }
  return {};
}

// Enhanced RTMP: v1 answers with fourCcList, v2 with videoFourCcInfoMap; "*" is all of them.
void PublishSession::read_offer(const AmfValue& values) {
  const auto note = [&](const std::string& fourcc) {
    if (offered_.size() < kMostOffered && fourcc.size() <= 4) offered_.push_back(fourcc);
  };
  if (const AmfValue* list = values.find("fourCcList"))
    for (const AmfValue& v : list->items)
      if (v.kind == AmfKind::String) note(v.text);
  if (const AmfValue* map = values.find("videoFourCcInfoMap"))
    for (const AmfProperty& p : map->properties) note(p.name);
}

void PublishSession::send(Bytes& out, std::uint32_t stream, const std::vector<AmfValue>& values) {
  const Bytes body = amf0_body(values);
  writer_.write(out, kCommandChunkStream, {MessageType::CommandAmf0, stream, 0, body});
}

}  // namespace kakehashi::rtmp
