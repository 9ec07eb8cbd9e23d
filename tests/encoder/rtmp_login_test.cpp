// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that want a name and a password before they take a stream, made here: they reckon the
// right answer by themselves, from another hand's formula, and libavformat gets in as well.
#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <mutex>

#include <doctest/doctest.h>

#include "rtmp/server_session.h"
#include "rtmp_programme.h"
#include "tests/support/process.h"
#include "tests/support/tcp_server.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const std::string kUser = "hall-user", kPassword = "pass-word-1";

std::array<unsigned char, 16> md5(const std::string& text) {
  std::array<unsigned char, 16> d{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), d.data(), &size, EVP_md5(), nullptr);
  return d;
}
std::string md5_hex(const std::string& text) {
  std::string hex;
  for (const unsigned char b : md5(text)) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", b);
    hex += two;
  }
  return hex;
}
std::string md5_base64(const std::string& text) {
  const auto d = md5(text);
  std::array<unsigned char, 25> out{};
  EVP_EncodeBlock(out.data(), d.data(), 16);
  return reinterpret_cast<const char*>(out.data());
}

std::string value_of(const std::string& query, const std::string& name) {
  for (const char* mark : {"?", "&"})
    if (const auto at = query.find(mark + name + "="); at != std::string::npos) {
      const auto begin = at + name.size() + 2;
      return query.substr(begin, query.find('&', begin) - begin);
    }
  return {};
}

struct Way {
  const char* name;  // of authmod
  std::string challenge;
  std::string (*answer)(const std::string& query);  // the right one to what the client chose
};
const Way kAdobe{"adobe", "salt=abc&challenge=def&opaque=ghi", [](const std::string& query) {
                   return md5_base64(md5_base64(kUser + "abc" + kPassword) + "ghi" +
                                     value_of(query, "challenge"));
                 }};
// HTTP's Digest (RFC 7616, 3.4.1) with realm "live", method "publish" and qop "auth".
const Way kLimelight{"llnw", "nonce=nonce77", [](const std::string& query) {
                       return md5_hex(md5_hex(kUser + ":live:" + kPassword) + ":nonce77:" +
                                      value_of(query, "nc") + ":" + value_of(query, "cnonce") +
                                      ":auth:" + md5_hex("publish:/live/_definst_"));
                     }};

struct AskingServer {
  const Way& way;
  explicit AskingServer(const Way& w) : way(w) {}
  std::atomic<int> connections{0}, pictures{0};
  std::mutex mutex;
  std::string last_app, published;

  struct Host final : rtmp::SessionHandler {
    AskingServer& all;
    explicit Host(AskingServer& a) : all(a) {}
    std::optional<std::string> connect(const std::string&) override {
      const std::lock_guard lock(all.mutex);
      const std::string& app = all.last_app;
      const std::string mod = std::string("authmod=") + all.way.name;
      const std::string reject = "[ AccessManager.Reject ] : [ " + mod + " ] : ";
      if (app.find("?" + mod + "&user=" + kUser) == std::string::npos)
        return "[ AccessManager.Reject ] : [ code=403 need auth; " + mod + " ] : ";
      if (app.find("&response=") == std::string::npos)
        return reject + "?reason=needauth&user=" + kUser + "&" + all.way.challenge;
      if (value_of(app, "response") != all.way.answer(app))
        return reject + "?reason=authfailed&opaque=ghi";
      return std::nullopt;
    }
    std::optional<std::string> publish(const std::string&, const std::string& k) override {
      const std::lock_guard lock(all.mutex);
      all.published = k;
      return std::nullopt;
    }
    void metadata(const rtmp::AmfValue&) override {}
    void video(std::uint32_t, rtmp::ByteView) override { ++all.pictures; }
    void audio(std::uint32_t, rtmp::ByteView) override {}
    void unpublished() override {}
  };

  TcpServer server{[this](TcpServer& s, int fd) {
    ++connections;
    Host host(*this);
    rtmp::ServerSession session(host, 1);
    rtmp::ChunkReader tap;  // sees the application with its query, which the session cuts off
    std::size_t skip = 1 + 2 * rtmp::kHandshakeSize;
    while (!s.stopping()) {
      bool gone = false;
      const std::string heard = TcpServer::hear(fd, 20);
      if (heard.empty()) {
        pollfd p{fd, POLLIN, 0};
        char c;
        gone = ::poll(&p, 1, 0) > 0 && ::recv(fd, &c, 1, MSG_PEEK) <= 0;
      }
      const rtmp::Bytes in(heard.begin(), heard.end());
      const std::size_t n = std::min(skip, in.size());
      skip -= n;
      (void)tap.feed(rtmp::ByteView(in).subspan(n), [&](const rtmp::Message& m) {
        if (m.type != rtmp::MessageType::CommandAmf0) return Status();
        const auto values = rtmp::read_amf0(m.body);
        if (values && values->size() > 2 && (*values)[0].text == "connect") {
          const std::lock_guard lock(mutex);
          last_app = (*values)[2].find("app")->text;
        }
        return Status();
      });
      rtmp::Bytes out;
      const Status status = session.receive(in, out);
      if (!TcpServer::say(fd, {out.begin(), out.end()}) || !status || gone) return;
    }
  }};
  std::string place() const { return "127.0.0.1:" + std::to_string(server.port()) + "/live/hall"; }
};

}  // namespace

TEST_CASE("a server that wants a name and a password") {
  for (const Way* way : {&kAdobe, &kLimelight}) {
    CAPTURE(way->name);
    AskingServer asking(*way);
    MonotonicClock clock;
    Programme programme(kCanvas, small_settings());
    OutputConfig config = config_for(programme, "rtmp://" + asking.place(), clock);
    config.destination.settings["user"] = kUser;
    config.key = Secret(kPassword);
    const auto reason_of = [&](OutputConfig given) {
      OutputRunner runner(std::move(given));
      REQUIRE(wait_until([&] { return !runner.status(clock.now()).reason.en.empty(); }));
      return runner.status(clock.now()).reason;
    };
    SUBCASE("gets them, in three connections") {
      OutputRunner runner(std::move(config));
      const Player player(programme, kCanvas.rate, {&runner});
      REQUIRE(wait_until([&] { return asking.pictures > 30; }));
      CHECK(asking.connections == 3);
      const std::lock_guard lock(asking.mutex);
      CHECK(asking.published == "hall");
    }
    SUBCASE("gets a wrong one, and that is said") {
      config.key = Secret("another-word");
      const Text reason = reason_of(std::move(config));
      CHECK(reason.en.find("password is wrong") != std::string::npos);
      CHECK((reason.ja + reason.en).find("another-word") == std::string::npos);
      CHECK(asking.pictures == 0);
    }
    SUBCASE("gets none, and that is said") {
      config.destination.settings.erase("user");
      CHECK(reason_of(std::move(config)).ja.find("ユーザー名とパスワードを求めています") !=
            std::string::npos);
    }
    SUBCASE("lets libavformat in as well: it asks what such servers ask") {
      const auto ffmpeg = Process::start(
          {"ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i",
           "testsrc2=size=320x180:rate=30", "-t", "20", "-c:v", "libx264", "-preset", "ultrafast",
           "-f", "flv", "rtmp://" + kUser + ":" + kPassword + "@" + asking.place()},
          {}, "/dev/null");
      REQUIRE(ffmpeg);
      CHECK(wait_until([&] { return asking.pictures > 10; }));
    }
  }
}
