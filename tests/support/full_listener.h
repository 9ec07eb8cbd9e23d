// SPDX-License-Identifier: GPL-3.0-or-later
// A port on 127.0.0.1 whose host is there and never answers, as behind a firewall.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include <doctest/doctest.h>

namespace kakehashi::testing {

// Takes connections only as far as its backlog of one: further ones get no answer.
struct FullListener {
  int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;
  std::vector<int> callers;
  FullListener() {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&a), size) == 0);
    REQUIRE(::listen(listener, 0) == 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&a), &size);
    port = ntohs(a.sin_port);
    for (int i = 0; i < 4; ++i) {
      callers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      (void)!::connect(callers.back(), reinterpret_cast<sockaddr*>(&a), sizeof a);
    }
  }
  ~FullListener() {
    for (const int fd : callers) ::close(fd);
    ::close(listener);
  }
};

}  // namespace kakehashi::testing
