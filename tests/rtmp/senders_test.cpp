// SPDX-License-Identifier: GPL-3.0-or-later
// What encoders and phone apps send, written by hand and not by our own writer: OBS (librtmp: one
// chunk stream for everything, headers of format 1, times that go back by a little), and phone apps
// (Larix: FCPublish first, enhanced RTMP offered, metadata without @setDataFrame).
#include <doctest/doctest.h>

#include "rtmp/server_session.h"
#include "tests/rtmp/client.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;
using testing::RtmpClient;

namespace {

struct Piece {
  MessageType type;
  std::uint32_t time;
  Bytes body;
  bool operator==(const Piece&) const = default;
};

struct Heard final : SessionHandler {
  std::string app, key, encoder;
  double width = 0;
  std::vector<Piece> pieces;
  int unpublishes = 0;

  std::optional<std::string> connect(const std::string& a) override {
    app = a;
    return std::nullopt;
  }
  std::optional<std::string> publish(const std::string&, const std::string& k) override {
    key = k;
    return std::nullopt;
  }
  void metadata(const AmfValue& v) override {
    if (const AmfValue* w = v.find("width")) width = w->number;
    if (const AmfValue* e = v.find("encoder")) encoder = e->text;
  }
  void video(std::uint32_t t, ByteView b) override {
    pieces.push_back({MessageType::Video, t, Bytes(b.begin(), b.end())});
  }
  void audio(std::uint32_t t, ByteView b) override {
    pieces.push_back({MessageType::Audio, t, Bytes(b.begin(), b.end())});
  }
  void unpublished() override { ++unpublishes; }
};

// librtmp's way (RTMP_SendPacket): format 0 or 1 as the caller says, format 3 for the rest of a
// message, with the extended timestamp repeated.
struct ObsWire {
  std::size_t chunk = 128;
  std::uint32_t last = 0;

  void put(Bytes& out, int format, std::uint8_t channel, MessageType type, std::uint32_t stream,
           std::uint32_t time, const Bytes& body) {
    const std::uint32_t field = format == 0 ? time : time - last;
    last = time;
    const bool extended = field >= 0xFFFFFF;
    out.push_back(static_cast<std::uint8_t>(format << 6 | channel));
    put_be24(out, extended ? 0xFFFFFF : field);
    put_be24(out, static_cast<std::uint32_t>(body.size()));
    out.push_back(static_cast<std::uint8_t>(type));
    if (format == 0)
      for (int shift = 0; shift < 32; shift += 8)
        out.push_back(static_cast<std::uint8_t>(stream >> shift));
    for (std::size_t at = 0; at < body.size() || at == 0; at += chunk) {
      if (at > 0) out.push_back(static_cast<std::uint8_t>(3 << 6 | channel));
      if (extended) put_be32(out, field);
      const std::size_t n = std::min(chunk, body.size() - at);
      out.insert(out.end(), body.begin() + static_cast<std::ptrdiff_t>(at),
                 body.begin() + static_cast<std::ptrdiff_t>(at + n));
    }
  }
};

struct Session {
  Heard heard;
  ServerSession server{heard, 7};
  RtmpClient answers;  // reads only what the server says
  ObsWire wire;
  Bytes out;

  // C0, C1 with four zero bytes and filler, and C2 as soon as S1 is there.
  Session() { out.swap(answers.out); }

  Status go() {
    Bytes to_server, back;
    to_server.swap(out);
    const Status s = server.receive(to_server, back);
    const Status c = answers.take(back);
    out.insert(out.end(), answers.out.begin(), answers.out.end());
    answers.out.clear();
    return s.ok() ? c : s;
  }
  void command(std::uint8_t channel, std::uint32_t stream, const std::vector<AmfValue>& values) {
    wire.put(out, 0, channel, MessageType::CommandAmf0, stream, 0, amf0_body(values));
  }
  bool answered(double transaction) const {
    for (const auto& c : answers.commands)
      if (c.size() > 1 && c[0].text == "_result" && c[1].number == transaction) return true;
    return false;
  }
};

AmfValue text(const char* t) { return AmfValue::of(t); }

Bytes picture(std::size_t size, int first) {
  Bytes b(size);
  for (std::size_t i = 0; i < size; ++i)
    b[i] = static_cast<std::uint8_t>(first + static_cast<int>(i % 251));
  b[0] = 0x17;
  b[1] = 1;
  return b;
}

}  // namespace

TEST_CASE("OBS: one chunk stream for all, chunks of 4096, times that go back, an hour-long show") {
  Session s;
  REQUIRE(s.go().ok());
  s.command(3, 0,
            {text("connect"), AmfValue::of(1.0),
             AmfValue::object({{"app", text("live")},
                               {"type", text("nonprivate")},
                               {"flashVer", text("FMLE/3.0 (compatible; FMSc/1.0)")},
                               {"swfUrl", text("rtmp://192.168.1.20:1935/live")},
                               {"tcUrl", text("rtmp://192.168.1.20:1935/live")}})});
  REQUIRE(s.go().ok());
  CHECK(s.answered(1));
  s.wire.put(s.out, 0, 2, MessageType::SetChunkSize, 0, 0, be32_body(4096));
  s.wire.chunk = 4096;
  s.command(3, 0, {text("releaseStream"), AmfValue::of(2.0), AmfValue::null(), text("cam1")});
  s.command(3, 0, {text("FCPublish"), AmfValue::of(3.0), AmfValue::null(), text("cam1")});
  s.command(3, 0, {text("createStream"), AmfValue::of(4.0), AmfValue::null()});
  REQUIRE(s.go().ok());
  for (const double transaction : {2.0, 3.0, 4.0}) CHECK(s.answered(transaction));
  s.command(4, 1,
            {text("publish"), AmfValue::of(5.0), AmfValue::null(), text("cam1"), text("live")});
  REQUIRE(s.go().ok());
  CHECK(s.answers.has_code("NetStream.Publish.Start"));
  CHECK(s.heard.key == "cam1");

  s.wire.put(s.out, 0, 4, MessageType::DataAmf0, 1, 0,
             amf0_body({text("@setDataFrame"), text("onMetaData"),
                        AmfValue::ecma_array({{"duration", AmfValue::of(0.0)},
                                              {"width", AmfValue::of(1920.0)},
                                              {"videocodecid", AmfValue::of(7.0)},
                                              {"stereo", AmfValue::of(true)},
                                              {"encoder", text("obs-output module")}})}));
  std::vector<Piece> sent;
  const auto send = [&](MessageType type, std::uint32_t time, const Bytes& body) {
    sent.push_back({type, time, body});
    s.wire.put(s.out, 1, 4, type, 1, time, body);
  };
  send(MessageType::Audio, 0, Bytes{0xAF, 0, 0x11, 0x90});
  send(MessageType::Video, 0, picture(60, 1));
  send(MessageType::Video, 0, picture(90'000, 2));
  send(MessageType::Audio, 23, Bytes(300, 0xAF));
  send(MessageType::Video, 17, picture(9000, 3));  // its turn comes after sound of a later time
  send(MessageType::Video, 33, picture(4096, 4));  // exactly one chunk
  send(MessageType::Video, 50, picture(4097, 5));
  REQUIRE(s.go().ok());
  CHECK(s.heard.width == 1920);
  CHECK(s.heard.encoder == "obs-output module");
  // 4 h 39 min: 24 bits are over. A first message of that time has an extended timestamp; deltas
  // stay short.
  s.wire.put(s.out, 0, 4, MessageType::Video, 1, 0x1000010, picture(9000, 6));
  sent.push_back({MessageType::Video, 0x1000010, picture(9000, 6)});
  send(MessageType::Audio, 0x1000015, Bytes(200, 0xAF));
  send(MessageType::Video, 0x1000012, picture(20'000, 7));
  REQUIRE(s.go().ok());
  CHECK(s.heard.pieces == sent);

  s.command(3, 0, {text("FCUnpublish"), AmfValue::of(6.0), AmfValue::null(), text("cam1")});
  s.command(3, 0, {text("deleteStream"), AmfValue::of(7.0), AmfValue::null(), AmfValue::of(1.0)});
  REQUIRE(s.go().ok());
  CHECK(s.heard.unpublishes == 1);
  CHECK_FALSE(s.server.publishing());
}

TEST_CASE("a phone app: enhanced RTMP offered, stream made first, metadata without its frame") {
  Session s;
  REQUIRE(s.go().ok());
  s.wire.put(s.out, 0, 2, MessageType::WindowAckSize, 0, 0, be32_body(250'000));
  s.wire.put(s.out, 0, 2, MessageType::SetChunkSize, 0, 0, be32_body(60'000));
  s.wire.chunk = 60'000;
  s.command(
      3, 0,
      {text("connect"), AmfValue::of(1.0),
       AmfValue::object({{"app", text("live/")},
                         {"flashVer", text("FMLE/3.0 (compatible; Phone/1.0)")},
                         {"tcUrl", text("rtmp://192.168.1.20/live/")},
                         {"fpad", AmfValue::of(false)},
                         {"capabilities", AmfValue::of(239.0)},
                         {"objectEncoding", AmfValue::of(0.0)},
                         {"fourCcList", AmfValue::strict_array({text("hvc1"), text("av01")})}})});
  s.command(3, 0, {text("createStream"), AmfValue::of(2.0), AmfValue::null()});
  s.command(3, 0, {text("FCPublish"), AmfValue::of(3.0), AmfValue::null(), text("phone?token=1")});
  s.command(3, 0, {text("_checkbw"), AmfValue::of(4.0), AmfValue::null()});
  REQUIRE(s.go().ok());
  CHECK(s.heard.app == "live");
  for (const double transaction : {1.0, 2.0, 3.0, 4.0}) CHECK(s.answered(transaction));
  bool told = false;  // some go on only when they are told so
  for (const auto& c : s.answers.commands) told = told || c[0].text == "onFCPublish";
  CHECK(told);
  // No word about "live" or "record".
  s.command(8, 1, {text("publish"), AmfValue::of(5.0), AmfValue::null(), text("phone")});
  REQUIRE(s.go().ok());
  CHECK(s.answers.has_code("NetStream.Publish.Start"));
  s.wire.put(
      s.out, 0, 6, MessageType::DataAmf0, 1, 0,
      amf0_body({text("onMetaData"),
                 AmfValue::object({{"width", AmfValue::of(1280.0)},
                                   {"rotation", AmfValue::null()},
                                   {"more", AmfValue::object({{"a", AmfValue::undefined()}})}})}));
  // Something of its own as data, then pictures and sound on two chunk streams.
  s.wire.put(s.out, 0, 6, MessageType::DataAmf0, 1, 0,
             amf0_body({text("onTextData"), AmfValue::object({{"text", text("hello")}})}));
  s.wire.put(s.out, 0, 6, MessageType::Video, 1, 0, picture(100'000, 1));
  s.wire.put(s.out, 0, 7, MessageType::Audio, 1, 5, Bytes(300, 0xAF));
  REQUIRE(s.go().ok());
  CHECK(s.heard.width == 1280);
  REQUIRE(s.heard.pieces.size() == 2);
  CHECK(s.heard.pieces[0].body == picture(100'000, 1));
  CHECK(s.heard.pieces[1].time == 5);
}

TEST_CASE("an old encoder with AMF3 commands is understood as far as they carry AMF0") {
  Session s;
  REQUIRE(s.go().ok());
  const auto amf3 = [&](std::uint32_t stream, const std::vector<AmfValue>& values) {
    Bytes body{0};
    const Bytes rest = amf0_body(values);
    body.insert(body.end(), rest.begin(), rest.end());
    s.wire.put(s.out, 0, 3, MessageType::CommandAmf3, stream, 0, body);
  };
  s.command(3, 0,
            {text("connect"), AmfValue::of(1.0),
             AmfValue::object({{"app", text("live")}, {"objectEncoding", AmfValue::of(3.0)}})});
  amf3(0, {text("createStream"), AmfValue::of(2.0), AmfValue::null()});
  amf3(1, {text("publish"), AmfValue::of(0.0), AmfValue::null(), text("k"), text("live")});
  REQUIRE(s.go().ok());
  CHECK(s.answers.has_code("NetStream.Publish.Start"));
  CHECK(s.heard.key == "k");
}
