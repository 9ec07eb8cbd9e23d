// SPDX-License-Identifier: GPL-3.0-or-later
// A stream over a line that a test makes thin: the loopback of a network namespace that is nobody
// else's, and what arrives at its other end.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "rtmp/server.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {

// The loopback of this network namespace. The buffer before the bottleneck holds 0.8 s at 2 Mbit/s.
inline bool shape(const std::string& how) {
  run({"ip", "link", "set", "lo", "up", "mtu", "1500"});
  std::vector<std::string> command{"tc", "qdisc", "replace", "dev", "lo", "root"};
  for (std::size_t at = 0; at < how.size();) {
    const std::size_t end = std::min(how.find(' ', at), how.size());
    command.push_back(how.substr(at, end - at));
    at = end + 1;
  }
  return run(command) == 0;
}
inline bool capacity(int mbit) {
  return shape("tbf rate " + std::to_string(mbit) + "mbit burst 8kb limit 200kb");
}
// Of a machine that is no lab the loopback is left alone.
inline bool alone() {
  std::ifstream routes("/proc/net/route");
  std::string line;
  int lines = 0;
  while (std::getline(routes, line)) ++lines;
  return lines <= 1;
}

// What the other side got. Added latency: arrival against timestamp, less the least there was, of
// the connection that came last.
class Receiver {
 public:
  explicit Receiver(const std::string& url = "rtmp://127.0.0.1:0/live") {
    rtmp::ServerCallbacks c;
    c.video = [this](rtmp::PublisherId id, std::uint32_t t, MediaTime at, rtmp::ByteView body) {
      if (body.size() < 2 || body[1] != 1) return;  // a header, no picture
      begin(id, body[0] == 0x17);
      add(video_, t, at, 51);
      bytes_ += body.size();
    };
    c.audio = [this](rtmp::PublisherId id, std::uint32_t t, MediaTime at, rtmp::ByteView body) {
      if (body.size() < 2 || body[1] != 1) return;
      begin(id, true);
      add(audio_, t, at, 32);
    };
    server_ = std::move(rtmp::Server::listen(url, std::move(c)).value());
  }
  std::string url() const { return server_->url(); }
  int port() const { return server_->port(); }
  void forget() {
    const std::lock_guard lock(mutex_);
    video_.worst = audio_.worst = -1e9;
    video_.gaps = audio_.gaps = 0;
    video_.count = audio_.count = 0;
  }
  struct Stream {
    double least = 1e9, worst = -1e9;  // ms
    std::int64_t last = -1;
    int gaps = 0, count = 0;
    double late_ms() const { return worst - least; }
  };
  Stream video() const {
    const std::lock_guard lock(mutex_);
    return video_;
  }
  Stream audio() const {
    const std::lock_guard lock(mutex_);
    return audio_;
  }
  int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }
  // Every connection's first picture was an IDR.
  bool all_began_with_idr() const {
    const std::lock_guard lock(mutex_);
    return began_well_;
  }
  std::uint64_t picture_bytes() const { return bytes_; }

 private:
  void begin(rtmp::PublisherId id, bool idr) {
    const std::lock_guard lock(mutex_);
    if (id == last_id_) return;
    last_id_ = id;
    ++connections_;
    began_well_ = began_well_ && idr;
    video_ = audio_ = Stream();
  }
  // `gap`: ms from one timestamp to the next that cannot be without something missing between.
  void add(Stream& s, std::uint32_t t, MediaTime at, int gap) {
    const std::lock_guard lock(mutex_);
    const double since = static_cast<double>(at.ns) * 1e-6 - t;
    s.least = std::min(s.least, since);
    s.worst = std::max(s.worst, since);
    if (s.last >= 0 && t - s.last > gap) ++s.gaps;
    s.last = t;
    ++s.count;
  }
  mutable std::mutex mutex_;
  Stream video_, audio_;
  rtmp::PublisherId last_id_ = 0;
  int connections_ = 0;
  bool began_well_ = true;
  std::atomic<std::uint64_t> bytes_{0};
  std::unique_ptr<rtmp::Server> server_;
};

inline double seconds_until(const std::function<bool()>& condition,
                            std::chrono::milliseconds limit) {
  const auto begin = std::chrono::steady_clock::now();
  wait_until(condition, limit);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline bool ready() {
  if (alone() && capacity(10)) return true;
  MESSAGE("skipped: no network namespace of its own, or no tc with tbf");
  return false;
}

}  // namespace kakehashi::testing
