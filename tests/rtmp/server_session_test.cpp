// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/server_session.h"

#include <doctest/doctest.h>

#include "tests/rtmp/client.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;
using testing::RtmpClient;

namespace {

struct Heard final : SessionHandler {
  std::optional<std::string> refuse_app, refuse_key;
  std::string app, key;
  std::vector<std::pair<std::uint32_t, std::size_t>> videos, audios;
  double width = 0;
  int unpublishes = 0;

  std::optional<std::string> connect(const std::string& a) override {
    app = a;
    return refuse_app;
  }
  std::optional<std::string> publish(const std::string&, const std::string& k) override {
    key = k;
    return refuse_key;
  }
  void metadata(const AmfValue& v) override {
    if (const AmfValue* w = v.find("width")) width = w->number;
  }
  void video(std::uint32_t t, ByteView b) override { videos.emplace_back(t, b.size()); }
  void audio(std::uint32_t t, ByteView b) override { audios.emplace_back(t, b.size()); }
  void unpublished() override { ++unpublishes; }
};

struct Pair {
  Heard heard;
  ServerSession server{heard, 5};
  RtmpClient client;

  // Carries bytes both ways until nobody has any left.
  Status run() {
    while (!client.out.empty()) {
      Bytes to_server;
      to_server.swap(client.out);
      Bytes to_client;
      const Status s = server.receive(to_server, to_client);
      if (Status c = client.take(to_client); !c) return c;
      if (!s) return s;
    }
    return {};
  }
  Status publish() {
    if (Status s = run(); !s) return s;
    client.connect("live");
    if (Status s = run(); !s) return s;
    client.create_and_publish("k1");
    return run();
  }
};

Bytes tag_in_aggregate(MessageType type, std::uint32_t time, std::size_t size) {
  Bytes b{static_cast<std::uint8_t>(type)};
  put_be24(b, static_cast<std::uint32_t>(size));
  put_be24(b, time & 0xFFFFFF);
  b.push_back(static_cast<std::uint8_t>(time >> 24));
  put_be24(b, 0);
  b.insert(b.end(), size, 0x27);
  put_be32(b, static_cast<std::uint32_t>(size + 11));
  return b;
}

}  // namespace

TEST_CASE("A publisher gets in and its messages come out with their times") {
  Pair p;
  REQUIRE(p.publish().ok());
  CHECK(p.heard.app == "live");
  CHECK(p.heard.key == "k1");
  CHECK(p.server.publishing());
  CHECK(p.client.has_code("NetConnection.Connect.Success"));
  CHECK(p.client.has_code("NetStream.Publish.Start"));
  CHECK(p.client.reader.chunk_size() == 65536);

  const Bytes meta = amf0_body({AmfValue::of("@setDataFrame"), AmfValue::of("onMetaData"),
                                AmfValue::ecma_array({{"width", AmfValue::of(1280.0)}})});
  p.client.send(MessageType::DataAmf0, 1, 0, meta);
  p.client.writer.set_chunk_size(p.client.out, 4096);
  const Bytes picture(30'000, 0x17), sound(300, 0xAF);
  p.client.send(MessageType::Video, 1, 33, picture);
  p.client.send(MessageType::Audio, 1, 40, sound);
  p.client.send(MessageType::Video, 1, 66, picture);
  p.client.send(MessageType::Video, 2, 99, picture);  // a stream that does not publish
  REQUIRE(p.run().ok());
  CHECK(p.heard.width == 1280);
  CHECK(p.heard.videos ==
        std::vector<std::pair<std::uint32_t, std::size_t>>{{33, 30'000}, {66, 30'000}});
  CHECK(p.heard.audios == std::vector<std::pair<std::uint32_t, std::size_t>>{{40, 300}});

  p.client.command(
      0, {AmfValue::of("FCUnpublish"), AmfValue::of(6.0), AmfValue::null(), AmfValue::of("k1")});
  p.client.command(
      0, {AmfValue::of("deleteStream"), AmfValue::of(7.0), AmfValue::null(), AmfValue::of(1.0)});
  REQUIRE(p.run().ok());
  CHECK(p.heard.unpublishes == 1);
  CHECK_FALSE(p.server.publishing());
}

TEST_CASE("The same happens when every byte arrives alone") {
  Heard heard;
  ServerSession server(heard, 1);
  RtmpClient client;
  client.connect("live/");
  client.create_and_publish("k");
  // C2 goes between C1 and the commands; any 1536 bytes do.
  client.out.insert(client.out.begin() + 1 + kHandshakeSize, kHandshakeSize, 0);
  Bytes out;
  for (const std::uint8_t b : client.out) REQUIRE(server.receive(ByteView(&b, 1), out).ok());
  CHECK(server.publishing());
  CHECK(heard.app == "live");
}

TEST_CASE("Pings are answered, unknown commands get a result, bytes are acknowledged") {
  Pair p;
  REQUIRE(p.publish().ok());
  const Bytes ping = user_control_body(UserEvent::PingRequest, 0xCAFE);
  p.client.send(MessageType::UserControl, 0, 0, ping);
  p.client.command(0, {AmfValue::of("somethingElse"), AmfValue::of(8.0), AmfValue::null()});
  p.client.command(0, {AmfValue::of("quiet"), AmfValue::of(0.0), AmfValue::null()});
  const Bytes window = be32_body(50'000);
  p.client.send(MessageType::WindowAckSize, 0, 0, window);
  const std::size_t answers = p.client.commands.size();
  REQUIRE(p.run().ok());
  CHECK(p.client.pongs == std::vector<std::uint32_t>{0xCAFE});
  REQUIRE(p.client.commands.size() == answers + 1);
  CHECK(p.client.commands.back().at(0).text == "_result");
  CHECK(p.client.commands.back().at(1).number == 8);
  CHECK(p.client.acknowledged.empty());
  const Bytes picture(60'000);
  p.client.send(MessageType::Video, 1, 0, picture);
  REQUIRE(p.run().ok());
  REQUIRE(p.client.acknowledged.size() == 1);
  CHECK(p.client.acknowledged[0] > 60'000);
}

TEST_CASE("An aggregate message is taken apart") {
  Pair p;
  REQUIRE(p.publish().ok());
  Bytes body = tag_in_aggregate(MessageType::Video, 1000, 50);
  const Bytes second = tag_in_aggregate(MessageType::Audio, 1023, 20);
  body.insert(body.end(), second.begin(), second.end());
  p.client.send(MessageType::Aggregate, 1, 5000, body);
  REQUIRE(p.run().ok());
  CHECK(p.heard.videos == std::vector<std::pair<std::uint32_t, std::size_t>>{{5000, 50}});
  CHECK(p.heard.audios == std::vector<std::pair<std::uint32_t, std::size_t>>{{5023, 20}});
}

TEST_CASE("A refusal is told to the publisher and ends the session") {
  Pair p;
  p.heard.refuse_key = "not this key";
  const Status s = p.publish();
  REQUIRE_FALSE(s.ok());
  CHECK(s.error().message == "refused: not this key");
  CHECK(p.client.has_code("NetStream.Publish.BadName"));

  Pair q;
  q.heard.refuse_app = "no such app";
  CHECK_FALSE(q.publish().ok());
  CHECK(q.client.has_code("NetConnection.Connect.Rejected"));
}

TEST_CASE("Whoever plays is told that this server only receives") {
  Pair p;
  REQUIRE(p.publish().ok());
  p.client.command(1,
                   {AmfValue::of("play"), AmfValue::of(0.0), AmfValue::null(), AmfValue::of("k1")});
  REQUIRE(p.run().ok());
  CHECK(p.client.has_code("NetStream.Play.Failed"));
}

TEST_CASE("Hostile beginnings end with a sentence") {
  const auto fault = [](auto&& change) {
    Pair p;
    REQUIRE(p.run().ok());
    change(p.client);
    const Status s = p.run();
    return s ? std::string("no fault") : s.error().message;
  };
  CHECK(fault([](RtmpClient& c) { c.create_and_publish("x"); }) == "a command before connect");
  CHECK(fault([](RtmpClient& c) {
          c.connect("a");
          c.connect("a");
        }) == "connect twice on one connection");
  CHECK(fault([](RtmpClient& c) {
          c.connect("a");
          c.command(9, {AmfValue::of("publish"), AmfValue::of(1.0), AmfValue::null()});
        }) == "publish on a stream that createStream did not make");
  CHECK(fault([](RtmpClient& c) {
          c.send(MessageType::CommandAmf0, 0, 0, Bytes{2, 0});
        }).starts_with("command: AMF0 byte 1"));
  CHECK(fault([](RtmpClient& c) { c.send(MessageType::CommandAmf0, 0, 0, Bytes(300'000, 5)); }) ==
        "a command above 256 KiB");
  CHECK(fault([](RtmpClient& c) {
          c.send(MessageType::CommandAmf3, 0, 0, Bytes{1});
        }).find("AMF3") != std::string::npos);

  Heard heard;
  ServerSession web(heard, 1);
  Bytes out;
  const std::string get = "GET / HTTP/1.1\r\n";
  const Status s =
      web.receive(ByteView(reinterpret_cast<const std::uint8_t*>(get.data()), get.size()), out);
  REQUIRE_FALSE(s.ok());
  CHECK(s.error().message.find("does not speak RTMP") != std::string::npos);
  CHECK_FALSE(web.receive(Bytes{3}, out).ok());  // stays ended
}
