// SPDX-License-Identifier: GPL-3.0-or-later
// A real RTMP server for tests: nginx with its RTMP module, private configuration, folder and port.
// Needs the packages nginx-light and libnginx-mod-rtmp.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/support/process.h"

namespace kakehashi::testing {

// Runs a program and gives back what it wrote to standard output; exit status in `status`.
std::string output_of(const std::vector<std::string>& command, int* status = nullptr);

// Application "live" takes any stream and writes what it receives to record_file(); application
// "closed" refuses every publisher.
class NginxRtmp {
 public:
  NginxRtmp();   // started and answering
  ~NginxRtmp();  // killed
  NginxRtmp(const NginxRtmp&) = delete;
  NginxRtmp& operator=(const NginxRtmp&) = delete;

  bool running() const { return pid_ > 0; }
  int port() const { return port_; }
  std::string url(const std::string& application = "live") const;  // without a key
  void kill();                                                     // SIGKILL: master and worker
  void pause();  // SIGSTOP: it hangs, the port stays
  bool start();  // again, on the same port
  // Files received, oldest first. A new one for each connection.
  std::vector<std::string> recordings() const;
  std::string log() const;

 private:
  TempDir folder_;
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace kakehashi::testing
