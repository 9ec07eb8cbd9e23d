// SPDX-License-Identifier: GPL-3.0-or-later
// Towards servers that refuse, say nothing, hang up, speak something else, show a bad certificate:
// the right step fails with the right words.
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <thread>

#include "rtmp/server.h"
#include "station/equip/line_check.h"
#include "tests/support/tls_neighbours.h"

using namespace kakehashi;
using rtmp::LineTrouble;
using testing::Certificate;

namespace {

const std::atomic<bool> kNever{false};

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct Listener {
  int fd = -1, port = 0;
  Listener() {
    fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&a), size) == 0);
    REQUIRE(::listen(fd, 8) == 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size);
    port = ntohs(a.sin_port);
  }
  ~Listener() {
    if (fd >= 0) ::close(fd);
  }
};

// A server whose every caller meets `behave`, until it is destroyed.
class BadServer {
 public:
  explicit BadServer(std::function<void(int)> behave) : behave_(std::move(behave)) {
    thread_ = std::thread([this] {
      while (!stop_) {
        pollfd p{listener_.fd, POLLIN, 0};
        if (::poll(&p, 1, 10) <= 0) continue;
        const int fd = ::accept(listener_.fd, nullptr, nullptr);
        if (fd < 0) continue;
        behave_(fd);
        callers_.push_back(fd);
      }
    });
  }
  ~BadServer() {
    stop_ = true;
    thread_.join();
    for (const int fd : callers_) ::close(fd);
  }
  int port() const { return listener_.port; }

 private:
  Listener listener_;
  std::function<void(int)> behave_;
  std::atomic<bool> stop_{false};
  std::vector<int> callers_;
  std::thread thread_;
};

LineWish wish(int port, const char* scheme = "rtmp", const char* host = "127.0.0.1") {
  LineWish w;
  w.url = std::string(scheme) + "://" + host + ":" + std::to_string(port) + "/live";
  w.patience = Duration::milliseconds(400);
  w.plain_port = w.tls_port = port;  // nothing outside this test is asked
  return w;
}

EquipmentItem item_for(const LineReport& report) {
  Destination d;
  d.id = "main";
  d.name = {"市公式チャンネル", "City channel"};
  d.scope = AudienceScope::Public;
  return judge_line(d, report);
}

void greet_with(const Certificate& c, int fd) {
  timeval limit{2, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, c.x509);
  SSL_CTX_use_PrivateKey(context, c.key);
  SSL* tls = SSL_new(context);
  SSL_set_fd(tls, fd);
  SSL_accept(tls);
  SSL_free(tls);
  SSL_CTX_free(context);
}

LineReport tls_report(const Certificate& c, bool trusted, const char* host = "localhost") {
  const BadServer server([&](int fd) { greet_with(c, fd); });
  LineWish w = wish(server.port(), "rtmps", host);
  w.patience = Duration::milliseconds(1500);
  if (trusted) w.ca_file = c.file;
  return check_line(w, kNever);
}

}  // namespace

TEST_CASE("a closed port is a refusal at TCP") {
  std::signal(SIGPIPE, SIG_IGN);
  int port = 0;
  {
    const Listener closed;
    port = closed.port;
  }
  const LineReport r = check_line(wish(port), kNever);
  CHECK(r.reached == LineStep::Tcp);
  CHECK(r.trouble == LineTrouble::Refused);
  CHECK_FALSE(r.other_answers);
  const EquipmentItem item = item_for(r);
  CHECK(item.verdict == Verdict::Fail);
  CHECK(has(item.found.ja, "TCP"));
  CHECK(has(item.cause.ja, "受信の準備をしていません"));
  Destination practice;  // on this machine, and nobody practises now
  practice.id = "practice";
  CHECK(judge_line(practice, r).verdict == Verdict::Skipped);
}

TEST_CASE("a blocked 1935 beside an open 443 gets the advice to use RTMPS") {
  int closed_port = 0;
  {
    const Listener closed;
    closed_port = closed.port;
  }
  const Listener open;
  LineWish w = wish(closed_port);
  w.plain_port = closed_port;
  w.tls_port = open.port;
  LineReport r = check_line(w, kNever);
  CHECK(r.reached == LineStep::Tcp);
  CHECK(r.other_answers);
  CHECK(r.other_port == open.port);
  r.port = 1935;
  r.other_port = 443;
  const EquipmentItem item = item_for(r);
  CHECK(item.verdict == Verdict::Fail);
  CHECK(has(item.cause.ja, "1935番の口が庁内の回線でふさがれています"));
  CHECK(has(item.action.en, "RTMPS"));
}

TEST_CASE("a server that says nothing fails at the greeting, within its time") {
  const BadServer server([](int) {});
  const LineReport r = check_line(wish(server.port()), kNever);
  CHECK(r.reached == LineStep::Greeting);
  CHECK(r.trouble == LineTrouble::Silent);
  CHECK(has(item_for(r).cause.ja, "返事がありません"));
  CHECK(has(item_for(r).action.ja, "RTMPS"));
}

TEST_CASE("a server that hangs up, or closes its half, fails at the greeting") {
  for (const int how : {SHUT_WR, SHUT_RDWR}) {
    const BadServer server([how](int fd) { ::shutdown(fd, how); });
    const LineReport r = check_line(wish(server.port()), kNever);
    CHECK(r.reached == LineStep::Greeting);
    CHECK(r.trouble == LineTrouble::HungUp);
    CHECK(item_for(r).verdict == Verdict::Fail);
  }
}

TEST_CASE("a web server is not a streaming server") {
  const BadServer server([](int fd) {
    const std::string answer(4000, 'H');
    (void)!::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  const LineReport r = check_line(wish(server.port()), kNever);
  CHECK(r.reached == LineStep::Greeting);
  CHECK(r.trouble == LineTrouble::NotRtmp);
  CHECK(has(item_for(r).cause.ja, "配信のサーバーではありません"));
}

TEST_CASE("a server without TLS, asked for RTMPS") {
  const BadServer server([](int fd) {
    const std::string answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
    (void)!::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  });
  const LineReport r = check_line(wish(server.port(), "rtmps"), kNever);
  CHECK(r.reached == LineStep::Tls);
  CHECK(r.trouble == LineTrouble::NoTls);
}

TEST_CASE("TLS: each bad certificate has its own words") {
  SUBCASE("expired") {
    const Certificate c("localhost", -7200, -3600);
    const LineReport r = tls_report(c, true);
    CHECK(r.reached == LineStep::Tls);
    CHECK(r.trouble == LineTrouble::Expired);
    CHECK(has(item_for(r).cause.ja, "期限が切れている"));
    CHECK(has(item_for(r).cause.ja, "時計"));
  }
  SUBCASE("not yet valid: our clock is behind") {
    const Certificate c("localhost", 3600, 7200);
    const LineReport r = tls_report(c, true);
    CHECK(r.trouble == LineTrouble::NotYetValid);
    CHECK(has(item_for(r).action.ja, "時刻"));
  }
  SUBCASE("another server's") {
    const Certificate c("other.example", -60, 3600);
    const LineReport r = tls_report(c, true);
    CHECK(r.trouble == LineTrouble::WrongName);
    CHECK(has(item_for(r).cause.ja, "別のサーバー"));
  }
  SUBCASE("nobody vouches for it") {
    const Certificate c("localhost", -60, 3600);
    const LineReport r = tls_report(c, false);
    CHECK(r.trouble == LineTrouble::Untrusted);
    CHECK(has(item_for(r).action.ja, "検査の対象から外す"));
  }
  SUBCASE("good, but no RTMP behind it") {
    const Certificate c("localhost", -60, 3600);
    const LineReport r = tls_report(c, true);
    CHECK(r.reached == LineStep::Greeting);
  }
}

TEST_CASE("an address that is none, and a name that nobody knows") {
  LineWish w;
  w.url = "http://127.0.0.1/live";
  CHECK(check_line(w, kNever).reached == LineStep::Address);
  w.url = "rtmp://kakehashi.invalid/live";  // RFC 6761: never resolves
  const LineReport r = check_line(w, kNever);
  CHECK(r.reached == LineStep::Name);
  CHECK(has(item_for(r).cause.ja, "名前が見つかりません"));
}

TEST_CASE("a good server: connected, and nothing was published") {
  std::atomic<int> published{0};
  rtmp::ServerCallbacks callbacks;
  callbacks.publish = [&](auto, const std::string&,
                          const std::string&) -> std::optional<std::string> {
    ++published;
    return {};
  };
  const auto server = rtmp::Server::listen("rtmp://127.0.0.1:0/live", callbacks);
  REQUIRE(server.ok());
  LineWish w = wish((*server)->port());
  w.patience = Duration::seconds(5);
  const LineReport r = check_line(w, kNever);
  CHECK(r.reached == LineStep::Done);
  CHECK(published == 0);
  CHECK(item_for(r).verdict == Verdict::Pass);

  w.url = "rtmp://127.0.0.1:" + std::to_string((*server)->port()) + "/elsewhere";
  const LineReport refused = check_line(w, kNever);
  CHECK(refused.reached == LineStep::Connect);
  CHECK(refused.trouble == LineTrouble::Rejected);
  CHECK(has(item_for(refused).cause.ja, "断りました"));
}

TEST_CASE("an upload is paced, arrives whole and is a filler no decoder shows") {
  std::atomic<std::uint64_t> arrived{0};
  std::atomic<bool> filler{true};
  std::string key;
  rtmp::ServerCallbacks callbacks;
  callbacks.publish = [&](auto, const std::string&,
                          const std::string& k) -> std::optional<std::string> {
    key = k;
    return {};
  };
  callbacks.video = [&](auto, auto, auto, rtmp::ByteView body) {
    arrived += body.size();
    if (body.size() < 10 || (body[0] & 0x0F) != 7 || (body[9] & 0x1F) != 12) filler = false;
  };
  const auto server = rtmp::Server::listen("rtmp://127.0.0.1:0/live", callbacks);
  REQUIRE(server.ok());
  LineWish w = wish((*server)->port());
  w.url += "/test";
  w.with_key = false;
  w.patience = Duration::seconds(5);
  double last = 0;
  const UploadTrial trial =
      try_upload(w, 6000, Duration::milliseconds(1500), kNever, [&](double p) { last = p; });
  CHECK(trial.figures.trouble == LineTrouble::None);
  CHECK(trial.figures.seconds >= 1.5);
  CHECK(trial.figures.kbps <= 6300);
  CHECK(trial.figures.kbps > 3000);  // a busy machine
  CHECK(last > 0.5);
  (*server)->stop();
  CHECK(key == "test");
  CHECK(filler);
  CHECK(static_cast<double>(arrived) > 0.9 * trial.figures.kbps * 125 * trial.figures.seconds);
}

TEST_CASE("a line that takes nothing any more is told as too slow or broken, not waited for") {
  rtmp::ServerCallbacks callbacks;
  std::atomic<bool> hold{true};
  callbacks.video = [&](auto, auto, auto, auto) {
    while (hold) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  const auto server = rtmp::Server::listen("rtmp://127.0.0.1:0/live", callbacks);
  REQUIRE(server.ok());
  LineWish w = wish((*server)->port());
  w.patience = Duration::seconds(5);
  const UploadTrial trial =
      try_upload(w, 400'000, Duration::milliseconds(1500), kNever, [](double) {});
  hold = false;
  CHECK(trial.figures.kbps < 200'000);
  const EquipmentItem item = judge_upload(trial, 133'333, 400'000);
  CHECK(item.verdict != Verdict::Pass);
}

TEST_CASE("the verdict of an upload counts in times of what is needed") {
  UploadTrial trial;
  trial.line.reached = LineStep::Done;
  trial.figures.seconds = 30;
  const auto judged = [&](double kbps, double worst) {
    trial.figures.kbps = kbps;
    trial.figures.worst_kbps = worst;
    return judge_upload(trial, 6000, 18000);
  };
  CHECK(judged(18000, 17000).verdict == Verdict::Pass);
  CHECK(judged(18000, 17000).found.ja == "回線：余裕あり（必要の3.0倍以上）");
  CHECK(judged(12700, 12000).found.ja == "回線：余裕あり（必要の2.1倍）");
  CHECK(judged(9000, 8000).verdict == Verdict::Caution);
  CHECK(judged(14000, 3000).verdict == Verdict::Caution);
  CHECK(judged(6500, 6000).verdict == Verdict::Fail);
  CHECK(has(judged(6500, 6000).action.ja, "720p"));
  trial.figures.trouble = LineTrouble::HungUp;
  trial.line.reached = LineStep::Upload;
  CHECK(has(judged(18000, 17000).cause.ja, "途中で回線が切れました"));
  CHECK(upload_not_tested().verdict == Verdict::Skipped);
}
