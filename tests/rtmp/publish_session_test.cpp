// SPDX-License-Identifier: GPL-3.0-or-later
// The publisher's side of the protocol: against our own receiver in memory, and against what other
// servers say.
#include "rtmp/publish_session.h"

#include <doctest/doctest.h>

#include <numeric>

#include "rtmp/server_session.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;
using State = PublishSession::State;

namespace {

AmfValue text(const char* t) { return AmfValue::of(t); }

Bytes pattern(std::size_t size, int seed) {
  Bytes b(size);
  for (std::size_t i = 0; i < size; ++i)
    b[i] = static_cast<std::uint8_t>(i * 31 + static_cast<std::size_t>(seed));
  return b;
}

struct Heard final : SessionHandler {
  std::string app, key, refuse_connect, refuse_publish;
  std::vector<std::pair<std::uint32_t, Bytes>> pictures, sounds;
  double width = 0;
  int unpublishes = 0;
  std::optional<std::string> connect(const std::string& a) override {
    app = a;
    return refuse_connect.empty() ? std::nullopt : std::optional(refuse_connect);
  }
  std::optional<std::string> publish(const std::string&, const std::string& k) override {
    key = k;
    return refuse_publish.empty() ? std::nullopt : std::optional(refuse_publish);
  }
  void metadata(const AmfValue& v) override {
    if (const AmfValue* w = v.find("width")) width = w->number;
  }
  void video(std::uint32_t t, ByteView b) override {
    pictures.emplace_back(t, Bytes(b.begin(), b.end()));
  }
  void audio(std::uint32_t t, ByteView b) override {
    sounds.emplace_back(t, Bytes(b.begin(), b.end()));
  }
  void unpublished() override { ++unpublishes; }
};

// Both ends, bytes carried in pieces of `piece`.
struct Pair {
  Heard heard;
  ServerSession server{heard, 7};
  PublishSession client{5};
  Bytes to_server, to_client;
  std::size_t piece;

  explicit Pair(std::size_t p = 100'000) : piece(p) { client.start(to_server); }
  void carry() {
    while (!to_server.empty() || !to_client.empty()) {
      Bytes a, b;
      a.swap(to_server);
      b.swap(to_client);
      for (std::size_t at = 0; at < a.size(); at += piece)
        (void)server.receive(ByteView(a).subspan(at, std::min(piece, a.size() - at)), to_client);
      for (std::size_t at = 0; at < b.size(); at += piece)
        REQUIRE(client.receive(ByteView(b).subspan(at, std::min(piece, b.size() - at)), to_server));
    }
  }
  void until_publishing(std::uint32_t chunks = kLargeChunks) {
    carry();
    REQUIRE(client.state() == State::Greeted);
    client.connect("live", "rtmp://127.0.0.1:1935/live", to_server);
    carry();
    REQUIRE(client.state() == State::Connected);
    client.publish("key", to_server, chunks);
    carry();
    REQUIRE(client.state() == State::Publishing);
  }
  void send(Gather& g) {
    for (const ByteView& v : g.pieces()) to_server.insert(to_server.end(), v.begin(), v.end());
    carry();
  }
};

// A server that says what the test wants, already behind the greeting.
struct Scripted {
  PublishSession client{5};
  ChunkWriter writer;
  ChunkReader reader;
  Bytes out;
  std::vector<std::vector<AmfValue>> asked;
  std::vector<MessageType> types;

  Scripted() {
    Bytes greeting;
    Handshake server(Handshake::Role::Server, 3);
    client.start(greeting);
    Bytes answer;
    ByteView in = greeting;
    REQUIRE(server.feed(in, answer));
    REQUIRE(client.receive(answer, out));
    out.clear();  // C2
    REQUIRE(client.state() == State::Greeted);
    client.connect("live", "rtmp://h:1935/live", out, true);
    hear();
  }
  Status say(std::uint32_t stream, const std::vector<AmfValue>& values) {
    Bytes bytes;
    const Bytes body = amf0_body(values);
    writer.write(bytes, 3, {MessageType::CommandAmf0, stream, 0, body});
    return take(bytes);
  }
  Status take(const Bytes& bytes) {
    const Status s = client.receive(bytes, out);
    hear();
    return s;
  }
  void hear() {
    REQUIRE(reader.feed(out, [&](const Message& m) {
      types.push_back(m.type);
      if (m.type == MessageType::CommandAmf0) asked.push_back(read_amf0(m.body).value());
      return Status();
    }));
    out.clear();
  }
  Status status(const char* level, const char* code, const char* description) {
    return say(1, {text("onStatus"), AmfValue::of(0.0), AmfValue::null(),
                   AmfValue::object({{"level", text(level)},
                                     {"code", text(code)},
                                     {"description", text(description)}})});
  }
  void accept_connect(std::vector<AmfProperty> more = {}) {
    more.push_back({"code", text("NetConnection.Connect.Success")});
    REQUIRE(say(0, {text("_result"), AmfValue::of(1.0), AmfValue::null(),
                    AmfValue::object(std::move(more))}));
    REQUIRE(client.state() == State::Connected);
  }
  double number_of(const char* command) const {
    for (const auto& c : asked)
      if (c[0].text == command) return c[1].number;
    return -1;
  }
};

}  // namespace

TEST_CASE("a whole life, whatever the pieces") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
    for (const std::uint32_t chunks : {kLargeChunks, kCarefulChunks}) {
      CAPTURE(piece);
      Pair pair(piece);
      pair.until_publishing(chunks);
      CHECK(pair.heard.app == "live");
      CHECK(pair.heard.key == "key");
      pair.client.metadata(AmfValue::ecma_array({{"width", AmfValue::of(640.0)}}), pair.to_server);
      pair.carry();
      CHECK(pair.heard.width == 640);
      const Bytes head = pattern(5, 1), big = pattern(70'000, 2), sound = pattern(300, 3);
      Gather g;
      const ByteView parts[] = {head, big};
      pair.client.video(0, parts, g);
      pair.send(g);
      g.clear();
      const ByteView one[] = {sound};
      pair.client.audio(0x1000000, one, g);  // an extended timestamp
      pair.send(g);
      REQUIRE(pair.heard.pictures.size() == 1);
      Bytes whole = head;
      whole.insert(whole.end(), big.begin(), big.end());
      CHECK(pair.heard.pictures[0].second == whole);
      REQUIRE(pair.heard.sounds.size() == 1);
      CHECK(pair.heard.sounds[0].first == 0x1000000);
      pair.client.unpublish(pair.to_server);
      pair.carry();
      CHECK(pair.heard.unpublishes == 1);
    }
  }
}

TEST_CASE("a gathered message is the copied one, byte for byte") {
  for (const std::uint32_t chunk : {1U, 128U, 4096U, 65'536U}) {
    ChunkWriter a, b;
    Bytes copied, ignored;
    a.set_chunk_size(ignored, chunk);
    b.set_chunk_size(ignored, chunk);
    Gather gathered;
    const Bytes body = pattern(10'000, 9);
    for (const std::uint32_t time : {0U, 40U, 80U, 120U, 0x1FFFFFFU}) {
      a.write(copied, 6, {MessageType::Video, 1, time, body});
      const ByteView parts[] = {ByteView(body).first(5), ByteView(body).subspan(5, 0),
                                ByteView(body).subspan(5, 4000), ByteView(body).subspan(4005)};
      b.write(gathered, 6, {MessageType::Video, 1, time, {}}, parts);
    }
    Bytes joined;
    for (const ByteView& v : gathered.pieces()) joined.insert(joined.end(), v.begin(), v.end());
    CHECK(joined == copied);
    CHECK(gathered.size() == copied.size());
  }
}

TEST_CASE("refusals come with the server's words") {
  SUBCASE("of connect") {
    Pair pair;
    pair.heard.refuse_connect = "no such hall";
    pair.carry();
    pair.client.connect("live", "rtmp://h/live", pair.to_server);
    pair.carry();
    CHECK(pair.client.state() == State::Refused);
    CHECK(pair.client.said() == "NetConnection.Connect.Rejected: no such hall");
    CHECK(pair.client.refusal() == pair.client.said());
  }
  SUBCASE("of publish") {
    Pair pair;
    pair.heard.refuse_publish = "wrong key";
    pair.carry();
    pair.client.connect("live", "rtmp://h/live", pair.to_server);
    pair.carry();
    pair.client.publish("key", pair.to_server);
    pair.carry();
    CHECK(pair.client.state() == State::Refused);
    CHECK(pair.client.said() == "NetStream.Publish.BadName: wrong key");
  }
  SUBCASE("while publishing") {
    Scripted s;
    s.accept_connect();
    s.client.publish("key", s.out);
    s.hear();
    REQUIRE(s.say(0, {text("_result"), AmfValue::of(s.number_of("createStream")), AmfValue::null(),
                      AmfValue::of(1.0)}));
    REQUIRE(s.status("status", "NetStream.Publish.Start", "go"));
    CHECK(s.client.state() == State::Publishing);
    REQUIRE(s.status("status", "NetStream.Record.Start", "also recorded"));
    CHECK(s.client.state() == State::Publishing);
    REQUIRE(s.status("error", "NetStream.Publish.Denied", "line1\nline2\x7f"));
    CHECK(s.client.state() == State::Refused);
    CHECK(s.client.said() == "NetStream.Publish.Denied: line1 line2 ");
  }
}

TEST_CASE("a server that does not know releaseStream and FCPublish is no refusal") {
  Scripted s;
  s.accept_connect();
  s.client.publish("key", s.out);
  s.hear();
  for (const char* command : {"releaseStream", "FCPublish"})
    REQUIRE(s.say(0, {text("_error"), AmfValue::of(s.number_of(command)), AmfValue::null(),
                      AmfValue::object({{"code", text("NetConnection.Call.Failed")}})}));
  CHECK(s.client.state() == State::Asking);
  SUBCASE("but one of createStream is") {
    REQUIRE(s.say(0, {text("_error"), AmfValue::of(s.number_of("createStream")), AmfValue::null(),
                      AmfValue::object({{"code", text("no")}})}));
    CHECK(s.client.state() == State::Refused);
  }
  SUBCASE("and a stream without a number is an error") {
    for (const double id : {0.0, -1.0, 1e12, std::numeric_limits<double>::quiet_NaN()}) {
      Scripted t;
      t.accept_connect();
      t.client.publish("key", t.out);
      t.hear();
      CHECK_FALSE(t.say(0, {text("_result"), AmfValue::of(t.number_of("createStream")),
                            AmfValue::null(), AmfValue::of(id)}));
    }
  }
}

TEST_CASE("pings are answered, and received bytes acknowledged by the server's window") {
  Scripted s;
  Bytes bytes;
  s.writer.write(bytes, 2,
                 {MessageType::UserControl, 0, 0, user_control_body(UserEvent::PingRequest, 77)});
  s.writer.write(bytes, 2, {MessageType::WindowAckSize, 0, 0, be32_body(2000)});
  REQUIRE(s.take(bytes));
  CHECK(std::count(s.types.begin(), s.types.end(), MessageType::UserControl) == 1);
  s.types.clear();
  for (int i = 0; i < 10; ++i) {
    bytes.clear();
    const Bytes filler = pattern(1000, i);
    s.writer.write(bytes, 5, {MessageType::DataAmf3, 0, 0, filler});
    REQUIRE(s.take(bytes));
  }
  CHECK(std::count(s.types.begin(), s.types.end(), MessageType::Acknowledgement) >= 5);
}

TEST_CASE("what a server offers of Enhanced RTMP") {
  Scripted plain;
  plain.accept_connect();
  CHECK_FALSE(plain.client.offers("hvc1"));
  REQUIRE(plain.asked.size() == 1);
  const AmfValue* list = plain.asked[0][2].find("fourCcList");
  REQUIRE(list);
  CHECK(list->items.size() == 2);
  Scripted v1;
  v1.accept_connect({{"fourCcList", AmfValue::strict_array({text("hvc1"), text("vp09")})}});
  CHECK(v1.client.offers("hvc1"));
  CHECK_FALSE(v1.client.offers("av01"));
  Scripted v2;
  v2.accept_connect({{"videoFourCcInfoMap", AmfValue::object({{"av01", AmfValue::of(1.0)}})}});
  CHECK(v2.client.offers("av01"));
  Scripted all;
  all.accept_connect({{"fourCcList", AmfValue::strict_array({text("*")})}});
  CHECK(all.client.offers("hvc1"));
}

TEST_CASE("long words are cut between characters, and too long commands end it") {
  Scripted s;
  std::string words;
  for (int i = 0; i < 200; ++i) words += "鍵";
  REQUIRE(s.status("error", "", words.c_str()));
  CHECK(s.client.said().size() <= 300);
  CHECK(s.client.said().size() % 3 == 0);
  CHECK(s.client.refusal().size() == 600);
  Scripted huge;
  CHECK_FALSE(huge.status("status", "x", std::string(300'000, 'x').c_str()));
}

TEST_CASE("what is no RTMP stays refused") {
  PublishSession client(1);
  Bytes out;
  client.start(out);
  const std::string web = "HTTP/1.1 400 Bad Request\r\n\r\n";
  const Bytes bytes(web.begin(), web.end());
  CHECK_FALSE(client.receive(bytes, out));
  CHECK_FALSE(client.receive(bytes, out));
}
