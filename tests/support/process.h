// SPDX-License-Identifier: GPL-3.0-or-later
// Another process that runs a function: for what must hold when a desk or a station is killed.
// Start it while the test has one thread only.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <iostream>

namespace kakehashi::testing {

class Process {
 public:
  explicit Process(const std::function<int()>& body) {
    std::cout.flush();  // else the child may say the test's words a second time
    pid_ = ::fork();
    if (pid_ == 0) ::_exit(body());  // _exit: the test program's own endings are not ours to run
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0) kill_hard();
  }

  int pid() const { return pid_; }
  void kill_hard() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  // Exit status; 128 + signal when it was killed.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace kakehashi::testing
