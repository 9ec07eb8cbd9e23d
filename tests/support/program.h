// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs that an end-to-end test starts, watches and kills: the station, servers, an X
// display, a sound server. Each ends with its object. What they print goes to a log that the test
// can wait for.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/nginx_rtmp.h"  // TemporaryFolder, free_port, output_of

namespace kakehashi::testing {

using Environment = std::map<std::string, std::string>;

class Program {
 public:
  // argv[0]: a path, or a name looked up in PATH. `more` is added to this process's environment.
  explicit Program(std::vector<std::string> argv, Environment more = {});
  ~Program();  // SIGTERM, after 3 s SIGKILL
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  std::string output() const;  // standard output and error so far
  bool wait_for_output(const std::string& words,
                       std::chrono::milliseconds limit = std::chrono::seconds(10));
  void signal(int number);
  // Exit status (128 + signal when killed); -1 when it still ran after `limit`.
  int wait(std::chrono::milliseconds limit = std::chrono::seconds(30));

 private:
  TemporaryFolder folder_;
  std::string log_;
  pid_t pid_ = -1;
  int status_ = -1;
};

// Xvfb, 1920x1080 and 24 bits unless said otherwise.
class XDisplay {
 public:
  explicit XDisplay(const std::string& size = "1920x1080x24");
  const std::string& name() const { return name_; }  // ":5"

 private:
  std::unique_ptr<Program> server_;
  std::string name_;
};

// A private PulseAudio with a null sink "hall"; ALSA's and PortAudio's device "pulse" records what
// is played into it when the program runs with environment().
class SoundServer {
 public:
  SoundServer();
  Environment environment() const;
  // Plays a sine of this frequency into the hall for as long as the object lives.
  std::unique_ptr<Program> play_tone(int hz) const;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Program> server_;
};

}  // namespace kakehashi::testing
