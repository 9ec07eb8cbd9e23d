// SPDX-License-Identifier: GPL-3.0-or-later
// An X server of the test's own (Xvfb), so that tests neither need nor disturb a display.
#pragma once

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

extern char** environ;

namespace kakehashi::testing {

class OwnDisplay {
 public:
  OwnDisplay() {
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) return;
    const std::string fd = std::to_string(pipe_ends[1]);
    const char* argv[] = {"Xvfb",         "-displayfd", fd.c_str(),  "-screen", "0",
                          "2560x1440x24", "-noreset",   "-nolisten", "tcp",     nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
    const int failed =
        posix_spawnp(&pid_, "Xvfb", &actions, nullptr, const_cast<char**>(argv), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    if (failed) {
      pid_ = 0;
    } else {
      // Xvfb writes the number it chose when it is ready.
      char text[16] = "";
      std::string number;
      for (ssize_t n; number.find('\n') == std::string::npos &&
                      (n = read(pipe_ends[0], text, sizeof text)) > 0;)
        number.append(text, static_cast<std::size_t>(n));
      name_ = ":" + number.substr(0, number.find('\n'));
      setenv("DISPLAY", name_.c_str(), 1);
    }
    close(pipe_ends[0]);
  }
  ~OwnDisplay() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  OwnDisplay(const OwnDisplay&) = delete;
  OwnDisplay& operator=(const OwnDisplay&) = delete;
  const std::string& name() const { return name_; }

 private:
  pid_t pid_ = 0;
  std::string name_;
};

}  // namespace kakehashi::testing
