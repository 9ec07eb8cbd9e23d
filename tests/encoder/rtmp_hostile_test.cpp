// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that mean no good, through the output kind itself: each attempt ends in its time with
// words, a stop is heard at once, and nobody makes us keep more than a little.
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "encoder/output.h"
#include "encoder/trouble.h"
#include "rtmp/server_session.h"
#include "rtmp_programme.h"
#include "tests/support/tcp_server.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {

std::string text_of(const rtmp::Bytes& b) { return {b.begin(), b.end()}; }
rtmp::Bytes bytes_of(const std::string& s) { return {s.begin(), s.end()}; }

// A receiver that behaves until the stream is published.
struct Host final : rtmp::SessionHandler {
  std::size_t pictures = 0;
  std::optional<std::string> connect(const std::string&) override { return std::nullopt; }
  std::optional<std::string> publish(const std::string&, const std::string&) override {
    return std::nullopt;
  }
  void metadata(const rtmp::AmfValue&) override {}
  void video(std::uint32_t, rtmp::ByteView) override { ++pictures; }
  void audio(std::uint32_t, rtmp::ByteView) override {}
  void unpublished() override {}
};

bool serve_until_publishing(TcpServer& server, int fd) {
  Host host;
  rtmp::ServerSession session(host, 1);
  while (!server.stopping() && !session.publishing()) {
    const std::string heard = TcpServer::hear(fd, 50);
    rtmp::Bytes out;
    if (!session.receive(bytes_of(heard), out)) return false;
    if (!TcpServer::say(fd, text_of(out))) return false;
  }
  return session.publishing();
}

// One connection by hand, without a runner.
struct Attempt {
  Programme programme{kCanvas, small_settings()};
  Settings settings;
  Secret key{kKey};
  std::atomic<bool> stop{false};
  WireMeter meter;
  Result<std::unique_ptr<Output>> output{Error{}};
  double seconds = 0;  // opening took

  explicit Attempt(int port) {
    std::signal(SIGPIPE, SIG_IGN);
    settings["url"] = "rtmp://127.0.0.1:" + std::to_string(port) + "/live";
  }
  void open() {
    const OutputKind* kind = find_output_kind("rtmp");
    const auto begin = SteadyClock::now();
    output = kind->open({"main", settings, key, programme.description(), stop, &meter});
    seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  }
  // Programme as fast as it goes, until an error.
  Status write_until_it_breaks(std::size_t most_packets) {
    for (std::size_t n = 0; n < most_packets;)
      for (const auto& packet : programme.next()) {
        ++n;
        if (Status s = (*output)->write(*packet); !s) return s;
      }
    return {};
  }
  // How the life ends, in opening or later.
  Status whole_life() {
    open();
    return output ? write_until_it_breaks(100'000) : Status(output.error());
  }
  std::string words() const { return explain(output.error()).en; }
};

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  return 0;
}

std::string message(rtmp::MessageType type, rtmp::ByteView body) {
  rtmp::ChunkWriter writer;
  rtmp::Bytes out;
  writer.write(out, 3, {type, 0, 0, body});
  return text_of(out);
}

}  // namespace

TEST_CASE("garbage, a web page and a server that hangs up are no stream servers") {
  for (const std::string& answer :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
        std::string("\x06") + std::string(3072, 'x'),
        std::string("\x03") + std::string(3072, '\0') + std::string(200, '\xFF'), std::string()}) {
    CAPTURE(answer.size());
    TcpServer server([&](TcpServer& s, int fd) {
      TcpServer::say(fd, answer);
      if (!answer.empty()) s.stay_silent(fd);
    });
    Attempt attempt(server.port());
    attempt.open();
    REQUIRE_FALSE(attempt.output);
    CHECK(attempt.words().find("does not answer as a streaming server") != std::string::npos);
    CHECK(attempt.seconds < 5);
  }
}

TEST_CASE("a silent server is given up, and a stop is heard while it says nothing") {
  std::atomic<bool> called{false};
  TcpServer server([&](TcpServer& s, int fd) {
    called = true;
    s.stay_silent(fd);
  });
  SUBCASE("given up") {
    Attempt attempt(server.port());
    attempt.open();
    REQUIRE_FALSE(attempt.output);
    CHECK(attempt.output.error().message.find("did not answer in time") != std::string::npos);
    CHECK(attempt.seconds > 7);
    CHECK(attempt.seconds < 12);
  }
  SUBCASE("stopped") {
    Attempt attempt(server.port());
    std::thread opening([&] { attempt.open(); });
    CHECK(wait_until([&] { return called.load(); }));
    const auto begin = SteadyClock::now();
    attempt.stop = true;
    opening.join();
    CHECK(SteadyClock::now() - begin < 500ms);
    CHECK_FALSE(attempt.output);
  }
}

TEST_CASE("a server that answers a byte at a time is still a server") {
  TcpServer server([](TcpServer& s, int fd) {
    Host host;
    rtmp::ServerSession session(host, 1);
    std::string out;
    while (!s.stopping()) {
      rtmp::Bytes more;
      if (!session.receive(bytes_of(TcpServer::hear(fd, out.empty() ? 20 : 0)), more)) return;
      out += text_of(more);
      if (out.empty()) continue;
      if (!TcpServer::say(fd, out.substr(0, 1))) return;
      out.erase(0, 1);
    }
  });
  Attempt attempt(server.port());
  attempt.open();
  REQUIRE(attempt.output);
  CHECK(attempt.write_until_it_breaks(50));
  (*attempt.output)->finish();
}

TEST_CASE("a server that closes its half while publishing has hung up") {
  TcpServer server([](TcpServer& s, int fd) {
    if (!serve_until_publishing(s, fd)) return;
    ::shutdown(fd, SHUT_WR);
    s.stay_silent(fd);
  });
  Attempt attempt(server.port());
  const Status ended = attempt.whole_life();
  CHECK_FALSE(ended);
}

TEST_CASE("the last words of a server that hangs up are heard") {
  TcpServer server([](TcpServer& s, int fd) {
    if (!serve_until_publishing(s, fd)) return;
    using rtmp::AmfValue;
    TcpServer::say(
        fd, message(rtmp::MessageType::CommandAmf0,
                    rtmp::amf0_body(
                        {AmfValue::of("onStatus"), AmfValue::of(0.0), AmfValue::null(),
                         AmfValue::object({{"level", AmfValue::of("error")},
                                           {"code", AmfValue::of("Over.Quota")},
                                           {"description", AmfValue::of(std::string("key ") + kKey +
                                                                        " is over")}})})));
  });
  Attempt attempt(server.port());
  const Status ended = attempt.whole_life();
  REQUIRE_FALSE(ended);
  CHECK(explain(ended.error()).en.find("Over.Quota: key * is over") != std::string::npos);
  CHECK(ended.error().message.find(kKey) == std::string::npos);
}

TEST_CASE("huge messages and floods of questions cost little memory, and no time") {
  for (const int how : {0, 1, 2}) {
    CAPTURE(how);
    TcpServer server([how](TcpServer& s, int fd) {
      if (!serve_until_publishing(s, fd)) return;
      std::string flood;
      if (how == 0) {  // the beginnings of 16 MiB messages on many chunk streams, never the end
        std::string begin;
        for (char id = 4; id < 60; ++id) {
          begin += id + std::string(3, '\0') + "\xFF\xFF\xFF\x14" + std::string(4, '\0') +
                   std::string(128, 'x');
          flood += static_cast<char>(0xC0 | id) + std::string(128, 'x');
        }
        TcpServer::say(fd, begin);
      } else if (how == 1) {  // asks without ever reading an answer
        const std::string ping = message(rtmp::MessageType::UserControl,
                                         user_control_body(rtmp::UserEvent::PingRequest, 1));
        for (int i = 0; i < 20'000; ++i) flood += ping;
      } else {  // a window of 2 bytes: wants an acknowledgement for each
        flood = message(rtmp::MessageType::WindowAckSize, rtmp::be32_body(2)) +
                message(rtmp::MessageType::DataAmf3, rtmp::Bytes(100'000, 7));
      }
      while (!s.stopping() && TcpServer::say(fd, flood)) {
        if (how == 0) continue;
        pollfd p{fd, POLLOUT, 0};
        ::poll(&p, 1, 10);
      }
    });
    Attempt attempt(server.port());
    const std::size_t before = resident_kib();
    const auto begin = SteadyClock::now();
    attempt.open();
    Status ended = attempt.output ? Status() : Status(attempt.output.error());
    while (ended.ok() && SteadyClock::now() - begin < 700ms)
      ended = attempt.write_until_it_breaks(30);
    CHECK(resident_kib() < before + 64 * 1024);
    attempt.stop = true;
    const auto closing = SteadyClock::now();
    attempt.output = Error{};
    CHECK(SteadyClock::now() - closing < 1s);
  }
}

TEST_CASE("a server that stops reading is left after 7 s, and its figures tell meanwhile") {
  TcpServer server([](TcpServer& s, int fd) {
    if (!serve_until_publishing(s, fd)) return;
    while (!s.stopping()) std::this_thread::sleep_for(10ms);
  });
  Attempt attempt(server.port());
  attempt.open();
  REQUIRE(attempt.output);
  std::atomic<bool> over{false};
  Status ended;
  std::thread writing([&] {
    ended = attempt.write_until_it_breaks(1'000'000);
    over = true;
  });
  MonotonicClock clock;
  WireFigures last;
  double oldest_ms = 0;
  MediaTime stuck_since;
  while (!over) {
    const WireFigures f = attempt.meter.load();
    if (f.handed != last.handed) stuck_since = clock.now();
    oldest_ms = std::max(oldest_ms, (clock.now() - f.at).to_milliseconds());
    last = f;
    std::this_thread::sleep_for(5ms);
  }
  writing.join();
  REQUIRE_FALSE(ended);
  CHECK(ended.error().message.find("stopped taking data") != std::string::npos);
  const double seconds = (clock.now() - stuck_since).to_seconds();
  CHECK(seconds > 6);
  CHECK(seconds < 9.5);
  CHECK(last.handed > 100'000);
  CHECK(last.unacked > 0);
  CHECK(oldest_ms < 1000);  // 100 ms on a machine that has time
  attempt.stop = true;
}
