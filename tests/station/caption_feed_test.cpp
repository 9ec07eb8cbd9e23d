// SPDX-License-Identifier: GPL-3.0-or-later
// Captions from outside: files, sockets, HTTP, and everything that may go wrong with them.
#include "station/caption_feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <mutex>

#include "station/caption_listener.h"
#include "station/http_request.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

struct Heard {
  std::mutex mutex;
  std::vector<std::string> texts;
  CaptionFeed::Sink sink() {
    return [this](std::string text) {
      const std::lock_guard lock(mutex);
      texts.push_back(std::move(text));
    };
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex);
    return texts;
  }
  bool has(const std::string& text) {
    return wait_until([&] {
      const auto now = all();
      return std::find(now.begin(), now.end(), text) != now.end();
    });
  }
};

class Socket {
 public:
  explicit Socket(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(static_cast<std::uint16_t>(port));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
    timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  bool send(const std::string& bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // Up to the other side's end.
  std::string read() const {
    std::string all;
    char bytes[1024];
    for (ssize_t n; (n = ::recv(fd_, bytes, sizeof bytes, 0)) > 0;)
      all.append(bytes, static_cast<std::size_t>(n));
    return all;
  }

 private:
  int fd_;
};

CaptionFeedSpec spec(const std::string& setting) {
  const auto parsed = parse_caption_feed(setting, "/event");
  REQUIRE(parsed.ok());
  return *parsed;
}
int port_of(const CaptionFeed& feed) {
  REQUIRE(wait_until([&] { return feed.port() > 0; }));
  return feed.port();
}
std::string post(int port, const std::string& body, const std::string& head = "",
                 const std::string& path = "/caption") {
  const Socket s(port);
  s.send("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + head +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return s.read();
}

}  // namespace

TEST_CASE("how a feed is written") {
  CHECK(spec("file:captions.txt").path == "/event/captions.txt");
  CHECK(spec("file:/tmp/a.txt").path == "/tmp/a.txt");
  CHECK(spec("tcp:9000").port == 9000);
  CHECK(spec("tcp:9000").address == "127.0.0.1");  // never the network unless it is said
  CHECK(spec("http:0.0.0.0:8080").address == "0.0.0.0");
  CHECK(spec("http:0.0.0.0:8080").kind == CaptionFeedSpec::Kind::Http);
  for (const char* bad : {"", "9000", "udp:1", "tcp:", "tcp:x", "tcp:70000", "tcp:-1",
                          "tcp:host:80", "tcp:1.2.3:80", "file:", "http:80x"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_caption_feed(bad, "").ok());
  }
}

TEST_CASE("lines appended to a file, also to one that comes later or is written anew") {
  TempDir dir;
  std::ofstream(dir / "c.txt") << "昨日の字幕\n";
  Heard heard;
  CaptionFeed feed(spec("file:" + (dir / "c.txt")), "c", heard.sink());
  REQUIRE(wait_until([&] { return feed.reason().ja.empty(); }));
  std::this_thread::sleep_for(120ms);  // it has looked at the file once: what stands in it is old
  std::ofstream(dir / "c.txt", std::ios::app) << "こんにちは。\n半分";
  CHECK(heard.has("こんにちは。"));
  std::ofstream(dir / "c.txt", std::ios::app) << "の行\n";
  CHECK(heard.has("半分の行"));
  std::filesystem::remove(dir / "c.txt");
  CHECK(wait_until([&] { return !feed.reason().ja.empty(); }));
  std::ofstream(dir / "c.txt") << "新しいファイル\n";
  CHECK(heard.has("新しいファイル"));
  std::ofstream(dir / "c.txt") << "短\n";
  CHECK(heard.has("短"));
  for (const auto& text : heard.all()) CHECK(text != "昨日の字幕");
  CHECK(wait_until([&] { return feed.reason().ja.empty(); }));
}

TEST_CASE("lines over TCP from many at once, slow ones and silent ones") {
  Heard heard;
  CaptionFeed feed(spec("tcp:0"), "c", heard.sink());
  const int port = port_of(feed);
  std::vector<std::unique_ptr<Socket>> silent;
  for (int i = 0; i < 30; ++i) silent.push_back(std::make_unique<Socket>(port));
  const Socket a(port);
  CHECK(a.send("一行目\r\n二"));
  CHECK(heard.has("一行目\r"));
  CHECK(a.send("行目\n"));
  CHECK(heard.has("二行目"));
  {
    const Socket b(port);
    CHECK(b.send("\xFF\xFE\n\n   \n最後の行"));  // its end is the end of the line
  }
  CHECK(heard.has("最後の行"));
  const Socket c(port);
  CHECK(c.send(std::string(300'000, 'x')));
  CHECK(c.send("\n終わり\n"));
  CHECK(heard.has("終わり"));
  for (const auto& text : heard.all()) CHECK(text.size() <= CaptionFeed::kMostLine);
}

TEST_CASE("too much at once is dropped and said") {
  Heard heard;
  CaptionFeed feed(spec("tcp:0"), "c", heard.sink());
  const Socket a(port_of(feed));
  std::string flood;
  for (int i = 0; i < 500; ++i) flood += "line " + std::to_string(i) + "\n";
  CHECK(a.send(flood));
  CHECK(wait_until([&] { return !feed.reason().ja.empty(); }));
  CHECK(feed.reason().ja.find("字幕が多すぎる") == 0);
  CHECK(heard.all().size() <= 3 * CaptionFeed::kMostPerSecond);
}

TEST_CASE("a port that is taken is said, and taken when it is free") {
  Heard heard;
  auto first = std::make_unique<CaptionFeed>(spec("tcp:0"), "a", heard.sink());
  const std::string port = std::to_string(port_of(*first));
  CaptionFeed second(spec("tcp:" + port), "b", heard.sink());
  CHECK(wait_until([&] { return second.reason().ja.find("ポート") != std::string::npos; }));
  first.reset();
  CHECK(wait_until([&] { return second.port() > 0 && second.reason().ja.empty(); }));
}

TEST_CASE("captions by HTTP") {
  Heard heard;
  CaptionFeed feed(spec("http:0"), "c", heard.sink());
  const int port = port_of(feed);
  CHECK(post(port, "こんにちは").find("HTTP/1.1 204") == 0);
  CHECK(heard.has("こんにちは"));
  CHECK(post(port, R"({"text": "JSONの字幕"})", "Content-Type: application/json; charset=utf-8\r\n")
            .find(" 204 ") != std::string::npos);
  CHECK(heard.has("JSONの字幕"));
  CHECK(post(port, "一\n二", "Content-Type: text/plain\r\n", "/caption?seq=3&lang=ja")
            .find(" 204 ") != std::string::npos);
  CHECK(heard.has("二"));
  const auto before = heard.all().size();
  CHECK(post(port, "x", "", "/other").find(" 404 ") != std::string::npos);
  CHECK(post(port, "{", "Content-Type: application/json\r\n").find(" 400 ") != std::string::npos);
  CHECK(post(port, "x", "Content-Type: image/png\r\n").find(" 415 ") != std::string::npos);
  CHECK(post(port, "x", "Origin: https://example.org\r\n").find(" 403 ") != std::string::npos);
  CHECK(post(port, "x", "Transfer-Encoding: chunked\r\n").find(" 411 ") != std::string::npos);
  CHECK(post(port, std::string(kMostHttpBody + 1, 'x')).find(" 413 ") != std::string::npos);
  {
    const Socket s(port);
    s.send("GET /caption HTTP/1.1\r\n\r\n");
    CHECK(s.read().find(" 405 ") != std::string::npos);
  }
  {
    const Socket s(port);
    s.send(std::string(20'000, 'h'));
    CHECK(s.read().find(" 431 ") != std::string::npos);
  }
  {
    const Socket s(port);
    s.send("\x16\x03\x01 hello\r\n\r\n");
    CHECK(s.read().find(" 400 ") != std::string::npos);
  }
  CHECK(heard.all().size() == before);
  // In small pieces, with a silent one beside it.
  const Socket silent(port), s(port);
  for (const char c : std::string("POST /caption HTTP/1.1\r\ncontent-length: 6\r\n\r\n小声"))
    s.send(std::string(1, c));
  CHECK(s.read().find(" 204 ") != std::string::npos);
  CHECK(heard.has("小声"));
}

TEST_CASE("any bytes are a request, part of one, or none") {
  const std::string whole =
      "POST /caption HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
      "4\r\n\r\nabcd";
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK(parse_http_request(whole.substr(0, n)).state == HttpRequest::State::NeedsMore);
  CHECK(parse_http_request(whole).body == "abcd");
  CHECK(
      parse_http_request("POST /caption HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
          .status == 400);
  CHECK(parse_http_request("POST /caption HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n")
            .status == 413);
  CHECK(parse_http_request("POST /caption HTTP/2.0\r\n\r\n").status == 505);
  std::uint32_t r = 77;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (int n = 0; n < 4; ++n) {
      r = r * 1664525 + 1013904223;
      const std::size_t at = (r >> 8) % bytes.size();
      if (n % 2)
        bytes[at] = static_cast<char>(r >> 24);
      else
        bytes.erase(at, 1 + (r >> 28));
      if (bytes.empty()) bytes = "\r\n\r\n";
    }
    const HttpRequest request = parse_http_request(bytes);
    if (request.state == HttpRequest::State::Refused) CHECK(request.status >= 400);
    CHECK(request.body.size() <= kMostHttpBody);
  }
}
