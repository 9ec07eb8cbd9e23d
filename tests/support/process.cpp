// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "tests/support/wait.h"

extern char** environ;

namespace kakehashi::testing {
namespace {

using Clock = std::chrono::steady_clock;

int milliseconds_left(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

std::vector<std::string> merged_environment(const Environment& extra) {
  std::vector<std::string> all;
  for (char** e = environ; *e; ++e) {
    const std::string entry = *e;
    if (extra.count(entry.substr(0, entry.find('='))) == 0) all.push_back(entry);
  }
  for (const auto& [name, value] : extra) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> p;
  for (auto& w : words) p.push_back(w.data());
  p.push_back(nullptr);
  return p;
}

}  // namespace

std::unique_ptr<Process> Process::start(const std::vector<std::string>& command,
                                        const Environment& extra, const std::string& error_file) {
  std::vector<std::string> words = command, variables = merged_environment(extra);
  std::vector<char*> argv = pointers(words), envp = pointers(variables);
  int pipes[2];
  if (pipe2(pipes, O_CLOEXEC) != 0) return nullptr;
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) {
    close(pipes[0]);
    close(pipes[1]);
    return nullptr;
  }
  if (pid == 0) {  // only async-signal-safe calls from here to exec
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(pipes[1], STDOUT_FILENO);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    if (!error_file.empty()) {
      const int errors = open(error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      if (errors >= 0) dup2(errors, STDERR_FILENO);
    }
    execvpe(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(pipes[1]);
  return std::unique_ptr<Process>(new Process(pid, pipes[0]));
}

Process::~Process() {
  if (running()) {
    kill(pid_, SIGTERM);
    if (!wait(std::chrono::seconds(2))) {
      kill(pid_, SIGKILL);
      wait(std::chrono::seconds(5));
    }
  }
  close(out_);
}

bool Process::running() {
  if (exit_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

void Process::signal(int number) const {
  if (!exit_) kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  wait_until([this] { return !running(); }, limit);
  return exit_;
}

std::optional<std::string> Process::read_line(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    if (const auto end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    pollfd p{out_, POLLIN, 0};
    if (poll(&p, 1, milliseconds_left(deadline)) <= 0) return std::nullopt;
    char buffer[4096];
    const ssize_t n = read(out_, buffer, sizeof buffer);
    if (n <= 0) return std::nullopt;
    pending_.append(buffer, static_cast<std::size_t>(n));
  }
}

bool Process::wait_for(const std::string& text, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (const auto line = read_line(std::chrono::milliseconds(milliseconds_left(deadline))))
    if (line->find(text) != std::string::npos) return true;
  return false;
}

std::string Process::read_all(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  std::string all;
  while (const auto line = read_line(std::chrono::milliseconds(milliseconds_left(deadline))))
    all += *line + "\n";
  return all + std::exchange(pending_, {});
}

int run(const std::vector<std::string>& command, std::string* output, const Environment& extra,
        std::chrono::milliseconds limit) {
  auto p = Process::start(command, extra, "/dev/null");
  if (!p) return -1;
  std::string all = p->read_all(limit);
  if (output) *output = std::move(all);
  return p->wait(limit).value_or(-1);
}

int free_port() {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof a;
  int port = 0;
  if (bind(s, reinterpret_cast<sockaddr*>(&a), size) == 0 &&
      getsockname(s, reinterpret_cast<sockaddr*>(&a), &size) == 0)
    port = ntohs(a.sin_port);
  close(s);
  return port;
}

TempDir::TempDir() {
  std::string pattern = std::filesystem::temp_directory_path() / "kakehashi-test-XXXXXX";
  path_ = mkdtemp(pattern.data()) ? pattern : std::string();
}
TempDir::~TempDir() {
  std::error_code ec;
  if (!path_.empty()) std::filesystem::remove_all(path_, ec);
}

std::unique_ptr<Xvfb> Xvfb::start(int width, int height) {
  auto x = std::make_unique<Xvfb>();
  x->process_ = Process::start({"Xvfb", "-displayfd", "1", "-screen", "0",
                                std::to_string(width) + "x" + std::to_string(height) + "x24",
                                "-nolisten", "tcp", "-noreset"},
                               {}, "/dev/null");
  if (!x->process_) return nullptr;
  const auto number = x->process_->read_line();
  if (!number || number->empty()) return nullptr;
  x->display_ = ":" + *number;
  return x;
}

std::unique_ptr<Pulse> Pulse::start() {
  auto p = std::make_unique<Pulse>();
  const std::string& home = p->home_.path();
  p->environment_ = {{"HOME", home},
                     {"XDG_RUNTIME_DIR", home},
                     {"XDG_CONFIG_HOME", home},
                     {"PULSE_RUNTIME_PATH", home + "/pulse"},
                     {"PULSE_STATE_PATH", home + "/state"},
                     {"PULSE_SERVER", "unix:" + home + "/native"},
                     {"DBUS_SESSION_BUS_ADDRESS", "disabled:"},
                     {"PULSE_LATENCY_MSEC", "10"}};
  p->process_ = Process::start(
      {"pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "-n",
       "--use-pid-file=no",
       "--load=module-native-protocol-unix auth-anonymous=1 socket=" + home + "/native",
       "--load=module-null-sink sink_name=hall rate=48000 channels=2"},
      p->environment_, "/dev/null");
  if (!p->process_) return nullptr;
  const bool up = wait_until([&] {
    return testing::run({"pactl", "info"}, nullptr, p->environment_) == 0;
  });
  if (!up) return nullptr;
  testing::run({"pactl", "set-default-source", "hall.monitor"}, nullptr, p->environment_);
  return p;
}

void Pulse::use_here() const {
  for (const auto& [name, value] : environment_) setenv(name.c_str(), value.c_str(), 1);
}

std::unique_ptr<Process> Pulse::play_tone(int hz) const {
  // The player is no part of what is tested: it gets the room to play without a gap on a busy
  // machine.
  Environment relaxed = environment_;
  relaxed["PULSE_LATENCY_MSEC"] = "300";
  return Process::start({"ffmpeg", "-nostdin", "-loglevel", "quiet", "-re", "-f", "lavfi", "-i",
                         "sine=frequency=" + std::to_string(hz) + ":sample_rate=48000", "-f",
                         "pulse", "-device", "hall", "-buffer_duration", "500", "tone"},
                        relaxed, "/dev/null");
}

}  // namespace kakehashi::testing
