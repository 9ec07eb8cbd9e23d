// SPDX-License-Identifier: GPL-3.0-or-later
// One trial connection to a streaming server, step by step, so that it can be said which step is
// blocked: TCP, TLS (certificate verified), the RTMP greeting, "connect". Nothing is published,
// except by upload() on a server that is there for it. Thread: one owner; every call ends within
// its limit. The program must ignore SIGPIPE.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>

#include "core/time.h"
#include "rtmp/wire_socket.h"

namespace kakehashi::rtmp {

struct UploadFigures {
  double seconds = 0;
  double kbps = 0;              // what left this machine, mean
  double worst_kbps = 0;        // of the worst second
  double longest_stall_ms = 0;  // nothing was taken for so long
  LineTrouble trouble = LineTrouble::None;
};

class Line {
 public:
  explicit Line(const std::atomic<bool>& stop);
  ~Line();

  // `address`: a sockaddr of `family`.
  LineTrouble connect(int family, std::span<const unsigned char> address, Duration limit);
  // Verifies against `ca_file` and for `host` (a name or an IP address).
  LineTrouble start_tls(const std::string& host, const std::string& ca_file, Duration limit);
  LineTrouble greet(Duration limit);
  // `tc_url` without any key.
  LineTrouble connect_app(const std::string& app, const std::string& tc_url, Duration limit);
  // Publishes `name` (no key) and sends what no decoder shows, at `kbps`, for `length`. `tell`: the
  // part that is done, 0..1.
  template <class Tell>
  UploadFigures upload(const std::string& name, double kbps, Duration length, Tell&& tell) {
    begin_upload(name, kbps, length);
    while (upload_goes_on()) tell(upload_part());
    return end_upload();
  }

  // The server's own words, or TLS's; holds nothing of ours. May be empty.
  std::string said() const;

 private:
  void begin_upload(const std::string& name, double kbps, Duration length);
  bool upload_goes_on();  // about 20 ms of it
  double upload_part() const;
  UploadFigures end_upload();

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi::rtmp
