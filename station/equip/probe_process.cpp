// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/probe_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>

#include "station/door/descriptor.h"
#include "station/equip/wire.h"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace kakehashi {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kMostBytes = 32 * 1024 * 1024;

// A process group of its own: Ctrl-C is the runner's to handle, and what a probe itself starts is
// ended with it.
pid_t start(const ProbeProcess& process, int out, int null) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, null, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  if (!process.hear_errors) posix_spawn_file_actions_adddup2(&files, null, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&how, &all);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(&how,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> words = process.argv;
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  if (posix_spawnp(&pid, argv[0], &files, &how, argv.data(), environ) != 0) pid = -1;
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&how);
  return pid;
}

class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& line) : line_(line) {}
  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      if (rest_.size() + part.size() <= kLongestProbeLine)
        rest_ += part;
      else
        too_long_ = true;
      if (end == std::string_view::npos) return;
      line_(too_long_ ? std::string_view() : std::string_view(rest_));
      rest_.clear();
      too_long_ = false;
      bytes.remove_prefix(end + 1);
    }
  }

 private:
  const std::function<void(std::string_view)>& line_;
  std::string rest_;
  bool too_long_ = false;
};

bool reap(pid_t pid, int& status, std::chrono::milliseconds limit) {
  const auto deadline = Steady::now() + limit;
  while (true) {
    const pid_t done = ::waitpid(pid, &status, WNOHANG);
    if (done == pid || (done < 0 && errno == ECHILD)) return true;
    if (Steady::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

ProbeOutcome run_process(const ProbeProcess& process, const std::atomic<bool>& stop,
                         const std::function<void(std::string_view)>& line,
                         const std::function<void()>& idle) {
  int ends[2] = {-1, -1};
  if (process.argv.empty() || ::pipe2(ends, O_CLOEXEC) != 0) return {};
  const Descriptor in(ends[0]);
  Descriptor out(ends[1]);
  const Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const pid_t pid = start(process, out.get(), null.get());
  if (pid <= 0) return {};
  out = Descriptor();

  ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
  Lines lines(line);
  const auto deadline = Steady::now() + std::chrono::nanoseconds(process.limit.ns);
  std::optional<ProbeEnd> forced;
  std::size_t bytes = 0;
  bool closed = false;
  const auto drain = [&] {
    char buffer[16 * 1024];
    while (true) {
      const ssize_t n = ::read(in.get(), buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return;
      if (n == 0) {
        closed = true;
        return;
      }
      bytes += static_cast<std::size_t>(n);
      if (bytes > kMostBytes) return;
      lines.add({buffer, static_cast<std::size_t>(n)});
    }
  };
  int status = 0;
  bool ended = false;
  while (!ended) {
    if (!closed) {
      pollfd watched{in.get(), POLLIN, 0};
      ::poll(&watched, 1, 100);
      drain();
    }
    ended = reap(pid, status, std::chrono::milliseconds(closed ? 50 : 0));
    if (ended) break;
    idle();
    if (stop)
      forced = ProbeEnd::Stopped;
    else if (bytes > kMostBytes)
      forced = ProbeEnd::TooLoud;
    else if (Steady::now() >= deadline)
      forced = ProbeEnd::Hung;
    if (forced) break;
  }
  if (!ended) {
    ::kill(-pid, SIGTERM);
    ended = reap(pid, status, std::chrono::milliseconds(process.grace.ns / 1'000'000));
    ::kill(-pid, SIGKILL);
    // In the kernel's hands: a driver that sleeps there is not waited for longer than this.
    if (!ended) reap(pid, status, std::chrono::seconds(2));
  } else {
    ::kill(-pid, SIGKILL);  // what it started and left behind; the group is its own
  }
  if (bytes <= kMostBytes) drain();
  if (forced) return {*forced, 0};
  if (WIFSIGNALED(status)) return {ProbeEnd::Died, WTERMSIG(status)};
  const int code = WEXITSTATUS(status);
  return {code == 0 ? ProbeEnd::Well : ProbeEnd::Refused, code};
}

}  // namespace kakehashi
