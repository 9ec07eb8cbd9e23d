// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/connection.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "core/log.h"

extern char** environ;

namespace kakehashi {

Connection::Connection(std::string socket, double snapshot_hz, std::optional<Bus> bus)
    : socket_(std::move(socket)), hz_(snapshot_hz), bus_(bus) {}

void Connection::connect(double now) {
  next_try_ = now + 1.0;
  auto client = DoorClient::connect(socket_);
  if (!client) return;
  client_ = std::move(client).value();
  if (!client_->subscribe(hz_, bus_)) {
    client_.reset();
    return;
  }
  next_map_ = now;
}

void Connection::map_pictures() {
  auto views = client_->pictures();
  if (!views) return;
  std::vector<Seen> fresh;
  for (auto& view : *views) fresh.push_back({std::move(view), 0});
  boards_ = std::move(fresh);
}

std::optional<Snapshot> Connection::poll(double now) {
  now_ = now;
  if (!client_ && now >= next_try_) connect(now);
  if (!client_) return std::nullopt;
  auto news = client_->poll();
  if (!news) {
    client_.reset();
    boards_.clear();
    next_try_ = now + 1.0;
    return std::nullopt;
  }
  // Another event brings other inputs and so other boards.
  if (*news && (*news)->boards != mapped_) {
    mapped_ = (*news)->boards;
    boards_.clear();
    next_map_ = now;
  }
  if (now >= next_map_ && boards_.empty()) {
    next_map_ = now + 1.0;
    map_pictures();
  }
  return std::move(*news);
}

void Connection::send(const Command& command) {
  if (client_ && !client_->post(command))
    log_warning("gui", "a wish was lost: the station is gone");
}

std::vector<std::string> Connection::take_refusals(Language language) {
  return client_ ? client_->take_refusals(language) : std::vector<std::string>();
}

int Connection::read_pictures(const std::function<bool(const std::string&)>& wanted,
                              const OnPicture& on) {
  int count = 0;
  for (Seen& b : boards_) {
    if (wanted && !wanted(b.view->name())) continue;
    if (!b.view->read(buffer_, b.number)) continue;
    on(b.view->name(), buffer_.data(), b.view->width(), b.view->height());
    ++count;
  }
  return count;
}

Status start_station(const std::string& program, const std::string& event,
                     const std::string& socket, const std::string& log_path) {
  const int log_fd = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (log_fd >= 0) {
    posix_spawn_file_actions_adddup2(&actions, log_fd, 1);
    posix_spawn_file_actions_adddup2(&actions, log_fd, 2);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The desk ignores SIGCHLD (nobody waits for the station), the station must not inherit that.
  sigset_t plain;
  sigemptyset(&plain);
  sigaddset(&plain, SIGCHLD);
  posix_spawnattr_setsigdefault(&attributes, &plain);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  std::string words[] = {program, "run", event, "--socket", socket, "--practice-receiver"};
  char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                  words[4].data(), words[5].data(), nullptr};
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, program.c_str(), &actions, &attributes, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (log_fd >= 0) ::close(log_fd);
  if (failed)
    return Error{ErrorKind::FixSetup,
                 "cannot start the station \"" + program + "\": " + std::strerror(failed)};
  log_info("gui",
           "started " + program + " (process " + std::to_string(pid) + "), its log: " + log_path);
  return {};
}

std::string find_station(const std::string& own_path) {
  namespace fs = std::filesystem;
  std::error_code ec;
  const fs::path here = fs::path(own_path).parent_path();
  for (const fs::path& p :
       {here / "kakehashi-station", here / ".." / "station" / "kakehashi-station"})
    if (fs::exists(p, ec)) return fs::weakly_canonical(p, ec).string();
  return "kakehashi-station";
}

}  // namespace kakehashi
