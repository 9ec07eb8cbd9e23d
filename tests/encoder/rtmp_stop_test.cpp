// SPDX-License-Identifier: GPL-3.0-or-later
// stop() gives control back within a second in every state an output to a server can be in.
#include <chrono>
#include <functional>
#include <optional>

#include <doctest/doctest.h>

#include "encoder/output.h"
#include "rtmp/server_session.h"
#include "rtmp_programme.h"
#include "tests/support/tcp_server.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {

// How far a server goes along before it says nothing more.
enum class Until { Greeting, Application, Publish, Live, Goodbye };

// It answers up to there; `reached` turns true then.
struct StallingServer {
  const Until until;
  const bool reads_on;  // takes in what comes after that
  std::atomic<bool> reached{false};
  std::atomic<int> pictures{0};

  struct Host final : rtmp::SessionHandler {
    StallingServer& all;
    explicit Host(StallingServer& a) : all(a) {}
    std::optional<std::string> connect(const std::string&) override {
      if (all.until == Until::Application) all.reached = true;
      return std::nullopt;
    }
    std::optional<std::string> publish(const std::string&, const std::string&) override {
      if (all.until == Until::Publish) all.reached = true;
      return std::nullopt;
    }
    void metadata(const rtmp::AmfValue&) override {}
    void video(std::uint32_t, rtmp::ByteView) override {
      if (++all.pictures > 20 && all.until == Until::Live) all.reached = true;
    }
    void audio(std::uint32_t, rtmp::ByteView) override {}
    void unpublished() override {}
  };

  explicit StallingServer(Until u, bool reads = true) : until(u), reads_on(reads) {}
  TcpServer server{[this](TcpServer& s, int fd) {
    if (const int small = 4096; !reads_on)
      ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    Host host(*this);
    rtmp::ServerSession session(host, 1);
    if (until == Until::Greeting) reached = true;
    while (!s.stopping()) {
      if (reached && until != Until::Goodbye) {
        if (reads_on) return s.stay_silent(fd);
        wait_until([&] { return s.stopping(); });
        return;
      }
      const std::string heard = TcpServer::hear(fd, 20);
      rtmp::Bytes out;
      if (!session.receive({reinterpret_cast<const std::uint8_t*>(heard.data()), heard.size()},
                           out))
        return;
      if (until == Until::Goodbye && pictures > 20) reached = true;
      if (reached && until != Until::Live && until != Until::Goodbye) continue;
      if (!TcpServer::say(fd, {out.begin(), out.end()})) return;
    }
  }};
};

struct Stop {
  OutputState before{}, after{};
  double stop_s = 0, gone_s = 0;  // until stop() returned, until the object was destroyed
};

// Starts towards `url`, feeds it from a programme, stops it once `there` holds.
Stop stop_at(const std::string& url, const std::function<bool(const OutputStatus&)>& there) {
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  auto runner = std::make_unique<OutputRunner>(config_for(programme, url, clock));
  Stop result;
  {
    const Player player(programme, kCanvas.rate, {runner.get()});
    REQUIRE(wait_until([&] { return there(runner->status(clock.now())); }));
    result.before = runner->status(clock.now()).state;
    const auto begin = SteadyClock::now();
    const auto passed = [&] {
      return std::chrono::duration<double>(SteadyClock::now() - begin).count();
    };
    runner->stop();
    result.stop_s = passed();
    result.after = runner->status(clock.now()).state;
  }
  const auto begin = SteadyClock::now();
  runner.reset();
  result.gone_s = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  return result;
}

std::string url_of(int port, const char* scheme = "rtmp") {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(port) + "/live";
}

void check_in_time(const Stop& stop, OutputState before) {
  CHECK(stop.before == before);
  CHECK(stop.after == OutputState::Standby);
  CHECK(stop.stop_s < 1.0);
  CHECK(stop.gone_s < 0.5);
}

}  // namespace

TEST_CASE("stopped while a server says nothing, at each step of the way in") {
  struct Row {
    const char* what;
    Until until;
    const char* scheme;
  };
  for (const Row& row : {Row{"the beginning of TLS", Until::Greeting, "rtmps"},
                         Row{"the greeting", Until::Greeting, "rtmp"},
                         Row{"the answer to connect", Until::Application, "rtmp"},
                         Row{"the answer to publish", Until::Publish, "rtmp"}}) {
    CAPTURE(row.what);
    StallingServer server(row.until);
    const Stop stop = stop_at(url_of(server.server.port(), row.scheme),
                              [&](const OutputStatus&) { return server.reached.load(); });
    check_in_time(stop, OutputState::Connecting);
    CHECK(stop.stop_s < 0.5);  // heard, not waited out
  }
}

TEST_CASE("stopped while the name is looked up and while an address does not answer") {
  // 192.0.2.0/24 is nobody's (RFC 5737): where it is not refused at once, connecting hangs.
  for (const char* url : {"rtmp://192.0.2.7/live", "rtmp://nobody-answers.invalid/live"}) {
    CAPTURE(url);
    const Stop stop = stop_at(url, [](const OutputStatus&) { return true; });
    CHECK(stop.after == OutputState::Standby);
    CHECK(stop.stop_s < 0.5);
    CHECK(stop.gone_s < 0.5);
  }
}

TEST_CASE("stopped on air: a line that flows, one that has stopped, one that never says goodbye") {
  SUBCASE("flows") {
    StallingServer server(Until::Goodbye);
    const Stop stop = stop_at(url_of(server.server.port()),
                              [&](const OutputStatus&) { return server.reached.load(); });
    check_in_time(stop, OutputState::Live);
  }
  SUBCASE("is read on, but never answered") {
    StallingServer server(Until::Live);
    const Stop stop = stop_at(url_of(server.server.port()), [&](const OutputStatus& s) {
      return server.reached && s.video_packets > 40;
    });
    check_in_time(stop, OutputState::Live);
  }
  SUBCASE("has stopped, and pictures wait") {
    StallingServer server(Until::Live, false);
    const Stop stop = stop_at(url_of(server.server.port()),
                              [&](const OutputStatus& s) { return s.queue_ms > 500; });
    check_in_time(stop, OutputState::Live);
  }
}

TEST_CASE("stopped between two attempts, and where there is nothing to try") {
  int closed = 0;
  { closed = StallingServer(Until::Greeting).server.port(); }
  check_in_time(stop_at(url_of(closed),
                        [](const OutputStatus& s) { return s.state == OutputState::Reconnecting; }),
                OutputState::Reconnecting);
  const Stop failed = stop_at("http://127.0.0.1/live",
                              [](const OutputStatus& s) { return s.state == OutputState::Failed; });
  CHECK(failed.before == OutputState::Failed);
  CHECK(failed.stop_s < 0.5);
}
