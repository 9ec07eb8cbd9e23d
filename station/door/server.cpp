// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/door/server.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <map>
#include <thread>

#include "core/log.h"
#include "station/door/codec.h"
#include "station/door/codec_wire.h"
#include "station/door/desk.h"
#include "station/door/socket_path.h"

namespace kakehashi {
namespace {

using Steady = std::chrono::steady_clock;
using door::Desk;

constexpr std::size_t kMostDesks = 64;
constexpr int kMostFaults = 16;  // garbage lines in a row

void watch(int epoll, int operation, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll, operation, fd, &event);
}

}  // namespace

struct DoorServer::Impl {
  std::string path;
  DoorHandlers handlers;
  door::Listener listener;
  struct stat socket_file {};
  Descriptor epoll, wake;
  Descriptor spare;  // given up for a moment when no descriptor is left to accept with

  std::atomic<bool> stopping{false};
  std::atomic<bool> changed{false};
  std::thread thread;

  // The door's thread only.
  std::map<int, std::unique_ptr<Desk>> desks;
  int subscribed = 0;
  std::shared_ptr<const Snapshot> written;  // the value that `event_line` says
  std::shared_ptr<const std::string> event_line;

  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake.get(), &one, sizeof one);
  }

  void run() {
    ::pthread_setname_np(::pthread_self(), "door");
    std::array<epoll_event, 32> events{};
    while (!stopping.load()) {
      const int n = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()),
                                 milliseconds_to_next());
      for (int i = 0; i < n && !stopping.load(); ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == wake.get()) {
          std::uint64_t count = 0;
          [[maybe_unused]] const auto r = ::read(wake.get(), &count, sizeof count);
        } else if (event.data.fd == listener.socket.get()) {
          welcome();
        } else {
          serve(event.data.fd, event.events);
        }
      }
      if (changed.exchange(false))
        for (auto& [fd, desk] : desks)
          desk->wants_snapshot = desk->period.count() > 0 && !desk->closing;
      send_due_snapshots();
    }
    desks.clear();
  }

  // Until the earliest subscriber that waits for its rate; -1: nobody waits.
  int milliseconds_to_next() const {
    auto earliest = Steady::time_point::max();
    for (const auto& [fd, desk] : desks)
      if (desk->wants_snapshot) earliest = std::min(earliest, desk->due);
    if (earliest == Steady::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(earliest - Steady::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1000));
  }

  void welcome() {
    Descriptor socket(
        ::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      if (errno != EMFILE && errno != ENFILE) return;
      // Left in the queue it would keep epoll awake for ever: take it and turn it away.
      log_warning("door", "a desk was turned away: this process has no file descriptor left");
      spare = Descriptor();
      socket = Descriptor(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
      socket = Descriptor();
      spare = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      return;
    }
    if (!door::peer_is_trusted(socket.get())) {
      log_warning("door", "another user's program was turned away");
      return;
    }
    const int fd = socket.get();
    auto desk = std::make_unique<Desk>(std::move(socket));
    if (desks.size() >= kMostDesks) {
      refuse(*desk, {}, {ErrorKind::TryLater, "too many desks are connected; close some"});
      desk->flush();
      return;
    }
    watch(epoll.get(), EPOLL_CTL_ADD, fd, EPOLLIN);
    desks.emplace(fd, std::move(desk));
  }

  void serve(int fd, std::uint32_t events) {
    const auto found = desks.find(fd);
    if (found == desks.end()) return;
    auto& desk = *found->second;
    bool keep = !(events & (EPOLLERR | EPOLLHUP)) || (events & EPOLLIN);
    if (keep && (events & EPOLLIN) && !desk.closing) {
      keep = desk.receive() == Desk::Read::More;
      while (keep && !desk.closing) {
        const auto line = desk.next_line();
        if (!line) break;
        keep = answer(desk, *line);
      }
    }
    if (!keep || !pass_on(desk)) drop(fd);
  }

  // Writes what can be written and has epoll tell when the rest can. False: to be dropped.
  bool pass_on(Desk& desk) {
    if (!desk.flush()) return false;
    if (desk.closing && desk.all_sent()) return false;
    if (desk.watched_for_writing == desk.all_sent() || desk.closing) {
      desk.watched_for_writing = !desk.all_sent();
      watch(epoll.get(), EPOLL_CTL_MOD, desk.fd(),
            (desk.closing ? 0U : EPOLLIN) | (desk.watched_for_writing ? EPOLLOUT : 0U));
    }
    return true;
  }

  void drop(int fd) {
    const auto found = desks.find(fd);
    const bool was_subscribed = found->second->period.count() > 0;
    desks.erase(found);  // closing takes it out of epoll
    if (was_subscribed) count_subscribed();
  }

  void count_subscribed() {
    const auto n = static_cast<int>(std::count_if(
        desks.begin(), desks.end(), [](const auto& d) { return d.second->period.count() > 0; }));
    bool any_desk = false;
    BusSet buses = 0;
    for (const auto& [fd, desk] : desks) {
      if (desk->period.count() == 0) continue;
      any_desk = any_desk || !desk->bus;
      buses |= bus_bit(desk->bus.value_or(Bus::Program));
    }
    if (handlers.looks_changed) handlers.looks_changed(any_desk, buses);
    if (n == std::exchange(subscribed, n)) return;
    if (handlers.desks_changed) handlers.desks_changed(n);
  }

  bool refuse(Desk& desk, const std::string& id, const Error& error) {
    return desk.send(door::write_refusal(id, error));
  }

  // One line from a desk. False: the desk does not read its answers.
  bool answer(Desk& desk, const Desk::Line& line) {
    door::Asked asked;
    if (line.too_long) {
      asked.garbage = true;
      asked.wish = Error{ErrorKind::FixInput, "line too long: at most 1048576 bytes"};
    } else {
      asked = door::parse_asked(line.text);
    }
    desk.faults = asked.garbage ? desk.faults + 1 : 0;
    if (desk.faults >= kMostFaults) {
      desk.closing = true;
      desk.wants_snapshot = false;
      asked.wish.error().message += "; the connection is closed after too many such lines";
    }
    if (!asked.wish) return refuse(desk, asked.id, asked.wish.error());
    return std::visit([&](const auto& wish) { return grant(desk, asked.id, wish); }, *asked.wish);
  }

  bool grant(Desk& desk, const std::string& id, const Command& command) {
    const Status done = handlers.command(command);
    return done ? desk.send(door::write_ok(id)) : refuse(desk, id, done.error());
  }
  bool grant(Desk& desk, const std::string& id, const door::AskSnapshot&) {
    const auto now = handlers.snapshot();
    if (!now) return refuse(desk, id, {ErrorKind::TryLater, "the station is still starting"});
    return desk.send(door::write_snapshot_answer(id, write_snapshot(*now)));
  }
  bool grant(Desk& desk, const std::string& id, const door::Subscribe& wish) {
    using Seconds = std::chrono::duration<double>;
    desk.period =
        wish.hz > 0
            ? std::chrono::ceil<std::chrono::nanoseconds>(Seconds(std::min(1 / wish.hz, 3600.0)))
            : std::chrono::nanoseconds(0);
    desk.wants_snapshot = wish.hz > 0;
    desk.bus = wish.bus;
    desk.due = Steady::now();
    count_subscribed();
    return desk.send(door::write_ok(id));
  }
  bool grant(Desk& desk, const std::string& id, const door::AskPictures&) {
    std::vector<door::BoardLine> lines;
    std::vector<Descriptor> descriptors;
    for (const auto& board : handlers.boards()) {
      // Our own duplicate: the board may go, and its number be given to something else, while the
      // desk is slow to take it.
      Descriptor copy(::fcntl(board.fd, F_DUPFD_CLOEXEC, 0));
      if (!copy) continue;
      lines.push_back({board.name, board.width, board.height});
      descriptors.push_back(std::move(copy));
    }
    return desk.send(door::write_boards(id, lines), std::move(descriptors));
  }

  void send_due_snapshots() {
    const auto now = Steady::now();
    std::vector<int> lost;
    for (auto& [fd, desk] : desks) {
      if (!desk->wants_snapshot || desk->due > now) continue;
      desk->wants_snapshot = false;
      const auto line = newest_line();
      if (!line) continue;  // still starting: snapshot_changed() will come
      desk->due = std::max(desk->due + desk->period, now);  // keeps the rate, never bursts
      if (!desk->send(line) || !pass_on(*desk)) lost.push_back(fd);
    }
    for (const int fd : lost) {
      log_warning("door", "a desk that did not read was dropped");
      drop(fd);
    }
  }

  // Written once however many desks get it.
  std::shared_ptr<const std::string> newest_line() {
    const auto now = handlers.snapshot();
    if (!now) return nullptr;
    if (now != written) {
      auto line = door::write_snapshot_event(write_snapshot(*now));
      line += '\n';
      event_line = std::make_shared<const std::string>(std::move(line));
      written = now;
    }
    return event_line;
  }
};

DoorServer::DoorServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<DoorServer>> DoorServer::open(const std::string& path,
                                                     DoorHandlers handlers) {
  auto listener = door::listen_at(path);
  if (!listener) return std::move(listener.error()).context("open the door");
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->handlers = std::move(handlers);
  impl->listener = std::move(*listener);
  ::lstat(path.c_str(), &impl->socket_file);
  impl->epoll = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  impl->wake = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  impl->spare = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!impl->epoll || !impl->wake || !impl->spare)
    return Error{ErrorKind::FixSetup, "open the door: no file descriptor left (ulimit -n)"};
  watch(impl->epoll.get(), EPOLL_CTL_ADD, impl->wake.get(), EPOLLIN);
  watch(impl->epoll.get(), EPOLL_CTL_ADD, impl->listener.socket.get(), EPOLLIN);
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  return std::unique_ptr<DoorServer>(new DoorServer(std::move(impl)));
}

DoorServer::~DoorServer() {
  impl_->stopping = true;
  impl_->ring();
  impl_->thread.join();
  struct stat now {};
  if (::lstat(impl_->path.c_str(), &now) == 0 && now.st_ino == impl_->socket_file.st_ino &&
      now.st_dev == impl_->socket_file.st_dev)
    ::unlink(impl_->path.c_str());
}

void DoorServer::snapshot_changed() {
  if (!impl_->changed.exchange(true)) impl_->ring();
}

}  // namespace kakehashi
