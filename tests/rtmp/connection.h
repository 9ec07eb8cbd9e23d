// SPDX-License-Identifier: GPL-3.0-or-later
// The hand-made publisher on a socket of its own.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/rtmp/client.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {

struct Connection {
  RtmpClient client;
  int fd = -1;

  explicit Connection(int port) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(static_cast<std::uint16_t>(port));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
  }
  ~Connection() { ::close(fd); }

  // False: the server closed the connection.
  bool exchange(int wait_ms) {
    while (!client.out.empty()) {
      const ssize_t n = ::send(fd, client.out.data(), client.out.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      client.out.erase(client.out.begin(), client.out.begin() + n);
    }
    pollfd p{fd, POLLIN, 0};
    if (::poll(&p, 1, wait_ms) <= 0) return true;
    rtmp::Bytes in(65536);
    const ssize_t n = ::recv(fd, in.data(), in.size(), 0);
    if (n <= 0) return false;
    return client.take(rtmp::ByteView(in).first(static_cast<std::size_t>(n))).ok();
  }
  bool until_code(const std::string& code) {
    bool open = true;
    return wait_until([&] {
             open = open && exchange(20);
             return client.has_code(code) || !open;
           }) &&
           client.has_code(code);
  }
  bool publish(const std::string& app, const std::string& key) {
    if (!wait_until([&] {
          exchange(20);
          return client.handshake.done();
        }))
      return false;
    client.connect(app);  // goes out behind C2
    if (!until_code("NetConnection.Connect.Success")) return false;
    client.create_and_publish(key);
    return until_code("NetStream.Publish.Start");
  }
  bool closed_by_server() {
    return wait_until([&] { return !exchange(20); });
  }
};

}  // namespace kakehashi::testing
