// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/race.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace kakehashi::rtmp {
namespace {

constexpr auto kHeadStart = std::chrono::milliseconds(250);  // RFC 8305, 5
// An address that stays silent is called afresh, beside the first call: a call stays on the way
// that the machine chose when it began, also when that way is dead and another one is there
// meanwhile.
constexpr auto kAgain = std::chrono::milliseconds(1000);
constexpr std::size_t kMostRunning = 8;
constexpr auto kGlance = std::chrono::milliseconds(20);
// What may wait unsent in the kernel: 43 ms of 6 Mbit/s. The rest waits in our own queue, where
// sound can overtake and old pictures can be left out.
constexpr int kUnsent = 32 * 1024;

void set(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

void prepare(int fd) {
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);  // whole messages are written at once
  set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsent);
  set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(kDeadPeer.to_milliseconds()));
  // For a connection over which nothing goes: known dead after 3 + 2 * 2 s.
  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 3);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 2);
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, 2);
  // Keeps the queue on the way short; only where the machine allows it.
  ::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
}

LineTrouble trouble_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return LineTrouble::Refused;
    case ETIMEDOUT:
      return LineTrouble::Silent;
    case ECONNRESET:
    case EPIPE:
      return LineTrouble::HungUp;
    default:
      return LineTrouble::Unreachable;
  }
}

// Of several addresses' troubles, the one that says most about the server.
int weight(LineTrouble t) {
  switch (t) {
    case LineTrouble::Refused:
      return 4;
    case LineTrouble::HungUp:
      return 3;
    case LineTrouble::Silent:
      return 2;
    case LineTrouble::None:
      return 0;
    default:
      return 1;
  }
}

class Runners {
 public:
  explicit Runners(const std::string& interface) : interface_(interface) {}
  ~Runners() {
    for (const pollfd& p : running_) ::close(p.fd);
  }

  // A socket that is connected at once.
  std::optional<int> begin(const Endpoint& e) {
    const int fd = ::socket(e.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return failed(-1, LineTrouble::Unreachable);
    prepare(fd);
    if (!interface_.empty() && ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface_.c_str(),
                                            static_cast<socklen_t>(interface_.size())) != 0)
      return failed(fd, LineTrouble::NoInterface);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(e.address.data()),
                  static_cast<socklen_t>(e.address.size())) == 0)
      return fd;
    if (errno != EINPROGRESS) return failed(fd, trouble_of(errno));
    running_.push_back({fd, POLLOUT, 0});
    return std::nullopt;
  }

  // Waits a little. The winner, if there is one.
  std::optional<int> look(std::chrono::milliseconds most) {
    if (::poll(running_.data(), running_.size(), static_cast<int>(most.count())) <= 0)
      return std::nullopt;
    for (std::size_t i = 0; i < running_.size();) {
      if (running_[i].revents == 0) {
        ++i;
        continue;
      }
      const int fd = running_[i].fd;
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      int error = 0;
      socklen_t size = sizeof error;
      if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
      if (error == 0) return fd;
      (void)failed(fd, trouble_of(error));
    }
    return std::nullopt;
  }

  bool idle() const { return running_.empty(); }
  bool full() const { return running_.size() >= kMostRunning; }
  LineTrouble worst() const { return trouble_; }  // None: nothing was tried

 private:
  std::optional<int> failed(int fd, LineTrouble t) {
    if (fd >= 0) ::close(fd);
    if (weight(t) > weight(trouble_)) trouble_ = t;
    return std::nullopt;
  }

  const std::string& interface_;
  std::vector<pollfd> running_;
  LineTrouble trouble_ = LineTrouble::None;
};

}  // namespace

std::vector<const Endpoint*> by_turns(std::span<const Endpoint> endpoints) {
  std::vector<const Endpoint*> first, other, all;
  for (const Endpoint& e : endpoints)
    (e.family == endpoints.front().family ? first : other).push_back(&e);
  for (std::size_t i = 0; i < std::max(first.size(), other.size()); ++i) {
    if (i < first.size()) all.push_back(first[i]);
    if (i < other.size()) all.push_back(other[i]);
  }
  return all;
}

LineTrouble race(std::span<const Endpoint> endpoints, const std::string& interface, Duration limit,
                 const std::atomic<bool>& stop, int& fd) {
  const auto deadline = after(limit);
  const auto order = by_turns(endpoints);
  Runners runners(interface);
  auto next_start = SteadyClock::now();
  std::size_t next = 0;
  while (!stop) {
    const auto now = SteadyClock::now();
    if (now >= deadline) return LineTrouble::Silent;
    if (next == order.size() && !runners.idle() && !runners.full() &&
        now >= next_start - kHeadStart + kAgain)
      next = 0;
    if (next < order.size() && (runners.idle() || now >= next_start)) {
      next_start = now + kHeadStart;
      if (const auto won = runners.begin(*order[next++])) {
        fd = *won;
        return LineTrouble::None;
      }
      continue;
    }
    if (runners.idle()) return order.empty() ? LineTrouble::Unreachable : runners.worst();
    if (const auto won = runners.look(kGlance)) {
      fd = *won;
      return LineTrouble::None;
    }
  }
  return LineTrouble::Stopped;
}

}  // namespace kakehashi::rtmp
