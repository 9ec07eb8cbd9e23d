// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP server on 127.0.0.1 that does what a test says with each connection, one after another: the
// bad neighbour.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

namespace kakehashi::testing {

class TcpServer {
 public:
  // `serve` runs on the server's thread and must end soon once `stopping` says so; the connection
  // is closed after it.
  explicit TcpServer(std::function<void(TcpServer&, int fd)> serve) : serve_(std::move(serve)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&a), size) == 0 &&
        ::listen(listener_, 16) == 0 &&
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&a), &size) == 0)
      port_ = ntohs(a.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~TcpServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  int port() const { return port_; }
  bool stopping() const { return stopping_; }
  // False: the other side has gone.
  static bool say(int fd, const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t n = ::send(fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (n <= 0) return false;
      at += static_cast<std::size_t>(n);
    }
    return true;
  }
  // What the other side said within `milliseconds`; empty also when it has gone.
  static std::string hear(int fd, int milliseconds = 200) {
    pollfd p{fd, POLLIN, 0};
    if (::poll(&p, 1, milliseconds) <= 0) return {};
    std::string text(65536, '\0');
    const ssize_t n = ::recv(fd, text.data(), text.size(), 0);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return text;
  }
  // Nothing more is said until the test ends or the other side goes.
  void stay_silent(int fd) const {
    while (!stopping_) {
      pollfd p{fd, POLLIN, 0};
      char c[4096];
      if (::poll(&p, 1, 20) > 0 && ::recv(fd, c, sizeof c, 0) <= 0) return;
    }
  }

 private:
  void run() {
    while (!stopping_) {
      pollfd p{listener_, POLLIN, 0};
      if (::poll(&p, 1, 20) <= 0) continue;
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      serve_(*this, fd);
      ::close(fd);
    }
  }

  const std::function<void(TcpServer&, int)> serve_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

inline std::string contents_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Serves the files of a folder over HTTP/1.1, one request per connection; 404 for the rest. With
// `authorization` set, 401 for whoever does not send that header's value.
inline auto http_folder(std::string folder, std::string authorization = {}) {
  return
      [folder = std::move(folder), authorization = std::move(authorization)](TcpServer&, int fd) {
        std::string request;
        while (request.find("\r\n\r\n") == std::string::npos) {
          const std::string more = TcpServer::hear(fd, 1000);
          if (more.empty()) return;
          request += more;
        }
        const auto reply = [fd](const std::string& status, const std::string& body,
                                const std::string& head = {}) {
          TcpServer::say(fd, "HTTP/1.1 " + status +
                                 "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                                 head + "Connection: close\r\n\r\n" + body);
        };
        if (!authorization.empty() && request.find(authorization) == std::string::npos)
          return reply("401 Unauthorized", "", "WWW-Authenticate: Basic realm=\"cam\"\r\n");
        const std::size_t from = request.find(' ') + 1;
        const std::string path = request.substr(from, request.find(' ', from) - from);
        const std::string body = contents_of(folder + path);
        if (body.empty() || path.find("..") != std::string::npos) return reply("404 Not Found", "");
        reply("200 OK", body);
      };
}

}  // namespace kakehashi::testing
