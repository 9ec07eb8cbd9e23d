// SPDX-License-Identifier: GPL-3.0-or-later
// Real neighbours for tests: programs started with their own environment and ended by their own
// process id, a display, a sound server, free ports and folders that go away.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kakehashi::testing {

using Environment = std::map<std::string, std::string>;

// One running program. Dies with this object (SIGTERM, after 2 s SIGKILL) and with the test itself.
class Process {
 public:
  // `command[0]` is searched in PATH; `extra` is added to this process's environment. Standard
  // output is read by read_line; standard error goes to `error_file` (empty: the test's own).
  static std::unique_ptr<Process> start(const std::vector<std::string>& command,
                                        const Environment& extra = {},
                                        const std::string& error_file = "");
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  // The next line of its output, without the end of line; nothing at the limit or at its end.
  std::optional<std::string> read_line(std::chrono::milliseconds limit = std::chrono::seconds(30));
  // Reads lines until one contains `text`.
  bool wait_for(const std::string& text,
                std::chrono::milliseconds limit = std::chrono::seconds(30));
  // Everything up to its end.
  std::string read_all(std::chrono::milliseconds limit = std::chrono::seconds(30));
  void signal(int number) const;
  // Exit code, or 128 + signal; nothing when it still runs at the limit.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(30));

 private:
  Process(pid_t pid, int out) : pid_(pid), out_(out) {}
  pid_t pid_;
  int out_;
  std::string pending_;
  std::optional<int> exit_;
};

// Runs to its end. `output` gets standard output. Exit code, -1 when it could not run or hung.
int run(const std::vector<std::string>& command, std::string* output = nullptr,
        const Environment& extra = {}, std::chrono::milliseconds limit = std::chrono::seconds(60));

// A TCP port on 127.0.0.1 that was free a moment ago.
int free_port();

// A folder under the system's temporary one, removed with everything in it.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A virtual screen. The server chooses a free display number itself.
class Xvfb {
 public:
  static std::unique_ptr<Xvfb> start(int width, int height);
  const std::string& display() const { return display_; }  // ":104"
  Process& process() { return *process_; }

 private:
  std::unique_ptr<Process> process_;
  std::string display_;
};

// A sound server of its own with one null sink "hall"; its monitor is the default input, so what is
// played is what a microphone hears. ALSA's "pulse" device reaches it with environment().
class Pulse {
 public:
  static std::unique_ptr<Pulse> start();
  const Environment& environment() const { return environment_; }
  // Sets the same variables in this process; PortAudio in it then sees this server.
  void use_here() const;
  // Plays a sine into the sink until the returned process dies.
  std::unique_ptr<Process> play_tone(int hz) const;

 private:
  TempDir home_;
  Environment environment_;
  std::unique_ptr<Process> process_;
};

}  // namespace kakehashi::testing
